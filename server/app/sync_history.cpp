#include "server/app/sync_history.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::sync_samples::Sample;

constexpr auto trend_time = 20min;       // what the forecast looks back on
constexpr auto trend_time_least = 3min;  // less says nothing
constexpr std::int64_t trend_least = 10; // records; a few more or less are no trend
constexpr auto forecast_longest = std::chrono::hours{24 * 7};
constexpr auto slot = 10min;

Instant hour_of(Instant at) { return std::chrono::floor<std::chrono::hours>(at); }

/// Where the backlog goes, by a straight line from the oldest to the newest of the last minutes.
void add_forecast(std::vector<Sample> const& samples, Instant now, SyncHistory& out)
{
    if (samples.empty() || samples.back().waiting == 0) return;
    auto const& last = samples.back();
    auto const first = std::ranges::find_if(samples, [&](auto const& one) { return one.at >= last.at - trend_time; });
    auto const time = last.at - first->at;
    if (time < trend_time_least || now - last.at > trend_time) return;
    auto const gone = first->waiting - last.waiting;
    out.growing = gone <= -trend_least;
    if (gone < trend_least) return;
    constexpr double none = 0;
    auto const ratio = static_cast<double>(last.waiting) / static_cast<double>(gone);
    auto const left = std::chrono::duration<double, std::micro>{time} * std::max(ratio, none);
    if (left > forecast_longest) return;
    out.empty_at = last.at + std::chrono::duration_cast<std::chrono::microseconds>(left);
}

} // namespace

SyncHistory sync_history(std::vector<Sample> const& samples, Instant now)
{
    SyncHistory out;
    auto const first_hour = hour_of(now) - std::chrono::hours{history_hours - 1};
    for (int i = 0; i < history_hours; ++i) out.hours.push_back({first_hour + std::chrono::hours{i}});
    for (auto const& sample : samples) {
        auto const place = (hour_of(sample.at) - first_hour) / 1h;
        if (place < 0 || place >= history_hours) continue;
        auto& hour = out.hours[static_cast<std::size_t>(place)];
        hour.known = true;
        hour.delivered += sample.delivered;
        hour.waiting = sample.waiting;
        hour.lags.add(sample.lags);
        bool const same_slot = !out.backlog.empty() &&
                               out.backlog.back().at.time_since_epoch() / slot == sample.at.time_since_epoch() / slot;
        if (!same_slot)
            out.backlog.push_back(sample);
        else if (sample.waiting >= out.backlog.back().waiting)
            out.backlog.back() = sample;
    }
    if (!out.backlog.empty() && out.backlog.back().at != samples.back().at) out.backlog.push_back(samples.back());
    add_forecast(samples, now, out);
    return out;
}

} // namespace nguon::server::app
