#pragma once

#include "server/app/programme_plans.hpp"

#include <map>
#include <optional>

/// The programme's figures, each with the evidence behind it. One function for screens, API, commands and reports.
namespace nguon::server::app {

/// One thing that stands behind a figure.
struct EvidenceLine {
    std::string key = {};    // "record:ID", "certificate:ID", "batch:ID", "portal:NAME"
    std::string source = {}; // record, or one of programme::sources
    std::string kind = {};
    std::string item = {};
    std::string title = {};
    std::string person = {}; // an expert's name; "" once erased
    std::string org_key = {};
    OrganizationId org = {};
    std::string org_name = {};
    std::string org_kind = {};
    std::string tax_code = {};
    std::string commune_code = {};
    std::string date = {}; // ISO
    std::string valid_to = {};
    double amount = 1;
    bool counted = true; // false: its organization or item stands in an earlier line
    std::vector<db::programme::File> files = {};
};

struct Figure {
    programme::Indicator indicator = {};
    std::optional<double> value = {}; // nothing: of a percentage whose inputs are missing
    programme::Demand demand = {};
    std::optional<double> forecast = {}; // for the end of the range
    std::vector<EvidenceLine> evidence = {};
    std::map<std::string, double> by_year = {};
    std::map<std::string, double> by_item = {};
    programme::Tfp tfp = {}; // of a percentage

    bool met() const { return value && demand.met(*value); }
};

/// How far a task of the plan is.
struct TaskFigure {
    programme::Task task = {};
    std::string status = "open"; // open, going, done, dropped: what the officer said
    std::string note = {};
    std::vector<EvidenceLine> evidence = {}; // that names it, or that its rule counts
};

struct Figures {
    programme::Plan plan = {};
    Date from = {};
    Date to = {};
    Date as_of = {}; // the end of the range, or today while it lasts
    std::vector<Figure> figures = {};
    std::vector<TaskFigure> tasks = {};

    Figure const* find(std::string_view indicator) const;
};

/// Computes every indicator of the plan for a range. Withdrawn evidence does not count, expired evidence not where the
/// rule asks for what holds. Errors: "programme.plan_unknown", invalid "programme.range" when the range is empty or too
/// long.
Result<Figures> indicators(db::Connection& c, std::string const& plan, Date from, Date to, Instant now);

/// The plan's period that contains the day, else its last one; or ?from=&to=. Errors: "date.format".
struct Range {
    Date from = {};
    Date to = {};
};
Result<Range> range_of(programme::Plan const& plan, std::string_view from, std::string_view to, Date today);

} // namespace nguon::server::app
