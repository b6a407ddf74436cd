#include "cli/child_process.hpp"

#include <cerrno>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nguon::cli {

Status run_child(std::vector<std::string> const& command)
{
    std::vector<char*> arguments;
    for (auto const& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    if (::posix_spawnp(&child, arguments.front(), nullptr, nullptr, arguments.data(), environ) != 0)
        return Error{ErrorCode::unavailable, "child.missing", {command.front()}, {}, {}};
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    int const code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    if (code == 0) return Done{};
    return Error{ErrorCode::unavailable, "child.failed", {command.front(), std::to_string(code)}, {}, {}};
}

} // namespace nguon::cli
