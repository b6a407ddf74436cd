#include "tests/core/runtime/worker_program.hpp"

#include <gtest/gtest.h>

#include <string_view>

/// The test program is its own worker process: the pool starts /proc/self/exe.
int main(int argc, char** argv)
{
    if (argc > 1 && std::string_view{argv[1]} == "test-worker") return nguon::testing::test_worker_main();
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
