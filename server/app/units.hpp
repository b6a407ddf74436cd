#pragma once

#include "core/json.hpp"
#include "db/printed_codes.hpp"
#include "server/app/actor.hpp"

/// What becomes of a unit's label: printed, activated (it is on a pack), shipped, sold, void.
namespace nguon::server::app {

/// The states that people and programs may set.
inline constexpr std::array<std::string_view, 4> settable_unit_states{"activated", "shipped", "sold", "void"};

/// The unit code in what somebody typed or a scanner gave: the twelve characters, /t/CODE or a Digital Link.
/// Errors: those of gs1::read_code, "unit.no_code" when it names no unit.
Result<std::string> read_unit_code(std::string_view text);

/// A unit of one's own. Errors: those of `read_unit_code`, not_found "unit.unknown", also for another organization's,
/// "unit.of_lot" {code} for the code of a whole lot.
Result<db::printed_codes::Code> find_unit(db::Connection& c, OrganizationId const& org, std::string_view text);

/// A roll or a part of it, as its two ends name it.
struct UnitRange {
    db::printed_codes::Range range = {};
    BatchId batch = {};
    db::printed_codes::CountByState counts = {};

    std::int64_t units() const;
    /// How many of them can get that state.
    std::int64_t changeable(std::string_view to) const;
};

/// The labels between two, in whichever order they come; `last` may be empty: one label.
/// Errors, at "/first" or "/last": those of `find_unit`, "unit.other_job" when they were not printed together.
Result<UnitRange> find_unit_range(db::Connection& c, OrganizationId const& org, std::string_view first,
                                  std::string_view last);

struct UnitChange {
    std::string first = {};
    std::string last = {};
    std::string to = {};
    std::string reason = {}; // of void
};

/// "first", "last", "to", "reason" of a form or a document.
UnitChange read_unit_change(JsonReader& in);

struct UnitsChanged {
    UnitRange range = {}; // as it is now
    std::int64_t changed = 0;
};

/// Sets the state of those that can get it and leaves the others as they are.
/// Errors: those of `find_unit_range`, "unit.state_unknown" at "/to", "field.required" at "/reason" for void without
/// one, conflict "unit.nothing_to_change".
Result<UnitsChanged> change_units(db::Connection& c, Actor const& actor, UnitChange const& change);

} // namespace nguon::server::app
