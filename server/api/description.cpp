#include "server/api/description.hpp"

#include "server/api/api.hpp"
#include "server/auth/sessions.hpp"
#include "server/http/respond.hpp"
#include "server/services.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::api {
namespace {

using nlohmann::json;

std::vector<std::string> split_words(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        auto const end = std::min(text.find(' '), text.size());
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string lower_method(Method method)
{
    std::string text{http::to_text(method)};
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

json reference(std::string_view name) { return {{"$ref", fmt::format("#/components/schemas/{}", name)}}; }

/// "Product" and "Image[]" are schemas of the table, the rest are JSON's own types.
json type_of(std::string_view type)
{
    if (type.ends_with("[]")) return {{"type", "array"}, {"items", type_of(type.substr(0, type.size() - 2))}};
    if (type == "texts") return {{"type", "array"}, {"items", {{"type", "string"}}}};
    if (type == "text") return {{"type", "string"}};
    if (type == "date") return {{"type", "string"}, {"format", "date"}};
    if (type == "instant") return {{"type", "string"}, {"format", "date-time"}};
    if (type == "decimal") return {{"type", json::array({"string", "number"})}};
    if (type == "integer" || type == "number" || type == "boolean" || type == "object") return {{"type", type}};
    return reference(type);
}

json to_json(Member const& member)
{
    auto out = type_of(member.type);
    for (auto const word : member.words) out["enum"].push_back(word);
    if (member.most > 0) out[member.type == "text" ? "maxLength" : "maxItems"] = member.most;
    return out;
}

json to_json(Schema const& schema)
{
    json out{{"type", "object"}, {"properties", json::object()}};
    for (auto const& member : schema.members) {
        out["properties"][std::string{member.name}] = to_json(member);
        if (member.required) out["required"].push_back(member.name);
    }
    if (schema.closed) out["additionalProperties"] = false;
    if (!schema.example.empty()) out["examples"] = json::array({json::parse(schema.example)});
    return out;
}

json parameter(std::string_view name, std::string_view place, bool required, json schema)
{
    return {{"name", name}, {"in", place}, {"required", required}, {"schema", std::move(schema)}};
}

json parameters_of(Operation const& operation)
{
    auto out = json::array();
    for (auto rest = operation.pattern; rest.find('{') != std::string_view::npos;) {
        auto const begin = rest.find('{') + 1;
        auto const end = rest.find('}');
        out.push_back(parameter(rest.substr(begin, end - begin), "path", true, {{"type", "string"}}));
        rest.remove_prefix(end + 1);
    }
    for (auto const& name : split_words(operation.query)) {
        json schema{{"type", "string"}};
        if (name == "limit") schema = {{"type", "integer"}, {"minimum", 1}, {"maximum", 100}, {"default", 50}};
        if (name == "offset" || name == "before") schema = {{"type", "integer"}, {"minimum", 0}};
        out.push_back(parameter(name, "query", false, std::move(schema)));
    }
    if (operation.takes_if_match) out.push_back(parameter("If-Match", "header", true, {{"type", "string"}}));
    bool const named = operation.method == Method::post || operation.method == Method::delete_;
    bool const writes = named && operation.id != "look_up";
    if (writes) out.push_back(parameter("Idempotency-Key", "header", false, {{"type", "string"}, {"maxLength", 200}}));
    return out;
}

json page_schema(std::string_view item)
{
    return {
        {"type", "object"},
        {"properties", {{"items", {{"type", "array"}, {"items", reference(item)}}}, {"next", {{"type", "string"}}}}},
        {"required", {"items"}}};
}

bool is_media_type(std::string_view word) { return word.find('/') != std::string_view::npos; }

json request_body(Operation const& operation)
{
    json content;
    if (is_media_type(operation.request))
        content[std::string{operation.request}] = json::object();
    else
        content["application/json"] = {{"schema", reference(operation.request)}};
    if (operation.request.starts_with("Epcis")) content["application/ld+json"] = content["application/json"];
    return {{"required", true}, {"content", std::move(content)}};
}

json good_response(Operation const& operation)
{
    json out{{"description", operation.status == 201 ? "Created" : "OK"}};
    auto const name = operation.response;
    if (name.empty()) return out;
    if (is_media_type(name)) {
        out["content"][std::string{name}] = json::object();
    } else if (name.ends_with("[]")) {
        out["content"]["application/json"]["schema"] = page_schema(name.substr(0, name.size() - 2));
    } else {
        out["content"]["application/json"]["schema"] = reference(name);
    }
    if (name == "EpcisQueryDocument") out["content"]["application/ld+json"] = out["content"]["application/json"];
    return out;
}

json to_json(Route const& route, Operation const& operation, Locale const& locale, std::string_view language)
{
    json out{{"operationId", operation.id},
             {"summary", locale.text(language, "api.op." + std::string{operation.id}, {})},
             {"parameters", parameters_of(operation)}};
    if (!operation.request.empty()) out["requestBody"] = request_body(operation);
    out["responses"][std::to_string(operation.status)] = good_response(operation);
    out["responses"]["default"] = {{"$ref", "#/components/responses/Problem"}};
    bool const open = route.access.kind() == Access::Kind::anyone;
    if (!open) out["parameters"].push_back(parameter(organization_header, "header", false, {{"type", "string"}}));
    out["security"] = open ? json::array() : json::array({{{"key", json::array()}}, {{"session", json::array()}}});
    if (route.access.kind() == Access::Kind::scope) out["x-scope"] = route.access.scope().name();
    return out;
}

/// What the page of one operation shows.
json to_view(Services const& services, Request const& request, Route const& route, Operation const& operation)
{
    json view{{"method", http::to_text(route.method)},
              {"path", route.pattern},
              {"id", operation.id},
              {"summary", text(services, request, "api.op." + std::string{operation.id})},
              {"status", operation.status},
              {"query", split_words(operation.query)},
              {"has_query", !operation.query.empty()},
              {"if_match", operation.takes_if_match},
              {"response", operation.response}};
    if (route.access.kind() == Access::Kind::scope) view["scope"] = route.access.scope().name();
    auto const* schema = find_schema(operation.request);
    if (schema == nullptr) return view;
    for (auto const& member : schema->members) {
        std::string words;
        for (auto const word : member.words) words.append(words.empty() ? "" : ", ").append(word);
        view["members"].push_back({{"name", member.name},
                                   {"type", member.type},
                                   {"required", member.required},
                                   {"words", words},
                                   {"most", member.most > 0 ? json(member.most) : json()}});
    }
    view["has_members"] = !schema->members.empty();
    view["example"] = json::parse(schema->example).dump(2);
    return view;
}

} // namespace

bool is_described(Route const& route)
{
    return route.pattern.starts_with("/api/") || route.pattern.starts_with("/epcis") ||
           route.pattern.starts_with("/.well-known/");
}

json describe(std::span<Route const> routes, Locale const& locale, std::string_view language,
              std::string_view public_url)
{
    json out{{"openapi", "3.1.0"},
             {"info",
              {{"title", "Nguồn API"},
               {"version", NGUON_VERSION},
               {"summary", locale.text(language, "api.docs.summary", {})},
               {"description", locale.text(language, "api.docs.intro", {})}}},
             {"servers", json::array({{{"url", public_url}}})},
             {"paths", json::object()}};
    for (auto const& route : routes) {
        auto const* operation = is_described(route) ? find_operation(route.method, route.pattern) : nullptr;
        if (operation == nullptr) continue;
        out["paths"][std::string{route.pattern}][lower_method(route.method)] =
            to_json(route, *operation, locale, language);
    }
    auto& components = out["components"];
    for (auto const& schema : schemas()) components["schemas"][std::string{schema.name}] = to_json(schema);
    components["responses"]["Problem"] = {
        {"description", "RFC 9457"}, {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
    components["securitySchemes"] = {{"key", {{"type", "http"}, {"scheme", "bearer"}}},
                                     {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-session"}}}};
    return out;
}

/// GET /api/openapi.json
net::awaitable<http::Response> show_description(Services& services, Request const& request)
{
    // In English unless Vietnamese is asked for: programmers' tools show these sentences.
    auto const language = request.query_value("lang") == "vi" ? "vi" : "en";
    auto const routes = all_routes();
    auto response = json_response(200, describe(routes, services.locale, language, services.settings.public_url));
    auto const& body = std::get<std::string>(response.body);
    response.header("ETag", make_etag(body));
    response.header("Cache-Control", "public, max-age=300");
    response.header("Access-Control-Allow-Origin", "*");
    co_return response;
}

/// GET /api/docs
net::awaitable<http::Response> show_docs(Services& services, Request const& request)
{
    auto const routes = all_routes();
    json groups = json::array();
    std::map<std::string, std::size_t> places;
    for (auto const& route : routes) {
        auto const* operation = is_described(route) ? find_operation(route.method, route.pattern) : nullptr;
        if (operation == nullptr) continue;
        auto const path = route.pattern.starts_with("/api/v1/") ? route.pattern.substr(8) : route.pattern.substr(1);
        std::string const name{path.substr(0, path.find('/'))};
        auto const [at, added] = places.try_emplace(name, groups.size());
        if (added) groups.push_back({{"name", name}, {"operations", json::array()}});
        groups[at->second]["operations"].push_back(to_view(services, request, route, *operation));
    }
    json view{{"title", text(services, request, "api.docs.title")},
              {"public_url", services.settings.public_url},
              {"groups", std::move(groups)}};
    co_return page(services, request, "api_docs", std::move(view));
}

} // namespace nguon::server::api
