#include "server/service.hpp"

#include "core/runtime/log.hpp"
#include "core/runtime/metrics.hpp"
#include "server/auth/cookies.hpp"
#include "server/auth/csrf.hpp"
#include "server/auth/sessions.hpp"
#include "server/http/finish.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/http/url.hpp"

#include <algorithm>
#include <exception>

namespace nguon::server {
namespace {

constexpr std::string_view sign_in_path = "/console/sign-in";
constexpr std::string_view password_path = "/console/password";

Error signed_out() { return Error{ErrorCode::unauthenticated, "auth.needed", {}, {}, {}}; }

/// What a proxy that we trust says about the other side. The last address of the list is the one it saw itself.
void believe_proxy(Request& request, ServiceSettings const& settings)
{
    if (std::ranges::find(settings.trusted_proxies, request.peer.address) == settings.trusted_proxies.end()) return;
    auto const list = request.header("X-Forwarded-For");
    auto last = list.substr(list.find_last_of(", ") + 1); // npos + 1 is 0
    if (!last.empty()) request.peer.address = std::string{last};
    request.peer.secure = request.header("X-Forwarded-Proto") == "https";
    request.peer.loopback = false;
}

bool is_read(Method method) { return method == Method::get || method == Method::head; }

/// Where somebody who must choose a new password first may go.
bool is_open_before_password(std::string_view path)
{
    return path == password_path || path == "/console/sign-out" || path == "/console/language";
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
    return who.may(access.scope());
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

net::awaitable<http::Response> Service::answer(http::Request const& raw)
{
    Request request{raw};
    believe_proxy(request, services_.settings);
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

net::awaitable<http::Response> Service::admit(Request& request, Route const& route)
{
    if (!is_admitted(route.access, request.who)) {
        if (request.who.is_anonymous() && route.access.redirects()) {
            auto const next = is_read(request.method) ? request.target : std::string{};
            co_return redirect(make_url(sign_in_path, {{"next", next}, {"lang", request.query_value("lang")}}));
        }
        co_return any_problem(services_, request,
                              request.who.is_anonymous() ? signed_out() : forbidden("auth.forbidden"));
    }
    if (request.who.must_change_password && route.access.redirects() && !is_open_before_password(request.path)) {
        co_return redirect(std::string{password_path});
    }

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

http::Response Service::answer_nowhere(Request const& request, Router::Match const& match)
{
    if (match.allowed.empty()) return any_problem(services_, request, not_found("http.not_found"));
    if (request.method == Method::options) {
        auto response = no_content();
        response.header("Allow", allow_text(match.allowed));
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
