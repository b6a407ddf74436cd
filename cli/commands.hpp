#pragma once

#include "core/result.hpp"

#include <functional>

namespace CLI {
class App;
}

/// One file a command. Each adds its options to the program and, when it was called, leaves its work in `run`, which
/// answers with the exit code: 0 success, 1 the work could not be done, 2 called wrongly.
namespace nguon::cli {

using Run = std::function<int()>;

void add_serve(CLI::App& app, Run& run);
void add_sync(CLI::App& app, Run& run);
void add_portal(CLI::App& app, Run& run);
void add_user(CLI::App& app, Run& run);
void add_key(CLI::App& app, Run& run);
void add_seed(CLI::App& app, Run& run);
void add_gs1(CLI::App& app, Run& run);
void add_encode(CLI::App& app, Run& run);
void add_decode(CLI::App& app, Run& run);
void add_epcis(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_restore(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);

/// Says on standard error what went wrong: Vietnamese sentence, then the English one. Returns 1.
int fail(Error const& error);

} // namespace nguon::cli
