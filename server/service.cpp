#include "server/service.hpp"

#include "core/runtime/disk_watch.hpp"
#include "core/runtime/log.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"
#include "server/api/epcis_options.hpp"
#include "server/auth/cookies.hpp"
#include "server/auth/csrf.hpp"
#include "server/auth/sessions.hpp"
#include "server/http/accept.hpp"
#include "server/http/finish.hpp"
#include "server/http/page_cache.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/http/url.hpp"
#include "server/pages/resolver.hpp"
#include "server/pages/scan_count.hpp"

#include <algorithm>
#include <exception>

namespace nguon::server {
namespace {

constexpr std::string_view sign_in_path = "/console/sign-in";
constexpr std::string_view password_path = "/console/password";
constexpr std::string_view acting_path = "/console/acting";

Error signed_out() { return Error{ErrorCode::unauthenticated, "auth.needed", {}, {}, {}}; }

/// The other side, as a proxy that we trust tells it. The last address of the list is the one it saw itself.
http::Peer client_of(http::Request const& request, ServiceSettings const& settings)
{
    auto client = request.peer;
    if (std::ranges::find(settings.trusted_proxies, client.address) == settings.trusted_proxies.end()) return client;
    auto const list = request.header("X-Forwarded-For");
    auto const last = list.substr(list.find_last_of(", ") + 1); // npos + 1 is 0
    if (!last.empty()) client.address = std::string{last};
    client.secure = request.header("X-Forwarded-Proto") == "https";
    client.loopback = false;
    return client;
}

/// Of the refusals that an honest browser can meet.
std::optional<ErrorCode> code_of_refusal(unsigned status)
{
    switch (status) {
    case 408:
        return ErrorCode::invalid;
    case 413:
        return ErrorCode::too_large;
    case 500:
        return ErrorCode::internal;
    case 503:
        return ErrorCode::unavailable;
    default:
        return std::nullopt;
    }
}

bool is_read(Method method) { return method == Method::get || method == Method::head; }

/// What somebody has to do before anything else: choose a password of his own, or say for whom he works.
struct Duty {
    std::string_view path = {}; // the page where it is done; empty: nothing is due
    std::string_view key = {};  // what programs are told

    bool holds_up(std::string_view asked) const
    {
        return !path.empty() && asked != path && asked != "/console/sign-out" && asked != "/console/language";
    }
};

Duty duty_of(Principal const& who)
{
    if (who.must_change_password) return {password_path, "auth.password_change_needed"};
    if (who.undecided) return {acting_path, "auth.organization_needed"};
    return {};
}

} // namespace

bool is_admitted(Access const& access, Principal const& who)
{
    switch (access.kind()) {
    case Access::Kind::anyone:
        return true;
    case Access::Kind::signed_in:
        return !who.is_anonymous();
    case Access::Kind::scope:
        break;
    }
    return who.may(access.scope(), access.side());
}

Service::Service(Services& services, std::span<Route const> routes) : services_{services}, router_{routes} {}

http::Handler Service::handler()
{
    return [this](http::Request const& request) { return answer(request); };
}

http::BodyPolicy Service::body_policy() const
{
    return [this](Method method, std::string_view path) { return router_.body_limits(method, path); };
}

http::KeptAnswers Service::kept_answers() const
{
    return [this](http::Request const& request) -> std::optional<http::Response> {
        auto const client = client_of(request, services_.settings);
        auto const key = PageCache::key_of(request, client.secure);
        auto const page = key.empty() ? nullptr : services_.page_cache.find(key, services_.database.generation());
        if (!page) return std::nullopt;
        pages::count_scan(services_, request, client, page->scan_subject);
        http::Response response;
        response.kept_fields = page->fields;
        response.body = page->body;
        return response;
    };
}

std::function<http::Response(http::Refusal const&)> Service::refusals() const
{
    return [this](http::Refusal const& refusal) {
        auto const code = code_of_refusal(refusal.status);
        if (refusal.request == nullptr || !code) return http::refusal_response(refusal);
        Request request{*refusal.request};
        request.peer = client_of(*refusal.request, services_.settings);
        request.language = choose_language("", "", request.header("Accept-Language"));
        auto response = any_problem(services_, request, Error{*code, refusal.key, {}, {}, {}});
        finish(request, response, services_.settings, services_.static_files.public_css_hash());
        return response;
    };
}

net::awaitable<http::Response> Service::answer(http::Request const& raw)
{
    Request request{raw};
    request.peer = client_of(raw, services_.settings);
    http::Response response;
    std::string thrown;
    try {
        response = co_await answer_route(request);
    } catch (std::exception const& error) {
        thrown = error.what();
    }
    if (!thrown.empty()) response = any_problem(services_, request, internal(std::move(thrown)));
    finish(request, response, services_.settings, services_.static_files.public_css_hash());
    co_return response;
}

net::awaitable<http::Response> Service::answer_route(Request& request)
{
    auto parameters = read_urlencoded(request.query);
    request.language = choose_language("", "", request.header("Accept-Language"));
    if (!parameters) co_return any_problem(services_, request, parameters.error());
    request.parameters = *std::move(parameters);
    auto const asked = std::string{request.query_value("lang")};
    request.language = choose_language(asked, "", request.header("Accept-Language"));

    auto match = router_.find(request.method, request.path);
    if (match.route == nullptr) co_return answer_nowhere(request, match);
    if (match.bad_escape) co_return any_problem(services_, request, invalid("uri.percent"));
    request.params = std::move(match.params);

    auto who = co_await identify(services_, request);
    if (!who) co_return any_problem(services_, request, who.error());
    request.who = *std::move(who);
    request.language = choose_language(asked, request.who.language, request.header("Accept-Language"));
    request.csrf =
        request.who.is_person() ? request.who.csrf : std::string{find_cookie(request, form_cookie_name(request.peer))};
    co_return co_await admit(request, *match.route);
}

/// Why the disk does not let this request write; nothing when it may.
std::optional<Error> Service::disk_refusal(Request const& request, Route const& route) const
{
    if (services_.disk == nullptr || is_read(request.method)) return std::nullopt;
    auto const reads = route.body.reads;
    if (reads == BodyKind::Reads::open_form) return std::nullopt; // looks up a photograph, keeps nothing
    auto const level = services_.disk->look();
    bool const of_enterprise = route.access.kind() == Access::Kind::scope && route.access.side() != Side::desk;
    bool const large = route.body.bytes_max > limits::body_bytes_default;
    std::string key;
    if (level == DiskLevel::full && of_enterprise)
        key = "disk.full";
    else if (level >= DiskLevel::scarce && large)
        key = "disk.scarce";
    if (key.empty()) return std::nullopt;
    services_.metrics.counter("limit_hits_total", "Requests that met a limit.", {{"limit", key}}).add();
    return unavailable(key, "little room is left on the disk");
}

net::awaitable<http::Response> Service::admit(Request& request, Route const& route)
{
    if (auto const duty = duty_of(request.who); duty.holds_up(request.path)) {
        if (route.access.kind() != Access::Kind::anyone) co_return hold_up(request, route, duty.path, duty.key);
        request.who.org = {}; // what everybody may see is shown as to everybody
        request.who.grants.clear();
    }
    if (!is_admitted(route.access, request.who)) {
        if (request.who.is_anonymous() && route.access.redirects()) {
            auto const next = is_read(request.method) ? request.target : std::string{};
            co_return redirect(make_url(sign_in_path, {{"next", next}, {"lang", request.query_value("lang")}}));
        }
        co_return any_problem(services_, request,
                              request.who.is_anonymous() ? signed_out() : forbidden("auth.forbidden"));
    }
    if (auto const refusal = disk_refusal(request, route)) co_return any_problem(services_, request, *refusal);
    request.who.grants = request.who.grants_on(route.access.side());

    using Reads = BodyKind::Reads;
    auto const reads = route.body.reads;
    if (reads == Reads::nothing && request.body.size() > 0 && !is_read(request.method)) {
        co_return any_problem(services_, request, Error{ErrorCode::too_large, "http.no_body", {}, {}, {}});
    }
    if (reads == Reads::form || reads == Reads::open_form) {
        auto form = read_form(request);
        if (!form) co_return any_problem(services_, request, form.error());
        request.form = *std::move(form);
    }
    if (!is_read(request.method)) {
        bool const token_needed = reads == Reads::form || (reads != Reads::open_form && request.who.is_person());
        auto const genuine = check_csrf(request, token_needed);
        if (!genuine) co_return any_problem(services_, request, genuine.error());
    }
    co_return co_await route.handler(services_, request);
}

http::Response Service::hold_up(Request const& request, Route const& route, std::string_view path, std::string_view key)
{
    if (!route.access.redirects()) return any_problem(services_, request, forbidden(std::string{key}));
    auto const next = is_read(request.method) ? request.target : std::string{};
    return redirect(path == acting_path ? make_url(path, {{"next", next}}) : std::string{path});
}

http::Response Service::answer_nowhere(Request const& request, Router::Match const& match)
{
    if (match.allowed.empty()) return any_problem(services_, request, not_found("http.not_found"));
    if (request.method == Method::options) {
        auto const* route = router_.find(Method::get, request.path).route;
        bool const compressed = route != nullptr && route->handler == &pages::resolve_compressed;
        // What only looks like a compressed link is no address for any method.
        if (compressed && !pages::is_digital_link(request))
            return any_problem(services_, request, not_found("http.not_found"));
        auto response = no_content();
        response.header("Allow", allow_text(match.allowed));
        if (compressed || (route != nullptr && route->handler == &pages::resolve))
            pages::add_resolver_options(services_, request, response);
        if (api::is_epcis_path(request.path)) api::add_epcis_options(request, response);
        return response;
    }
    auto response = any_problem(services_, request, not_found("http.method"));
    response.status = 405;
    response.header("Allow", allow_text(match.allowed));
    return response;
}

http::Handler metrics_handler(Metrics const& metrics)
{
    return [&metrics](http::Request const& request) -> net::awaitable<http::Response> {
        if (request.path != "/metrics" || !is_read(request.method)) co_return text_response(404, "");
        co_return text_response(200, metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
    };
}

} // namespace nguon::server
