#include "core/json.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon {
namespace {

using nlohmann::json;
using testing::ElementsAre;

Error error_of(std::string_view text, std::size_t depth_max = limits::json_depth_max)
{
    auto const parsed = parse_json(text, depth_max);
    return parsed ? Error{ErrorCode::internal, "ok", {}, {}, {}} : parsed.error();
}

std::string canonical(std::string_view text) { return canonical_json(*parse_json(text)); }

TEST(ParseJson, RefusesDuplicateNamesWithTheirPlace)
{
    auto const error = error_of(R"({"a":[{"b/c":1},{"b/c":1,"b/c":2}]})");
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_EQ(error.key, "json.duplicate_key");
    ASSERT_EQ(error.fields.size(), 1U);
    EXPECT_EQ(error.fields[0].pointer, "/a/1/b~1c");
    EXPECT_EQ(error_of("{\"a\":1,\"\\u0061\":2}").key, "json.duplicate_key");
}

TEST(ParseJson, LimitsTheDepth)
{
    EXPECT_EQ(error_of("[[[1]]]", 3).key, "ok");
    EXPECT_EQ(error_of("[[[1]]]", 2).key, "json.depth");
    EXPECT_EQ(error_of(R"({"a":{"b":[[]]}})", 3).fields.at(0).pointer, "/a/b/0");
    EXPECT_EQ(error_of(std::string(100'000, '[')).key, "json.depth");
}

TEST(ParseJson, RefusesWhatIsNoJson)
{
    for (auto const* text : {"", " ", "{", "[1,]", "nan", "NaN", "[Infinity]", "01", "{\"a\":1}x", "'a'", "// c\n1",
                             "+1", "[1 2]", "\"a\nb\"", "{\"a\" 1}", "-", "1.", ".5", "tru"}) {
        EXPECT_EQ(error_of(text).key, "json.syntax") << text;
    }
    EXPECT_EQ(error_of(std::string_view{"{}\0{", 4}).key, "json.syntax");
    EXPECT_EQ(error_of("1e999").key, "json.number");
    EXPECT_THAT(error_of("{\n \"a\": x}").values, ElementsAre("2", "7"));
}

TEST(ParseJson, RefusesBrokenText)
{
    EXPECT_EQ(error_of("\"\xff\"").key, "json.utf8");
    EXPECT_EQ(error_of("\"\xED\xA0\x80\"").key, "json.utf8");
    EXPECT_EQ(error_of(R"("\ud800")").key, "json.utf8");
    EXPECT_EQ(error_of(R"("\udc00")").key, "json.utf8");
    EXPECT_EQ(error_of(R"("\ud83c\udf75")").key, "ok");
    EXPECT_THAT(error_of("[\n\"chè\xC3\"]").values, ElementsAre("2", "5"));
}

TEST(CanonicalJson, OrdersMembersByUtf16)
{
    EXPECT_EQ(canonical(R"({"b":1,"a":{"d":[ 1 , 2 ],"c":null}})"), R"({"a":{"c":null,"d":[1,2]},"b":1})");
    // RFC 8785 §3.2.3: the pair of U+1F600 starts with D83D and stands before U+FB33.
    auto const text = canonical("{\"\xEF\xAC\xB3\":1,\"\xF0\x9F\x98\x80\":2,\"\xC3\xB6\":3,\"1\":4,\"\":5}");
    EXPECT_EQ(text, "{\"\":5,\"1\":4,\"\xC3\xB6\":3,\"\xF0\x9F\x98\x80\":2,\"\xEF\xAC\xB3\":1}");
}

TEST(CanonicalJson, EscapesOnlyWhatMustBe)
{
    EXPECT_EQ(canonical(R"("\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/\b\f\r\t")"),
              "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\r\\t\"");
}

TEST(JsonMembers, AreAsGoodAsMissingWhenTheyAreSomethingElse)
{
    auto const value =
        json::parse(R"({"name":"cá","count":7,"back":-2,"huge":18446744073709551615,"half":0.5,"yes":true})");
    EXPECT_EQ(text_at(value, "name"), "cá");
    EXPECT_EQ(text_at(value, "count"), "");
    EXPECT_EQ(text_at(value, "none"), "");
    EXPECT_EQ(number_at(value, "count"), 7);
    EXPECT_EQ(number_at(value, "back", 0), -2);
    EXPECT_EQ(number_at(value, "huge"), -1) << "does not fit and must not wrap around";
    EXPECT_EQ(number_at(value, "half", 3), 3);
    EXPECT_EQ(number_at(value, "name"), -1);
    EXPECT_TRUE(flag_at(value, "yes"));
    EXPECT_FALSE(flag_at(value, "count"));
    ASSERT_NE(member_at(value, "name"), nullptr);
    EXPECT_EQ(member_at(value, "none"), nullptr);
}

TEST(JsonMembers, AreMissingInWhatIsNoObject)
{
    for (auto const& value : {json{}, json::array({"name"}), json{"name"}, json(5), json(json::value_t::discarded)}) {
        EXPECT_EQ(member_at(value, "name"), nullptr) << value.type_name();
        EXPECT_EQ(text_at(value, "name"), "") << value.type_name();
        EXPECT_EQ(number_at(value, "name"), -1) << value.type_name();
        EXPECT_FALSE(flag_at(value, "name")) << value.type_name();
    }
}

TEST(NumberText, FollowsEcmascript)
{
    // The samples of RFC 8785 appendix B that differ in form.
    std::pair<double, char const*> const samples[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740992.0, "9007199254740992"},
        {295147905179352830000.0, "295147905179352830000"},
        {9.999999999999997e22, "9.999999999999997e+22"},
        {1e23, "1e+23"},
        {999999999999999700000.0, "999999999999999700000"},
        {1e21, "1e+21"},
        {9.999999999999997e-7, "9.999999999999997e-7"},
        {0.000001, "0.000001"},
        {333333333.3333332, "333333333.3333332"},
        {-0.0000033333333333333333, "-0.0000033333333333333333"},
        {1424953923781206.2, "1424953923781206.2"},
        {4.5, "4.5"},
        {100, "100"},
    };
    for (auto const& [number, text] : samples) EXPECT_EQ(number_text(number), text);
    EXPECT_EQ(canonical("[1.0,1E30,1.50,18446744073709551615,-9223372036854775808,100000000000000000000]"),
              "[1,1e+30,1.5,18446744073709551615,-9223372036854775808,100000000000000000000]");
}

TEST(CanonicalJson, IsItsOwnCanonicalForm)
{
    for (auto const* text : {R"({"z":[1.10,{"y":"\u001f"}],"a":-0.0})", "[]", "\"\"", "[{},[],0.1,1e-9]"}) {
        auto const once = canonical(text);
        EXPECT_EQ(canonical(once), once);
    }
}

TEST(ReadDecimal, KeepsTheTextThatCame)
{
    EXPECT_EQ(*read_decimal("1.50"), "1.50");
    EXPECT_EQ(*read_decimal("007"), "7");
    EXPECT_EQ(*read_decimal("000.5"), "0.5");
    EXPECT_EQ(*read_decimal("-0.0"), "0.0");
    EXPECT_EQ(*read_decimal("-2.5", {.negative = true}), "-2.5");
    EXPECT_EQ(read_decimal("-2.5").error().key, "decimal.negative");
    for (auto const* text : {"", "-", ".", "1.", ".5", "1,5", "1e3", "0x1", "1 000", "--1", "١"}) {
        EXPECT_EQ(read_decimal(text).error().key, "decimal.format") << text;
    }
    EXPECT_TRUE(read_decimal("123456789012345.123456").ok());
    EXPECT_EQ(read_decimal("1234567890123456").error().key, "decimal.digits");
    EXPECT_EQ(read_decimal("1.1234567").error().key, "decimal.digits");
}

TEST(ReadDecimal, ReadsVietnameseSpellingInForms)
{
    EXPECT_EQ(*read_decimal("1.234,5", {}, Spelling::form), "1234.5");
    EXPECT_EQ(*read_decimal("1234,50", {}, Spelling::form), "1234.50");
    EXPECT_EQ(*read_decimal("1.234.567", {}, Spelling::form), "1234567");
    EXPECT_EQ(*read_decimal("12.5", {}, Spelling::form), "12.5");
    EXPECT_EQ(*read_decimal("0.125", {}, Spelling::form), "0.125");
    EXPECT_EQ(read_decimal("1.234", {}, Spelling::form).error().key, "decimal.ambiguous");
    EXPECT_EQ(*read_decimal("1.234"), "1.234");
    for (auto const* text : {"1.23,5", "1,2,3", "12.34.567", ",5", "5,", "1,234.5"}) {
        EXPECT_EQ(read_decimal(text, {}, Spelling::form).error().key, "decimal.format") << text;
    }
}

enum class Unit { kilogram, litre };
constexpr Choice<Unit> units[] = {{"kg", Unit::kilogram}, {"l", Unit::litre}};

TEST(JsonReader, ReadsEveryKindOfField)
{
    auto const value = *parse_json(R"({"name":" Chè ","count":3.0,"weight":1.5,"price":"12.50","made":"2026-11-21",
        "at":"2026-11-21T08:00:00+07:00","organic":true,"unit":"l","tags":["a","b"],"place":{"area":"x"},"lines":[{"n":1}]})");
    std::vector<FieldError> faults;
    JsonReader reader{value, faults};
    EXPECT_EQ(reader.text("name", 10), "Chè");
    EXPECT_EQ(reader.integer("count", 1, 3), 3);
    EXPECT_EQ(reader.decimal("weight"), "1.5");
    EXPECT_EQ(reader.decimal("price"), "12.50");
    EXPECT_EQ(to_iso(reader.date("made")), "2026-11-21");
    EXPECT_EQ(to_iso(reader.time("at").at), "2026-11-21T01:00:00.000Z");
    EXPECT_TRUE(reader.flag("organic"));
    EXPECT_EQ(reader.choice<Unit>("unit", units), Unit::litre);
    EXPECT_THAT(reader.texts("tags", 2, 5), ElementsAre("a", "b"));
    EXPECT_EQ(reader.object("place").text("area", 5), "x");
    auto lines = reader.objects("lines", 5);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].integer("n", 0, 9), 1);
    EXPECT_FALSE(reader.optional_text("missing", 5).has_value());
    reader.refuse_unknown();
    EXPECT_TRUE(faults.empty());
    EXPECT_TRUE(reader.clean());
}

TEST(JsonReader, CollectsEveryFaultWithItsPlace)
{
    auto const value =
        *parse_json(R"({"name":5,"count":4,"big":99999999999999999999,"half":1.5,"weight":[],"made":"31/12/2026",
        "unit":"t","tags":["a",7,""],"place":{"more":1},"extra/one":0,"lines":[1,{}],"blank":" "})");
    std::vector<FieldError> faults;
    JsonReader reader{value, faults};
    reader.text("name", 10);
    reader.text("missing", 10);
    reader.text("blank", 10);
    reader.integer("count", 1, 3);
    reader.integer("big", 1, 3);
    reader.integer("half", 1, 3);
    reader.decimal("weight");
    reader.date("made");
    reader.choice<Unit>("unit", units);
    reader.texts("tags", 5, 5);
    auto place = reader.object("place");
    place.refuse_unknown();
    auto lines = reader.objects("lines", 5);
    lines.at(1).text("n", 5);
    reader.object("nowhere").text("x", 5);
    reader.refuse_unknown();

    std::vector<std::string> places;
    for (auto const& fault : faults) places.push_back(fault.pointer + " " + fault.key);
    EXPECT_THAT(places,
                ElementsAre("/name field.text", "/missing field.required", "/blank field.required",
                            "/count field.range", "/big field.range", "/half field.integer", "/weight field.number",
                            "/made date.format", "/unit field.choice", "/tags/1 field.text", "/tags/2 field.required",
                            "/place/more json.unknown_member", "/lines/0 field.object", "/lines/1/n field.required",
                            "/nowhere field.required", "/extra~1one json.unknown_member"));
    EXPECT_FALSE(reader.clean());
}

TEST(JsonReader, SaysOnceThatTheValueIsNoObject)
{
    std::vector<FieldError> faults;
    json const list = json::array();
    JsonReader reader{list, faults};
    reader.text("name", 5);
    reader.integer("count", 0, 1);
    reader.refuse_unknown();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0], (FieldError{"", "field.object"}));
}

TEST(JsonReader, ReadsFormsAsPeopleType)
{
    std::map<std::string, std::string, std::less<>> const form = {
        {"name", "Chè"}, {"count", "1.200"}, {"weight", "1.250,5"},      {"made", "21/11/2026"},
        {"note", "  "},  {"organic", "on"},  {"at", "2026-11-21T15:00"}, {"tags", "a\r\n\r\n b \n"},
        {"save", "1"},   {"bad", "1.234"}};
    std::vector<FieldError> faults;
    JsonReader reader{form, faults};
    EXPECT_EQ(reader.text("name", 10), "Chè");
    EXPECT_EQ(reader.integer("count", 1, 5000), 1200);
    EXPECT_EQ(reader.decimal("weight"), "1250.5");
    EXPECT_EQ(to_iso(reader.date("made")), "2026-11-21");
    EXPECT_EQ(to_iso(reader.time("at").at), "2026-11-21T08:00:00.000Z");
    EXPECT_FALSE(reader.optional_text("note", 5).has_value());
    EXPECT_TRUE(reader.flag("organic"));
    EXPECT_FALSE(reader.flag("absent"));
    EXPECT_THAT(reader.texts("tags", 5, 5), ElementsAre("a", "b"));
    reader.refuse_unknown();
    EXPECT_TRUE(faults.empty());
    reader.text("note", 5);
    reader.decimal("bad");
    EXPECT_THAT(faults, ElementsAre(FieldError{"note", "field.required", {}},
                                    FieldError{"bad", "decimal.ambiguous", {"1.234"}}));
}

TEST(JsonReader, TakesTheFaultOfAChecker)
{
    std::vector<FieldError> faults;
    json const object = json::object();
    JsonReader reader{object, faults};
    EXPECT_EQ(reader.take("mst", Result<std::string>{"x"}), "x");
    EXPECT_EQ(reader.take("mst", Result<std::string>{invalid("mst.length", {"1"})}), "");
    EXPECT_THAT(faults, ElementsAre(FieldError{"/mst", "mst.length", {"1"}}));
}

} // namespace
} // namespace nguon
