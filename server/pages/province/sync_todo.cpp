#include "server/pages/province/sync_todo.hpp"

#include "server/app/alarms.hpp"
#include "server/app/notice_text.hpp"
#include "server/pages/province/connect_view.hpp"

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

void add_alarms(Services const& services, Request const& request, json& out)
{
    if (services.alarms == nullptr) return;
    auto const alarms = services.alarms->get();
    for (auto const& alarm : *alarms) {
        if (alarm.acknowledged_at) continue;
        auto const words = app::alarm_text(services.locale, request.language, alarm);
        auto const by = fmt::format("sync.todo.by.{}", db::alarms::to_text(alarm.severity));
        out.push_back({{"what", words.title},
                       {"who", words.who},
                       {"by", text(services, request, by)},
                       {"url", "/province/alarms"}});
    }
}

/// One line for what stands in a state at a portal.
void add_state(Services const& services, Request const& request, json& out, app::TargetStatus const& target,
               std::string_view state, std::int64_t count)
{
    if (count == 0) return;
    auto const say = words(services, request);
    out.push_back({{"what", say(fmt::format("sync.todo.{}", state),
                                {show_count(request, count), target_name(services, request, target.target)})},
                   {"who", say(fmt::format("sync.todo.{}.who", state))},
                   {"by", say(fmt::format("sync.todo.{}.by", state))},
                   {"url", make_url("/province/sync/records", {{"target", target.target}, {"state", state}})}});
}

} // namespace

void add(SyncSums& sums, db::deliveries::Counts const& counts)
{
    sums.delivered += counts.delivered;
    sums.waiting += counts.pending + counts.in_flight;
    sums.stopped += counts.refused + counts.parked;
}

json todo_view(Services const& services, Request const& request, app::SyncStatus const& status, std::int64_t findings)
{
    auto const say = words(services, request);
    json out = json::array();
    add_alarms(services, request, out);
    if (status.paused)
        out.push_back({{"what", say("sync.todo.paused")},
                       {"who", say("sync.todo.paused.who")},
                       {"by", say("sync.todo.paused.by")},
                       {"url", "#pause"}});
    if (findings > 0)
        out.push_back({{"what", say("sync.todo.findings", {show_count(request, findings)})},
                       {"who", say("sync.todo.findings.who")},
                       {"by", say("sync.todo.findings.by")},
                       {"url", "/province/sync/reconcile"}});
    for (auto const& target : status.targets) {
        auto const& counts = target.conservation.counts;
        add_state(services, request, out, target, "refused", counts.refused);
        add_state(services, request, out, target, "parked", counts.parked);
        add_state(services, request, out, target, "held", counts.held);
        if (target.catalogue_gaps > 0)
            out.push_back({{"what", say("sync.todo.gaps", {show_count(request, target.catalogue_gaps),
                                                           target_name(services, request, target.target)})},
                           {"who", say("sync.todo.gaps.who")},
                           {"by", say("sync.todo.gaps.by")},
                           {"url", connection_url(target.target) + "/catalogues"}});
    }
    return out;
}

} // namespace nguon::server::pages::province
