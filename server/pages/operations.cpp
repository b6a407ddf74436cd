#include "server/pages/operations.hpp"

#include "core/runtime/metrics.hpp"
#include "db/database.hpp"
#include "db/health.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/services.hpp"

namespace nguon::server::pages {

net::awaitable<http::Response> show_health(Services&, Request const&) { co_return text_response(200, "ok\n"); }

net::awaitable<http::Response> show_readiness(Services& services, Request const&)
{
    if (services.draining.load()) co_return text_response(503, "draining\n");
    auto work = [](db::Connection& c) -> Status {
        db::health::check(c);
        return Done{};
    };
    auto const answered = co_await services.database.read(std::move(work));
    if (!answered) co_return text_response(503, "database: " + answered.error().key + "\n");
    co_return text_response(200, "ready\n");
}

net::awaitable<http::Response> show_metrics(Services& services, Request const&)
{
    co_return text_response(200, services.metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
}

net::awaitable<http::Response> show_static(Services& services, Request const& request)
{
    co_return services.static_files.answer(request, request.param("hash"), request.param("name"));
}

net::awaitable<http::Response> show_icon(Services& services, Request const& request)
{
    co_return services.static_files.answer(request, "", "favicon.svg");
}

net::awaitable<http::Response> show_robots(Services& services, Request const& request)
{
    co_return services.static_files.answer(request, "", "robots.txt");
}

} // namespace nguon::server::pages
