#include "tests/support/service_test.hpp"
#include "core/bytes.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

net::awaitable<http::Response> echo_form(Services&, Request const& request)
{
    nlohmann::json files = nlohmann::json::array();
    for (auto const& file : request.form.files()) files.push_back({{"name", file.name}, {"size", file.bytes.size()}});
    co_return json_response(200, {{"fields", request.form.to_json()}, {"files", files}, {"id", request.param("id")}});
}

net::awaitable<http::Response> echo_body(Services&, Request const& request)
{
    co_return json_response(200, {{"size", request.body.size()}, {"org", request.who.org.text()}});
}

net::awaitable<http::Response> throw_up(Services&, Request const&)
{
    if (true) throw std::runtime_error{"secret detail"};
    co_return http::Response{};
}

net::awaitable<http::Response> refuse_fields(Services& services, Request const& request)
{
    co_return problem(services, request, invalid_fields({FieldError{"/lot", "field.required"}}));
}

net::awaitable<http::Response> show_tagged(Services&, Request const&)
{
    auto response = html_response(200, std::string(1000, 'x'));
    response.header("ETag", "\"v1\"");
    co_return response;
}

using enum http::Method;

constexpr Route extra[] = {
    {post, "/test/form/{id}", access::anyone, &echo_form, body::form},
    {post, "/test/open", access::anyone, &echo_form, body::open_photo_form},
    {post, "/api/v1/test", access::scope("batch:write"), &echo_body, body::json},
    {get, "/api/v1/test", access::scope("batch:read"), &echo_body},
    {get, "/test/throw", access::anyone, &throw_up},
    {get, "/api/v1/throw", access::anyone, &throw_up},
    {get, "/api/v1/faults", access::anyone, &refuse_fields},
    {get, "/test/tagged", access::anyone, &show_tagged},
    {get, "/console/test", access::own_or_login("batch:read"), &echo_body},
    {delete_, "/test/gone", access::anyone, &echo_body},
};

class ServiceHttp : public nguon::testing::ServiceTest {
protected:
    std::vector<Route> routes() override
    {
        auto all = all_routes();
        all.insert(all.end(), std::begin(extra), std::end(extra));
        return all;
    }
};

TEST_F(ServiceHttp, EveryAnswerCarriesSecurityHeaders)
{
    auto client = browser();
    for (auto const* path :
         {"/console/sign-in", "/nowhere", "/api/v1/nowhere", "/healthz", "/test/throw", "/favicon.ico"}) {
        auto const answer = client.get(path);
        EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << path;
        EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << path;
        EXPECT_NE(answer.header("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos) << path;
        EXPECT_EQ(answer.header("Content-Security-Policy").find("unsafe"), std::string::npos) << path;
        EXPECT_FALSE(answer.header("X-Request-Id").empty()) << path;
        EXPECT_EQ(answer.header("Strict-Transport-Security"), "") << path;
    }
}

TEST_F(ServiceHttp, ThePolicyKnowsTheInlineSheet)
{
    auto const page = browser().get("/console/sign-in");
    auto const begin = page.body.find("<style>") + 7;
    auto const sheet = page.body.substr(begin, page.body.find("</style>") - begin);
    EXPECT_NE(page.header("Content-Security-Policy").find("'sha256-" + to_base64(sha256(sheet)) + "'"),
              std::string::npos);
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.header("Cache-Control"), "no-store");
}

TEST_F(ServiceHttp, UnknownAddressesAnswerByWhoAsks)
{
    auto client = browser();
    auto const page = client.get("/nowhere");
    EXPECT_EQ(page.status, 404U);
    EXPECT_TRUE(page.says("<html lang=\"vi\">"));
    EXPECT_TRUE(client.get("/nowhere?lang=en").says("<html lang=\"en\">"));
    client.headers = {{"Accept", "application/json"}};
    auto const problem = client.get("/nowhere");
    EXPECT_EQ(problem.header("Content-Type"), "application/problem+json");
    auto const json = nlohmann::json::parse(problem.body);
    EXPECT_EQ(json["type"], "urn:nguon:problem:http.not_found");
    EXPECT_EQ(json["status"], 404);
    EXPECT_EQ(json["requestId"], problem.header("X-Request-Id"));
    EXPECT_NE(json["title"], json["detail"]);
}

TEST_F(ServiceHttp, FaultsNameTheirFields)
{
    auto const json = nlohmann::json::parse(browser().get("/api/v1/faults").body);
    EXPECT_EQ(json["errors"][0]["pointer"], "/lot");
    EXPECT_EQ(json["errors"][0]["key"], "field.required");
}

TEST_F(ServiceHttp, WhatIsThrownStaysInside)
{
    auto client = browser();
    for (auto const* path : {"/test/throw", "/api/v1/throw"}) {
        auto const answer = client.get(path);
        EXPECT_EQ(answer.status, 500U);
        EXPECT_FALSE(answer.says("secret")) << path;
    }
}

TEST_F(ServiceHttp, MethodsAreTold)
{
    auto client = browser();
    auto const wrong = client.send("PUT", "/test/open", "", {{"Content-Length", "0"}});
    EXPECT_EQ(wrong.status, 405U);
    EXPECT_EQ(wrong.header("Allow"), "POST, OPTIONS");
    auto const options = client.send("OPTIONS", "/healthz", "", {});
    EXPECT_EQ(options.status, 204U);
    EXPECT_EQ(options.header("Allow"), "GET, HEAD, OPTIONS");
    auto const head = client.send("HEAD", "/healthz", "", {});
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.body, "");
}

TEST_F(ServiceHttp, FormsNeedTheirToken)
{
    auto client = browser();
    EXPECT_EQ(client.post_raw("/test/form/7", {{"a", "1"}}).status, 403U);
    EXPECT_EQ(client.post_raw("/test/form/7", {{"a", "1"}, {"csrf", "x"}}).status, 403U);
    auto const answer = client.post("/test/form/7", {{"a", "1"}}, "/console/sign-in");
    EXPECT_EQ(answer.status, 200U) << answer.body;
    auto const json = nlohmann::json::parse(answer.body);
    EXPECT_EQ(json["fields"]["a"], "1");
    EXPECT_EQ(json["id"], "7");

    auto const token = nguon::testing::Browser::token_of(client.get("/console/sign-in"));
    EXPECT_EQ(client.post_raw("/test/form/7", {{"csrf", token}}, {{"Origin", "https://evil.example"}}).status, 403U);
    EXPECT_EQ(client.post_raw("/test/form/7", {{"csrf", token}}, {{"Sec-Fetch-Site", "cross-site"}}).status, 403U);
    EXPECT_EQ(client.post_raw("/test/form/7", {{"csrf", token}}, {{"Origin", "null"}}).status, 200U);

    auto stranger = browser(); // without the cookie the token is worth nothing
    EXPECT_EQ(stranger.post_raw("/test/form/7", {{"csrf", token}}).status, 403U);
}

TEST_F(ServiceHttp, OpenFormsTakeFilesFromThisSiteOnly)
{
    auto client = browser();
    std::string const photo(100'000, 'p'); // beyond memory: comes from a spooled file
    auto const body =
        "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n" + photo + "\r\n--B--\r\n";
    nguon::testing::Fields const type{{"Content-Type", "multipart/form-data; boundary=B"}};
    auto const answer = client.send("POST", "/test/open", body, type);
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(nlohmann::json::parse(answer.body)["files"][0]["size"], photo.size());
    auto foreign = type;
    foreign.emplace_back("Sec-Fetch-Site", "cross-site");
    EXPECT_EQ(client.send("POST", "/test/open", body, foreign).status, 403U);
    EXPECT_EQ(client.send("POST", "/test/open", "{}", {{"Content-Type", "application/json"}}).status, 415U);
}

TEST_F(ServiceHttp, APictureThatIsTooLargeIsToldOnAPage)
{
    std::string const photo(limits::image_form_bytes + 1, 'x');
    testing::Fields const type{{"Content-Type", "multipart/form-data; boundary=b"}};
    auto const page = browser().send("POST", "/check", photo, type);
    EXPECT_EQ(page.status, 413U);
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(page.says("một ảnh tối đa 10 MB"));
    EXPECT_FALSE(page.header("Content-Security-Policy").empty());

    auto program = browser();
    program.headers = {{"Accept", "application/json"}};
    auto const problem = program.send("POST", "/check", photo, type);
    EXPECT_EQ(problem.status, 413U);
    EXPECT_EQ(nlohmann::json::parse(problem.body)["type"], "urn:nguon:problem:http.body_too_large");
}

TEST_F(ServiceHttp, WhatTheSessionRefusesIsAPageForPeople)
{
    http::Request request;
    request.path = "/check";
    request.headers.add("Accept", "text/html");
    request.headers.add("Accept-Language", "vi");
    auto const refuse = service->refusals();
    for (auto const& [status, key] : std::vector<std::pair<unsigned, std::string>>{{408, "http.body_time"},
                                                                                   {413, "http.body_too_large"},
                                                                                   {500, "internal"},
                                                                                   {503, "http.timeout"},
                                                                                   {503, "http.spool"}}) {
        auto const answer = refuse({status, key, "r1", &request});
        EXPECT_EQ(answer.status, status) << key;
        EXPECT_EQ(answer.headers.get("Content-Type"), "text/html; charset=utf-8") << key;
        auto const* body = std::get_if<std::string>(&answer.body);
        ASSERT_NE(body, nullptr);
        EXPECT_NE(body->find(locale->text("vi", key, {})), std::string::npos) << key;
    }
    // Who sends no HTTP at all is no browser.
    EXPECT_EQ(refuse({400, "http.bare_lf", "r1", nullptr}).headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(locale->missing(), 0U);
}

TEST_F(ServiceHttp, KeysOpenWhatTheirRoleAllows)
{
    auto const key = add_key(Role::solution_provider, OrganizationId{"org-tea"});
    EXPECT_TRUE(looks_like_key(key.key));
    auto client = program(key.key);
    auto const answer = client.send("POST", "/api/v1/test", "{}", {{"Content-Type", "application/json"}});
    EXPECT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(nlohmann::json::parse(answer.body)["org"], "org-tea");
    EXPECT_EQ(client.get("/metrics").status, 403U);

    auto narrow = program(add_key(Role::solution_provider, OrganizationId{"org-tea"}, Scopes{"batch:read"}).key);
    EXPECT_EQ(narrow.get("/api/v1/test").status, 200U);
    EXPECT_EQ(narrow.send("POST", "/api/v1/test", "{}", {}).status, 403U);

    auto province = program(add_key(Role::province_auditor).key);
    EXPECT_EQ(province.get("/metrics").status, 200U);
}

TEST_F(ServiceHttp, BadKeysAreRefused)
{
    auto const key = add_key(Role::province_auditor, {}, {}, clock.now() + std::chrono::hours{1});
    auto client = program(key.key);
    EXPECT_EQ(client.get("/metrics").status, 200U);
    clock.advance(std::chrono::hours{1});
    auto const expired = client.get("/metrics");
    EXPECT_EQ(expired.status, 401U);
    EXPECT_EQ(expired.header("WWW-Authenticate"), "Bearer");
    for (std::string const& bad : {std::string{"nonsense"}, "ngk_" + std::string(43, 'A'), std::string{}}) {
        EXPECT_EQ(program(bad).get("/healthz").status, 401U) << bad;
    }
}

TEST_F(ServiceHttp, StrangersAreLedToSignInOrTold401)
{
    auto client = browser();
    auto const page = client.get("/console/test?a=1");
    EXPECT_EQ(page.status, 303U);
    EXPECT_EQ(page.header("Location"), "/console/sign-in?next=%2Fconsole%2Ftest%3Fa%3D1");
    EXPECT_EQ(client.get("/api/v1/test").status, 401U);
}

TEST_F(ServiceHttp, AFirstPasswordIsChangedBeforeAnythingElse)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"}, true);
    auto client = signed_in("mai.lo");
    EXPECT_EQ(client.get("/console/test").header("Location"), "/console/password");
    EXPECT_EQ(client.get("/console/password").status, 200U);
}

TEST_F(ServiceHttp, AnotherRoleIsForbidden)
{
    add_person("tra.an", Role::province_security);
    EXPECT_EQ(signed_in("tra.an").get("/console/test").status, 403U);
}

TEST_F(ServiceHttp, ReadinessFollowsDraining)
{
    EXPECT_EQ(browser().get("/readyz").status, 200U);
    draining = true;
    EXPECT_EQ(browser().get("/readyz").status, 503U);
    EXPECT_EQ(browser().get("/healthz").status, 200U);
}

TEST_F(ServiceHttp, StaticFilesAreKeptForEver)
{
    auto client = browser();
    client.headers.emplace_back("Accept-Encoding", "gzip, br");
    auto const url = static_files.url("app.css");
    auto const file = client.get(url);
    EXPECT_EQ(file.status, 200U);
    EXPECT_EQ(file.header("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(file.header("Content-Encoding"), "br");
    EXPECT_EQ(client.send("GET", url, "", {{"If-None-Match", file.header("ETag")}}).status, 304U);
    EXPECT_EQ(client.get("/static/0000000000000000/app.css").header("Cache-Control"), "no-cache");
    EXPECT_EQ(client.get("/static/x/../../etc/passwd").status, 404U);
    EXPECT_EQ(client.get("/robots.txt").status, 200U);
}

TEST_F(ServiceHttp, TheReaderOfCodesComesPackedWhereItMay)
{
    auto client = browser();
    auto const plain = client.get(static_files.url("zxing_reader.wasm"));
    EXPECT_EQ(plain.header("Content-Type"), "application/wasm");
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.body.substr(0, 4), std::string_view("\0asm", 4));
    client.headers.emplace_back("Accept-Encoding", "gzip, br");
    auto const packed = client.get(static_files.url("zxing_reader.wasm"));
    EXPECT_EQ(packed.header("Content-Type"), "application/wasm");
    EXPECT_EQ(packed.header("Content-Encoding"), "br");
    EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
    auto const script = client.get(static_files.url("zxing_reader.js"));
    EXPECT_LE(packed.body.size() + script.body.size(), 350U * 1024); // once, over a telephone's network
}

TEST_F(ServiceHttp, OnlyTheLookUpPageMayRunWebAssembly)
{
    auto const policy = [this](std::string const& path) {
        return browser().get(path).header("Content-Security-Policy");
    };
    for (auto const* path : {"/", "/check"})
        EXPECT_NE(policy(path).find("; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"), std::string::npos);
    EXPECT_EQ(policy("/help").find("script-src"), std::string::npos);
}

TEST_F(ServiceHttp, PagesAreCompressedWhenAsked)
{
    auto client = browser();
    EXPECT_EQ(client.get("/test/tagged").header("Content-Encoding"), "");
    for (auto const* coding : {"br", "gzip"}) {
        auto const answer = client.send("GET", "/test/tagged", "", {{"Accept-Encoding", coding}});
        EXPECT_EQ(answer.header("Content-Encoding"), coding);
        EXPECT_LT(answer.body.size(), 200U);
        EXPECT_EQ(answer.header("Vary"), "Accept-Encoding");
    }
    auto const known = client.send("GET", "/test/tagged", "", {{"If-None-Match", "\"v1\""}});
    EXPECT_EQ(known.status, 304U);
    EXPECT_EQ(known.body, "");
}

class ProxiedService : public ServiceHttp {
protected:
    void adjust() override
    {
        settings.hsts = true;
        settings.trusted_proxies = {"127.0.0.1"};
        settings.https_url = "https://nguon.example";
    }
};

TEST_F(ProxiedService, BelievesItsProxyOnly)
{
    auto client = browser();
    auto const secure =
        client.send("GET", "/healthz", "", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "203.0.113.5"}});
    EXPECT_NE(secure.header("Strict-Transport-Security"), "");
    auto const plain = client.send("GET", "/console/sign-in?next=%2Fx", "", {{"X-Forwarded-For", "203.0.113.5"}});
    EXPECT_EQ(plain.status, 303U);
    EXPECT_EQ(plain.header("Location"), "https://nguon.example/console/sign-in?next=%2Fx");
}

} // namespace
} // namespace nguon::server
