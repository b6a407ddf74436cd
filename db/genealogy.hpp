#pragma once

#include "core/limits/recalls.hpp"
#include "db/connection.hpp"

#include <span>

/// What became of a thing and what it came from, over the whole event store: transformations (parts that share a
/// transformationID are one), aggregations and associations for as long as something was inside, units of lots. Events
/// that were declared wrong do not count. All of it serves use cases that decide who may see which part.
namespace nguon::db::genealogy {

enum class Direction { back, forward, both };

struct Bounds {
    std::size_t things_max = limits::trace_things_max;
    std::size_t links_max = limits::trace_links_max;
    std::int64_t depth_max = limits::trace_depth_max;
    std::chrono::milliseconds time_max = limits::trace_time;
};

struct Thing {
    std::int64_t number = 0; // of its identifier; several of one record are told as one
    std::string kind = {};   // of the record of ours that it is: batch, product, place; "" for none
    std::string entity_id = {};
    std::int64_t depth = 0; // links away from what was asked for; below zero backward
    bool carrier = false;   // it only carried some of this for a time: what else was in it is not concerned
};

/// One making: a transformation, or several events of one transformationID.
struct Step {
    std::int64_t seq = 0;                 // of its first event that was met; names the step
    std::vector<std::int64_t> parts = {}; // all its events
    std::int64_t depth = 0;
};

enum class LinkKind {
    used,   // thing → step
    made,   // step → thing
    packed, // thing → what it was inside
    of_lot, // unit → lot
};

struct Link {
    LinkKind kind = LinkKind::used;
    std::int64_t thing = 0;
    std::int64_t other = 0; // the step's `seq`, the outer thing, the lot
    std::int64_t event = 0; // which says so; 0 for a code printed by us
    std::optional<double> quantity = {};
    std::string uom = {};
    std::optional<Instant> from = {};  // of `packed`
    std::optional<Instant> until = {}; // taken out again
};

struct Closure {
    std::vector<std::int64_t> start = {};
    std::vector<Thing> things = {}; // nearest first
    std::vector<Step> steps = {};
    std::vector<Link> links = {};
    std::string cut = {}; // the limit that ended it early: things, links, depth, time; "" when it is whole
};

/// Level by level from `start` (numbers of identifiers), each in a few statements of bounded size. A thing packed into
/// a box counts with the box from then until it was taken out; what else was in the box does not. `both`: backward and
/// forward from what was asked for, not forward again from its ancestors.
Closure trace(Connection& c, std::span<std::int64_t const> start, Direction direction, Bounds const& bounds = {});

/// A part that a thing took in an event.
struct Part {
    std::int64_t number = 0; // of the thing
    std::string role = {};
    std::int64_t seq = 0;
    Instant at = {};
    std::string type = {};
    std::string action = {};
    std::string biz_step = {};
    OrganizationId org = {}; // who recorded it
    std::optional<std::int64_t> place = {};
    std::optional<double> quantity = {};
    std::string uom = {};
};
/// What happened to these things themselves, oldest first for each; events declared wrong are left out.
std::vector<Part> parts_of(Connection& c, std::span<std::int64_t const> numbers);

/// The first spelling of each number: the canonical one where it has several.
struct Name {
    std::int64_t number = 0;
    std::string uri = {};
};
std::vector<Name> names_of(Connection& c, std::span<std::int64_t const> numbers);

/// The lots that took part in an event at this place (number of its identifier) within [from, to].
std::vector<std::int64_t> lots_at(Connection& c, std::int64_t place, Instant from, Instant to, std::size_t count);

/// How many units of the batch were printed, by state.
std::vector<std::pair<std::string, std::int64_t>> units_of_batch(Connection& c, BatchId const& batch);

} // namespace nguon::db::genealogy
