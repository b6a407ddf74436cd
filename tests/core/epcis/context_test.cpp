#include "core/epcis/context.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

namespace nguon::epcis {
namespace {

using nlohmann::json;

Context with(json const& value, std::vector<FieldError>& faults)
{
    Context context;
    context.add(value, "/@context", faults);
    return context;
}

TEST(Context, TakesAddressObjectAndArray)
{
    std::vector<FieldError> faults;
    EXPECT_EQ(with(standard_context, faults).to_json(), json(standard_context));
    json const object{{"a", "https://a.vn/"}};
    EXPECT_EQ(with(object, faults).expand("a:b"), (ExpandedName{"https://a.vn/", "b"}));
    auto const both = with({standard_context, object, object}, faults);
    EXPECT_EQ(both.expand("a:b"), (ExpandedName{"https://a.vn/", "b"}));
    EXPECT_EQ(both.to_json(), (json{standard_context, object}));
    EXPECT_TRUE(faults.empty());
}

TEST(Context, KnowsTheStandardsPrefixesAndNoOthers)
{
    Context const context;
    EXPECT_TRUE(context.expand("rdfs:comment"));
    EXPECT_EQ(context.expand("cbvmda:lotNumber"), (ExpandedName{"urn:epcglobal:cbv:mda", "lotNumber"}));
    EXPECT_FALSE(context.expand("example:myField"));
    EXPECT_FALSE(context.expand("myField"));
    for (auto const name : {":", "a:", ":b", "", "@id", "cbv:"}) EXPECT_FALSE(context.expand(name)) << name;
}

TEST(Context, ExpandsTermsVocabularyAndFullIris)
{
    std::vector<FieldError> faults;
    auto const context = with({{"ex", "https://ex.vn/ns#"},
                               {"grade", "ex:grade"},
                               {"weight", {{"@id", "https://w.vn/weight"}, {"@type", "xsd:decimal"}}}},
                              faults);
    EXPECT_EQ(context.expand("grade"), (ExpandedName{"https://ex.vn/ns#", "grade"}));
    EXPECT_EQ(context.expand("weight"), (ExpandedName{"https://w.vn/", "weight"}));
    EXPECT_EQ(context.expand("https://ex.vn/ns#grade"), context.expand("ex:grade"));
    EXPECT_EQ(context.expand("urn:nguon:epcis:mark"), (ExpandedName{"urn:nguon:epcis:", "mark"}));
    EXPECT_FALSE(context.expand("other"));
    auto const vocabulary = with({{"@vocab", "https://v.vn/"}}, faults);
    EXPECT_EQ(vocabulary.expand("other"), (ExpandedName{"https://v.vn/", "other"}));
    EXPECT_TRUE(faults.empty());
}

TEST(Context, LetsDocumentsRedefinePrefixes)
{
    std::vector<FieldError> faults;
    auto const context = with({standard_context, {{"cbvmda", "http://example.com/cbvmda/"}}}, faults);
    EXPECT_EQ(context.expand("cbvmda:lotNumber")->name_space, "http://example.com/cbvmda/");
    EXPECT_TRUE(faults.empty());
}

TEST(Context, ReportsEveryPartThatIsNoContext)
{
    std::vector<FieldError> faults;
    with({standard_context, 5, json::array(), {{"a", 7}}}, faults);
    ASSERT_EQ(faults.size(), 3U);
    EXPECT_EQ(faults[0], (FieldError{"/@context/1", "epcis.context_form", {}}));
    EXPECT_EQ(faults[1].pointer, "/@context/2");
    EXPECT_EQ(faults[2].pointer, "/@context/3/a");
}

TEST(Context, LimitsItsTerms)
{
    json object = json::object();
    auto const known = 8U; // the standard's own prefixes
    for (std::size_t i = 0; i < limits::epcis_context_terms_max - known; ++i)
        object["p" + std::to_string(i)] = "https://a.vn/";
    std::vector<FieldError> faults;
    with(object, faults);
    EXPECT_TRUE(faults.empty());
    object["one more"] = "https://a.vn/";
    with(object, faults);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.front().key, "epcis.context_size");
}

} // namespace
} // namespace nguon::epcis
