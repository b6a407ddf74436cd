#include "server/app/trace.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/epcis/step_summary.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/gs1/read_code.hpp"
#include "db/batches.hpp"
#include "db/events.hpp"
#include "db/identifiers.hpp"
#include "db/organizations.hpp"
#include "db/printed_codes.hpp"
#include "db/products.hpp"
#include "server/app/approvals.hpp"
#include "server/app/naming.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace nguon::server::app {
namespace {

using db::genealogy::Link;
using db::genealogy::LinkKind;

/// Steps after which goods have left, and those that say that somebody has them.
constexpr std::array<std::string_view, 2> leaving{"shipping", "departing"};
constexpr std::array<std::string_view, 8> arriving{"receiving", "accepting",      "arriving",  "storing",
                                                   "stocking",  "retail_selling", "unpacking", "destroying"};
constexpr std::array<std::string_view, 3> beginning{"receiving", "commissioning", "creating_class_instance"};

template <typename Words>
bool is_one_of(Words const& words, std::string_view step)
{
    return std::ranges::find(words, step) != words.end();
}

std::string kind_of(std::string const& uri, std::string const& record)
{
    if (record == "batch" || uri.find("/10/") != std::string::npos)
        return uri.find("/21/") == std::string::npos ? "lot" : "unit";
    if (uri.find("/21/") != std::string::npos) return "unit";
    return uri.find("/00/") != std::string::npos ? "box" : "thing";
}

/// What happened to one thing, as far as gaps are judged by it.
struct Life {
    bool begun = false; // made, harvested or received
    bool moved = false; // shipped, sold, destroyed
    Instant left_at = Instant::min();
    Instant arrived_at = Instant::min();
    OrganizationId org = {}; // who recorded it first

    void take(db::genealogy::Part const& part)
    {
        if (org.empty()) org = part.org;
        bool const itself = part.role == "epc" || part.role == "output" || part.role == "parent";
        begun = begun || part.role == "output" || (part.role == "epc" && part.action == "ADD") ||
                (part.role == "epc" && is_one_of(beginning, part.biz_step));
        if (!itself) return;
        if (is_one_of(leaving, part.biz_step)) left_at = std::max(left_at, part.at);
        if (is_one_of(arriving, part.biz_step)) arrived_at = std::max(arrived_at, part.at);
        moved = moved || left_at > Instant::min() || arrived_at > Instant::min();
    }
};

/// Makes of a closure what people see.
class Teller {
public:
    Teller(db::Connection& c, db::genealogy::Closure closure) : c_{c}, closure_{std::move(closure)} {}

    Trace tell()
    {
        Trace out;
        std::vector<std::int64_t> numbers;
        for (auto const& thing : closure_.things) numbers.push_back(thing.number);
        for (auto& name : db::genealogy::names_of(c_, numbers)) names_[name.number] = std::move(name.uri);
        for (auto const& part : db::genealogy::parts_of(c_, numbers)) lives_[part.number].take(part);
        for (auto const& thing : closure_.things) out.things.push_back(thing_of(thing));
        for (auto const& step : closure_.steps) out.steps.emplace(step.seq, step_of(step));
        out.start = closure_.start.empty() ? 0 : closure_.things.front().number;
        judge(out);
        out.links = std::move(closure_.links);
        out.cut = std::move(closure_.cut);
        return out;
    }

private:
    std::string const& organization(OrganizationId const& org)
    {
        auto const [at, added] = organizations_.try_emplace(org.text());
        if (!added) return at->second;
        if (auto const head = db::organizations::find(c_, org)) at->second = head->name;
        return at->second;
    }

    TracedThing thing_of(db::genealogy::Thing const& thing)
    {
        TracedThing out;
        out.number = thing.number;
        out.uri = names_[thing.number];
        out.kind = kind_of(out.uri, thing.kind);
        out.depth = thing.depth;
        out.carrier = thing.carrier;
        out.org = lives_[thing.number].org;
        if (thing.kind == "batch") {
            if (auto const head = db::batches::find_any(c_, BatchId{thing.entity_id})) {
                out.batch = head->id;
                out.name = head->product_name;
                out.lot = head->lot;
                out.code = head->code;
                out.status = head->status;
                out.org = head->org;
            }
        }
        out.org_name = organization(out.org);
        return out;
    }

    TracedStep step_of(db::genealogy::Step const& step)
    {
        TracedStep out;
        out.seq = step.seq;
        auto const stored = db::events::find_by_number(c_, step.seq);
        if (!stored) return out;
        out.event = stored->id;
        out.at = stored->event_time.at;
        out.org = stored->org;
        out.org_name = organization(stored->org);
        if (auto const document = epcis::parse_document(stored->body); document && !document->events.empty()) {
            auto const summary = epcis::summarise(document->events.front());
            out.title_vi = summary.title.vi;
            out.title_en = summary.title.en;
        }
        return out;
    }

    /// Where the chain lacks something. A thing in a box arrives with the box.
    void judge(Trace& out)
    {
        std::unordered_set<std::int64_t> goes_on, comes_from;
        std::unordered_map<std::int64_t, Instant> arrived; // in boxes
        for (auto const& link : closure_.links) {
            bool const back_link = link.kind == LinkKind::made || link.kind == LinkKind::of_lot;
            (back_link ? comes_from : goes_on).insert(link.thing);
            if (link.kind == LinkKind::of_lot) goes_on.insert(link.other);
            if (link.kind == LinkKind::packed) {
                auto& at = arrived.try_emplace(link.thing, Instant::min()).first->second;
                at = std::max(at, lives_[link.other].arrived_at);
            }
        }
        for (auto& thing : out.things) {
            if (thing.carrier || thing.kind == "box") continue;
            auto const& life = lives_[thing.number];
            auto const arrival =
                std::max(life.arrived_at, arrived.contains(thing.number) ? arrived[thing.number] : Instant::min());
            if (thing.depth <= 0 && !life.begun && !comes_from.contains(thing.number))
                thing.gap = Gap::origin_unknown;
            else if (life.left_at > arrival)
                thing.gap = Gap::not_received;
            else if (thing.kind == "lot" && thing.depth >= 0 && !life.moved && !goes_on.contains(thing.number))
                thing.gap = Gap::no_forward;
        }
    }

    db::Connection& c_;
    db::genealogy::Closure closure_;
    std::unordered_map<std::int64_t, std::string> names_ = {};
    std::unordered_map<std::int64_t, Life> lives_ = {};
    std::map<std::string, std::string> organizations_ = {};
};

/// Whether the viewer may see an organization's records, asked once for each.
class Sight {
public:
    Sight(db::Connection& c, TraceViewer const& viewer) : c_{c}, viewer_{viewer} {}

    bool everything() const { return viewer_.who.sees_all(viewer_.scope) && viewer_.who.areas(viewer_.scope).empty(); }
    bool of(OrganizationId const& org)
    {
        if (org.empty()) return false;
        auto const [at, added] = seen_.try_emplace(org.text());
        if (added) at->second = organization_within(c_, viewer_.who, viewer_.scope, org).ok();
        return at->second;
    }

private:
    db::Connection& c_;
    TraceViewer const& viewer_;
    std::map<std::string, bool> seen_ = {};
};

/// Leaves own things and those one step away from them: neighbours through a making, a box or a lot.
void keep_in_sight(Trace& trace, Sight& sight)
{
    std::unordered_set<std::int64_t> own, kept;
    for (auto const& thing : trace.things)
        if (sight.of(thing.org)) own.insert(thing.number);
    std::unordered_map<std::int64_t, bool> step_touches; // an own thing
    for (auto const& link : trace.links)
        if (link.kind == LinkKind::used || link.kind == LinkKind::made)
            step_touches[link.other] = step_touches[link.other] || own.contains(link.thing);
    kept = own;
    for (auto const& link : trace.links) {
        bool const of_step = link.kind == LinkKind::used || link.kind == LinkKind::made;
        if (of_step && step_touches[link.other]) kept.insert(link.thing);
        if (!of_step && own.contains(link.thing)) kept.insert(link.other);
        if (!of_step && own.contains(link.other)) kept.insert(link.thing);
    }
    auto const before = trace.things.size();
    std::erase_if(trace.things, [&](TracedThing const& thing) { return !kept.contains(thing.number); });
    trace.hidden = static_cast<std::int64_t>(before - trace.things.size());
    std::erase_if(trace.links, [&](Link const& link) {
        bool const of_step = link.kind == LinkKind::used || link.kind == LinkKind::made;
        return !kept.contains(link.thing) || (of_step ? !step_touches[link.other] : !kept.contains(link.other));
    });
    std::set<std::int64_t> steps;
    for (auto const& link : trace.links) steps.insert(link.other);
    std::erase_if(trace.steps, [&](auto const& entry) { return !steps.contains(entry.first); });
}

/// Unfolds the links of one direction from the start.
class Unfolding {
public:
    Unfolding(Trace const& trace, bool forward, std::size_t lines_max)
        : trace_{trace}, forward_{forward}, max_{lines_max}
    {
        for (auto const& thing : trace.things) things_.emplace(thing.number, &thing);
        for (auto const& link : trace.links) {
            bool const of_step = link.kind == LinkKind::used || link.kind == LinkKind::made;
            if (of_step) {
                bool const into = (link.kind == LinkKind::used) == forward; // from the thing to the step
                (into ? steps_of_ : things_of_)[into ? link.thing : link.other].push_back(&link);
                continue;
            }
            // A unit comes from its lot and goes into its box; a box that is asked for is made of what is in it.
            bool const up = (link.kind == LinkKind::packed) == forward;
            direct_[up ? link.thing : link.other].emplace_back(&link, up ? link.other : link.thing);
        }
    }

    std::vector<TraceLine> lines()
    {
        add(trace_.start, {});
        return std::move(out_);
    }

private:
    void add(std::int64_t number, TraceLine line)
    {
        auto const thing = things_.find(number);
        if (thing == things_.end() || out_.size() >= max_) return;
        line.thing = thing->second;
        line.repeated = !told_.insert(number).second;
        auto const indent = line.indent;
        out_.push_back(line);
        if (line.repeated) return;
        for (auto const* to_step : steps_of_[number]) {
            auto const step = trace_.steps.find(to_step->other);
            for (auto const* link : things_of_[to_step->other]) {
                if (link->thing == number) continue;
                TraceLine next;
                next.indent = indent + 1;
                next.step = step == trace_.steps.end() ? nullptr : &step->second;
                next.kind = link->kind;
                next.quantity = link->quantity;
                next.uom = link->uom;
                add(link->thing, next);
            }
        }
        for (auto const& [link, other] : direct_[number]) {
            TraceLine next;
            next.indent = indent + 1;
            next.kind = link->kind;
            next.quantity = link->quantity;
            next.uom = link->uom;
            next.from = link->from;
            next.until = link->until;
            add(other, next);
        }
    }

    Trace const& trace_;
    bool forward_;
    std::size_t max_;
    std::vector<TraceLine> out_ = {};
    std::unordered_set<std::int64_t> told_ = {};
    std::unordered_map<std::int64_t, TracedThing const*> things_ = {};
    std::unordered_map<std::int64_t, std::vector<Link const*>> steps_of_ = {};  // thing → its links to steps
    std::unordered_map<std::int64_t, std::vector<Link const*>> things_of_ = {}; // step → what lies beyond
    std::unordered_map<std::int64_t, std::vector<std::pair<Link const*, std::int64_t>>> direct_ = {};
};

/// The link of a unit or lot that was found by its printed code; a unit that no event names is traced as its lot.
std::optional<std::int64_t> number_of_code(db::Connection& c, std::string const& code)
{
    auto const printed = db::printed_codes::find(c, code);
    auto const batch = printed ? db::batches::find_any(c, printed->batch) : not_found("batch.unknown");
    if (!batch) return std::nullopt;
    auto const product = db::products::find_any(c, batch->product);
    if (printed->kind == "unit" && product && !product->gtin.empty()) {
        std::vector<gs1::AiValue> const elements{{"01", product->gtin}, {"21", code}};
        auto const link = gs1::to_canonical_path(elements);
        if (auto const number = link ? db::identifiers::find(c, *link) : std::nullopt) return number;
    }
    auto const numbers = db::identifiers::of_entity(c, batch->id.text());
    if (numbers.empty()) return std::nullopt;
    return numbers.front();
}

} // namespace

TraceViewer viewer_of(Principal const& who)
{
    if (who.sees_all("trace:read")) return {who, "trace:read"};
    return {who, "event:read"};
}

std::optional<db::genealogy::Direction> direction_from_text(std::string_view text)
{
    using enum db::genealogy::Direction;
    if (text == "back") return back;
    if (text == "forward") return forward;
    if (text == "both") return both;
    return std::nullopt;
}

std::string_view to_text(Gap gap)
{
    switch (gap) {
    case Gap::origin_unknown:
        return "origin_unknown";
    case Gap::not_received:
        return "not_received";
    case Gap::no_forward:
        return "no_forward";
    case Gap::none:
        break;
    }
    return "";
}

Result<std::int64_t> find_traced(db::Connection& c, std::string const& text)
{
    if (auto const number = db::identifiers::find(c, text)) return *number;
    auto const code = gs1::read_code(text.starts_with('/') ? "https://localhost" + text : text);
    if (!code.valid()) return gs1::to_error(code.faults);
    std::optional<std::int64_t> number;
    if (code.kind == gs1::CodeKind::printed_code) {
        number = number_of_code(c, code.printed_code);
    } else if (auto const name = epcis::canonical_identifier(code.link); !name.empty()) {
        number = db::identifiers::find(c, name);
        auto const* const serial = gs1::find_value(code.elements, "21");
        auto const printed =
            serial == nullptr ? Result<std::string>{not_found("trace.unknown")} : gs1::read_printed_code(*serial);
        if (!number && printed) number = number_of_code(c, *printed);
    }
    if (!number) return not_found("trace.unknown");
    return *number;
}

Trace trace_numbers(db::Connection& c, std::vector<std::int64_t> const& start, db::genealogy::Direction direction,
                    db::genealogy::Bounds const& bounds)
{
    auto const begun = std::chrono::steady_clock::now();
    auto closure = db::genealogy::trace(c, start, direction, bounds);
    auto const time = std::chrono::steady_clock::now() - begun;
    auto out = Teller{c, std::move(closure)}.tell();
    out.time = std::chrono::duration_cast<std::chrono::microseconds>(time);
    return out;
}

Result<Trace> trace_thing(db::Connection& c, TraceViewer const* viewer, std::string const& text,
                          db::genealogy::Direction direction)
{
    auto const number = find_traced(c, text);
    if (!number) return number.error();
    auto out = trace_numbers(c, {*number}, direction);
    if (viewer != nullptr)
        if (Sight sight{c, *viewer}; !sight.everything()) keep_in_sight(out, sight);
    if (out.things.empty() || out.things.front().number != out.start) return not_found("trace.unknown");
    if (auto const& batch = out.things.front().batch; !batch.empty())
        out.units = db::genealogy::units_of_batch(c, batch);
    return out;
}

std::vector<TraceLine> lines_back(Trace const& trace, std::size_t lines_max)
{
    return Unfolding{trace, false, lines_max}.lines();
}

std::vector<TraceLine> lines_forward(Trace const& trace, std::size_t lines_max)
{
    return Unfolding{trace, true, lines_max}.lines();
}

std::string title_of(TracedThing const& thing)
{
    if (!thing.name.empty()) return thing.name + " · " + thing.lot;
    constexpr std::string_view base = "https://id.gs1.org";
    return thing.uri.starts_with(base) ? thing.uri.substr(base.size()) : thing.uri;
}

} // namespace nguon::server::app
