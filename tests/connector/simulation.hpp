#pragma once

#include "db/deliveries.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The connector's engine, its store on a real database, and the conversations of `most`, in a world of virtual time
/// where everything goes wrong at once: network, portal, certificates, clocks, crashes, two leaders, administrators.
/// One seed is one history.
namespace nguon::connector::testing {

/// What a careless change might make of the connector. Each must be noticed.
enum class Mutant {
    none,
    new_key_on_retry,
    other_bytes_on_retry,
    receipt_not_verified,
    missing_is_delivered,
    dead_letter_on_503,
    cursor_instead_of_state,
    drop_on_full,
};

std::string_view to_text(Mutant mutant);

/// Why nothing is delivered in the last hours of the troubled time.
enum class Rest {
    none,
    portal_away, // its sign-in works, which is a service of its own
    paused,
};

struct SimulationSettings {
    std::uint64_t seed = 1;
    std::chrono::hours troubled{24}; // then all is well, and everything must arrive
    std::chrono::hours quiet_max{6};
    Mutant mutant = Mutant::none;
    bool calm = false;             // nothing goes wrong but what is said here
    bool watches_turns = false;    // which takes long
    std::size_t organizations = 0; // 0: some
    std::size_t poisoned = 0;      // so many events are refused for ever
    Rest rest = Rest::none;
    std::chrono::hours rest_time{72};
};

struct SimulationReport {
    std::vector<std::string> violations = {}; // empty: every invariant held
    std::string trace = {};                   // digest of all that happened
    std::int64_t records = 0;
    std::uint64_t requests = 0;
    std::uint64_t troubles = 0;
    std::int64_t leaders = 0;
    std::uint64_t fenced = 0; // leaders that were told that another one has the lease
    double virtual_hours = 0;
    db::deliveries::Counts counts = {}; // at the end
    std::uint64_t parked = 0;           // records, ever
    std::int64_t attempts = 0;          // that records were charged with
    std::size_t worst_turn = 0;         // SimTurns
    double drain_seconds = 0; // of nine tenths of the records, from the first delivery after the troubled time on
};

SimulationReport simulate(SimulationSettings const& settings);

} // namespace nguon::connector::testing
