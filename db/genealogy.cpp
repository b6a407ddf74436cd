#include "db/genealogy.hpp"

#include "db/genealogy_rows.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace nguon::db::genealogy {
namespace {

constexpr std::size_t states_each_max = 8; // windows of one box; more are taken as one without end

/// When a thing's connections count: all the time, or while a box was what it is here for.
struct Window {
    Instant from = Instant::min();
    Instant until = Instant::max();

    bool has(Instant at) const { return from <= at && at <= until; }
    bool covers(Window const& other) const { return from <= other.from && other.until <= until; }
    bool empty() const { return until < from; }
};

Window common(Window const& a, Window const& b) { return {std::max(a.from, b.from), std::min(a.until, b.until)}; }

Window window_of(Stay const& stay) { return {stay.from, stay.until.value_or(Instant::max())}; }

/// A thing to be looked at, for one reason.
struct State {
    std::int64_t thing = 0; // the number that stands for it
    Window window = {};
    bool concerned = true; // itself and all in it; else a carrier
};

/// The walk in one direction; both directions fill the same closure.
class Walk {
public:
    Walk(Connection& c, Bounds const& bounds)
        : rows_{c}, bounds_{bounds}, end_{std::chrono::steady_clock::now() + bounds.time_max}
    {
    }

    void start(std::span<std::int64_t const> numbers)
    {
        closure_.start.assign(numbers.begin(), numbers.end());
        std::vector<Reached> reached;
        for (auto const number : numbers) reached.push_back({number, {}, true});
        first_ = admit(reached);
    }

    void run(bool forward)
    {
        forward_ = forward;
        seen_.clear();
        depth_ = 0;
        auto level = first_;
        for (auto const& state : level) seen_[state.thing].push_back(state);
        while (!level.empty() && closure_.cut.empty()) {
            if (++depth_ > bounds_.depth_max) return cut("depth");
            reached_.clear();
            forward_ ? look_forward(level) : look_back(level);
            level = admit(reached_);
        }
    }

    Closure take()
    {
        std::ranges::stable_sort(closure_.things, {}, [](Thing const& thing) { return std::abs(thing.depth); });
        return std::move(closure_);
    }

private:
    struct Reached {
        std::int64_t number = 0;
        Window window = {};
        bool concerned = true;
    };

    void cut(char const* limit)
    {
        if (closure_.cut.empty()) closure_.cut = limit;
    }
    bool goes_on()
    {
        if (std::chrono::steady_clock::now() > end_) cut("time");
        return closure_.cut.empty();
    }

    /// The number that stands for the thing: the first that was met of a record's numbers.
    std::int64_t known(std::int64_t number) const
    {
        auto const found = stands_for_.find(number);
        return found == stands_for_.end() ? number : found->second;
    }

    /// Learns which records the numbers are, and which other numbers those have.
    void learn(std::vector<std::int64_t> const& fresh)
    {
        std::vector<std::int64_t> recorded;
        for (auto const& row : rows_.records(fresh)) {
            record_[row.number] = {row.kind, row.entity_id};
            recorded.push_back(row.number);
        }
        for (auto const number : fresh) stands_for_.try_emplace(number, number);
        for (auto const& [number, other] : rows_.same(recorded)) {
            auto const one = known(number);
            if (!stands_for_.try_emplace(other, one).second) stands_for_[number] = known(other);
            if (known(number) == one) others_[one].push_back(other);
        }
    }

    std::vector<State> admit(std::vector<Reached> const& reached)
    {
        std::vector<std::int64_t> fresh;
        for (auto const& item : reached)
            if (!stands_for_.contains(item.number) && asked_.insert(item.number).second) fresh.push_back(item.number);
        learn(fresh);
        std::vector<State> out;
        for (auto const& item : reached) {
            if (!add_thing(known(item.number), item.concerned)) break;
            if (auto const state = fresh_state({known(item.number), item.window, item.concerned}))
                out.push_back(*state);
        }
        return out;
    }

    bool add_thing(std::int64_t number, bool concerned)
    {
        auto const [at, added] = places_.try_emplace(number, closure_.things.size());
        if (!added) {
            auto& thing = closure_.things[at->second];
            thing.carrier = thing.carrier && !concerned;
            return true;
        }
        if (closure_.things.size() >= bounds_.things_max) {
            places_.erase(number);
            cut("things");
            return false;
        }
        auto const record = record_.find(number);
        Thing thing;
        thing.number = number;
        if (record != record_.end()) std::tie(thing.kind, thing.entity_id) = record->second;
        thing.depth = forward_ ? depth_ : -depth_;
        thing.carrier = !concerned;
        closure_.things.push_back(std::move(thing));
        return true;
    }

    /// Nothing when the thing was looked at for as much already: so loops end.
    std::optional<State> fresh_state(State state)
    {
        auto& earlier = seen_[state.thing];
        for (auto const& one : earlier)
            if ((one.concerned || !state.concerned) && one.window.covers(state.window)) return std::nullopt;
        if (earlier.size() >= states_each_max) state.window = {};
        earlier.push_back(state);
        return state;
    }

    void reach(std::int64_t number, Window const& window = {}, bool concerned = true)
    {
        reached_.push_back({number, window, concerned});
    }

    void link(Link item)
    {
        item.thing = known(item.thing);
        if (item.kind == LinkKind::packed || item.kind == LinkKind::of_lot) item.other = known(item.other);
        if (!linked_.insert({item.kind, item.thing, item.other, item.event}).second) return;
        if (closure_.links.size() >= bounds_.links_max) return cut("links");
        closure_.links.push_back(std::move(item));
    }

    /// The numbers of a level, all spellings of its things, and what they are looked at for.
    struct Level {
        std::vector<std::int64_t> numbers = {};
        std::unordered_map<std::int64_t, std::vector<State>> states = {}; // by number
    };
    Level spread(std::vector<State> const& states) const
    {
        Level level;
        auto const add = [&](std::int64_t number, State const& state) {
            auto& list = level.states[number];
            if (list.empty()) level.numbers.push_back(number);
            list.push_back(state);
        };
        for (auto const& state : states) {
            add(state.thing, state);
            if (auto const others = others_.find(state.thing); others != others_.end())
                for (auto const number : others->second) add(number, state);
        }
        return level;
    }

    static bool any_has(std::vector<State> const& states, Instant at)
    {
        return std::ranges::any_of(states, [&](State const& state) { return state.window.has(at); });
    }

    /// The step that an event belongs to, with all parts of it; nullptr when it was met before in this direction.
    Step& step_of(std::int64_t seq)
    {
        auto const [at, added] = steps_.try_emplace(seq, closure_.steps.size());
        if (added) closure_.steps.push_back({seq, {seq}, forward_ ? depth_ : -depth_});
        return closure_.steps[at->second];
    }

    /// Joins events of one transformationID into one step; returns every event of these steps.
    std::vector<std::int64_t> with_parts(std::vector<std::int64_t> const& seqs)
    {
        auto all = seqs;
        for (auto const& [seq, part] : rows_.parts(seqs)) {
            auto& step = step_of(seq);
            if (steps_.try_emplace(part, steps_.at(seq)).second) step.parts.push_back(part);
            if (explored_.insert({part, forward_}).second) all.push_back(part);
        }
        return all;
    }

    void look_forward(std::vector<State> const& states)
    {
        auto const level = spread(states);
        std::vector<std::int64_t> makings, lots, outer;
        std::vector<PartRow> packed;
        for (auto const& row : rows_.forward(level.numbers)) {
            auto const& why = level.states.at(row.number);
            if (row.role == "child") packed.push_back(row);
            bool const concerned = std::ranges::any_of(why, &State::concerned);
            if (row.role == "parent" && concerned) outer.push_back(row.number);
            if (row.role == "lot" && concerned) lots.push_back(row.seq);
            if (row.role != "input" && row.role != "source") continue;
            if (!any_has(why, row.at)) continue;
            use(row, LinkKind::used);
            if (explored_.insert({row.seq, true}).second) makings.push_back(row.seq);
        }
        if (!goes_on()) return;
        for (auto const& row : rows_.made(with_parts(makings))) {
            use(row, LinkKind::made);
            reach(row.number);
        }
        pack(level, packed);
        unpack(level, outer);
        take_units(level, lots);
    }

    void look_back(std::vector<State> const& states)
    {
        auto const level = spread(states);
        std::vector<std::int64_t> makings, outer;
        for (auto const& row : rows_.back(level.numbers)) {
            if (row.role == "parent") {
                outer.push_back(row.number);
                continue;
            }
            use(row, LinkKind::made);
            if (explored_.insert({row.seq, false}).second) makings.push_back(row.seq);
        }
        if (!goes_on()) return;
        for (auto const& row : rows_.used(with_parts(makings))) {
            use(row, LinkKind::used);
            reach(row.number, {row.at, row.at}); // of a box that was used: what was in it then
        }
        unpack(level, outer);
        for (auto const& row : rows_.lots_of(level.numbers)) {
            link({LinkKind::of_lot, row.unit, row.lot, row.seq, {}, {}, {}, {}});
            reach(row.lot);
        }
    }

    void use(PartRow const& row, LinkKind kind)
    {
        auto const step = step_of(row.seq).seq;
        link({kind, row.number, step, row.seq, row.quantity, row.uom, {}, {}});
    }

    /// Boxes that things of this level were in while they counted.
    void pack(Level const& level, std::vector<PartRow> const& packed)
    {
        for (auto const& stay : stays_of(rows_, packed)) {
            for (auto const& state : level.states.at(stay.child)) {
                auto const window = common(state.window, window_of(stay));
                if (window.empty()) continue;
                add_stay(stay);
                reach(stay.parent, window, false);
            }
        }
    }

    /// What was inside boxes of this level while they counted.
    void unpack(Level const& level, std::vector<std::int64_t> const& outer)
    {
        if (outer.empty()) return;
        std::set<std::int64_t> const boxes{outer.begin(), outer.end()};
        for (auto const& stay : stays_of(rows_, rows_.packed(rows_.children({boxes.begin(), boxes.end()})))) {
            if (!boxes.contains(stay.parent)) continue;
            for (auto const& state : level.states.at(stay.parent)) {
                auto const window = common(state.window, window_of(stay));
                if (!state.concerned || window.empty()) continue;
                add_stay(stay);
                reach(stay.child, forward_ ? Window{} : window);
            }
        }
    }

    void add_stay(Stay const& stay)
    {
        link({LinkKind::packed, stay.child, stay.parent, stay.seq, stay.quantity, stay.uom, stay.from, stay.until});
    }

    void take_units(Level const& level, std::vector<std::int64_t> const& lots)
    {
        std::vector<std::int64_t> batches;
        for (auto const number : level.numbers)
            if (auto const record = record_.find(number); record != record_.end() && record->second.first == "batch")
                batches.push_back(number);
        auto units = rows_.units_of(lots);
        std::ranges::move(rows_.printed_units(batches), std::back_inserter(units));
        for (auto const& row : units) {
            link({LinkKind::of_lot, row.unit, row.lot, row.seq, {}, {}, {}, {}});
            reach(row.unit);
        }
    }

    GenealogyRows rows_;
    Bounds bounds_;
    std::chrono::steady_clock::time_point end_;
    Closure closure_ = {};
    std::vector<State> first_ = {};
    std::vector<Reached> reached_ = {};
    std::int64_t depth_ = 0;
    bool forward_ = true;
    std::unordered_map<std::int64_t, std::int64_t> stands_for_ = {};
    std::unordered_map<std::int64_t, std::vector<std::int64_t>> others_ = {};
    std::unordered_map<std::int64_t, std::pair<std::string, std::string>> record_ = {};
    std::set<std::int64_t> asked_ = {};
    std::unordered_map<std::int64_t, std::size_t> places_ = {}; // in closure_.things
    std::unordered_map<std::int64_t, std::size_t> steps_ = {};  // event → place in closure_.steps
    std::unordered_map<std::int64_t, std::vector<State>> seen_ = {};
    std::set<std::pair<std::int64_t, bool>> explored_ = {}; // events, by direction
    std::set<std::tuple<LinkKind, std::int64_t, std::int64_t, std::int64_t>> linked_ = {};
};

} // namespace

Closure trace(Connection& c, std::span<std::int64_t const> start, Direction direction, Bounds const& bounds)
{
    Walk walk{c, bounds};
    walk.start(start);
    if (direction != Direction::forward) walk.run(false);
    if (direction != Direction::back) walk.run(true);
    return walk.take();
}

} // namespace nguon::db::genealogy
