#include "server/http/router.hpp"
#include "server/pages/account.hpp"
#include "server/pages/check.hpp"
#include "server/pages/operations.hpp"
#include "server/pages/origin.hpp"

#include <span>

/// Every address of the service: who may call it and what answers.
namespace nguon::server {
namespace {

using enum http::Method;

constexpr Route operation_routes[] = {
    {get, "/healthz", access::anyone, &pages::show_health},
    {get, "/readyz", access::anyone, &pages::show_readiness},
    {get, "/metrics", access::scope("metrics:read"), &pages::show_metrics},
    {get, "/static/{hash}/{name...}", access::anyone, &pages::show_static},
    {get, "/favicon.ico", access::anyone, &pages::show_icon},
    {get, "/robots.txt", access::anyone, &pages::show_robots},
};

constexpr Route account_routes[] = {
    {get, "/console/sign-in", access::anyone, &pages::show_sign_in},
    {post, "/console/sign-in", access::anyone, &pages::sign_in, body::form},
    {post, "/console/sign-out", access::signed_in_or_login, &pages::sign_out, body::form},
    {post, "/console/language", access::signed_in_or_login, &pages::choose_language, body::form},
    {get, "/console/slip", access::anyone, &pages::show_slip},
    {post, "/console/slip", access::anyone, &pages::use_slip, body::form},
    {get, "/console/password", access::signed_in_or_login, &pages::show_password},
    {post, "/console/password", access::signed_in_or_login, &pages::change_password, body::form},
};

constexpr Route public_routes[] = {
    {get, "/", access::anyone, &pages::show_check},
    {get, "/check", access::anyone, &pages::show_check},
    {post, "/check", access::anyone, &pages::check, body::open_photo_form},
    {get, "/t/{code}", access::anyone, &pages::show_printed_code},
    {get, "/f/{sha256}", access::anyone, &pages::show_file},
    {get, "/report", access::anyone, &pages::show_report},
    {post, "/report", access::anyone, &pages::report, body::form},
    {get, "/case/{code}", access::anyone, &pages::show_case},
};

/// Every primary key of GS1 stands at the root.
constexpr Route resolver_routes[] = {
    {get, "/00/{rest...}", access::anyone, &pages::show_origin},
    {get, "/01/{rest...}", access::anyone, &pages::show_origin},
    {get, "/253/{rest...}", access::anyone, &pages::show_origin},
    {get, "/255/{rest...}", access::anyone, &pages::show_origin},
    {get, "/401/{rest...}", access::anyone, &pages::show_origin},
    {get, "/402/{rest...}", access::anyone, &pages::show_origin},
    {get, "/414/{rest...}", access::anyone, &pages::show_origin},
    {get, "/415/{rest...}", access::anyone, &pages::show_origin},
    {get, "/417/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8003/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8004/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8006/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8010/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8013/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8017/{rest...}", access::anyone, &pages::show_origin},
    {get, "/8018/{rest...}", access::anyone, &pages::show_origin},
};

constexpr std::span<Route const> groups[] = {public_routes, resolver_routes, operation_routes, account_routes};

} // namespace

std::vector<Route> all_routes()
{
    std::vector<Route> out;
    for (auto const group : groups) out.insert(out.end(), group.begin(), group.end());
    return out;
}

} // namespace nguon::server
