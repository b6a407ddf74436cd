#pragma once

#include "db/genealogy.hpp"
#include "server/app/actor.hpp"
#include "server/auth/principal.hpp"

#include <map>
#include <string>
#include <vector>

/// What a thing was made of and where it went, told for people.
namespace nguon::server::app {

/// What the chain lacks at a thing: nobody said where it came from, nobody received what was shipped, nobody said
/// where it went.
enum class Gap { none, origin_unknown, not_received, no_forward };
std::string_view to_text(Gap gap); // "" for none

struct TracedThing {
    std::int64_t number = 0;
    std::string kind = {}; // lot, unit, box, thing
    std::string uri = {};
    std::string name = {}; // of the product, for a lot of ours
    std::string lot = {};
    std::string code = {}; // printed
    std::string status = {};
    BatchId batch = {}; // a lot of ours
    OrganizationId org = {};
    std::string org_name = {};
    std::int64_t depth = 0; // below zero: what it came from
    bool carrier = false;   // it only carried some of this for a time
    Gap gap = Gap::none;
};

struct TracedStep {
    std::int64_t seq = 0;
    std::string event = {}; // id of its first event
    std::string title_vi = {};
    std::string title_en = {};
    Instant at = {};
    OrganizationId org = {};
    std::string org_name = {};
};

struct Trace {
    std::int64_t start = 0;
    std::vector<TracedThing> things = {}; // nearest first; the start is the first
    std::map<std::int64_t, TracedStep> steps = {};
    std::vector<db::genealogy::Link> links = {};
    std::string cut = {};                                         // see genealogy::Closure
    std::int64_t hidden = 0;                                      // things of others that the viewer must not see
    std::chrono::microseconds time{0};                            // of the closure
    std::vector<std::pair<std::string, std::int64_t>> units = {}; // printed for the lot itself, by state
};

/// Who looks: an enterprise sees its own things and one step back and forward from them, an authority what lies in its
/// areas and one step beyond; without limits everything.
struct TraceViewer {
    Principal who = {};
    Scope scope;
};
/// An authority's officer looks as such, everybody else as a member of the own enterprise.
TraceViewer viewer_of(Principal const& who);

/// "back", "forward", "both".
std::optional<db::genealogy::Direction> direction_from_text(std::string_view text);

/// The number of what somebody typed or scanned: a printed code of a lot or unit, a Digital Link, bracketed text, an
/// EPC URI or any other identifier that stands in events. Errors: those of gs1::read_code, not_found "trace.unknown".
Result<std::int64_t> find_traced(db::Connection& c, std::string const& text);

/// Errors: those of `find_traced`, not_found "trace.unknown" also for what the viewer must not see. Without a viewer
/// the operator of the installation looks.
Result<Trace> trace_thing(db::Connection& c, TraceViewer const* viewer, std::string const& text,
                          db::genealogy::Direction direction);
/// The same of several numbers and for the province itself: everything is seen.
Trace trace_numbers(db::Connection& c, std::vector<std::int64_t> const& start, db::genealogy::Direction direction,
                    db::genealogy::Bounds const& bounds = {});

/// One line of the indented list.
struct TraceLine {
    std::size_t indent = 0;
    TracedThing const* thing = nullptr;
    TracedStep const* step = nullptr; // that leads here; nullptr for packing, units and the start
    db::genealogy::LinkKind kind = db::genealogy::LinkKind::used;
    std::optional<double> quantity = {};
    std::string uom = {};
    std::optional<Instant> from = {}; // of packing
    std::optional<Instant> until = {};
    bool repeated = false; // told above with all that hangs on it
};
/// What it came from, as a tree that begins with the thing itself; each thing unfolds once. `lines_max` ends it.
std::vector<TraceLine> lines_back(Trace const& trace, std::size_t lines_max);
std::vector<TraceLine> lines_forward(Trace const& trace, std::size_t lines_max);

/// How people call it: "Mật ong Pa Ủ · L2609", "…/21/ABCD", "thùng 0893…".
std::string title_of(TracedThing const& thing);

} // namespace nguon::server::app
