#include "db/genealogy.hpp"

#include "core/epcis/json.hpp"
#include "core/json.hpp"
#include "db/events.hpp"
#include "db/identifiers.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <set>

namespace nguon::db {
namespace {

using genealogy::Direction;
using nlohmann::json;

constexpr Instant first_day = nguon::testing::outbox_start;
OrganizationId const org{"org-1"};
using Names = std::set<std::string>;

/// Lots and packs are called by one letter and a number.
std::string link_of(std::string const& name)
{
    if (name.starts_with("box")) return "https://id.gs1.org/00/08939999000000001" + name.substr(3);
    if (name.starts_with("pack")) return "https://id.gs1.org/01/08938501000019/21/" + name.substr(4);
    return "https://id.gs1.org/01/08938501000019/10/" + name;
}
std::string name_of(std::string const& uri)
{
    auto const tail = uri.substr(uri.rfind('/') + 1);
    if (uri.starts_with("https://id.gs1.org/00/")) return "box" + tail.substr(17);
    return uri.find("/21/") == std::string::npos ? tail : "pack" + tail;
}

json lots(std::vector<std::pair<std::string, double>> const& items)
{
    json out = json::array();
    for (auto const& [name, quantity] : items)
        out.push_back({{"epcClass", link_of(name)}, {"quantity", quantity}, {"uom", "KGM"}});
    return out;
}
json packs(std::vector<std::string> const& names)
{
    json out = json::array();
    for (auto const& name : names) out.push_back(link_of(name));
    return out;
}

class GenealogyStorage : public nguon::testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) -> Status {
                        nguon::testing::add_installation(c);
                        nguon::testing::add_organization(c, org.text());
                        return Done{};
                    }).ok());
    }

    std::string id_of(int hour) { return "urn:uuid:" + std::to_string(hour) + "-" + std::to_string(++events_); }

    /// One event at that hour.
    std::string capture(int hour, std::string const& type, json members, OrganizationId const& by = org)
    {
        auto const at = first_day + std::chrono::hours{hour};
        json event{{"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
                   {"type", type},
                   {"eventID", id_of(hour)},
                   {"eventTime", to_iso(OffsetTime{at, vietnam_offset})},
                   {"eventTimeZoneOffset", "+07:00"}};
        event.update(members);
        auto const document = epcis::parse_document(event.dump());
        EXPECT_TRUE(document.ok()) << event.dump();
        append(document->events.front(), by);
        return event["eventID"];
    }

    void append(epcis::Event const& event, OrganizationId const& by)
    {
        auto const done = write([&](Connection& c) {
            events::Capture capture;
            capture.id = new_id<struct CaptureKind>();
            capture.org = by;
            capture.declared_by = "key";
            capture.received_at = first_day;
            capture.document = "{}";
            events::insert_capture(c, capture);
            events::Facts facts;
            facts.org = by;
            facts.capture = capture.id;
            facts.declared_by = "key";
            facts.record_time = first_day;
            return events::append(c, event, facts);
        });
        ASSERT_TRUE(done.ok()) << done.error().key;
    }

    void make(int hour, json const& inputs, json const& outputs, std::string const& shared = {})
    {
        json members{{"bizStep", "commissioning"}};
        if (!inputs.empty()) members["inputQuantityList"] = inputs;
        if (!outputs.empty()) members["outputQuantityList"] = outputs;
        if (!shared.empty()) members["transformationID"] = shared;
        capture(hour, "TransformationEvent", members);
    }
    void pack(int hour, std::string const& action, std::string const& box, json const& children)
    {
        capture(hour, "AggregationEvent",
                {{"action", action}, {"parentID", link_of(box)}, {"childEPCs", children}, {"bizStep", "packing"}});
    }
    void pack_lots(int hour, std::string const& action, std::string const& box, json const& children)
    {
        capture(
            hour, "AggregationEvent",
            {{"action", action}, {"parentID", link_of(box)}, {"childQuantityList", children}, {"bizStep", "packing"}});
    }

    std::int64_t number_of(std::string const& uri)
    {
        auto const found = read([&](Connection& c) { return identifiers::find(c, epcis_name(uri)); });
        return found && *found ? **found : 0;
    }
    static std::string epcis_name(std::string const& name)
    {
        return name.find(':') == std::string::npos ? link_of(name) : name;
    }

    genealogy::Closure closure(std::string const& name, Direction direction, genealogy::Bounds const& bounds = {})
    {
        std::vector<std::int64_t> const start{number_of(name)};
        return *read([&](Connection& c) { return genealogy::trace(c, start, direction, bounds); });
    }
    Names names(genealogy::Closure const& closure)
    {
        std::vector<std::int64_t> numbers;
        for (auto const& thing : closure.things) numbers.push_back(thing.number);
        auto const spellings = read([&](Connection& c) { return genealogy::names_of(c, numbers); });
        Names out;
        for (auto const& name : *spellings) out.insert(name_of(name.uri));
        return out;
    }
    Names back(std::string const& name) { return names(closure(name, Direction::back)); }
    Names forward(std::string const& name) { return names(closure(name, Direction::forward)); }

    int events_ = 0;
};
NGUON_ON_BOTH_ENGINES(GenealogyStorage);

TEST_P(GenealogyStorage, FollowsSeveralInputsAndOutputsWithTheirAmounts)
{
    make(1, lots({{"A", 10}, {"B", 5}}), lots({{"C", 12}, {"D", 2}}));
    make(2, lots({{"C", 4}}), lots({{"E", 4}}));
    EXPECT_EQ(back("E"), (Names{"E", "C", "A", "B"}));
    EXPECT_EQ(forward("A"), (Names{"A", "C", "D", "E"}));
    EXPECT_EQ(names(closure("C", Direction::both)), (Names{"A", "B", "C", "E"}));

    auto const found = closure("C", Direction::both);
    auto const part = std::ranges::find_if(found.links, [&](genealogy::Link const& link) {
        return link.thing == number_of("C") && link.kind == genealogy::LinkKind::used;
    });
    ASSERT_NE(part, found.links.end());
    EXPECT_EQ(part->quantity, 4.0); // of the twelve
    EXPECT_EQ(part->uom, "KGM");
    for (auto const& thing : found.things)
        EXPECT_EQ(thing.depth, thing.number == number_of("C") ? 0 : thing.number == number_of("E") ? 1 : -1);
}

TEST_P(GenealogyStorage, EndsInLoopsOfRework)
{
    make(1, lots({{"A", 10}}), lots({{"B", 9}}));
    make(2, lots({{"B", 3}}), lots({{"A", 3}}));
    make(3, lots({{"A", 1}}), lots({{"C", 1}}));
    EXPECT_EQ(back("C"), (Names{"A", "B", "C"}));
    EXPECT_EQ(forward("A"), (Names{"A", "B", "C"}));
}

TEST_P(GenealogyStorage, JoinsPartsOfOneTransformation)
{
    make(1, lots({{"A", 10}}), json::array(), "urn:uuid:lò-sấy-7");
    make(2, lots({{"B", 10}}), json::array(), "urn:uuid:lò-sấy-7");
    make(9, json::array(), lots({{"C", 18}}), "urn:uuid:lò-sấy-7");
    make(3, lots({{"X", 1}}), lots({{"Y", 1}}), "urn:uuid:lò-sấy-8");
    EXPECT_EQ(back("C"), (Names{"A", "B", "C"}));
    EXPECT_EQ(forward("A"), (Names{"A", "C"}));
    EXPECT_EQ(closure("C", Direction::back).steps.size(), 1U);
}

TEST_P(GenealogyStorage, CountsABoxOnlyWhileTheThingWasInside)
{
    pack(1, "ADD", "box1", packs({"pack1", "pack2"}));
    pack(2, "ADD", "box2", packs({})); // an empty pallet record names nobody
    capture(3, "AggregationEvent", {{"action", "ADD"}, {"parentID", link_of("box2")}, {"childEPCs", packs({"box1"})}});
    pack(4, "DELETE", "box1", packs({"pack1"}));
    pack(5, "ADD", "box3", packs({"pack1"}));
    pack(6, "DELETE", "box2", packs({"box1"}));
    pack(7, "ADD", "box4", packs({"box1"})); // without the first pack
    EXPECT_EQ(forward("pack1"), (Names{"pack1", "box1", "box2", "box3"}));
    EXPECT_EQ(forward("pack2"), (Names{"pack2", "box1", "box2", "box4"}));
    EXPECT_EQ(back("box4"), (Names{"box4", "box1", "pack2"}));
    EXPECT_EQ(back("box3"), (Names{"box3", "pack1"}));
    EXPECT_EQ(back("box2"), (Names{"box2", "box1", "pack1", "pack2"}));
}

TEST_P(GenealogyStorage, LeavesOutWhatCameIntoABoxAfterItWasUsed)
{
    pack(1, "ADD", "box1", packs({"pack1"}));
    capture(
        2, "TransformationEvent",
        {{"inputEPCList", packs({"box1"})}, {"outputQuantityList", lots({{"M", 5}})}, {"bizStep", "commissioning"}});
    pack(3, "ADD", "box1", packs({"pack2"}));
    EXPECT_EQ(back("M"), (Names{"M", "box1", "pack1"}));
    EXPECT_EQ(forward("pack1"), (Names{"pack1", "box1", "M"}));
    EXPECT_EQ(forward("pack2"), (Names{"pack2", "box1"}));
}

TEST_P(GenealogyStorage, EmptiesABoxAsAWholeAndMovesAThingByPackingItElsewhere)
{
    pack(1, "ADD", "box1", packs({"pack1"}));
    pack(2, "DELETE", "box1", json::array());
    pack(3, "ADD", "box5", packs({"box1"}));
    EXPECT_EQ(forward("pack1"), (Names{"pack1", "box1"}));
    pack(4, "ADD", "box2", packs({"pack2"}));
    pack(5, "ADD", "box3", packs({"pack2"}));
    pack(6, "ADD", "box6", packs({"box2"}));
    EXPECT_EQ(forward("pack2"), (Names{"pack2", "box2", "box3"}));
    // Of a lot there may be some in each; taking out some of it leaves the rest inside.
    pack_lots(1, "ADD", "box7", lots({{"L", 10}}));
    pack_lots(2, "ADD", "box8", lots({{"L", 10}}));
    pack_lots(3, "DELETE", "box7", lots({{"L", 4}}));
    pack(4, "ADD", "box9", packs({"box7"}));
    EXPECT_EQ(forward("L"), (Names{"L", "box7", "box8", "box9"}));
    pack_lots(5, "DELETE", "box8", lots({{"L", 10}}));
    pack(6, "ADD", "box0", packs({"box8"}));
    EXPECT_FALSE(forward("L").contains("box0"));
}

TEST_P(GenealogyStorage, LinksUnitsToTheLotTheyWereCommissionedIn)
{
    capture(1, "ObjectEvent",
            {{"action", "ADD"},
             {"bizStep", "commissioning"},
             {"epcList", packs({"pack1", "pack2"})},
             {"ilmd", {{"cbvmda:lotNumber", "L9"}}}});
    make(0, lots({{"A", 3}}), lots({{"L9", 2}}));
    pack(2, "ADD", "box1", packs({"pack1"}));
    EXPECT_EQ(back("pack1"), (Names{"pack1", "L9", "A"}));
    EXPECT_EQ(forward("A"), (Names{"A", "L9", "pack1", "pack2", "box1"}));
    EXPECT_EQ(back("box1"), (Names{"box1", "pack1", "L9", "A"}));
}

TEST_P(GenealogyStorage, SpellingsAreOneThingAndAssociationsAreLinks)
{
    capture(1, "TransformationEvent",
            {{"inputQuantityList", {{{"epcClass", "urn:epc:class:lgtin:8938501.000001.A"}, {"quantity", 1}}}},
             {"outputQuantityList", lots({{"B", 1}})}});
    EXPECT_EQ(back("B"), (Names{"A", "B"}));
    EXPECT_EQ(closure("urn:epc:class:lgtin:8938501.000001.A", Direction::forward).things.size(), 2U);
    capture(2, "AssociationEvent",
            {{"action", "ADD"}, {"parentID", link_of("box1")}, {"childQuantityList", lots({{"B", 1}})}});
    EXPECT_EQ(forward("A"), (Names{"A", "B", "box1"}));
}

TEST_P(GenealogyStorage, ForgetsWhatWasDeclaredWrongByWhoMaySo)
{
    auto const id = capture(1, "TransformationEvent",
                            {{"inputQuantityList", lots({{"A", 1}})}, {"outputQuantityList", lots({{"B", 1}})}});
    auto const declare = [&](OrganizationId const& by) {
        auto stored = *read([&](Connection& c) { return events::of_event_id(c, id); });
        auto event = epcis::parse_document(stored.front().body)->events.front();
        event.error_declaration = epcis::ErrorDeclaration{};
        event.error_declaration->declared = {to_iso(first_day), first_day};
        append(event, by);
    };
    ASSERT_TRUE(write([](Connection& c) -> Status {
                    nguon::testing::add_organization(c, "org-2");
                    return Done{};
                }).ok());
    declare(OrganizationId{"org-2"});
    EXPECT_EQ(back("B"), (Names{"A", "B"}));
    declare(org);
    EXPECT_EQ(back("B"), (Names{"B"}));
}

TEST_P(GenealogyStorage, TakesTheSuppliersLotOfAReceipt)
{
    capture(1, "ObjectEvent",
            {{"action", "OBSERVE"},
             {"bizStep", "receiving"},
             {"quantityList", lots({{"B", 8}})},
             {"@context",
              {"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {{"nguon", "urn:nguon:epcis:"}}}},
             {"nguon:source_batch", link_of("S")}});
    EXPECT_EQ(back("B"), (Names{"B", "S"}));
    EXPECT_EQ(forward("S"), (Names{"B", "S"}));
}

TEST_P(GenealogyStorage, SaysWhichLimitCutIt)
{
    for (int i = 0; i < 6; ++i) make(i, lots({{"A" + std::to_string(i), 1}}), lots({{"A" + std::to_string(i + 1), 1}}));
    EXPECT_EQ(closure("A0", Direction::forward).cut, "");
    genealogy::Bounds few;
    few.things_max = 3;
    EXPECT_EQ(closure("A0", Direction::forward, few).cut, "things");
    EXPECT_EQ(closure("A0", Direction::forward, few).things.size(), 3U);
    genealogy::Bounds flat;
    flat.depth_max = 2;
    EXPECT_EQ(closure("A0", Direction::forward, flat).cut, "depth");
    genealogy::Bounds thin;
    thin.links_max = 2;
    EXPECT_EQ(closure("A0", Direction::forward, thin).cut, "links");
    genealogy::Bounds hasty;
    hasty.time_max = std::chrono::milliseconds{-1};
    EXPECT_EQ(closure("A0", Direction::forward, hasty).cut, "time");
}

} // namespace
} // namespace nguon::db
