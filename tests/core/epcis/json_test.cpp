#include "core/epcis/json.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace nguon::epcis {
namespace {

using nlohmann::json;

json object_event()
{
    return json::parse(R"({"type":"ObjectEvent","action":"ADD","eventTime":"2026-11-21T08:00:00+07:00",
        "eventTimeZoneOffset":"+07:00","eventID":"urn:uuid:0193a000-0000-7000-8000-000000000001",
        "quantityList":[{"epcClass":"https://id.gs1.org/01/08939999000017/10/LO7","quantity":12.50,"uom":"KGM"}],
        "bizStep":"commissioning","disposition":"active",
        "readPoint":{"id":"https://id.gs1.org/414/8939999900010","x:door":"2"},
        "bizTransactionList":[{"bizTransaction":"urn:nguon:bt:1"}],
        "sourceList":[{"type":"location","source":"urn:uuid:0193a000-0000-7000-8000-000000000002"}],
        "ilmd":{"x:grade":"1"},"x:note":{"plain":["a",{"x:b":true}]},"rdfs:comment":"c"})");
}

json document_of(json events, json context = {standard_context, {{"x", "https://x.vn/"}}})
{
    return {{"@context", std::move(context)},
            {"type", "EPCISDocument"},
            {"schemaVersion", "2.0"},
            {"creationDate", "2026-11-21T08:00:00Z"},
            {"epcisBody", {{"eventList", std::move(events)}}}};
}

std::vector<FieldError> faults_of(json const& document)
{
    auto const read = read_document(document);
    return read ? std::vector<FieldError>{} : read.error().fields;
}

bool has(std::vector<FieldError> const& faults, std::string_view pointer, std::string_view key)
{
    return std::ranges::any_of(faults, [&](FieldError const& f) { return f.pointer == pointer && f.key == key; });
}

TEST(EpcisJson, ReadsEveryFieldAndKeepsItsSpelling)
{
    auto const document = read_document(document_of({object_event()}));
    ASSERT_TRUE(document);
    ASSERT_EQ(document->events.size(), 1U);
    auto const& event = document->events.front();
    EXPECT_EQ(event.type, EventType::object);
    EXPECT_EQ(event.action, Action::add);
    EXPECT_EQ(event.event_time.text, "2026-11-21T08:00:00+07:00");
    EXPECT_EQ(to_iso(event.event_time.at), "2026-11-21T01:00:00.000Z");
    EXPECT_EQ(event.offset, vietnam_offset);
    EXPECT_EQ(event.quantity_list,
              (std::vector{Quantity{"https://id.gs1.org/01/08939999000017/10/LO7", Decimal{"12.5", 12.5}, "KGM"}}));
    EXPECT_EQ(event.read_point.id, "https://id.gs1.org/414/8939999900010");
    EXPECT_EQ(event.read_point.extensions, (json{{"x:door", "2"}}));
    EXPECT_EQ(event.biz_transaction_list, (std::vector{TypedId{"", "urn:nguon:bt:1"}}));
    EXPECT_EQ(event.ilmd, (json{{"x:grade", "1"}}));
    EXPECT_EQ(event.extensions.size(), 2U);
    EXPECT_EQ(document->pointer_of(0), "/epcisBody/eventList/0");
}

TEST(EpcisJson, WritesWhatItRead)
{
    auto event = object_event();
    event["@context"] = {standard_context, {{"x", "https://x.vn/"}}};
    auto const document = read_document(event);
    ASSERT_TRUE(document);
    EXPECT_EQ(to_json(document->events.front()), event);
    auto const again = parse_document(canonical_body(document->events.front()));
    ASSERT_TRUE(again);
    EXPECT_EQ(canonical_body(again->events.front()), canonical_body(document->events.front()));
}

TEST(EpcisJson, TakesQueryDocumentsAndLoneEvents)
{
    json const context{standard_context, {{"x", "https://x.vn/"}}};
    json query{
        {"@context", context},
        {"type", "EPCISQueryDocument"},
        {"epcisBody", {{"queryResults", {{"queryName", "q"}, {"resultsBody", {{"eventList", {object_event()}}}}}}}}};
    auto const answer = read_document(query);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->kind, DocumentKind::query);
    EXPECT_EQ(answer->pointer_of(0), "/epcisBody/queryResults/resultsBody/eventList/0");

    auto in_body = document_of(json::array());
    in_body["epcisBody"] = object_event();
    EXPECT_EQ(read_document(in_body)->events.size(), 1U);
    in_body["epcisBody"] = {{"event", object_event()}};
    EXPECT_EQ(read_document(in_body)->pointer_of(0), "/epcisBody/event");
}

TEST(EpcisJson, TakesContextsOfEveryForm)
{
    auto event = object_event();
    EXPECT_TRUE(has(faults_of(document_of({event}, standard_context)), "/epcisBody/eventList/0/x:note",
                    "epcis.prefix_undefined"));
    event["@context"] = {{"x", "https://x.vn/"}};
    EXPECT_TRUE(read_document(document_of({event}, standard_context)));
    event["@context"] = json::array({"https://x.vn/context.jsonld", {{"x", "https://x.vn/"}}});
    EXPECT_TRUE(read_document(document_of({event}, standard_context)));
    // The nested context is the event's own; its neighbour does not have it.
    auto const faults = faults_of(document_of({event, object_event()}, standard_context));
    EXPECT_TRUE(has(faults, "/epcisBody/eventList/1/ilmd/x:grade", "epcis.prefix_undefined"));
    EXPECT_FALSE(
        std::ranges::any_of(faults, [](FieldError const& f) { return f.pointer.find("/0/") != std::string::npos; }));
}

TEST(EpcisJson, ReportsEveryFaultWithItsPlace)
{
    auto event = object_event();
    event.erase("action");
    event["eventTime"] = "2026-13-01T00:00:00Z";
    event["eventTimeZoneOffset"] = "Z";
    event["recordTime"] = 5;
    event["bizStep"] = "";
    event["parentID"] = "urn:x:1";
    event["harvest"] = 1;
    event["y:grade"] = 1;
    event["quantityList"] = {{{"quantity", "12"}, {"weight", 1}}, 7};
    event["sourceList"] = {{{"source", "urn:x:1"}}};
    event["readPoint"] = {{"name", "gate"}};
    event["ilmd"]["grade"] = "1";
    event["persistentDisposition"] = json::object();
    event["errorDeclaration"] = json::object();
    auto const faults = faults_of(document_of({event}));
    std::string const at = "/epcisBody/eventList/0";
    EXPECT_TRUE(has(faults, at + "/action", "epcis.required"));
    EXPECT_TRUE(has(faults, at + "/eventTime", "epcis.time"));
    EXPECT_TRUE(has(faults, at + "/eventTimeZoneOffset", "epcis.offset"));
    EXPECT_TRUE(has(faults, at + "/recordTime", "epcis.type"));
    EXPECT_TRUE(has(faults, at + "/bizStep", "epcis.empty"));
    EXPECT_TRUE(has(faults, at + "/parentID", "epcis.field_not_here"));
    EXPECT_TRUE(has(faults, at + "/harvest", "epcis.field_unknown"));
    EXPECT_TRUE(has(faults, at + "/y:grade", "epcis.prefix_undefined"));
    EXPECT_TRUE(has(faults, at + "/quantityList/0/epcClass", "epcis.required"));
    EXPECT_TRUE(has(faults, at + "/quantityList/0/quantity", "epcis.type"));
    EXPECT_TRUE(has(faults, at + "/quantityList/0/weight", "epcis.field_unknown"));
    EXPECT_TRUE(has(faults, at + "/quantityList/1", "epcis.type"));
    EXPECT_TRUE(has(faults, at + "/sourceList/0/type", "epcis.required"));
    EXPECT_TRUE(has(faults, at + "/readPoint/id", "epcis.required"));
    EXPECT_TRUE(has(faults, at + "/readPoint/name", "epcis.field_unknown"));
    EXPECT_TRUE(has(faults, at + "/ilmd/grade", "epcis.ilmd_namespace"));
    EXPECT_TRUE(has(faults, at + "/persistentDisposition", "epcis.empty"));
    EXPECT_TRUE(has(faults, at + "/errorDeclaration/declarationTime", "epcis.required"));
    EXPECT_EQ(faults.size(), 18U);
}

TEST(EpcisJson, ChecksSensorElements)
{
    auto event = object_event();
    event["sensorElementList"] = {{{"sensorMetadata", {{"time", "yesterday"}, {"deviceId", "urn:x:1"}}},
                                   {"sensorReport", {{{"value", "26"}}, {{"type", "Temperature"}, {"value", 26}}}}},
                                  {{"sensorReport", json::array()}}};
    auto const faults = faults_of(document_of({event}));
    std::string const at = "/epcisBody/eventList/0/sensorElementList";
    EXPECT_TRUE(has(faults, at + "/0/sensorMetadata/time", "epcis.time"));
    EXPECT_TRUE(has(faults, at + "/0/sensorMetadata/deviceId", "epcis.field_unknown"));
    EXPECT_TRUE(has(faults, at + "/0/sensorReport/0/type", "epcis.required"));
    EXPECT_TRUE(has(faults, at + "/0/sensorReport/0/value", "epcis.type"));
    EXPECT_TRUE(has(faults, at + "/1/sensorReport", "epcis.empty"));
    EXPECT_EQ(faults.size(), 5U);
}

TEST(EpcisJson, RefusesWhatIsNoDocument)
{
    EXPECT_TRUE(has(faults_of(json::array()), "", "epcis.type"));
    EXPECT_TRUE(has(faults_of(json::object()), "/type", "epcis.required"));
    EXPECT_TRUE(has(faults_of({{"type", "HarvestEvent"}}), "/type", "epcis.document_type"));
    EXPECT_TRUE(has(faults_of({{"type", "EPCISDocument"}}), "/@context", "epcis.context_missing"));
    EXPECT_TRUE(has(faults_of({{"type", "EPCISDocument"}}), "/epcisBody", "epcis.required"));
    EXPECT_TRUE(has(faults_of(document_of("x")), "/epcisBody/eventList", "epcis.type"));
    EXPECT_TRUE(has(faults_of(document_of({5})), "/epcisBody/eventList/0", "epcis.type"));
    EXPECT_TRUE(
        has(faults_of(document_of({{{"type", "QuantityEvent"}}})), "/epcisBody/eventList/0/type", "epcis.event_type"));
    EXPECT_FALSE(parse_document("{"));
    EXPECT_FALSE(parse_document(""));
}

TEST(EpcisJson, NeedsThingsOrSensorsWithAPlace)
{
    auto event = object_event();
    event["action"] = "OBSERVE";
    event.erase("ilmd");
    event.erase("quantityList");
    EXPECT_TRUE(has(faults_of(document_of({event})), "/epcisBody/eventList/0", "epcis.things_missing"));
    event["epcList"] = json::array();
    EXPECT_TRUE(read_document(document_of({event})));
    EXPECT_EQ(to_json(read_document(document_of({event}))->events.front()).at("epcList"), json::array());
    event.erase("epcList");
    event["sensorElementList"] = {{{"sensorReport", {{{"type", "Temperature"}}}}}};
    EXPECT_TRUE(read_document(document_of({event})));
}

TEST(EpcisJson, KeepsGoodEventsBesideFaultyOnes)
{
    auto bad = object_event();
    bad.erase("eventTime");
    auto const parts = read_parts(document_of({object_event(), bad, object_event()}));
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->events.size(), 3U);
    EXPECT_TRUE(parts->events[0]);
    EXPECT_FALSE(parts->events[1]);
    EXPECT_EQ(parts->events[1].error().fields.front().pointer, "/epcisBody/eventList/1/eventTime");
    EXPECT_TRUE(parts->events[2]);
}

TEST(EpcisJson, LimitsTheFaultsItReports)
{
    json events = json::array();
    for (std::size_t i = 0; i <= limits::epcis_faults_max; ++i) events.push_back(5);
    EXPECT_EQ(faults_of(document_of(events)).size(), limits::epcis_faults_max);
}

TEST(EpcisJson, LimitsTheDepthOfExtensions)
{
    json deep = "x";
    for (std::size_t i = 0; i < limits::json_depth_max + 5; ++i) deep = json{{"x:a", deep}};
    auto event = object_event();
    event["x:deep"] = deep;
    auto const faults = faults_of(document_of({event}));
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.front().key, "json.depth");
}

TEST(EpcisJson, WritesDocumentsOfSeveralContexts)
{
    auto other = object_event();
    other["@context"] = {{"y", "https://y.vn/"}};
    auto const read = read_document(document_of({object_event(), other}));
    ASSERT_TRUE(read);
    auto const written = to_document(read->events, Instant{});
    EXPECT_FALSE(written.at("epcisBody").at("eventList").at(0).contains("@context"));
    EXPECT_TRUE(written.at("epcisBody").at("eventList").at(1).contains("@context"));
    auto const again = read_document(written);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->events.size(), 2U);
}

} // namespace
} // namespace nguon::epcis
