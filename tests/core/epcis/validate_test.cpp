#include "core/epcis/validate.hpp"

#include "core/limits.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace nguon::epcis {
namespace {

using Change = void (*)(Event&);

Event event_of(EventType type)
{
    Event event;
    event.type = type;
    event.action = type == EventType::transformation ? Action::none : Action::observe;
    event.event_time = {"2026-11-21T08:00:00Z", parse_time("2026-11-21T08:00:00Z")->at};
    event.offset_text = "+07:00";
    event.context = std::make_shared<Context>();
    switch (type) {
    case EventType::object:
        event.epc_list = {"urn:x:1"};
        break;
    case EventType::aggregation:
    case EventType::association:
        event.parent_id = "urn:x:0";
        event.child_epcs = {"urn:x:1"};
        break;
    case EventType::transaction:
        event.epc_list = {"urn:x:1"};
        event.biz_transaction_list = {{"po", "urn:x:2"}};
        break;
    case EventType::transformation:
        event.input_epc_list = {"urn:x:1"};
        event.output_epc_list = {"urn:x:2"};
        break;
    }
    return event;
}

bool has(std::vector<FieldError> const& list, std::string_view pointer, std::string_view key)
{
    return std::ranges::any_of(list, [&](FieldError const& f) { return f.pointer == pointer && f.key == key; });
}

/// The only fault of an event of this type after the change.
void expect_fault(EventType type, Change change, std::string_view pointer, std::string_view key)
{
    auto event = event_of(type);
    EXPECT_TRUE(validate(event).faults.empty());
    change(event);
    auto const faults = validate(event).faults;
    EXPECT_TRUE(faults.size() == 1 && has(faults, pointer, key))
        << key << ": " << (faults.empty() ? "none" : faults.front().pointer + " " + faults.front().key);
}

constexpr auto object = EventType::object;
constexpr auto aggregation = EventType::aggregation;
constexpr auto association = EventType::association;

TEST(Validate, RefusesInventedWords)
{
    expect_fault(
        object, [](Event& e) { e.biz_step = "harvesting"; }, "/bizStep", "epcis.word_unknown");
    expect_fault(
        object, [](Event& e) { e.biz_step = "urn:epcglobal:cbv:bizstep:harvesting"; }, "/bizStep",
        "epcis.word_unknown");
    expect_fault(
        object, [](Event& e) { e.disposition = "packing"; }, "/disposition", "epcis.word_unknown");
    expect_fault(
        object, [](Event& e) { e.persistent_disposition.set = {"fine"}; }, "/persistentDisposition/set/0",
        "epcis.word_unknown");
    expect_fault(
        object,
        [](Event& e) {
            e.source_list = {{"owner", "urn:x:1"}};
        },
        "/sourceList/0/type", "epcis.word_unknown");
    expect_fault(
        object, [](Event& e) { e.biz_step = "https://a b"; }, "/bizStep", "epcis.uri");
}

TEST(Validate, WantsEachSyntaxesSpelling)
{
    expect_fault(
        object, [](Event& e) { e.biz_step = "urn:epcglobal:cbv:bizstep:packing"; }, "/bizStep", "epcis.word_spelling");
    auto event = event_of(object);
    event.biz_step = "urn:epcglobal:cbv:bizstep:packing";
    EXPECT_TRUE(validate(event, "", Syntax::xml).faults.empty());
    event.biz_step = "packing";
    EXPECT_TRUE(validate(event).faults.empty());
    auto const faults = validate(event, "", Syntax::xml).faults;
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.front().values, (std::vector<std::string>{"packing", "urn:epcglobal:cbv:bizstep:packing"}));
    event.biz_step = "https://ns.example.vn/step/drying";
    EXPECT_TRUE(validate(event).faults.empty());
    EXPECT_TRUE(validate(event, "", Syntax::xml).faults.empty());
}

TEST(Validate, WantsUris)
{
    expect_fault(
        object, [](Event& e) { e.epc_list = {"LO7"}; }, "/epcList/0", "epcis.uri");
    expect_fault(
        object, [](Event& e) { e.read_point.id = "kho số 1"; }, "/readPoint/id", "epcis.uri");
    expect_fault(
        object, [](Event& e) { e.event_id = "1"; }, "/eventID", "epcis.uri");
    expect_fault(
        object,
        [](Event& e) {
            e.epc_list = {"urn:x:1", "urn:x:1"};
        },
        "/epcList/1", "epcis.repeated");
}

TEST(Validate, LetsIlmdStandOnlyWhereThingsBegin)
{
    expect_fault(
        object,
        [](Event& e) {
            e.ilmd = {{"cbvmda:lotNumber", "1"}};
        },
        "/ilmd", "epcis.ilmd_not_here");
    auto event = event_of(object);
    event.ilmd = {{"cbvmda:lotNumber", "1"}};
    event.action = Action::add;
    EXPECT_TRUE(validate(event).faults.empty());
}

TEST(Validate, KnowsParentsAndChildrenByAction)
{
    expect_fault(
        aggregation,
        [](Event& e) {
            e.action = Action::add;
            e.parent_id.clear();
        },
        "/parentID", "epcis.parent_missing");
    expect_fault(
        aggregation, [](Event& e) { e.child_epcs.clear(); }, "/childEPCs", "epcis.children_missing");
    expect_fault(
        association, [](Event& e) { e.parent_id.clear(); }, "/parentID", "epcis.parent_missing");
    auto all_removed = event_of(aggregation);
    all_removed.action = Action::remove;
    all_removed.child_epcs.clear();
    EXPECT_TRUE(validate(all_removed).faults.empty());
    auto seen = event_of(aggregation);
    seen.parent_id.clear();
    EXPECT_TRUE(validate(seen).faults.empty());
}

TEST(Validate, WantsBothSidesOfATransformationOrItsId)
{
    expect_fault(
        EventType::transformation, [](Event& e) { e.output_epc_list.clear(); }, "", "epcis.transformation_sides");
    auto event = event_of(EventType::transformation);
    event.output_epc_list.clear();
    event.transformation_id = "urn:x:9";
    EXPECT_TRUE(validate(event).faults.empty());
}

TEST(Validate, ChecksQuantitiesAndTransactions)
{
    expect_fault(
        object,
        [](Event& e) {
            e.quantity_list = {{"urn:x:1", Decimal{"1", 1}, "kg"}};
        },
        "/quantityList/0/uom", "epcis.uom");
    expect_fault(
        object,
        [](Event& e) {
            e.quantity_list = {{"urn:x:1", {}, "KGM"}};
        },
        "/quantityList/0/uom", "epcis.uom_alone");
    expect_fault(
        object,
        [](Event& e) {
            e.quantity_list = {{"urn:x:1", Decimal{"-1", -1}, "KGM"}};
        },
        "/quantityList/0/quantity", "epcis.quantity_negative");
    expect_fault(
        EventType::transaction, [](Event& e) { e.biz_transaction_list.clear(); }, "/bizTransactionList",
        "epcis.transactions_missing");
}

TEST(Validate, NotesWhatPublishedExamplesDo)
{
    auto event = event_of(object);
    event.epc_list = {"urn:epc:id:sgtin:1234.1", "https://id.gs1.org/01/08939999000018/21/A"};
    event.error_declaration = ErrorDeclaration{};
    event.error_declaration->declared = {"2026-11-20T08:00:00Z", parse_time("2026-11-20T08:00:00Z")->at};
    event.sensor_element_list = nlohmann::json::parse(
        R"([{"sensorMetadata":{"deviceID":"urn:x:1","time":"2026-11-21T09:00:00Z"},
             "sensorReport":[{"type":"Temperature","deviceID":"urn:x:1"}]}])");
    auto const found = validate(event, "/e");
    EXPECT_TRUE(found.faults.empty());
    EXPECT_TRUE(has(found.notes, "/e/epcList/0", "epcis.identifier"));
    EXPECT_TRUE(has(found.notes, "/e/epcList/1", "epcis.identifier"));
    EXPECT_TRUE(has(found.notes, "/e/errorDeclaration", "epcis.error_without_id"));
    EXPECT_TRUE(has(found.notes, "/e/errorDeclaration/declarationTime", "epcis.declared_before_event"));
    EXPECT_TRUE(has(found.notes, "/e/sensorElementList/0/sensorMetadata/time", "epcis.sensor_later"));
    EXPECT_TRUE(has(found.notes, "/e/sensorElementList/0/sensorReport/0/deviceID", "epcis.sensor_twice"));
}

TEST(Validate, ChecksWordsAndHexOfSensors)
{
    auto event = event_of(object);
    event.sensor_element_list = nlohmann::json::parse(
        R"([{"sensorReport":[{"type":"Warmth","exception":"FIRE","component":"w","hexBinaryValue":"xyz","uriValue":"u"},
             {"type":"gs1:Temperature","component":"cbv:Comp-x"}]}])");
    auto const faults = validate(event).faults;
    std::string const at = "/sensorElementList/0/sensorReport/0";
    EXPECT_TRUE(has(faults, at + "/type", "epcis.word_unknown"));
    EXPECT_TRUE(has(faults, at + "/exception", "epcis.word_unknown"));
    EXPECT_TRUE(has(faults, at + "/component", "epcis.word_unknown"));
    EXPECT_TRUE(has(faults, at + "/hexBinaryValue", "epcis.hex_binary"));
    EXPECT_TRUE(has(faults, at + "/uriValue", "epcis.uri"));
}

TEST(Validate, KnowsUris)
{
    for (std::string const good :
         {"urn:x:1", "https://a.vn/b?c=d#e", "geo:1,2", "ni:///sha-256;ab?ver=CBV2.0", "a:b", "https://a.vn/%C3%A1"})
        EXPECT_TRUE(is_uri(good)) << good;
    for (std::string const bad : {"", "a", ":a", "a:", "1a:b", "a b:c", "a:b c", "a:%", "a:%4", "a:%zz", "a:\"", "a:á",
                                  "a:\n", "a:{b}", "a:\\"})
        EXPECT_FALSE(is_uri(bad)) << bad;
    EXPECT_TRUE(is_uri("a:" + std::string(limits::epcis_uri_bytes_max - 2, 'b')));
    EXPECT_FALSE(is_uri("a:" + std::string(limits::epcis_uri_bytes_max - 1, 'b')));
}

TEST(Validate, ReportsAllEventsOfADocument)
{
    Document document;
    document.list_pointer = "/epcisBody/eventList";
    document.events = {event_of(object), event_of(object)};
    EXPECT_TRUE(validate(document));
    document.events[1].biz_step = "harvesting";
    auto const status = validate(document);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().fields.front().pointer, "/epcisBody/eventList/1/bizStep");
}

} // namespace
} // namespace nguon::epcis
