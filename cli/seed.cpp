#include "cli/commands.hpp"

namespace nguon::cli {

void add_seed(CLI::App&, Run&) {}

} // namespace nguon::cli
