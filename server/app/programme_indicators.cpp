#include "server/app/programme_indicators.hpp"

#include "core/limits/programme.hpp"
#include "core/model/certificate.hpp"
#include "db/people.hpp"
#include "server/app/check_batch.hpp"
#include "server/app/programme_records.hpp"

#include <algorithm>
#include <set>

namespace nguon::server::app {
namespace {

constexpr int ocop_months = 36;  // Decision 148/QĐ-TTg
constexpr int batches_tried = 3; // of one firm, the newest: one that is complete is enough

bool holds(std::vector<std::string> const& list, std::string_view word)
{
    return std::ranges::find(list, word) != list.end();
}

/// Everything that may count, read once for all indicators.
class Evidence {
public:
    Evidence(db::Connection& c, programme::Plan const& plan, Date from, Date to, Date as_of);

    std::vector<EvidenceLine> of(programme::Rule const& rule) const;
    std::vector<EvidenceLine> of_task(programme::Task const& task) const;
    std::vector<programme::FactorYear> factors() const;

private:
    void read_records(db::Connection& c);
    void read_papers(db::Connection& c);
    void read_batches(db::Connection& c);
    void read_portals(db::Connection& c);
    EvidenceLine party_line(db::programme::Party const& party) const;
    bool within(EvidenceLine const& line) const { return line.date >= from_ && line.date <= to_; }
    bool holding(EvidenceLine const& line) const
    {
        return line.date <= as_of_ && (line.valid_to.empty() || line.valid_to >= as_of_);
    }
    bool counts(programme::Rule const& rule, EvidenceLine const& line) const;

    programme::Plan const& plan_;
    Date from_day_;
    Date to_day_;
    std::string from_; // ISO, which sorts as days do
    std::string to_;
    std::string as_of_;
    std::vector<EvidenceLine> lines_;
    std::map<std::string, std::string> tasks_; // record's key -> task
};

Evidence::Evidence(db::Connection& c, programme::Plan const& plan, Date from, Date to, Date as_of)
    : plan_{plan}, from_day_{from}, to_day_{to}, from_{to_iso(from)}, to_{to_iso(to)}, as_of_{to_iso(as_of)}
{
    auto const wanted = [&](std::string_view source) {
        return std::ranges::any_of(plan.indicators, [&](auto const& each) { return holds(each.rule.sources, source); });
    };
    read_records(c);
    if (wanted("certificates") || wanted("ocop")) read_papers(c);
    if (wanted("traceability")) read_batches(c);
    if (wanted("portal")) read_portals(c);
}

void Evidence::read_records(db::Connection& c)
{
    auto files = db::programme::files(c, plan_.id);
    for (auto const& record : db::programme::records(c, plan_.id, to_)) {
        if (record.withdrawn_at) continue;
        EvidenceLine line;
        line.key = "record:" + record.id;
        line.source = "record";
        line.kind = record.kind;
        line.item = record.item;
        line.title = record.title;
        line.org = record.org;
        line.org_name = record.org_name;
        line.org_kind = record.org_kind;
        line.tax_code = record.tax_code;
        line.org_key = organization_key(record.tax_code, record.org, record.org_name);
        line.commune_code = record.commune_code;
        line.date = record.happened_on;
        line.valid_to = record.valid_to;
        line.amount = record.amount;
        line.files = std::move(files[record.id]);
        if (!record.person.empty())
            if (auto const person = db::people::find(c, record.person)) line.person = person->name;
        if (!record.task.empty()) tasks_[line.key] = record.task;
        lines_.push_back(std::move(line));
    }
}

EvidenceLine Evidence::party_line(db::programme::Party const& party) const
{
    EvidenceLine line;
    line.org = party.org;
    line.org_name = party.name;
    line.org_kind = party.kind;
    line.tax_code = party.tax_code;
    line.org_key = organization_key(party.tax_code, party.org, party.name);
    line.commune_code = party.commune_code;
    return line;
}

void Evidence::read_papers(db::Connection& c)
{
    for (auto const& paper : db::programme::papers(c)) {
        if (!plan_.covers(paper.commune_code)) continue;
        auto line = party_line(paper);
        bool const ocop = paper.kind_of_paper == "ocop";
        line.key = "certificate:" + paper.id;
        line.source = ocop ? "ocop" : "certificates";
        line.kind = "certificate";
        line.item = paper.kind_of_paper;
        line.title = paper.number + (paper.product.empty() ? "" : " – " + paper.product);
        line.date = paper.valid_from;
        line.valid_to = paper.valid_to;
        if (auto const day = parse_date(paper.valid_from); ocop && paper.valid_to.empty() && day)
            line.valid_to = to_iso(Date{*day + std::chrono::months{ocop_months}});
        lines_.push_back(std::move(line));
    }
}

/// The same rule as the desk's check of a lot (core/lot_story).
bool has_whole_story(db::Connection& c, db::programme::ActiveBatch const& batch, Instant now)
{
    auto const product = db::products::find_any(c, batch.product);
    auto const head = db::batches::find(c, batch.org, batch.batch);
    if (!product || !head) return false;
    Subject subject;
    subject.verdict = Verdict::lot;
    subject.product = *product;
    subject.batch = *head;
    auto const judged = judge_lot(c, subject, now);
    return judged && is_complete(judged->story);
}

void Evidence::read_batches(db::Connection& c)
{
    auto const until = start_of_day(to_day_) + std::chrono::days{1};
    std::map<std::string, int> tried; // batches of a firm
    for (auto const& batch : db::programme::active_batches(c, start_of_day(from_day_), until)) {
        auto line = party_line(batch);
        if (!plan_.covers(batch.commune_code)) continue;
        auto& tries = tried[line.org_key];
        if (tries >= batches_tried) continue;
        ++tries;
        if (!has_whole_story(c, batch, until)) continue;
        tries = batches_tried;
        line.key = "batch:" + batch.batch.text();
        line.source = "traceability";
        line.kind = "applied";
        line.item = "traceability";
        line.title = batch.product_name + " – " + batch.lot;
        line.date = to_iso(vietnam_date(batch.created_at));
        lines_.push_back(std::move(line));
    }
}

void Evidence::read_portals(db::Connection& c)
{
    for (auto const& portal : db::programme::connected_portals(c, start_of_day(to_day_) + std::chrono::days{1})) {
        EvidenceLine line;
        line.key = "portal:" + portal.target;
        line.source = "portal";
        line.kind = "system";
        line.title = portal.title.empty() ? portal.target : portal.title;
        line.date = to_iso(vietnam_date(portal.first));
        lines_.push_back(std::move(line));
    }
}

bool Evidence::counts(programme::Rule const& rule, EvidenceLine const& line) const
{
    if (line.source == "record") {
        if (!holds(rule.kinds, line.kind)) return false;
        if (!rule.items.empty() && !holds(rule.items, line.item)) return false;
    } else if (!holds(rule.sources, line.source)) {
        return false;
    } else if (line.source == "certificates" && !rule.certificate_kinds.empty() &&
               !holds(rule.certificate_kinds, line.item)) {
        return false;
    }
    // A connection is no yearly deed: it holds until it is gone. What was made within the range counts for the others.
    if (line.source == "portal") return holding(line);
    return rule.valid && is_lasting(line.kind) ? holding(line) : within(line);
}

std::vector<EvidenceLine> Evidence::of(programme::Rule const& rule) const
{
    std::vector<EvidenceLine> out;
    for (auto const& line : lines_)
        if (counts(rule, line)) out.push_back(line);
    std::ranges::stable_sort(out, {}, &EvidenceLine::date);
    return out;
}

std::vector<EvidenceLine> Evidence::of_task(programme::Task const& task) const
{
    std::vector<EvidenceLine> out;
    for (auto const& line : lines_) {
        auto const named = tasks_.find(line.key);
        bool const meant = named != tasks_.end() && named->second == task.id;
        if ((meant && within(line)) || (task.rule && counts(*task.rule, line))) out.push_back(line);
    }
    return out;
}

std::vector<programme::FactorYear> Evidence::factors() const
{
    std::map<int, programme::FactorYear> years;
    for (auto const& line : lines_) {
        if (line.kind != "factor") continue;
        auto const day = parse_date(line.date);
        if (!day) continue;
        auto& year = years[static_cast<int>(day->year())];
        year.year = static_cast<int>(day->year());
        if (line.item == "grdp") year.grdp = line.amount;
        if (line.item == "capital") year.capital = line.amount;
        if (line.item == "labour") year.labour = line.amount;
        if (line.item == "beta") year.beta = line.amount;
    }
    std::vector<programme::FactorYear> out;
    for (auto const& [number, year] : years)
        if (year.grdp > 0 && year.capital > 0 && year.labour > 0) out.push_back(year);
    return out;
}

/// How lines are counted: `yearly` where a plan demands so many each year, so that who was there in two counts twice.
struct Counting {
    std::string unit = {};
    bool yearly = false;
};

/// What makes two lines one: nothing for units of which every line counts, everything for a state.
std::string counted_key(Counting const& counting, EvidenceLine const& line)
{
    auto const year = counting.yearly ? line.date.substr(0, 4) + "|" : std::string{};
    if (counting.unit == "organization") return year + line.org_key;
    if (counting.unit == "organization_item") return year + line.org_key + "|" + line.item;
    return counting.unit == "state" ? std::string{} : line.key;
}

double weight_of(std::string const& unit, EvidenceLine const& line)
{
    return unit == "attendance" || unit == "money" ? line.amount : 1;
}

/// Counts, and marks lines that do not count again.
double count(Counting const& counting, std::vector<EvidenceLine>& lines)
{
    std::set<std::string> seen;
    double sum = 0;
    for (auto& line : lines) {
        line.counted = seen.insert(counted_key(counting, line)).second;
        if (line.counted) sum += weight_of(counting.unit, line);
    }
    return sum;
}

template <typename Part>
std::map<std::string, double> split(Counting const& counting, std::vector<EvidenceLine> const& lines, Part part)
{
    std::map<std::string, std::vector<EvidenceLine>> parts;
    for (auto const& line : lines) parts[part(line)].push_back(line);
    std::map<std::string, double> out;
    for (auto& [name, some] : parts) out[name] = count(counting, some);
    return out;
}

void fill_percentage(Figure& figure, Evidence const& evidence, Date from, Date to)
{
    auto const last = static_cast<int>(to.year());
    auto const first = figure.indicator.rule.last_year ? last : static_cast<int>(from.year());
    auto const factors = evidence.factors();
    figure.tfp = programme::tfp_share(factors, first, last);
    // While the last year has no figures yet, the newest that has some is shown.
    for (auto year = last - 1;
         figure.indicator.rule.last_year && !figure.tfp.share && year >= static_cast<int>(from.year()); --year)
        figure.tfp = programme::tfp_share(factors, year, year);
    figure.value = figure.tfp.share;
    figure.forecast = figure.value;
}

bool demands_each_year(programme::Plan const& plan, programme::Indicator const& indicator, Date from)
{
    auto const* period = plan.period_of(from);
    return period != nullptr && std::ranges::any_of(indicator.targets, [&](programme::Target const& target) {
               return target.each_year && target.period == period->id;
           });
}

Figure figure_of(programme::Plan const& plan, programme::Indicator const& indicator, Evidence const& evidence,
                 Figures const& range)
{
    Figure out;
    out.indicator = indicator;
    out.demand = programme::demand_of(plan, indicator, range.from, range.to);
    out.evidence = evidence.of(indicator.rule);
    if (indicator.unit == "percent") {
        fill_percentage(out, evidence, range.from, range.to);
        return out;
    }
    Counting const counting{indicator.unit, demands_each_year(plan, indicator, range.from)};
    out.value = count(counting, out.evidence);
    out.by_year = split(counting, out.evidence, [](auto const& line) { return line.date.substr(0, 4); });
    out.by_item = split(counting, out.evidence, [](auto const& line) { return line.item; });
    auto const whole = days_between(range.from, range.to) + 1;
    auto const gone = days_between(range.from, range.as_of) + 1;
    // What holds at a day is not run up over the range; neither is a range that has not begun.
    bool const runs = !indicator.rule.valid && gone > 0 && gone < whole;
    out.forecast = runs ? *out.value * whole / gone : *out.value;
    return out;
}

} // namespace

Figure const* Figures::find(std::string_view id) const
{
    for (auto const& each : figures)
        if (each.indicator.id == id) return &each;
    return nullptr;
}

Result<Figures> indicators(db::Connection& c, std::string const& plan, Date from, Date to, Instant now)
{
    auto found = find_plan(c, plan);
    if (!found) return found.error();
    if (to < from || static_cast<int>(to.year()) - static_cast<int>(from.year()) >= limits::report_years_max)
        return invalid("programme.range");
    Figures out;
    out.plan = *std::move(found);
    out.from = from;
    out.to = to;
    out.as_of = std::min(to, vietnam_date(now));
    Evidence const evidence{c, out.plan, from, to, out.as_of};
    for (auto const& indicator : out.plan.indicators)
        out.figures.push_back(figure_of(out.plan, indicator, evidence, out));
    auto const said = db::programme::tasks(c, out.plan.id);
    for (auto const& task : out.plan.tasks) {
        TaskFigure one{task, "open", {}, evidence.of_task(task)};
        if (auto const row = std::ranges::find(said, task.id, &db::programme::TaskRow::task); row != said.end()) {
            one.status = row->status;
            one.note = row->note;
        }
        out.tasks.push_back(std::move(one));
    }
    return out;
}

Result<Range> range_of(programme::Plan const& plan, std::string_view from, std::string_view to, Date today)
{
    auto const* period = plan.period_of(today);
    if (period == nullptr) period = &plan.periods.back();
    Range out{period->from, period->to};
    if (!from.empty()) {
        auto const day = parse_date(from);
        if (!day) return day.error();
        out.from = *day;
    }
    if (!to.empty()) {
        auto const day = parse_date(to);
        if (!day) return day.error();
        out.to = *day;
    }
    return out;
}

} // namespace nguon::server::app
