#pragma once

#include "core/result.hpp"

#include <functional>

namespace CLI {
class App;
}

/// One file a command.
namespace nguon::cli {

/// The work of a command; answers with the exit code: 0 success, 1 it could not be done, 2 called wrongly.
using Run = std::function<int()>;

/// Adds a command with its options to the program. When it is called it leaves its work in `run`.
using AddCommand = void(CLI::App& app, Run& run);

AddCommand add_serve, add_sync, add_portal, add_user, add_key, add_seed, add_gs1, add_encode, add_decode, add_label,
    add_epcis, add_trace, add_check, add_backup, add_restore, add_verify, add_doctor, add_alarms, add_witness,
    add_report;

/// Says on standard error what went wrong: Vietnamese sentence, then the English one. Returns 1.
int fail(Error const& error);

} // namespace nguon::cli
