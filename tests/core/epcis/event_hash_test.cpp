#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace nguon::epcis {
namespace {

using nlohmann::json;

Event read_one(json event, json const& context)
{
    event["@context"] = context;
    auto const document = read_document(event);
    if (!document) {
        for (auto const& fault : document.error().fields) ADD_FAILURE() << fault.pointer << " " << fault.key;
        return {};
    }
    return document->events.front();
}

json simple_event()
{
    return json::parse(R"({"type":"ObjectEvent","action":"OBSERVE","eventTime":"2026-11-21T08:00:00+07:00",
        "eventTimeZoneOffset":"+07:00","epcList":["https://id.gs1.org/01/08939999000017/21/A1"]})");
}

/// Events and hashes that the authors of the reference implementation publish, written down in another order.
TEST(EventHash, AgreesWithPublishedVectors)
{
    std::ifstream file{NGUON_SOURCE_DIR "/tests/fixtures/epcis/hash_vectors.json"};
    auto const vectors = json::parse(file);
    ASSERT_GE(vectors.size(), 25U);
    for (auto const& vector : vectors) {
        auto const event = read_one(vector.at("event"), vector.at("context"));
        auto const version = vector.at("version") == "2.0" ? HashVersion::cbv_2_0 : HashVersion::cbv_2_1;
        auto const wanted = "ni:///sha-256;" + vector.at("hash").get<std::string>() + "?ver=CBV" +
                            vector.at("version").get<std::string>();
        EXPECT_EQ(event_hash(event, version), wanted) << vector.at("name") << "\n" << pre_hash_string(event, version);
    }
}

TEST(EventHash, SurvivesWritingAndReading)
{
    std::ifstream file{NGUON_SOURCE_DIR "/tests/fixtures/epcis/hash_vectors.json"};
    for (auto const& vector : json::parse(file)) {
        auto const event = read_one(vector.at("event"), vector.at("context"));
        auto const again = parse_document(canonical_body(event));
        ASSERT_TRUE(again) << vector.at("name");
        EXPECT_EQ(event_hash(again->events.front()), event_hash(event)) << vector.at("name");
        EXPECT_EQ(canonical_body(again->events.front()), canonical_body(event)) << vector.at("name");
    }
}

TEST(EventHash, IsTheSameForEverySpellingOfAnIdentifier)
{
    auto const hash_with = [](std::string const& epc) {
        auto event = simple_event();
        event["epcList"] = {epc};
        return event_hash(read_one(event, standard_context));
    };
    auto const wanted = hash_with("https://id.gs1.org/01/08939999000017/21/A1");
    EXPECT_EQ(hash_with("urn:epc:id:sgtin:8939999.000001.A1"), wanted);
    EXPECT_EQ(hash_with("http://example.vn/some/path/01/08939999000017/21/A1?17=271231"), wanted);
    EXPECT_EQ(hash_with("https://example.vn/01/08939999000017/10/LO7/21/A1"), wanted);
    EXPECT_EQ(hash_with("https://example.vn/gtin/8939999000017/ser/A1"), wanted);
    EXPECT_NE(hash_with("https://id.gs1.org/01/08939999000017/21/A2"), wanted);
    EXPECT_NE(hash_with("https://id.gs1.org/01/08939999000017/10/A1"), wanted);
}

TEST(EventHash, IsTheSameForEverySpellingOfAWord)
{
    auto const hash_with = [](std::string const& step) {
        auto event = simple_event();
        event["bizStep"] = step;
        return event_hash(read_one(event, standard_context));
    };
    EXPECT_EQ(hash_with("urn:epcglobal:cbv:bizstep:packing"), hash_with("packing"));
    EXPECT_EQ(hash_with("https://ref.gs1.org/cbv/BizStep-packing"), hash_with("packing"));
    EXPECT_EQ(hash_with("cbv:BizStep-packing"), hash_with("packing"));
    EXPECT_NE(hash_with("unpacking"), hash_with("packing"));
}

TEST(EventHash, ChangesWithEveryRelevantField)
{
    auto event = simple_event();
    auto const before = event_hash(read_one(event, standard_context));
    for (auto const& [name, value] : std::initializer_list<std::pair<char const*, json>>{
             {"action", "DELETE"},
             {"eventTimeZoneOffset", "+08:00"},
             {"eventTime", "2026-11-21T08:00:00.001+07:00"},
             {"disposition", "active"},
             {"readPoint", {{"id", "urn:uuid:00000000-0000-7000-8000-000000000001"}}},
             {"urn:nguon:epcis:mark", "confirmed"}}) {
        auto changed = event;
        changed[name] = value;
        EXPECT_NE(event_hash(read_one(changed, standard_context)), before) << name;
    }
}

TEST(EventHash, TakesTheNamespaceAndNotThePrefix)
{
    auto one = simple_event();
    one["a:grade"] = "1";
    auto other = simple_event();
    other["b:grade"] = "1";
    auto full = simple_event();
    full["https://ns.example.vn/x/grade"] = "1";
    auto const first = event_hash(read_one(one, {standard_context, {{"a", "https://ns.example.vn/x/"}}}));
    EXPECT_EQ(event_hash(read_one(other, {standard_context, {{"b", "https://ns.example.vn/x/"}}})), first);
    EXPECT_EQ(event_hash(read_one(full, standard_context)), first);
}

TEST(CanonicalIdentifier, LeavesOtherTextsAlone)
{
    for (std::string const text :
         {"http://example.org/123/4012345ABC987/456/4711", "http://id.gs1.org/99/9780345418913",
          "http://id.gs1.org/01/9780345418913/99/utfgf", "http://example.de/abc/9780345418913", "Hello World!", "",
          "urn:epc:id:sgtin:1234.1", "urn:uuid:00000000-0000-7000-8000-000000000001", "https://", "geo:1,2"})
        EXPECT_EQ(canonical_identifier(text), text);
}

TEST(CanonicalIdentifier, KeepsTheFinestLevelOnly)
{
    EXPECT_EQ(canonical_identifier("https://id.gs1.org/gtin/9780345418913/cpv/344/lot/1223/ser/765tz"),
              "https://id.gs1.org/01/09780345418913/21/765tz");
    EXPECT_EQ(canonical_identifier("https://id.gs1.org/gtin/9780345418913/cpv/344"),
              "https://id.gs1.org/01/09780345418913");
    EXPECT_EQ(canonical_identifier("http://example.de/01/040123451234/cpv/344/lot/ABD"),
              "https://id.gs1.org/01/00040123451234/10/ABD");
    EXPECT_EQ(canonical_identifier("https://example.co.uk/party/4226350800008"),
              "https://id.gs1.org/417/4226350800008");
    EXPECT_EQ(canonical_identifier("http://fashion.com/itip/040123451234560102/ser/ABC145"),
              "https://id.gs1.org/8006/040123451234560102/21/ABC145");
}

TEST(CanonicalIdentifier, LeavesAValueThatReadsLikeAName)
{
    auto const lot = [](std::string const& text) {
        return canonical_identifier("https://example.vn/gtin/8939999000017/lot/" + text);
    };
    EXPECT_EQ(lot("ser"), "https://id.gs1.org/01/08939999000017/10/ser");
    EXPECT_NE(lot("ser"), lot("21"));
    EXPECT_EQ(canonical_identifier(lot("cpid")), lot("cpid"));
}

TEST(CanonicalNumber, HasNoNeedlessZeros)
{
    EXPECT_EQ(canonical_number("25.0"), "25");
    EXPECT_EQ(canonical_number("+0.50"), "0.5");
    EXPECT_EQ(canonical_number("007"), "7");
    EXPECT_EQ(canonical_number(".5"), "0.5");
    EXPECT_EQ(canonical_number("-1.20"), "-1.2");
    EXPECT_EQ(canonical_number("1e3"), "1000");
    EXPECT_EQ(canonical_number("12E-4"), "0.0012");
    EXPECT_EQ(canonical_number("0.000"), "0");
    EXPECT_EQ(canonical_number("123456789012345678901234567890.10"), "123456789012345678901234567890.1");
    for (std::string const text : {"", "1.2.3", "1e", "e5", "1e999999999999", "0x10", "NaN", "12 kg", "-", "."})
        EXPECT_EQ(canonical_number(text), text);
}

} // namespace
} // namespace nguon::epcis
