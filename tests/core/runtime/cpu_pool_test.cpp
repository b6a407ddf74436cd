#include "core/runtime/cpu_pool.hpp"

#include "tests/support/http_test.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace nguon {
namespace {

net::awaitable<bool> resumes_where_it_was(CpuPool& pool)
{
    auto const before = std::this_thread::get_id();
    auto work = [before] { return std::this_thread::get_id() != before; };
    auto const elsewhere = co_await pool.run(std::move(work));
    co_return elsewhere.value_or(false) && std::this_thread::get_id() == before;
}

TEST(CpuPool, RunsElsewhereAndResumesOnTheCallersExecutor)
{
    CpuPool pool{2, 8};
    testing::IoThreads io{1};
    EXPECT_TRUE(io.run(resumes_where_it_was(pool)));
}

TEST(CpuPool, GivesValuesResultsAndStatus)
{
    CpuPool pool{1, 8};
    testing::IoThreads io{1};
    auto const number = io.run(pool.run([] { return 42; }));
    auto const refused = io.run(pool.run([]() -> Result<int> { return conflict("taken"); }));
    auto const nothing = io.run(pool.run([] {}));
    EXPECT_EQ(number.value_or(0), 42);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "taken");
    EXPECT_TRUE(nothing.ok());
}

TEST(CpuPool, ThrowsAtTheCallerWhatTheWorkThrows)
{
    CpuPool pool{1, 8};
    testing::IoThreads io{1};
    EXPECT_THROW(io.run(pool.run([]() -> int { throw std::runtime_error{"broken"}; })).value_or(0), std::runtime_error);
}

TEST(CpuPool, RefusesWhenTheQueueIsFull)
{
    CpuPool pool{1, 1};
    testing::IoThreads io{2};
    std::promise<void> started;
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    auto blocking = [&started, opened] {
        started.set_value();
        opened.wait();
    };
    auto shared_blocking = [run = std::make_shared<decltype(blocking)>(std::move(blocking))] { (*run)(); };
    auto first = net::co_spawn(io.executor(), pool.run(shared_blocking), net::use_future);
    started.get_future().wait();
    auto second = net::co_spawn(io.executor(), pool.run([] {}), net::use_future);
    while (pool.queued() == 0) std::this_thread::yield();

    auto const refused = io.run(pool.run([] {}));
    gate.set_value();

    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(refused.error().key, "busy");
    EXPECT_TRUE(first.get().ok());
    EXPECT_TRUE(second.get().ok());
}

TEST(CpuPool, RefusesAfterJoin)
{
    CpuPool pool{1, 8};
    testing::IoThreads io{1};
    pool.join();
    EXPECT_FALSE(io.run(pool.run([] { return 1; })).ok());
}

} // namespace
} // namespace nguon
