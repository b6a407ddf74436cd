#pragma once

#include "core/http/message.hpp"
#include "core/http/session.hpp"
#include "server/http/router.hpp"
#include "server/services.hpp"

#include <span>

namespace nguon {
class Metrics;
}

namespace nguon::server {

/// The whole service behind a listener: finds the route, the person, their right, the form; calls the handler; finishes
/// the answer. Safe to call from many threads; it and `services` outlive the listener.
class Service {
public:
    Service(Services& services, std::span<Route const> routes);

    /// For http::Listener.
    http::Handler handler();
    http::BodyPolicy body_policy() const;
    /// Public pages of strangers that are kept ready.
    http::KeptAnswers kept_answers() const;
    /// What people see when the session itself refuses: a page in a browser, a problem elsewhere.
    std::function<http::Response(http::Refusal const&)> refusals() const;

    net::awaitable<http::Response> answer(http::Request const& raw);

    Router const& router() const { return router_; }

private:
    net::awaitable<http::Response> answer_route(Request& request);
    std::optional<Error> disk_refusal(Request const& request, Route const& route) const;
    net::awaitable<http::Response> admit(Request& request, Route const& route);
    http::Response hold_up(Request const& request, Route const& route, std::string_view path, std::string_view key);
    http::Response answer_nowhere(Request const& request, Router::Match const& match);

    Services& services_;
    Router router_;
};

/// GET /metrics for a listener of its own, without sign-in; everything else is 404.
http::Handler metrics_handler(Metrics const& metrics);

/// True when this caller gets past the route's access; decides menus too.
bool is_admitted(Access const& access, Principal const& who);

} // namespace nguon::server
