#include "scanner/picture_workers.hpp"

#include <gtest/gtest.h>

#include <string_view>

/// The test program is its own picture worker: the pool starts /proc/self/exe.
int main(int argc, char** argv)
{
    if (argc > 1 && std::string_view{argv[1]} == "file-worker")
        return nguon::worker_main(nguon::scanner::picture_tasks());
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
