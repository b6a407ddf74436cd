#include "core/runtime/worker_process.hpp"

#include "tests/support/http_test.hpp"

#include <gtest/gtest.h>

#include <latch>

namespace nguon {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

WorkerPoolOptions some_options()
{
    WorkerPoolOptions options;
    options.arguments = {"test-worker"};
    options.processes = 1;
    options.wall_time = std::chrono::seconds{10};
    return options;
}

TEST(WorkerPool, AnswersARequest)
{
    WorkerPool pool{some_options()};
    auto const answer = pool.run_now("hello");
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(*answer, "echo hello");
}

TEST(WorkerPool, GivesEachRequestToTheTaskOfItsKind)
{
    WorkerPool pool{some_options()};
    EXPECT_EQ(pool.run_now("?abort").value_or(""), "asked");
    EXPECT_EQ(pool.run_now("Unknown").value_or("x"), "");
    EXPECT_EQ(pool.run_now("").value_or("x"), "");
    EXPECT_EQ(pool.counters().died, 0U);
}

TEST(WorkerPool, AnswersCoroutinesOnTheirExecutor)
{
    testing::IoThreads io{1};
    WorkerPool pool{some_options()};
    std::string const megabytes(3U * 1024 * 1024, 'x');
    auto const answer = io.run(pool.run(megabytes));
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(*answer, "echo " + megabytes);
}

TEST(WorkerPool, SurvivesAProcessThatDies)
{
    WorkerPool pool{some_options()};
    auto const lost = pool.run_now("abort");
    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().key, "file.unreadable");
    EXPECT_EQ(pool.run_now("next").value_or(""), "echo next");
    EXPECT_EQ(pool.counters().died, 1U);
    EXPECT_EQ(pool.counters().started, 2U);
}

TEST(WorkerPool, EndsAProcessThatUsesUpItsProcessorTime)
{
    WorkerPool pool{some_options()};
    auto const lost = pool.run_now("loop");
    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().key, "file.too_complex");
    EXPECT_EQ(pool.run_now("next").value_or(""), "echo next");
}

TEST(WorkerPool, EndsAProcessThatHangs)
{
    auto options = some_options();
    options.wall_time = std::chrono::milliseconds{100};
    WorkerPool pool{options};
    auto const lost = pool.run_now("hang");
    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().key, "file.too_complex");
    EXPECT_EQ(pool.counters().timed_out, 1U);
}

TEST(WorkerPool, ReplacesAProcessAfterItsNumberOfRequests)
{
    auto options = some_options();
    options.requests_max = 2;
    WorkerPool pool{options};
    auto const first = pool.run_now("pid").value_or("");
    auto const second = pool.run_now("pid").value_or("");
    auto const third = pool.run_now("pid").value_or("");
    EXPECT_EQ(first, second);
    EXPECT_NE(second, third);
}

TEST(WorkerPool, RefusesRequestsAboveTheLimitOnly)
{
    auto options = some_options();
    options.request_bytes_max = 10;
    WorkerPool pool{options};
    EXPECT_TRUE(pool.run_now(std::string(9, 'a')).ok());
    EXPECT_TRUE(pool.run_now(std::string(10, 'a')).ok());
    auto const refused = pool.run_now(std::string(11, 'a'));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
}

TEST(WorkerPool, RefusesAnswersAboveTheLimit)
{
    auto options = some_options();
    options.answer_bytes_max = 10;
    WorkerPool pool{options};
    EXPECT_TRUE(pool.run_now(std::string(5, 'a')).ok());
    EXPECT_FALSE(pool.run_now(std::string(6, 'a')).ok());
}

TEST(WorkerPool, RefusesWhenTheQueueIsFull)
{
    auto options = some_options();
    options.queue_max = 0;
    WorkerPool pool{options};
    auto const refused = pool.run_now("x");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_EQ(pool.counters().refused, 1U);
}

TEST(WorkerPool, SaysWhenTheProgramCannotBeStarted)
{
    auto options = some_options();
    options.program = "/nonexistent/program";
    WorkerPool pool{options};
    auto const refused = pool.run_now("x");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "worker.unavailable");
}

TEST(WorkerSandbox, OpensNoFiles)
{
    WorkerPool pool{some_options()};
    EXPECT_EQ(pool.run_now("open").value_or(""), "Permission denied");
}

TEST(WorkerSandbox, ReachesNoNetwork)
{
    WorkerPool pool{some_options()};
    auto const answer = pool.run_now("socket");
    // The call ends the process; with sanitizers it is refused, because they make calls of their own.
    if (sanitized) {
        EXPECT_EQ(answer.value_or(""), "-1");
    } else {
        EXPECT_FALSE(answer.ok());
    }
}

TEST(WorkerSandbox, GrowsOnlyToItsLimit)
{
    if (sanitized) return; // they reserve terabytes
    WorkerPool pool{some_options()};
    EXPECT_FALSE(pool.run_now("grow").ok());
    EXPECT_EQ(pool.run_now("next").value_or(""), "echo next");
}

TEST(WorkerSandbox, KnowsNothingOfOurEnvironment)
{
    if (sanitized) return; // their options are handed on
    WorkerPool pool{some_options()};
    EXPECT_EQ(pool.run_now("environment").value_or("?"), "");
}

} // namespace
} // namespace nguon
