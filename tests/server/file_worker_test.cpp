#include "server/file_worker.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nguon::server {
namespace {

TEST(FileWorker, EveryTaskHasAKindOfItsOwn)
{
    // The first task of a kind gets the request: a second one would never be asked.
    std::set<char> kinds;
    for (auto const& task : file_worker_tasks()) EXPECT_TRUE(kinds.insert(task.kind).second) << task.kind;
    EXPECT_GE(kinds.size(), 4U);
}

} // namespace
} // namespace nguon::server
