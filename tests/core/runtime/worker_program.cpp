#include "tests/core/runtime/worker_program.hpp"

#include "core/runtime/worker_process.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nguon::testing {
namespace {

std::string try_to_open()
{
    int const file = ::open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    return file >= 0 ? "opened" : std::strerror(errno);
}

std::string serve(std::string_view request)
{
    if (request == "abort") std::abort();
    if (request == "hang") std::this_thread::sleep_for(std::chrono::hours{1});
    if (request == "open") return try_to_open();
    if (request == "socket") return std::to_string(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (request == "grow") return std::to_string(std::vector<char>(1024U * 1024 * 1024, 'x').size());
    if (request == "pid") return std::to_string(::getpid());
    if (request == "environment") return environ && *environ ? *environ : "";
    bool volatile forever = request == "loop";
    while (forever) {
    }
    return "echo " + std::string{request};
}

} // namespace

int test_worker_main()
{
    WorkerLimits limits;
    limits.cpu_time = std::chrono::milliseconds{200};
    std::vector<WorkerTask> tasks{{'?', [](std::string_view) { return std::string{"asked"}; }}};
    for (char kind = 'a'; kind <= 'z'; ++kind) tasks.push_back({kind, serve});
    for (char kind = '0'; kind <= '9'; ++kind) tasks.push_back({kind, serve});
    return worker_main(tasks, limits);
}

} // namespace nguon::testing
