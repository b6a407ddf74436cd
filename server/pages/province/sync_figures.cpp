#include "server/pages/province/sync_figures.hpp"

#include "server/pages/province/sync_todo.hpp"

#include <fmt/format.h>

namespace nguon::server::pages::province {

std::vector<std::pair<std::string_view, std::int64_t>> counts_in_order(db::deliveries::Counts const& counts)
{
    return {{"delivered", counts.delivered},   {"pending", counts.pending},
            {"in_flight", counts.in_flight},   {"held", counts.held},
            {"refused", counts.refused},       {"parked", counts.parked},
            {"superseded", counts.superseded}, {"excluded", counts.excluded}};
}

std::string oldest_text(Services const& services, Request const& request, std::optional<Instant> const& oldest,
                        db::deliveries::Counts const& counts)
{
    if (oldest) return show_duration(services, request, services.clock.now() - *oldest);
    if (counts.pending > 0)
        return text(services, request, "province.sync.waits_for_others", {show_count(request, counts.pending)});
    return text(services, request, "province.sync.nothing_waits");
}

json live_texts(Services const& services, Request const& request, app::SyncFigures const& figures)
{
    json out = json::object();
    auto const put_chip = [&](std::string const& name, std::string_view state) {
        auto const chip = sync_chip(services, request, state);
        out[name] = chip["text"];
        out[name + "/icon"] = chip["icon"];
        out[name + "/tone"] = chip["tone"];
    };
    put_chip("status", figures.worst());
    SyncSums sums;
    for (auto const& target : figures.targets) add(sums, target.counts);
    out["delivered"] = show_count(request, sums.delivered);
    out["waiting"] = show_count(request, sums.waiting);
    out["stopped"] = show_count(request, sums.stopped);
    for (std::size_t i = 0; i < figures.targets.size(); ++i) {
        auto const& target = figures.targets[i];
        auto const name = [&](std::string_view part) { return fmt::format("{}/{}", i, part); };
        put_chip(name("status"), target.state);
        auto const* action = services.locale.find(request.language, "sync.action." + target.state);
        out[name("action")] = action == nullptr ? "" : *action;
        for (auto const& [state, count] : counts_in_order(target.counts))
            out[name(state)] = count == 0 ? "" : show_count(request, count);
        out[name("oldest")] = oldest_text(services, request, target.oldest_waiting, target.counts);
        out[name("succeeded")] = target.succeeded_at ? show_moment(request, *target.succeeded_at)
                                                     : text(services, request, "province.sync.never");
    }
    out["at"] = text(services, request, "province.sync.live_at", {show_clock(services.clock.now())});
    return out;
}

} // namespace nguon::server::pages::province
