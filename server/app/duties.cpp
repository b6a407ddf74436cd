#include "server/app/duties.hpp"

#include "core/gs1/printed_code.hpp"
#include "db/inspections.hpp"
#include "db/province_desk.hpp"
#include "db/recalls.hpp"
#include "db/requests.hpp"
#include "server/app/alarm_conditions.hpp"
#include "server/app/approvals.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

/// A day is over when the next one begins.
Instant end_of(std::string const& day)
{
    auto const date = parse_date(day);
    return date ? start_of_day(*date) + std::chrono::days{1} : Instant::max();
}

void add_recalls(db::Connection& c, Principal const& who, std::int64_t count, std::vector<Duty>& out)
{
    for (auto const& line : db::recalls::list(c, who.areas("recall:write"), "", "draft", 0, count))
        out.push_back({"recall", line.id, line.number + " · " + line.title, line.created_at, true});
}

void add_complaints(db::Connection& c, Principal const& who, Instant now, std::int64_t count, std::vector<Duty>& out)
{
    for (auto const& line : db::province_desk::complaint_lines(c, who.areas("complaint:read"), "open", now, 0, count))
        out.push_back({"complaint", line.code, line.org_name.empty() ? gs1::to_grouped_code(line.code) : line.org_name,
                       line.due_at(), false});
}

void add_requests(db::Connection& c, Principal const& who, std::int64_t count, std::vector<Duty>& out)
{
    for (auto const& line : db::requests::data(c, 0, count))
        if (!line.made_at && organization_within(c, who, "inspection:read", line.org))
            out.push_back({"data_request", {}, line.org_name + " · " + line.lot, line.due_at, false});
    if (!who.may("person:read", OrganizationId{})) return;
    for (auto const& line : db::requests::personal(c, 0, count))
        if (!line.answered_at)
            out.push_back({"personal_request", line.code, gs1::to_grouped_code(line.code), line.due_at, false});
}

void add_inspections(db::Connection& c, Principal const& who, std::int64_t count, std::vector<Duty>& out)
{
    auto const areas = who.areas("inspection:read");
    for (auto const& line : db::inspections::list(c, areas, "planned", 0, count))
        out.push_back({"inspection", line.id, line.org_name, end_of(line.planned_on), false});
    for (auto const& line : db::inspections::list(c, areas, "actions", 0, count))
        out.push_back({"correction", line.id, line.org_name, end_of(line.next_due_on), false});
}

void add_reports(db::Connection& c, Principal const& who, Instant now, std::vector<Duty>& out)
{
    if (!who.areas("report:read").empty()) return; // figures are the whole province's
    for (auto const& report : reports_due(c, now))
        out.push_back({"report", report.plan, report.number, end_of(to_iso(report.due)), false});
}

} // namespace

std::vector<Duty> next_duties(db::Connection& c, Principal const& who, Instant now, std::size_t count)
{
    auto const each = static_cast<std::int64_t>(count);
    std::vector<Duty> out;
    if (who.may("recall:write")) add_recalls(c, who, each, out);
    if (who.may("complaint:read")) add_complaints(c, who, now, each, out);
    if (who.may("inspection:read")) {
        add_requests(c, who, each, out);
        add_inspections(c, who, each, out);
    }
    if (who.may("report:read")) add_reports(c, who, now, out);
    std::ranges::stable_sort(out, {}, [](Duty const& duty) { return std::pair{!duty.waits_for_us, duty.due_at}; });
    if (out.size() > count) out.resize(count);
    return out;
}

} // namespace nguon::server::app
