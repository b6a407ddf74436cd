#include "server/pages/province/sync_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

using namespace std::chrono_literals;
using app::SyncHistory;
using app::SyncHour;

// One unit is a pixel on the narrowest screen.
constexpr double width = 320;
constexpr double left = 50; // of the figures beside the axis
constexpr double top = 8;
constexpr double bottom = 128; // the axis
constexpr double inner = width - left;
constexpr int label_hours = 6;
constexpr double bar_share = 0.72;

std::string number(double value) { return fmt::format("{:.1f}", value); }

std::string hour_text(Instant at)
{
    return fmt::format(
        "{}h", ((std::chrono::floor<std::chrono::hours>(at + vietnam_offset).time_since_epoch()) % 24h).count());
}

/// The next round figure: 1, 2 or 5 with zeros behind it.
std::int64_t round_up(std::int64_t value)
{
    std::int64_t unit = 1;
    while (unit * 10 <= value) unit *= 10;
    for (auto const factor : {1, 2, 5, 10})
        if (unit * factor >= value) return unit * factor;
    return value;
}

double x_of(Instant at, SyncHistory const& history)
{
    auto const begin = history.hours.front().begin;
    auto const share = std::chrono::duration<double>{at - begin} / std::chrono::hours{app::history_hours};
    return left + inner * std::clamp(share, 0.0, 1.0);
}

double y_of(double share) { return bottom - (bottom - top) * std::clamp(share, 0.0, 1.0); }

/// Lines across with their figures, and hours below.
struct Axis {
    json lines = json::array();
    json hours = json::array();
};

json line_at(double share, std::string const& text)
{
    return {{"y", number(y_of(share))}, {"text_y", number(y_of(share) + 4)}, {"text", text}};
}

json hours_of(SyncHistory const& history)
{
    json out = json::array();
    for (std::size_t i = 0; i < history.hours.size(); i += label_hours) {
        auto const at = history.hours[i].begin;
        out.push_back({{"x", number(x_of(at, history))}, {"text", hour_text(at)}});
    }
    return out;
}

json count_lines(Request const& request, std::int64_t most)
{
    json out = json::array({line_at(0, "0"), line_at(1, show_count(request, most))});
    if (most % 2 == 0) out.push_back(line_at(0.5, show_count(request, most / 2)));
    return out;
}

json delivered_chart(Services const& services, Request const& request, SyncHistory const& history)
{
    auto const say = words(services, request);
    std::int64_t total = 0;
    std::int64_t most = 1;
    for (auto const& hour : history.hours) {
        total += hour.delivered;
        most = std::max(most, hour.delivered);
    }
    most = round_up(most);
    json bars = json::array();
    auto const step = inner / app::history_hours;
    for (auto const& hour : history.hours) {
        if (hour.delivered == 0) continue;
        auto const y = y_of(static_cast<double>(hour.delivered) / static_cast<double>(most));
        bars.push_back({{"x", number(x_of(hour.begin, history) + step * (1 - bar_share) / 2)},
                        {"y", number(y)},
                        {"width", number(step * bar_share)},
                        {"height", number(std::max(bottom - y, 1.0))}});
    }
    return {{"title", say("province.sync.chart.delivered")},
            {"text", say("province.sync.chart.delivered_text", {show_count(request, total)})},
            {"bars", std::move(bars)},
            {"lines", count_lines(request, most)},
            {"hours", hours_of(history)}};
}

json backlog_chart(Services const& services, Request const& request, SyncHistory const& history, Instant now)
{
    auto const say = words(services, request);
    std::int64_t most = 1;
    for (auto const& sample : history.backlog) most = std::max(most, sample.waiting);
    auto const peak = most;
    most = round_up(most);
    std::string points;
    for (auto const& sample : history.backlog)
        points += fmt::format("{},{} ", number(x_of(sample.at, history)),
                              number(y_of(static_cast<double>(sample.waiting) / static_cast<double>(most))));
    auto const& last = history.backlog.back();
    auto const area = fmt::format("{},{} {}{},{}", number(x_of(history.backlog.front().at, history)), number(bottom),
                                  points, number(x_of(last.at, history)), number(bottom));
    std::string forecast;
    if (history.empty_at)
        forecast = *history.empty_at - now < std::chrono::days{1}
                       ? say("province.sync.chart.empty_at", {show_clock(*history.empty_at).substr(0, 5)})
                       : say("province.sync.chart.empty_at", {show_moment(request, *history.empty_at)});
    else if (history.growing)
        forecast = say("province.sync.chart.growing");
    return {{"title", say("province.sync.chart.backlog")},
            {"text",
             say("province.sync.chart.backlog_text",
                 {show_count(request, last.waiting), show_count(request, last.waiting == 0 && peak == 1 ? 0 : peak)})},
            {"forecast", forecast},
            {"area", area},
            {"points", points},
            {"lines", count_lines(request, most)},
            {"hours", hours_of(history)}};
}

/// Times on an axis where each step is many times the one before.
struct Step {
    std::chrono::microseconds time;
    std::string_view unit;
    std::int64_t count;
};
constexpr std::array steps{Step{1s, "seconds", 1},     Step{10s, "seconds", 10}, Step{1min, "minutes", 1},
                           Step{10min, "minutes", 10}, Step{1h, "hours", 1},     Step{10h, "hours", 10},
                           Step{100h, "days", 4}};

double share_of(std::chrono::microseconds time, std::chrono::microseconds most)
{
    auto const least = steps.front().time;
    if (time <= least) return 0;
    auto const log_of = [](std::chrono::microseconds one) { return std::log(static_cast<double>(one.count())); };
    return (log_of(time) - log_of(least)) / (log_of(most) - log_of(least));
}

constexpr std::array<int, 3> percents{50, 95, 99};

std::string lag_text(Services const& services, Request const& request, std::chrono::microseconds lag)
{
    if (lag < 1s) return text(services, request, "province.time.under_second");
    return show_duration(services, request, lag);
}

json lag_chart(Services const& services, Request const& request, SyncHistory const& history)
{
    auto const say = words(services, request);
    db::sync_samples::Lags day;
    std::chrono::microseconds slowest{0};
    for (auto const& hour : history.hours) {
        day.add(hour.lags);
        slowest = std::max(slowest, hour.lags.percentile(percents.back()));
    }
    if (day.records() == 0) return nullptr;
    auto const last = std::ranges::find_if(steps.begin() + 1, steps.end() - 1,
                                           [&](Step const& step) { return step.time >= slowest; });
    json lines = json::array();
    for (auto step = steps.begin(); step <= last; ++step)
        lines.push_back(line_at(share_of(step->time, last->time),
                                say(fmt::format("province.time.short.{}", step->unit), {std::to_string(step->count)})));
    json series = json::array();
    for (auto const percent : percents) {
        std::string points;
        json dots = json::array();
        for (auto const& hour : history.hours) {
            if (hour.lags.records() == 0) continue;
            auto const x = number(x_of(hour.begin + 30min, history));
            auto const y = number(y_of(share_of(hour.lags.percentile(percent), last->time)));
            points += x + "," + y + " ";
            dots.push_back({{"x", x}, {"y", y}});
        }
        series.push_back({{"name", fmt::format("p{}", percent)}, {"points", points}, {"dots", std::move(dots)}});
    }
    auto const shown = [&](int percent) { return lag_text(services, request, day.percentile(percent)); };
    return {{"title", say("province.sync.chart.lag")},
            {"text", say("province.sync.chart.lag_text", {shown(percents[0]), shown(percents[1]), shown(percents[2]),
                                                          show_count(request, day.records())})},
            {"series", std::move(series)},
            {"lines", std::move(lines)},
            {"hours", hours_of(history)}};
}

json table_of(Services const& services, Request const& request, SyncHistory const& history)
{
    json out = json::array();
    for (auto hour = history.hours.rbegin(); hour != history.hours.rend(); ++hour) {
        if (!hour->known) continue;
        json lags = json::array();
        for (auto const percent : percents)
            lags.push_back(hour->lags.records() == 0 ? std::string{"–"}
                                                     : lag_text(services, request, hour->lags.percentile(percent)));
        out.push_back({{"hour", show_moment(request, hour->begin)},
                       {"delivered", show_count(request, hour->delivered)},
                       {"waiting", show_count(request, hour->waiting)},
                       {"p50", lags[0]},
                       {"p95", lags[1]},
                       {"p99", lags[2]}});
    }
    return out;
}

} // namespace

json charts_of(Services const& services, Request const& request, std::vector<db::sync_samples::Sample> const& samples,
               std::size_t place, Instant now)
{
    if (samples.size() < 2) return nullptr;
    auto const history = app::sync_history(samples, now);
    if (history.backlog.empty()) return nullptr;
    json out{{"place", std::to_string(place)},
             {"delivered", delivered_chart(services, request, history)},
             {"backlog", backlog_chart(services, request, history, now)},
             {"table", table_of(services, request, history)}};
    if (auto lag = lag_chart(services, request, history); !lag.is_null()) out["lag"] = std::move(lag);
    return out;
}

} // namespace nguon::server::pages::province
