#include "server/app/programme_records.hpp"
#include "tests/support/api_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nlohmann::json;

class ApiDescription : public nguon::testing::ApiTest {};

/// Says where `value` is not what the schema states; "" when it is.
std::string mismatch(json const& schema, json const& value, json const& schemas, std::string const& place = "")
{
    if (schema.contains("$ref")) {
        auto const name = schema["$ref"].get<std::string>();
        return mismatch(schemas[name.substr(name.rfind('/') + 1)], value, schemas, place);
    }
    auto const is = [&](std::string const& type) {
        if (type == "string") return value.is_string();
        if (type == "integer") return value.is_number_integer();
        if (type == "number") return value.is_number();
        if (type == "boolean") return value.is_boolean();
        return type == "array" ? value.is_array() : value.is_object();
    };
    auto const types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    if (std::ranges::none_of(types, [&](json const& type) { return is(type); }))
        return place + " is no " + types.dump();
    if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end())
        return place + " has an unknown word";
    if (value.is_array() && schema.contains("items")) {
        for (auto const& item : value)
            if (auto const fault = mismatch(schema["items"], item, schemas, place + "/-"); !fault.empty()) return fault;
    }
    if (!value.is_object() || !schema.contains("properties") || schema["properties"].empty()) return {};
    for (auto const& name : schema.value("required", json::array()))
        if (!value.contains(name.get<std::string>())) return place + " lacks " + name.get<std::string>();
    for (auto const& [name, item] : value.items()) {
        if (!schema["properties"].contains(name)) return place + "/" + name + " is not described";
        auto const fault = mismatch(schema["properties"][name], item, schemas, place + "/" + name);
        if (!fault.empty()) return fault;
    }
    return {};
}

/// What an operation cannot do without.
std::string query_of(std::string_view operation, std::string const& code)
{
    if (operation == "show_sync") return "?target=most";
    if (operation == "show_indicators") return "?plan=lai_chau";
    return operation == "show_trace" ? "?code=" + code : "";
}

std::string lower(Method method)
{
    std::string text{http::to_text(method)};
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

TEST_F(ApiDescription, IsDescribedRouteByRoute)
{
    auto const routes = all_routes();
    for (auto const& route : routes) {
        if (!api::is_described(route)) continue;
        auto const* operation = api::find_operation(route.method, route.pattern);
        ASSERT_NE(operation, nullptr) << "describe " << route.pattern << " in server/api/operations.cpp";
        auto const key = "api.op." + std::string{operation->id};
        EXPECT_NE(locale->find("vi", key), nullptr) << key;
        EXPECT_NE(locale->find("en", key), nullptr) << key;
        bool const takes_body = route.body.reads != BodyKind::Reads::nothing;
        EXPECT_EQ(takes_body, !operation->request.empty()) << route.pattern;
    }
    for (auto const& operation : api::operations()) {
        bool const served = std::ranges::any_of(routes, [&](Route const& route) {
            return route.method == operation.method && route.pattern == operation.pattern;
        });
        EXPECT_TRUE(served) << operation.pattern;
    }
}

TEST_F(ApiDescription, DescriptionHoldsTogether)
{
    auto const answer = browser().get("/api/openapi.json");
    ASSERT_EQ(answer.status, 200U);
    auto const description = json::parse(answer.body);
    EXPECT_EQ(description["openapi"], "3.1.0");
    auto const& schemas = description["components"]["schemas"];
    auto const text = description.dump();
    for (std::size_t at = text.find("\"$ref\":\""); at != std::string::npos; at = text.find("\"$ref\":\"", at + 1)) {
        auto const begin = at + 8;
        auto const reference = text.substr(begin, text.find('"', begin) - begin);
        EXPECT_TRUE(description.contains(json::json_pointer{reference.substr(1)})) << reference;
    }
    for (auto const& schema : api::schemas()) {
        if (schema.example.empty()) continue;
        EXPECT_EQ(mismatch(schemas[std::string{schema.name}], json::parse(schema.example), schemas), "") << schema.name;
    }
    EXPECT_NE(browser().get("/api/openapi.json?lang=vi").body, answer.body);
}

TEST_F(ApiDescription, AnswersAsDescribed)
{
    auto const description = json::parse(browser().get("/api/openapi.json").body);
    auto const& schemas = description["components"]["schemas"];
    auto province = program(key_of(Role::province_operator));
    auto inspector = program(key_of(Role::inspector));
    auto const delivered = std::to_string(deliver_first());
    sign_log();
    nguon::testing::given(write([&](db::Connection& c) -> Status {
        app::Actor const officer{"officer", {}, "test", clock.now()};
        auto const plan = app::load_plan(c, officer, app::shipped_plan("lai_chau"));
        if (!plan) return plan.error();
        app::RecordInput training;
        training.kind = "training";
        training.title = "Lớp tập huấn";
        training.happened_on = "2026-05-04";
        auto const saved = app::record_evidence(c, officer, *plan, training, {});
        return saved ? Status{Done{}} : saved.error();
    }));
    std::map<std::string, std::string> const ids{{"{target}", "most"},
                                                 {"{connection}", "gateway"},
                                                 {"{seq}", delivered},
                                                 {"{alarm}", raise_alarm()},
                                                 {"{place}", a.place.text()},
                                                 {"{product}", a.product.text()},
                                                 {"{batch}", a.batch.text()},
                                                 {"{event}", a.event},
                                                 {"{certificate}", a.certificate.text()},
                                                 {"{job}", a.job},
                                                 {"{unit}", a.unit},
                                                 {"{printer}", a.printer},
                                                 {"{stock}", a.stock},
                                                 {"{design}", a.design},
                                                 {"{link}", a.link},
                                                 {"{recall}", a.recall},
                                                 {"{code}", a.code},
                                                 {"{capture}", a.capture.text()},
                                                 {"{complaint}", a.complaint},
                                                 {"{inspection}", a.inspection},
                                                 {"{organization}", a.org.text()},
                                                 {"{eventID}", a.event_id},
                                                 {"{eventType}", "ObjectEvent"},
                                                 {"{epc}", "urn:uuid:4c8f0b36-9d1e-4b07-8f63-0c1b6d8a2e55"},
                                                 {"{bizStep}", "storing"},
                                                 {"{disposition}", "active"},
                                                 {"{readPoint}", "urn:uuid:7b3d9a52-63cf-4c6e-9a41-2f0e8d5c7b18"},
                                                 {"{bizLocation}", "urn:uuid:7b3d9a52-63cf-4c6e-9a41-2f0e8d5c7b18"}};
    for (auto const& operation : api::operations()) {
        std::string path{operation.pattern};
        for (auto const& [name, id] : ids)
            if (auto const at = path.find(name); at != std::string::npos) path.replace(at, name.size(), id);
        bool const of_province = path.starts_with("/api/v1/province") || path.starts_with("/api/v1/alarms") ||
                                 path.starts_with("/api/v1/programme") || operation.id.ends_with("_organizations") ||
                                 operation.id == "create_organization";
        bool const inspects = operation.id == "create_inspection"; // an operator does not
        auto& client = inspects ? inspector : of_province ? province : *owner;
        Answer answer;
        if (operation.method == Method::delete_) {
            answer = client.send("DELETE", path, {}, {});
        } else if (operation.method == Method::get) {
            answer = client.get(path + query_of(operation.id, a.code));
        } else {
            auto const* schema = api::find_schema(operation.request);
            if (schema == nullptr) continue;
            auto body = json::parse(schema->example);
            if (body.contains("product_id")) body["product_id"] = a.product.text();
            if (inspects) {
                body["organization_id"] = a.org.text();
                body["inspector_id"] = a.person.text();
                body["checklist_id"] = checklist();
            }
            if (operation.id == "change_batch") body["lot"] = "L261120"; // locked by the labels
            if (operation.id == "change_units") body["first"] = a.unit;
            if (operation.id == "decide_product") body["version"] = 2; // changed above
            if (operation.id == "decide_organization") body["version"] = 2;
            if (operation.id == "create_organization") body["tax_code"] = "0100109106";
            answer = send(client, std::string{http::to_text(operation.method)}, path, body, {{"If-Match", "*"}});
        }
        EXPECT_EQ(answer.status, operation.status) << operation.id << answer.body;
        auto const& good = description["paths"][std::string{operation.pattern}][lower(operation.method)]["responses"]
                                      [std::to_string(operation.status)];
        if (!good.contains("content") || !good["content"].contains("application/json")) continue;
        auto const& content = good["content"]["application/json"];
        if (!content.contains("schema")) continue;
        EXPECT_EQ(mismatch(content["schema"], json::parse(answer.body), schemas), "") << operation.id << answer.body;
    }
    auto const problem = json::parse(owner->get("/api/v1/products/none").body);
    EXPECT_EQ(mismatch(schemas["Problem"], problem, schemas), "") << problem;
}

TEST_F(ApiDescription, HasAPageWithoutScripts)
{
    auto const page = browser().get("/api/docs");
    ASSERT_EQ(page.status, 200U);
    EXPECT_EQ(page.body.find("<script"), std::string::npos);
    for (auto const& operation : api::operations())
        EXPECT_TRUE(page.says("id=\"" + std::string{operation.id} + "\"")) << operation.id;
    EXPECT_TRUE(browser().get("/api/docs?lang=en").says("Programming interface"));
}

} // namespace
} // namespace nguon::server
