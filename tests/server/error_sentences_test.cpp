#include "db/deliveries.hpp"
#include "server/http/problem.hpp"
#include "tests/support/service_test.hpp"
#include "tests/support/typed_form.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

using nguon::testing::unescaped;
using nlohmann::json;

/// What a sentence may mention, more than any of them needs.
std::vector<std::string> const sample_values{"8939999000018", "7", "mẫu", "21/11/2026", "x", "y"};

/// Fails with the error whose key stands in the path, and with the same at a field.
net::awaitable<http::Response> fail(Services& services, Request const& request)
{
    std::string const key{request.param("key")};
    Error error = invalid(key, sample_values);
    if (auto const code = request.query_value("code"); !code.empty())
        error.code = static_cast<ErrorCode>(std::stoi(std::string{code}));
    error.fields = {{"gtin", key, sample_values}};
    co_return request.wants_html() ? page_problem(services, request, error) : problem(services, request, error);
}

/// Keys of the catalogues that hold nothing but errors.
std::set<std::string> error_keys()
{
    std::set<std::string> keys;
    for (auto const& file : embedded::locale()) {
        if (!file.path.starts_with("errors_") && !file.path.starts_with("records.")) continue;
        auto const sentences = json::parse(file.bytes);
        for (auto const& [key, sentence] : sentences.items()) keys.insert(key);
    }
    return keys;
}

/// What makes a sentence unfit for a person without a standard at hand; "" when it is fit.
std::string unfit(std::string const& sentence, bool part)
{
    if (sentence.empty()) return "is empty";
    if (sentence.find_first_of("{}") != std::string::npos) return "has an unfilled place";
    if (!part && !sentence.ends_with('.') && !sentence.ends_with('?')) return "has no full stop";
    for (std::string_view const word : {"GTIN", "GLN", "SSCC", "EPCIS", "bizStep", "BizStep"})
        if (sentence.find(word) != std::string::npos && sentence.find("Document") == std::string::npos)
            return "says " + std::string{word};
    return {};
}

class ErrorSentences : public nguon::testing::ServiceTest {
protected:
    std::vector<Route> routes() override
    {
        auto all = all_routes();
        all.push_back({Method::get, "/test/fail/{key}", access::anyone, &fail});
        return all;
    }
};

TEST_F(ErrorSentences, EveryErrorReadsWellOnPagesAndForPrograms)
{
    auto const keys = error_keys();
    ASSERT_GT(keys.size(), 300U);
    auto person = browser();
    auto program = browser();
    program.headers = {{"Accept", "application/json"}};
    for (auto const& key : keys) {
        bool const part = key.starts_with("config."); // stands behind the name of a setting
        auto const answer = json::parse(program.get("/test/fail/" + key).body);
        EXPECT_EQ(answer["type"], "urn:nguon:problem:" + key);
        for (auto const& told : {answer, answer["errors"][0]})
            for (auto const* language : {"detail", "title"})
                EXPECT_EQ(unfit(told[language].get<std::string>(), part), "") << key << ": " << told[language];
        for (auto const* language : {"vi", "en"}) {
            auto const page = unescaped(person.get("/test/fail/" + key + "?lang=" + language).body);
            auto const& told = answer[std::string_view{language} == "vi" ? "detail" : "title"];
            EXPECT_NE(page.find(told.get<std::string>()), std::string::npos) << key << ' ' << language;
        }
    }
    EXPECT_EQ(locale->missing(), 0U);
}

TEST_F(ErrorSentences, EveryKindOfFailureHasAPage)
{
    for (auto code = static_cast<int>(ErrorCode::invalid); code <= static_cast<int>(ErrorCode::internal); ++code) {
        auto const page = browser().get("/test/fail/invalid?code=" + std::to_string(code));
        EXPECT_GE(page.status, 400U) << code;
        EXPECT_TRUE(page.says("<h1>")) << code << page.body;
    }
    EXPECT_EQ(locale->missing(), 0U); // of titles, too
}

TEST(DeliveryClasses, HaveSentencesForAdministratorsAndForEnterprises)
{
    auto const locale = Locale::load(embedded::locale());
    ASSERT_TRUE(locale.ok());
    for (auto const word : db::deliveries::error_classes)
        for (std::string const prefix : {"sync.class.", "console.delivery.class."})
            for (auto const* language : {"vi", "en"})
                EXPECT_NE(locale->find(language, prefix + std::string{word}), nullptr)
                    << language << " " << prefix << word;
}

} // namespace
} // namespace nguon::server
