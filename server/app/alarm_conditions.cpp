#include "server/app/alarm_conditions.hpp"

#include "db/delivery_log.hpp"
#include "db/leases.hpp"
#include "db/reconciliations.hpp"
#include "server/app/programme_plans.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::alarms::Severity;
using nlohmann::json;

constexpr auto waiting_warn = 5min;
constexpr auto waiting_high = 30min;
constexpr auto waiting_critical = 4h;
constexpr auto stopped_critical = 4h;
constexpr auto unsigned_high = 15min;
constexpr auto silent_high = 2min;
constexpr auto unwitnessed_high = 15min;
constexpr auto skew_high = 60s;
constexpr auto refused_window = 1h;
constexpr auto disk_silent_max = 5min; // then its server is taken to have ended
constexpr std::int64_t refused_many = 10;
constexpr std::int64_t channel_tries = 3;
constexpr std::string_view connector_lease = "connector";

/// Days that are left, and how bad that is; each begins a step of its own.
struct CertificateStage {
    int days;
    Severity severity;
};
constexpr std::array certificate_stages{
    CertificateStage{60, Severity::warn},    CertificateStage{30, Severity::warn},
    CertificateStage{14, Severity::high},    CertificateStage{7, Severity::high},
    CertificateStage{3, Severity::critical}, CertificateStage{1, Severity::critical}};

std::string iso(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

bool is_connected(TargetStatus const& status)
{
    return status.state != "off" && !status.seen.state.empty() && status.seen.state != "off";
}

/// Since when this trouble stands; `now` when it is new.
Instant since(Readings const& readings, std::string_view kind, std::string_view subject)
{
    for (auto const& alarm : readings.open)
        if (alarm.kind == kind && alarm.subject == subject && !alarm.cleared_at) return alarm.since;
    return readings.now;
}

void add_waiting(Readings const& readings, TargetStatus const& status, std::vector<Condition>& out)
{
    if (!status.oldest_waiting) return;
    auto const age = readings.now - *status.oldest_waiting;
    // Somebody stopped it on purpose: that is said once it may have been forgotten.
    if (age <= (readings.paused ? waiting_critical : std::chrono::minutes{waiting_warn})) return;
    Condition one{"waiting", status.target};
    if (age > waiting_high) one.severity = Severity::high;
    if (age > waiting_critical && !readings.paused) one.severity = Severity::critical;
    one.detail = {{"count", status.conservation.counts.pending + status.conservation.counts.in_flight},
                  {"at", iso(*status.oldest_waiting)}};
    out.push_back(std::move(one));
}

void add_stopped(Readings const& readings, TargetStatus const& status, std::vector<Condition>& out)
{
    auto const& state = status.seen.state;
    if (!state.starts_with("stopped_")) return;
    Condition one{state, status.target, Severity::high};
    bool const long_ago = readings.now - since(readings, state, status.target) > stopped_critical;
    if (state == "stopped_security" || long_ago) one.severity = Severity::critical;
    one.detail = {{"count", status.conservation.counts.pending}, {"text", status.seen.detail}};
    out.push_back(std::move(one));
}

void add_conservation(TargetStatus const& status, std::vector<Condition>& out)
{
    auto const& law = status.conservation;
    if (law.holds()) return;
    Condition one{"conservation", status.target, Severity::critical};
    one.detail = {{"count", std::abs(law.created - law.counts.total()) + law.without_receipt}};
    out.push_back(std::move(one));
}

void add_refused(TargetReading const& target, std::vector<Condition>& out)
{
    if (target.stopped.suspects > 0) {
        Condition one{"suspect", target.status.target, Severity::high};
        one.detail = {{"count", target.stopped.suspects}};
        out.push_back(std::move(one));
    }
    if (target.stopped.refused_lately >= refused_many) {
        Condition one{"refused", target.status.target, Severity::warn};
        one.detail = {{"count", target.stopped.refused_lately}};
        out.push_back(std::move(one));
    }
}

void add_differences(TargetReading const& target, std::vector<Condition>& out)
{
    if (target.differences == 0) return;
    Condition one{"differences", target.status.target};
    one.detail = {{"count", target.differences}};
    out.push_back(std::move(one));
}

void add_skew(TargetStatus const& status, std::vector<Condition>& out)
{
    if (!status.seen.skew || std::chrono::abs(*status.seen.skew) <= skew_warn) return;
    Condition one{"skew", status.target};
    if (std::chrono::abs(*status.seen.skew) > skew_high) one.severity = Severity::high;
    one.detail = {{"count", std::chrono::abs(*status.seen.skew).count()}};
    out.push_back(std::move(one));
}

void add_certificate(std::string const& kind, Readings const& readings, std::string const& target,
                     std::optional<Instant> const& ends, std::vector<Condition>& out)
{
    if (!ends) return;
    Condition one{kind, target};
    one.repeat_after.reset(); // each stage is told once
    for (auto const& stage : certificate_stages) {
        if (*ends - readings.now > std::chrono::days{stage.days}) break;
        ++one.step;
        one.severity = stage.severity;
    }
    if (one.step == 0) return;
    auto const left = days_between(vietnam_date(readings.now), vietnam_date(*ends)); // as the other pages count
    one.detail = {{"count", std::max(left, 0)}, {"at", iso(*ends)}};
    if (*ends <= readings.now) {
        ++one.step;
        one.repeat_after = 1h;
        one.detail["expired"] = true;
    }
    out.push_back(std::move(one));
}

void add_disk(db::server_disks::ServerDisk const& disk, std::vector<Condition>& out)
{
    auto const level = level_of(disk.space);
    if (level == DiskLevel::plenty) return;
    Condition one{"disk", disk.server};
    if (level == DiskLevel::scarce) one.severity = Severity::high;
    if (level == DiskLevel::full) one.severity = Severity::critical;
    constexpr double percent = 100;
    one.detail = {{"count", static_cast<std::int64_t>(disk.space.free_ratio() * percent)}};
    out.push_back(std::move(one));
}

void add_connector(Readings const& readings, std::vector<Condition>& out)
{
    bool const connected =
        std::ranges::any_of(readings.targets, [](auto const& target) { return is_connected(target.status); });
    if (!connected) return;
    auto const stands_still = [&](std::optional<Instant> const& from, std::chrono::minutes longest) {
        return from && readings.now - std::max(*from, readings.watched_since) > longest;
    };
    if (stands_still(readings.connector_until, silent_high)) {
        Condition one{"connector", "", Severity::high};
        one.detail = {{"at", iso(*readings.connector_until)}};
        out.push_back(std::move(one));
    }
    if (stands_still(readings.unwitnessed_since, unwitnessed_high)) {
        Condition one{"unwitnessed", "", Severity::high};
        one.detail = {{"at", iso(*readings.unwitnessed_since)}};
        out.push_back(std::move(one));
    }
    if (stands_still(readings.log_unsigned_since, unsigned_high)) {
        Condition one{"log_unsigned", "", Severity::high};
        one.detail = {{"at", iso(*readings.log_unsigned_since)}};
        out.push_back(std::move(one));
    }
}

/// From 1 October to the day, louder as it comes nearer, and on until the figures are frozen or the year ends.
void add_report(Readings const& readings, ReportDue const& report, std::vector<Condition>& out)
{
    auto const left = days_between(vietnam_date(readings.now), report.due);
    Condition one{"report_due", report.plan};
    one.repeat_after.reset(); // each stage is told once
    one.step = 1;
    for (auto const& stage : certificate_stages) {
        if (left > stage.days) break;
        ++one.step;
        one.severity = stage.severity;
    }
    one.detail = {{"count", std::max(left, 0)}, {"at", iso(start_of_day(report.due))}, {"text", report.number}};
    if (left < 0) {
        ++one.step;
        one.detail["expired"] = true;
    }
    out.push_back(std::move(one));
}

void add_channels(Readings const& readings, std::vector<Condition>& out)
{
    for (auto const& [name, state] : readings.channels) {
        if (state.tries < channel_tries) continue;
        Condition one{"channel", name};
        one.detail = {{"count", state.waiting}, {"text", state.fault}};
        out.push_back(std::move(one));
    }
}

} // namespace

std::vector<ReportDue> reports_due(db::Connection& c, Instant now)
{
    std::vector<ReportDue> out;
    auto const today = vietnam_date(now);
    Date const first{today.year() / 10 / 1};
    if (today < first) return out;
    for (auto const& plan : list_plans(c)) {
        auto const due = plan.report_due(static_cast<int>(today.year()));
        if (!due || plan.period_of(today) == nullptr) continue;
        auto const frozen = db::programme::snapshots(c, plan.id);
        bool const sent = std::ranges::any_of(
            frozen, [&](auto const& each) { return each.made_at >= start_of_day(first) && each.to >= to_iso(first); });
        if (!sent) out.push_back({plan.id, plan.number, *due});
    }
    return out;
}

Readings read_trouble(db::Connection& c, Instant now)
{
    Readings out;
    out.now = now;
    auto status = sync_status(c, now);
    out.paused = status.paused;
    for (auto& target : status.targets) {
        if (!is_connected(target)) continue;
        auto const stopped = db::sync_desk::stopped(c, target.target, now - refused_window);
        auto const differences = db::reconciliations::count_open(c, target.target);
        out.targets.push_back({std::move(target), stopped, differences});
    }
    out.log_unsigned_since = db::delivery_log::unsigned_since(c);
    out.unwitnessed_since = db::delivery_log::unwitnessed_since(c);
    if (auto const lease = db::leases::find(c, std::string{connector_lease})) out.connector_until = lease->expires_at;
    out.disks = db::server_disks::list(c, now - disk_silent_max);
    out.reports = reports_due(c, now);
    out.open = db::alarms::unsettled(c);
    return out;
}

namespace {

/// How people know the portal, for the sentences of its alarms; they stay as they were when the alarm was told.
nlohmann::json label_of(TargetStatus const& status)
{
    return {{"title", status.label.title}, {"adapter", status.label.adapter}, {"several", !status.label.alone}};
}

} // namespace

std::vector<Condition> conditions_of(Readings const& readings)
{
    std::vector<Condition> out;
    for (auto const& target : readings.targets) {
        auto const& status = target.status;
        if (!is_connected(status)) continue;
        auto const begin = out.size();
        add_conservation(status, out);
        add_stopped(readings, status, out);
        add_waiting(readings, status, out);
        add_refused(target, out);
        add_differences(target, out);
        add_skew(status, out);
        add_certificate("certificate", readings, status.target, status.seen.certificate_expires_at, out);
        add_certificate("portal_certificate", readings, status.target, status.seen.portal_certificate_expires_at, out);
        for (auto i = begin; i < out.size(); ++i) out[i].detail.update(label_of(status));
    }
    add_connector(readings, out);
    for (auto const& disk : readings.disks) add_disk(disk, out);
    for (auto const& report : readings.reports) add_report(readings, report, out);
    add_channels(readings, out);
    return out;
}

} // namespace nguon::server::app
