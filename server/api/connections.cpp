#include "server/app/connections.hpp"
#include "server/api/records.hpp"

#include <array>

namespace nguon::server::api {
namespace {

constexpr std::array check_kinds{
    Choice<std::string_view>{"handshake", "handshake"}, Choice<std::string_view>{"handshake_next", "handshake_next"},
    Choice<std::string_view>{"sign_in", "sign_in"}, Choice<std::string_view>{"catalogues", "catalogues"},
    Choice<std::string_view>{"dry_run", "dry_run"}};

json moment(std::optional<Instant> const& at) { return at ? json(to_iso(OffsetTime{*at, vietnam_offset})) : json(); }

json to_record(db::connections::Certificate const& certificate)
{
    return without_blanks({{"slot", certificate.slot},
                           {"subject", certificate.subject},
                           {"issuer", certificate.issuer},
                           {"sha256", certificate.fingerprint},
                           {"valid_from", moment(certificate.valid_from)},
                           {"valid_to", moment(certificate.valid_to)},
                           {"checked_at", moment(certificate.checked_at)},
                           {"good", certificate.good()}});
}

json to_record(db::connections::Check const& check)
{
    auto const outcome = json::parse(check.outcome, nullptr, false);
    return without_blanks({{"id", check.id},
                           {"kind", check.kind},
                           {"state", check.state},
                           {"good", check.good},
                           {"stale", check.stale},
                           {"asked_at", moment(check.asked_at)},
                           {"done_at", moment(check.done_at)},
                           {"outcome", outcome.is_object() ? outcome : json()}});
}

json to_record(app::CataloguesState const& state)
{
    auto list = json::array();
    for (auto const& one : state.list)
        list.push_back({{"name", one.catalogue},
                        {"version", one.version},
                        {"absent", one.absent},
                        {"entries", one.entries},
                        {"added", one.added},
                        {"changed", one.changed},
                        {"removed", one.removed},
                        {"changed_at", moment(one.changed_at)},
                        {"checked_at", moment(one.checked_at)}});
    return without_blanks({{"asked_at", moment(state.sync.asked_at)},
                           {"synced_at", moment(state.sync.synced_at)},
                           {"fault", state.sync.fault},
                           {"values_unmatched", state.gaps},
                           {"list", std::move(list)}});
}

/// Without anything that is sealed.
json to_record(app::ConnectionView const& view, Instant now)
{
    auto const& connection = view.connection;
    auto steps = json::array();
    if (!view.configured)
        for (auto const& step : app::steps_of(view, now)) steps.push_back({{"name", step.name}, {"done", step.done}});
    auto certificates = json::array();
    for (auto const* certificate : {&view.current, &view.next, &view.old})
        if (*certificate) certificates.push_back(to_record(**certificate));
    auto checks = json::array();
    for (auto const& check : view.checks) checks.push_back(to_record(check));
    auto const problem = json::parse(connection.problem, nullptr, false);
    return without_blanks({{"target", connection.target},
                           {"title", connection.title},
                           {"adapter", connection.adapter},
                           {"configured", view.configured},
                           {"stage", connection.stage},
                           {"url", connection.url},
                           {"problem", problem.is_object() ? problem.value("key", "") : ""},
                           {"live_since", moment(connection.live_since)},
                           {"steps", std::move(steps)},
                           {"certificates", std::move(certificates)},
                           {"pins", connection.pins},
                           {"catalogues", connection.adapter == "most" ? to_record(view.catalogues) : json()},
                           {"checks", std::move(checks)}});
}

/// A connection concerns the whole installation.
Status check_whole(Principal const& who, Scope scope)
{
    if (who.may(scope, OrganizationId{})) return Done{};
    return forbidden("connection.whole_province");
}

} // namespace

/// GET /api/v1/province/connections
net::awaitable<http::Response> list_connections(Services& services, Request const& request)
{
    auto rows = [who = request.who, now = services.clock.now()](db::Connection& c, Paging const& paging) -> Rows {
        if (auto const whole = check_whole(who, "sync:read"); !whole) return whole.error();
        return rows_of(slice(app::list_connections(c), paging),
                       [now](auto const& view) { return to_record(view, now); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// GET /api/v1/province/connections/{connection}
net::awaitable<http::Response> show_connection(Services& services, Request const& request)
{
    auto work = [who = request.who, now = services.clock.now(),
                 target = std::string{request.param("connection")}](db::Connection& c) -> Result<json> {
        if (auto const whole = check_whole(who, "sync:read"); !whole) return whole.error();
        auto const view = app::find_connection(c, target);
        if (!view) return view.error();
        return to_record(*view, now);
    };
    co_return co_await show(services, request, std::move(work));
}

/// POST /api/v1/province/connections/{connection}/checks: 202, the connector takes it up within a second.
net::awaitable<http::Response> ask_connection_check(Services& services, Request const& request)
{
    auto const kind = read_body(request, [](JsonReader& in) {
        return in.choice("kind", std::span<Choice<std::string_view> const>{check_kinds});
    });
    if (!kind) co_return problem(services, request, kind.error());
    auto work = [who = request.who, actor = actor_of(services, request), kind = std::string{*kind},
                 target = std::string{request.param("connection")}](db::Connection& c) -> Result<Created> {
        if (auto const whole = check_whole(who, "sync:write"); !whole) return whole.error();
        if (auto const asked = app::ask_check(c, actor, target, kind); !asked) return asked.error();
        auto const view = app::find_connection(c, target);
        if (!view) return view.error();
        return Created{"/api/v1/province/connections/" + target, to_record(*view, actor.at), 202};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
