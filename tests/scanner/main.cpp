#include "scanner/picture_workers.hpp"
#include "scanner/symbol_proof.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

/// The test program is its own picture worker: the pool starts /proc/self/exe.
int main(int argc, char** argv)
{
    if (argc > 1 && std::string_view{argv[1]} == "file-worker") {
        auto tasks = nguon::scanner::picture_tasks();
        tasks.push_back(nguon::scanner::symbol_task());
        return nguon::worker_main(tasks);
    }
    // Workers that die of every first search, or of every search at all.
    if (argc > 1 && std::string_view{argv[1]}.starts_with("dying-worker")) {
        auto tasks = nguon::scanner::picture_tasks();
        for (auto& task : tasks)
            if (task.kind == 'd' || std::string_view{argv[1]} == "dying-worker-always")
                task.answer = [](std::string_view) -> std::string { std::abort(); };
        return nguon::worker_main(tasks);
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
