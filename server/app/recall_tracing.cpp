#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "db/batches.hpp"
#include "db/events.hpp"
#include "db/identifiers.hpp"
#include "db/organizations.hpp"
#include "db/places.hpp"
#include "db/reference.hpp"
#include "server/app/destinations.hpp"
#include "server/app/naming.hpp"
#include "server/app/recall_cases.hpp"

#include <algorithm>
#include <charconv>
#include <set>

/// What a recall touches: lots, those who got them, and what nobody recorded.
namespace nguon::server::app {
namespace {

using nlohmann::json;

constexpr std::size_t findings_max = 1'000; // of each kind that the case keeps

Error at_subject(Error error)
{
    if (error.fields.empty()) error.fields.push_back({"/subject", error.key, error.values});
    return error;
}

struct Chosen {
    std::vector<std::int64_t> numbers = {};
    std::string title = {};
    bool looks_back = false;
};

Result<Chosen> choose_thing(db::Connection& c, RecallScope const& scope)
{
    auto number = find_traced(c, scope.subject);
    if (!number) return at_subject(std::move(number).error());
    return Chosen{{*number}, {}, scope.scope == "batch"};
}

/// The window of days as moments in Viet Nam.
std::pair<Instant, Instant> window_of(RecallScope const& scope)
{
    auto const from = parse_date(scope.from);
    auto const to = parse_date(scope.to);
    auto const moment = [](Date date) { return Instant{std::chrono::sys_days{date}} - vietnam_offset; };
    return {from ? moment(*from) : Instant::min(), to ? moment(*to) + std::chrono::hours{24} : Instant::max()};
}

void add_batches(db::Connection& c, Chosen& chosen, std::vector<BatchId> const& batches)
{
    for (auto const& batch : batches)
        for (auto const number : db::identifiers::of_entity(c, batch.text())) chosen.numbers.push_back(number);
}

Result<Chosen> choose_firm(db::Connection& c, RecallScope const& scope)
{
    auto firm = db::organizations::find(c, OrganizationId{scope.subject});
    if (!firm) firm = db::organizations::find_by_tax_code(c, scope.subject);
    if (!firm) return at_subject(not_found("recall.firm_unknown"));
    Chosen out;
    out.title = firm->name;
    add_batches(c, out, db::recalls::batches_of(c, firm->id, scope.from, scope.to, limits::recall_lots_max + 1));
    return out;
}

Result<Chosen> choose_place(db::Connection& c, RecallScope const& scope)
{
    std::optional<std::int64_t> number = db::identifiers::find(c, uuid_urn(scope.subject));
    if (!number)
        number = db::identifiers::find(c, epcis::canonical_identifier("https://id.gs1.org/414/" + scope.subject));
    if (!number) number = db::identifiers::find(c, scope.subject);
    if (!number) return at_subject(not_found("recall.place_unknown"));
    Chosen out;
    auto const names = db::genealogy::names_of(c, std::vector<std::int64_t>{*number});
    out.title = names.empty() ? scope.subject : names.front().uri;
    if (auto const named = names.empty() ? std::nullopt : db::identifiers::entity_of(c, names.front().uri))
        if (auto const place = db::places::public_fields(c, PlaceId{named->entity_id})) out.title = place->name;
    auto const [from, to] = window_of(scope);
    out.numbers = db::genealogy::lots_at(c, *number, from, to, limits::recall_lots_max + 1);
    return out;
}

Result<Chosen> choose(db::Connection& c, RecallScope const& scope)
{
    if (scope.scope == "firm") return choose_firm(c, scope);
    if (scope.scope == "place") return choose_place(c, scope);
    return choose_thing(c, scope);
}

std::optional<double> number_of(std::string const& text)
{
    double value = 0;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

/// Lots of ours: what was chosen and what was made of it are in the recall, what went into it is only shown.
std::vector<db::recalls::Lot> lots_of(db::Connection& c, Trace const& trace)
{
    std::vector<db::recalls::Lot> out;
    for (auto const& thing : trace.things) {
        if (thing.batch.empty() || thing.carrier) continue;
        db::recalls::Lot lot;
        lot.batch = thing.batch;
        lot.org = thing.org;
        lot.depth = thing.depth;
        lot.included = thing.depth >= 0;
        auto const head = db::batches::find_any(c, thing.batch);
        if (auto const batch = head ? db::batches::fields(c, thing.batch, head->latest_version)
                                    : Result<Batch>{not_found("batch.unknown")}) {
            lot.figures.made = number_of(batch->quantity);
            lot.unit = batch->unit;
        }
        out.push_back(std::move(lot));
    }
    return out;
}

/// Who got something of what is recalled.
class Customers {
public:
    Customers(db::Connection& c, Trace const& trace) : c_{c}, destinations_{c}
    {
        for (auto const& thing : trace.things)
            if (thing.depth >= 0) things_.emplace(thing.number, &thing);
    }

    json collect()
    {
        std::vector<std::int64_t> numbers;
        for (auto const& [number, thing] : things_) numbers.push_back(number);
        for (auto const& part : db::genealogy::parts_of(c_, numbers)) {
            auto const& thing = *things_.at(part.number);
            if (part.role != "epc" && part.role != "parent") continue;
            if (part.biz_step == "shipping" || part.biz_step == "departing") take_shipping(part, thing);
            if (part.org != thing.org && !thing.batch.empty()) take_firm(part, thing);
        }
        return std::move(out_);
    }

private:
    void add(db::genealogy::Part const& part, TracedThing const& thing, std::string const& name,
             OrganizationId const& org)
    {
        if (out_.size() >= findings_max || !told_.emplace(name, part.number, part.seq).second) return;
        json line{{"name", name}, {"lot", title_of(thing)}, {"at", to_micros(part.at)}};
        if (!org.empty()) line["organization_id"] = org.text();
        if (part.quantity) line["quantity"] = *part.quantity;
        if (!part.uom.empty()) line["uom"] = part.uom;
        out_.push_back(std::move(line));
    }

    void take_shipping(db::genealogy::Part const& part, TracedThing const& thing)
    {
        for (auto const& [name, org] : destinations_.of(part.seq)) add(part, thing, name, org);
    }

    void take_firm(db::genealogy::Part const& part, TracedThing const& thing)
    {
        if (auto const firm = db::organizations::find(c_, part.org)) add(part, thing, firm->name, part.org);
    }

    db::Connection& c_;
    std::map<std::int64_t, TracedThing const*> things_ = {};
    Destinations destinations_;
    std::set<std::tuple<std::string, std::int64_t, std::int64_t>> told_ = {};
    json out_ = json::array();
};

json findings_of(db::Connection& c, Trace const& trace)
{
    json out{{"customers", Customers{c, trace}.collect()},
             {"missing", json::array()},
             {"others", json::array()},
             {"units", 0},
             {"cut", trace.cut}};
    std::int64_t units = 0;
    std::int64_t printed = 0; // most packs are named by no event of their own
    for (auto const& thing : trace.things) {
        units += thing.kind == "unit" && thing.depth >= 0 ? 1 : 0;
        if (!thing.batch.empty() && thing.depth >= 0 && !thing.carrier)
            for (auto const& [state, count] : db::genealogy::units_of_batch(c, thing.batch)) printed += count;
        json const line{{"name", title_of(thing)}, {"organization", thing.org_name}};
        if (thing.gap != Gap::none && out["missing"].size() < findings_max) {
            out["missing"].push_back(line);
            out["missing"].back()["what"] = to_text(thing.gap);
        }
        bool const foreign_lot = thing.kind == "lot" && thing.batch.empty() && thing.depth >= 0;
        if (foreign_lot && out["others"].size() < findings_max) out["others"].push_back(line);
    }
    out["units"] = std::max(units, printed);
    return out;
}

/// Of all lots in the chain, how many hundredths lack nothing.
std::int64_t score_of(Trace const& trace)
{
    constexpr std::int64_t percent = 100;
    std::int64_t lots = 0;
    std::int64_t whole = 0;
    for (auto const& thing : trace.things) {
        if (thing.kind != "lot" || thing.carrier) continue;
        ++lots;
        whole += thing.gap == Gap::none ? 1 : 0;
    }
    return lots == 0 ? 0 : whole * percent / lots;
}

} // namespace

Result<RecallTracing> trace_recall(db::Connection& c, RecallScope const& scope, std::size_t lots_max)
{
    auto const chosen = choose(c, scope);
    if (!chosen) return chosen.error();
    if (chosen->numbers.empty()) return at_subject(not_found("recall.nothing_found"));
    auto const direction = chosen->looks_back ? db::genealogy::Direction::both : db::genealogy::Direction::forward;
    auto const trace = trace_numbers(c, chosen->numbers, direction);

    RecallTracing out;
    out.scope = scope;
    out.title = chosen->title.empty() ? title_of(trace.things.front()) : chosen->title;
    out.lots = lots_of(c, trace);
    if (out.lots.empty()) return at_subject(not_found("recall.nothing_found"));
    if (out.lots.size() > lots_max) return at_subject(invalid("recall.too_many_lots", {std::to_string(lots_max)}));
    out.findings = findings_of(c, trace);
    out.score = score_of(trace);
    out.time = trace.time;
    return out;
}

std::optional<RecallTracing> trace_due_drill(db::Connection& c, Instant now, double chance)
{
    auto const last = db::recalls::last_automatic_drill(c);
    if (last && now - *last < limits::drill_interval) return std::nullopt;
    auto const batch = db::recalls::pick_batch(c, chance);
    if (!batch) return std::nullopt;
    auto const head = db::batches::find_any(c, *batch);
    if (!head) return std::nullopt;
    auto tracing = trace_recall(c, {"batch", head->code, {}, {}});
    if (!tracing) return std::nullopt;
    return *std::move(tracing);
}

} // namespace nguon::server::app
