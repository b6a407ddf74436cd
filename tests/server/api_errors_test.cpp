#include "tests/support/api_test.hpp"
#include "tests/support/stored_rows.hpp"

#include <set>

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::key_of_problem;
using nguon::testing::stored_rows;
using nlohmann::json;

/// Every request of the API's description, broken in every member.
class ApiErrors : public nguon::testing::ApiTest {
protected:
    void SetUp() override
    {
        ApiTest::SetUp();
        province = std::make_unique<Browser>(program(key_of(Role::province_operator)));
        inspector = std::make_unique<Browser>(program(key_of(Role::inspector)));
    }

    struct Call {
        api::Operation const* operation = nullptr;
        api::Schema const* schema = nullptr;
        std::string path = {};
        json body = {};
    };

    /// Operations that write, with the example of their description.
    std::vector<Call> calls() const
    {
        std::map<std::string, std::string> const ids{{"{place}", a.place.text()}, {"{product}", a.product.text()},
                                                     {"{batch}", a.batch.text()}, {"{event}", a.event},
                                                     {"{design}", a.design},      {"{organization}", a.org.text()}};
        std::vector<Call> out;
        for (auto const& operation : api::operations()) {
            auto const* schema = api::find_schema(operation.request);
            if (operation.method == Method::get || schema == nullptr || !schema->closed) continue;
            Call call{&operation, schema, std::string{operation.pattern}, json::parse(schema->example)};
            for (auto const& [name, id] : ids)
                if (auto const at = call.path.find(name); at != std::string::npos)
                    call.path.replace(at, name.size(), id);
            if (call.body.contains("product_id")) call.body["product_id"] = a.product.text();
            if (operation.id == "change_batch") call.body["lot"] = "L261120"; // locked by the labels
            if (operation.id == "create_organization") call.body["tax_code"] = "0100109106";
            out.push_back(std::move(call));
        }
        return out;
    }

    Answer ask(Call const& call, std::string const& body)
    {
        bool const of_province = call.path.starts_with("/api/v1/province") || call.path.starts_with("/api/v1/alarms") ||
                                 call.operation->id == "create_organization";
        bool const inspects = call.operation->id == "create_inspection"; // an operator does not
        auto& client = inspects ? *inspector : of_province ? *province : *owner;
        return client.send(std::string{http::to_text(call.operation->method)}, call.path, body,
                           {{"Content-Type", "application/json"}, {"If-Match", "*"}});
    }

    /// Refused in sentences, and nothing written; returns the faults by pointer.
    std::map<std::string, std::string> refusal(Call const& call, std::string const& body)
    {
        auto const before = stored_rows(*database);
        auto const answer = ask(call, body);
        EXPECT_EQ(answer.status, 400U) << answer.body;
        EXPECT_EQ(stored_rows(*database), before);
        auto const problem = json::parse(answer.body, nullptr, false);
        if (!problem.is_object()) return {};
        provoked.insert(key_of_problem(answer));
        expect_sentences(problem);
        for (auto const& fault : problem.value("errors", json::array())) {
            provoked.insert(fault["key"].get<std::string>());
            expect_sentences(fault);
        }
        return nguon::testing::faults_of(answer);
    }

    static void expect_sentences(json const& told)
    {
        for (auto const* language : {"detail", "title"}) {
            auto const sentence = told.value(language, "");
            EXPECT_TRUE(sentence.ends_with('.')) << told;
            EXPECT_EQ(sentence.find_first_of("{}"), std::string::npos) << told;
            EXPECT_EQ(sentence.find("“”"), std::string::npos) << "names nothing: " << told;
        }
    }

    std::unique_ptr<Browser> province;
    std::unique_ptr<Browser> inspector;
    std::set<std::string> provoked;
};

/// What no member of that type takes.
std::vector<json> wrong_values(api::Member const& member)
{
    auto const is = [&](std::string_view type) { return member.type == type; };
    std::vector<json> out{json::object({{"a", 1}}), json::array({json::object()})};
    if (is("object")) out = {1, "x", json::array()};
    if (is("texts")) out = {"x", json::array({1}), json::object()};
    if (is("text") || is("date") || is("instant")) out.insert(out.end(), {true, 12.5});
    if (is("text"))
        out.insert(out.end(), {"a\x01b",
                               "\xE2\x80\xAE"
                               "gnol",
                               std::string(5'000, 'x')});
    if (is("date")) out.insert(out.end(), {"2026-02-31", "31/12/2026", "soon"});
    if (is("integer") || is("number") || is("decimal")) out.insert(out.end(), {true, "soon", "1.2.3", "1e400"});
    if (is("boolean")) out.insert(out.end(), {"true", 1});
    if (!member.words.empty()) out.push_back("no such word");
    return out;
}

TEST_F(ApiErrors, SayWhichMemberIsWrong)
{
    for (auto const& call : calls()) {
        for (auto const& member : call.schema->members) {
            auto const name = std::string{member.name};
            for (auto const& value : wrong_values(member)) {
                auto body = call.body;
                body[name] = value;
                auto const faults = refusal(call, body.dump());
                // A code for machines may hold any character: what is wrong with it has a place in the code only.
                if (call.operation->id == "look_up" && value.is_string()) continue;
                EXPECT_TRUE(
                    std::ranges::any_of(faults, [&](auto const& fault) { return fault.first.starts_with("/" + name); }))
                    << call.operation->id << ' ' << name << " = " << value.dump().substr(0, 60);
            }
            if (!member.required) continue;
            auto body = call.body;
            body.erase(name);
            EXPECT_TRUE(refusal(call, body.dump()).contains("/" + name)) << call.operation->id << ' ' << name;
        }
        auto body = call.body;
        body["no_such_member"] = 1;
        EXPECT_TRUE(refusal(call, body.dump()).contains("/no_such_member")) << call.operation->id;
    }
    EXPECT_EQ(locale->missing(), 0U);
}

TEST_F(ApiErrors, SayWhereTheJsonBreaks)
{
    std::map<std::string, std::string> const broken{
        {"", "json.syntax"},
        {"{", "json.syntax"},
        {"{\"a\":1,\"a\":2}", "json.duplicate_key"},
        {std::string(40, '[') + std::string(40, ']'), "json.depth"},
        {"{\"a\":1e999}", "json.number"},
        {"{\"a\":\"\xFF\"}", "json.utf8"},
        {"[]", "field.object"},
        {"\"a\"", "field.object"},
    };
    for (auto const& call : calls()) {
        for (auto const& [body, key] : broken) {
            provoked.clear();
            refusal(call, body);
            EXPECT_TRUE(provoked.contains(key)) << call.operation->id << ' ' << body;
        }
    }
    EXPECT_EQ(locale->missing(), 0U);
}

TEST_F(ApiErrors, SayWhyARequestCannotBe)
{
    auto const example = json::parse(api::find_schema("NewBatch")->example);
    auto const plain = owner->send("POST", "/api/v1/batches", example.dump(), {{"Content-Type", "text/plain"}});
    EXPECT_EQ(plain.status, 415U);
    EXPECT_EQ(key_of_problem(plain), "api.media_type");
    auto const change = put("/api/v1/batches/" + a.batch.text(), {{"lot", "L261120"}, {"reason", "sửa"}}, "");
    EXPECT_EQ(change.status, 428U) << change.body;
    EXPECT_EQ(key_of_problem(change), "api.if_match_needed");
    auto const long_key = post("/api/v1/batches", new_batch("L1"), {{"Idempotency-Key", std::string(300, 'k')}});
    EXPECT_EQ(key_of_problem(long_key), "api.idempotency_key");
    for (auto const& answer : {plain, change, long_key}) expect_sentences(json::parse(answer.body));
}

} // namespace
} // namespace nguon::server
