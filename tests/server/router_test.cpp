#include "server/http/router.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nguon::server {
namespace {

using enum http::Method;

net::awaitable<http::Response> nothing(Services&, Request const&) { co_return http::Response{}; }
net::awaitable<http::Response> other(Services&, Request const&) { co_return http::Response{.status = 201}; }

constexpr Route sample[] = {
    {get, "/", access::anyone, &nothing},
    {get, "/console/batches", access::own_or_login("batch:read"), &nothing},
    {post, "/console/batches", access::own_or_login("batch:write"), &other, body::form},
    {get, "/console/batches/{id}", access::own_or_login("batch:read"), &nothing},
    {post, "/console/batches/new", access::own_or_login("batch:write"), &other, body::form},
    {get, "/01/{gtin}/10/{lot}", access::anyone, &nothing},
    {get, "/8006/{rest...}", access::anyone, &other},
    {post, "/epcis/capture", access::scope("epcis:write"), &other, body::capture},
};

Router const& router()
{
    static Router const instance{sample};
    return instance;
}

std::string param(Router::Match const& match, std::string_view name)
{
    for (auto const& [key, value] : match.params) {
        if (key == name) return value;
    }
    return "-";
}

TEST(Router, FindsFixedPathsAndParameters)
{
    EXPECT_NE(router().find(get, "/").route, nullptr);
    auto const match = router().find(get, "/01/08935/10/L%C3%BAa%2F1");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(param(match, "gtin"), "08935");
    EXPECT_EQ(param(match, "lot"), "Lúa/1");
}

TEST(Router, OneSlashAtTheEndDoesNotCount)
{
    EXPECT_NE(router().find(get, "/console/batches/").route, nullptr);
    EXPECT_EQ(router().find(get, "/console/batches//").route, nullptr);
}

TEST(Router, HeadFindsTheRouteOfGet) { EXPECT_EQ(router().find(head, "/").route->method, get); }

TEST(Router, AnotherMethodOfAFixedPathFallsBackToTheParameter)
{
    auto const match = router().find(get, "/console/batches/new");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(param(match, "id"), "new");
}

TEST(Router, NamesAllowedMethods)
{
    auto const match = router().find(put, "/console/batches");
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(allow_text(match.allowed), "GET, HEAD, POST, OPTIONS");
    EXPECT_TRUE(router().find(get, "/nowhere").allowed.empty());
}

TEST(Router, TheRestComesAsItStands)
{
    auto const match = router().find(get, "/8006/123/21/a%2Fb/");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(param(match, "rest"), "123/21/a%2Fb/");
    EXPECT_EQ(router().find(get, "/8006").route, nullptr);
}

TEST(Router, EmptySegmentsAreNoParameters) { EXPECT_EQ(router().find(get, "/01//10/x").route, nullptr); }

TEST(Router, TellsBrokenEscapes)
{
    EXPECT_TRUE(router().find(get, "/01/%ZZ/10/1").bad_escape);
    EXPECT_TRUE(router().find(get, "/01/%00/10/1").bad_escape);
    EXPECT_TRUE(router().find(get, "/01/%FF/10/1").bad_escape);
}

TEST(Router, KnowsHowLargeABodyMayBe)
{
    EXPECT_EQ(router().body_limits(post, "/epcis/capture").bytes_max, limits::capture_body_bytes);
    EXPECT_EQ(router().body_limits(post, "/console/batches").bytes_max, limits::body_bytes_default);
    EXPECT_EQ(router().body_limits(post, "/nowhere").bytes_max, limits::body_bytes_default);
}

TEST(Routes, AreUniqueAndWellFormed)
{
    auto const routes = all_routes();
    std::set<std::pair<http::Method, std::string_view>> seen;
    for (auto const& route : routes) {
        EXPECT_TRUE(seen.emplace(route.method, route.pattern).second) << route.pattern;
        bool const page = route.pattern.starts_with("/console") || route.pattern.starts_with("/province");
        if (page && route.access.kind() != Access::Kind::anyone) {
            EXPECT_TRUE(route.access.redirects()) << route.pattern;
        }
        if (page && route.method == post) {
            EXPECT_NE(route.body.reads, BodyKind::Reads::nothing) << route.pattern;
        }
    }
    Router const whole{routes};
    EXPECT_NE(whole.find(get, "/healthz").route, nullptr);
}

} // namespace
} // namespace nguon::server
