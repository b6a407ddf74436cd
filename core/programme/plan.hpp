#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A province's productivity-and-quality plan as data: what it promises, what is counted for it and how.
namespace nguon::programme {

/// What evidence can be recorded of.
inline constexpr std::array<std::string_view, 17> record_kinds{
    "support",         // an organization was supported on an item
    "applied",         // an organization applies a system, tool or standard
    "certificate",     // an organization, product or system was certified
    "training",        // a course or class that was held
    "attendance",      // people of one organization at a course; amount: how many
    "expert",          // a person with a certificate (TCVN 13751)
    "model",           // an organization that is a model of joint adoption
    "award",           // item: entered, won, gold
    "benchmark",       // an entry of the benchmarking and good-practice database
    "spending",        // amount: VND
    "laboratory",      // a test laboratory (VILAS)
    "conformity_body", // a body that assesses conformity
    "media",           // a broadcast, an article
    "conference",      // a conference or workshop
    "document",        // a document that was issued
    "system",          // a traceability system or connection that was put to use
    "factor",          // item: grdp, capital, labour, beta; amount: its value in the year
};

/// What Nguồn knows by itself.
inline constexpr std::array<std::string_view, 4> sources{
    "certificates", // papers that firms registered here
    "traceability", // firms with activated batches whose journey is complete
    "ocop",         // OCOP products within 36 months
    "portal",       // portals that signed for records of ours
};

/// organization: by tax code, once each; organization_item: each item of each organization once; attendance and money:
/// sum of amounts; count: every record; state: one, however much proves it; percent: the TFP share.
inline constexpr std::array<std::string_view, 7> units{
    "organization", "organization_item", "attendance", "money", "count", "state", "percent"};

struct Period {
    std::string id = {}; // "2021-2025"
    Date from = {};
    Date to = {};
};

/// Which evidence counts. Empty lists of items and certificate kinds: all.
struct Rule {
    std::vector<std::string> kinds = {};             // record_kinds
    std::vector<std::string> items = {};             // items of the plan
    std::vector<std::string> sources = {};           // sources
    std::vector<std::string> certificate_kinds = {}; // core/model/certificate, of the source "certificates"
    bool valid = false;                              // counts what holds at the end of the range, not what began in it
    bool last_year = false;                          // of a percentage: the last year of the range instead of all
};

/// What a period demands. A bound that is computed from another period names it in `over`.
struct Target {
    std::string period = {};
    bool each_year = false;
    std::optional<double> at_least = {};
    std::optional<double> up_to = {};   // "5–10": at_least 5, up_to 10
    std::optional<double> above = {};   // more than
    std::optional<double> at_most = {}; // money
    std::string over = {};              // another period's bound …
    int percent = 0;                    // … and so many percent more
    std::optional<double> base = {};    // so many in `base_years` years before; grows each year
    int base_years = 1;
    int grow_low = 0; // percent a year
    int grow_high = 0;
};

struct Indicator {
    std::string id = {};
    std::string statement = {}; // id of the statement that it answers
    std::string name = {};
    std::string unit = {};
    std::string unit_text = {}; // "doanh nghiệp", "lớp"
    Rule rule = {};
    std::vector<Target> targets = {};
    std::string note = {};
};

/// One sentence of the plan: `computed` by an indicator, `recorded` as a task or evidence, or `out_of_scope`.
struct Statement {
    std::string id = {};
    std::string text = {};
    std::string handling = {};
    std::string reason = {}; // of out_of_scope; else how
};

struct Task {
    std::string id = {};
    std::string content = {};
    std::string time = {};
    std::string lead = {};
    std::vector<std::string> supporting = {};
    std::optional<Rule> rule = {}; // what of the evidence is its result
};

struct Item {
    std::string id = {};
    std::string name = {};
    bool needs = false; // organizations may register a need for it
};

struct Commune {
    std::string code = {};
    std::string kind = {};
    std::string name = {};
};

struct Plan {
    std::string id = {};
    std::string title = {};
    std::string number = {}; // "3319/KH-UBND"
    std::vector<std::string> legal_basis = {};
    std::string province = {};          // two digits, of today
    std::string former_province = {};   // whose plan it was, where the successor carries it on
    std::vector<Commune> communes = {}; // the plan's old area; none: the whole province
    std::string superior = {};          // head of the report
    std::string agency = {};
    std::string place = {};  // "Lai Châu"
    std::string symbol = {}; // "BC-SKHCN"
    std::vector<std::string> receivers = {};
    std::string report_day = {}; // "11-30": each year
    std::vector<Period> periods = {};
    std::vector<Item> items = {};
    bool once_only = false;   // an organization is supported on each item once
    bool small_first = false; // households, cooperatives and OCOP products come first among the needs
    std::vector<Statement> statements = {};
    std::vector<Indicator> indicators = {};
    std::vector<Task> tasks = {};
    std::string tfp_source = {}; // where the formula is from

    Period const* period_of(Date day) const;
    Period const* period(std::string_view period_id) const;
    Item const* item(std::string_view item_id) const;
    Indicator const* indicator(std::string_view indicator_id) const;
    Task const* task(std::string_view task_id) const;
    /// True when the commune lies in the plan's area.
    bool covers(std::string_view commune_code) const;
    /// The day in that year on which the report is due; nothing when the plan has none.
    std::optional<Date> report_due(int year) const;
    /// "Kế hoạch số 3319/KH-UBND", as papers call it; a number that is words already stays as it is.
    std::string formal_name() const;
};

/// Reads a plan's file. Every fault is reported at once, each with its JSON pointer. Errors: those of parse_json and of
/// JsonReader, "plan.too_large", "plan.duplicate" {id}, "plan.unknown_reference" {id}, "plan.period", "plan.day",
/// "plan.bound", "plan.reason".
Result<Plan> read_plan(std::string_view text);

/// What one range demands of an indicator: bounds, and how they come about.
struct Demand {
    std::optional<double> at_least = {};
    std::optional<double> up_to = {};
    std::optional<double> above = {};
    std::optional<double> at_most = {};

    bool empty() const { return !at_least && !above && !at_most; }
    bool met(double value) const;
};

/// Nothing when the plan names none for it. A range of some years sums the demands of each year, a range within a
/// period keeps the period's.
Demand demand_of(Plan const& plan, Indicator const& indicator, Date from, Date to);

/// One year of the figures that a TFP share is made of. `beta`: share of capital in output, 0 to 1.
struct FactorYear {
    int year = 0;
    double grdp = 0;
    double capital = 0;
    double labour = 0;
    double beta = 0;
};

/// How much of the growth of GRDP is due to total factor productivity.
struct TfpYear {
    int year = 0;
    double grdp_growth = 0; // percent
    double capital_growth = 0;
    double labour_growth = 0;
    double beta = 0;
    double tfp_growth = 0;
};
struct Tfp {
    std::vector<TfpYear> years = {};
    std::optional<double> share = {}; // percent; nothing without two successive years, or without growth
};

/// g(TFP) = g(GRDP) − [β·g(K) + (1 − β)·g(L)]; share = Σ g(TFP) / Σ g(GRDP) × 100, over the years from `first` to
/// `last`.
Tfp tfp_share(std::vector<FactorYear> factors, int first, int last);

} // namespace nguon::programme
