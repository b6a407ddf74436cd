#pragma once

#include "db/versions.hpp"

#include <array>
#include <map>
#include <span>

/// The 12 characters on packs. Codes never die.
namespace nguon::db::printed_codes {

/// A unit goes from printed (no pack carries it yet, or nobody said so) to activated, shipped and sold; void ends it.
inline constexpr std::array<std::string_view, 5> unit_states{"printed", "activated", "shipped", "sold", "void"};

struct Code {
    std::string code = {};
    std::string kind = {}; // unit, batch
    OrganizationId org = {};
    BatchId batch = {};
    std::string job = {};    // the label job that made it; "" for a lot's
    std::string status = {}; // of a unit: see `unit_states`; of a lot: active
    std::string reason = {}; // why it is void
    Instant created_at = {};
    std::optional<Instant> changed_at = {}; // of the status
};

/// Serves the public. Errors: "code.unknown".
Result<Code> find(Connection& c, std::string_view code);

/// Gives out codes of units, in one statement for each thousand; those that exist already are left alone, whoever has
/// them. Returns how many are new. `codes` are of twelve characters.
std::int64_t insert_units(Connection& c, OrganizationId const& org, BatchId const& batch, std::string_view job,
                          std::vector<std::string> codes, Instant at);

/// The unit codes of a job, in the order they are printed in: that of their text, so that a range of labels is a range
/// of codes.
std::vector<std::string> codes_of_job(Connection& c, OrganizationId const& org, std::string_view job);
std::int64_t count_of_job(Connection& c, OrganizationId const& org, std::string_view job);

/// Labels that follow each other in one job, both ends included.
struct Range {
    std::string job = {};
    std::string first = {};
    std::string last = {};
};

using CountByState = std::map<std::string, std::int64_t>;
CountByState count(Connection& c, OrganizationId const& org, Range const& range);

/// First and last label of a job; both empty when it has none.
Range range_of_job(Connection& c, OrganizationId const& org, std::string_view job);

struct StateChange {
    std::span<std::string_view const> from = {}; // up to five states
    std::string_view to;
    std::string reason = {};
    Instant at = {};
};
/// Returns how many units changed.
std::int64_t change_state(Connection& c, OrganizationId const& org, Range const& range, StateChange const& change);

/// Units of a job in the order of their codes; `state` "" for all.
std::vector<Code> list(Connection& c, OrganizationId const& org, std::string_view job, std::string_view state,
                       std::int64_t offset, std::int64_t limit);

/// Labels of one job that nobody activated.
struct Waiting {
    std::string job = {};
    BatchId batch = {};
    std::string lot = {};
    std::string product = {};
    Instant printed_at = {};
    std::int64_t count = 0;
    std::string first = {}; // of those that wait
    std::string last = {};
};
/// By job, the oldest first; of jobs printed until that moment.
std::vector<Waiting> never_activated(Connection& c, OrganizationId const& org, Instant before, std::int64_t offset,
                                     std::int64_t limit);
std::int64_t count_never_activated(Connection& c, OrganizationId const& org, Instant before);

} // namespace nguon::db::printed_codes
