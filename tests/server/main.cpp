#include "server/file_worker.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

namespace {

/// The program's tasks; a file that says so ends its worker, as a fault in a reader would.
std::vector<nguon::WorkerTask> tasks_that_may_die()
{
    auto tasks = nguon::server::file_worker_tasks();
    for (auto& task : tasks)
        task.answer = [answer = task.answer](std::string_view request) {
            if (request.substr(1) == "PK, and the reader dies") std::abort();
            return answer(request);
        };
    return tasks;
}

} // namespace

/// The test program is its own worker: the pool starts /proc/self/exe.
int main(int argc, char** argv)
{
    if (argc > 1 && argv[1] == nguon::server::file_worker_argument) return nguon::worker_main(tasks_that_may_die());
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
