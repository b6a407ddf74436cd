#include "db/events.hpp"

#include "core/epcis/json.hpp"
#include "core/json.hpp"
#include "db/identifiers.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

Instant const now = nguon::testing::outbox_start;
OrganizationId const org{"org-1"};
constexpr auto* lot_urn = "urn:epc:class:lgtin:8938501.000001.L1";
constexpr auto* lot_link = "https://id.gs1.org/01/08938501000019/10/L1";

epcis::Event event_about(std::string const& event_id, std::vector<std::string> const& things)
{
    nlohmann::json event{{"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
                         {"type", "ObjectEvent"},
                         {"action", "OBSERVE"},
                         {"eventID", event_id},
                         {"eventTime", "2026-11-20T08:00:00+07:00"},
                         {"eventTimeZoneOffset", "+07:00"},
                         {"bizStep", "packing"}};
    for (auto const& thing : things) event["quantityList"].push_back({{"epcClass", thing}, {"quantity", 2}});
    auto document = epcis::parse_document(event.dump());
    EXPECT_TRUE(document.ok());
    return document->events.front();
}

class EventStorage : public nguon::testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) -> Status {
                        nguon::testing::add_installation(c);
                        nguon::testing::add_target(c, "practice");
                        nguon::testing::add_organization(c, org.text());
                        return Done{};
                    }).ok());
    }

    Result<events::Appended> append(epcis::Event const& event, OrganizationId const& by = org)
    {
        return write([&](Connection& c) {
            events::Capture capture;
            capture.id = new_id<struct CaptureKind>();
            capture.org = by;
            capture.declared_by = "key";
            capture.received_at = now;
            capture.document = canonical_json(epcis::to_document({event}, now));
            events::insert_capture(c, capture);
            events::Facts facts;
            facts.org = by;
            facts.capture = capture.id;
            facts.declared_by = "key";
            facts.record_time = now;
            return events::append(c, event, facts);
        });
    }

    std::optional<identifiers::Thing> thing(std::string const& uri)
    {
        return *read([&](Connection& c) { return identifiers::find_thing(c, uri); });
    }
};
NGUON_ON_BOTH_ENGINES(EventStorage);

TEST_P(EventStorage, NumbersEventsWithoutGapsAndTakesARepeatOnce)
{
    auto const first = append(event_about("urn:uuid:1", {lot_urn}));
    auto const second = append(event_about("urn:uuid:2", {lot_urn}));
    auto const again = append(event_about("urn:uuid:1", {lot_urn}));
    ASSERT_TRUE(first.ok() && second.ok() && again.ok());
    EXPECT_EQ(first->seq, 1);
    EXPECT_EQ(second->seq, 2);
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(again->id, first->id);
    auto const other = append(event_about("urn:uuid:1", {lot_urn, "urn:epc:class:lgtin:8938501.000001.L2"}));
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().key, "epcis.event_id_taken");
}

TEST_P(EventStorage, OnlyItsOwnerAndTheProvinceDeclareAnEventWrong)
{
    OrganizationId const rival{"org-2"};
    OrganizationId const province{"org-3"};
    ASSERT_TRUE(write([&](Connection& c) -> Status {
                    nguon::testing::add_organization(c, rival.text());
                    nguon::testing::add_organization(c, province.text());
                    c.execute("UPDATE organization SET kind = 'authority' WHERE id = $1", {province});
                    return Done{};
                }).ok());
    auto const is_wrong = [&] {
        return *read([&](Connection& c) { return events::is_declared_wrong(c, org, "urn:uuid:1"); });
    };
    auto const declared_by = [&](OrganizationId const& by) {
        auto wrong = event_about("urn:uuid:1", {lot_urn});
        wrong.error_declaration = epcis::ErrorDeclaration{};
        wrong.error_declaration->declared = {to_iso(now), now};
        wrong.error_declaration->reason = "incorrect_data";
        return append(wrong, by);
    };
    ASSERT_TRUE(append(event_about("urn:uuid:1", {lot_urn})).ok());
    ASSERT_TRUE(declared_by(rival).ok());
    EXPECT_FALSE(is_wrong());
    ASSERT_TRUE(declared_by(province).ok());
    EXPECT_TRUE(is_wrong());
    EXPECT_EQ(read([](Connection& c) { return events::of_event_id(c, "urn:uuid:1"); })->size(), 3U);

    ASSERT_TRUE(append(event_about("urn:uuid:2", {lot_urn}), rival).ok());
    auto own = event_about("urn:uuid:2", {lot_urn});
    own.error_declaration = epcis::ErrorDeclaration{};
    own.error_declaration->declared = {to_iso(now), now};
    ASSERT_TRUE(append(own, rival).ok());
    EXPECT_TRUE(*read([&](Connection& c) { return events::is_declared_wrong(c, rival, "urn:uuid:2"); }));
    EXPECT_FALSE(*read([&](Connection& c) { return events::is_declared_wrong(c, org, "urn:uuid:2"); }));
}

TEST_P(EventStorage, SpellingsOfOneThingShareANumber)
{
    ASSERT_TRUE(append(event_about("urn:uuid:1", {lot_urn})).ok());
    ASSERT_TRUE(append(event_about("urn:uuid:2", {"https://other.example/01/08938501000019/10/L1"})).ok());
    auto const number = thing(lot_link)->number;
    EXPECT_EQ(thing(lot_urn)->number, number);
    EXPECT_EQ(thing("https://other.example/01/08938501000019/10/L1")->number, number);
    EXPECT_FALSE(thing(lot_link)->named);
}

TEST_P(EventStorage, ASpellingSeenBeforeItsRecordLearnsOfItLater)
{
    ASSERT_TRUE(append(event_about("urn:uuid:1", {lot_urn})).ok());
    ASSERT_TRUE(write([](Connection& c) { return identifiers::intern(c, lot_link, "batch", "batch-1"); }).ok());
    EXPECT_FALSE(thing(lot_urn)->named);
    ASSERT_TRUE(append(event_about("urn:uuid:2", {lot_urn})).ok());
    ASSERT_TRUE(thing(lot_urn)->named);
    EXPECT_EQ(thing(lot_urn)->named->kind, "batch");
    EXPECT_EQ(thing(lot_urn)->named->entity_id, "batch-1");
}

TEST_P(EventStorage, ASpellingThatNamesAnotherThingIsLeftAlone)
{
    ASSERT_TRUE(write([](Connection& c) { return identifiers::intern(c, lot_urn, "batch", "batch-2"); }).ok());
    ASSERT_TRUE(append(event_about("urn:uuid:1", {lot_urn})).ok());
    EXPECT_EQ(thing(lot_urn)->named->entity_id, "batch-2");
    EXPECT_NE(thing(lot_urn)->number, thing(lot_link)->number);
}

TEST_P(EventStorage, QuantitiesOfOneThingAreAddedUp)
{
    ASSERT_TRUE(append(event_about("urn:uuid:1", {lot_urn, lot_link})).ok());
    auto const rows = read([](Connection& c) {
        return c.query("SELECT role, quantity FROM event_identifier WHERE event_seq = $1", {std::int64_t{1}});
    });
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->front().text(0), "epc");
    EXPECT_EQ(rows->front().real(1), 4.0);
}

TEST_P(EventStorage, WhatIsDeliveredIsCanonicalJsonAndHoldsTheEventAsStored)
{
    auto const appended = append(event_about("urn:uuid:1", {lot_urn}));
    ASSERT_TRUE(appended.ok());
    auto const payload = read([](Connection& c) {
        return c.query("SELECT payload FROM outbox WHERE aggregate_type = 'event'").front().text(0);
    });
    auto const parsed = nlohmann::json::parse(*payload);
    EXPECT_EQ(*payload, canonical_json(parsed));
    EXPECT_EQ(parsed["id"], appended->id);
    EXPECT_EQ(parsed["op"], "capture");
    auto const stored = read([&](Connection& c) { return events::find(c, org, appended->id); });
    EXPECT_EQ(canonical_json(parsed["event"]), stored->body);
}

} // namespace
} // namespace nguon::db
