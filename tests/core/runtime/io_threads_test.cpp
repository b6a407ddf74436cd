#include "core/runtime/io_threads.hpp"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <thread>

#include <boost/asio/post.hpp>

namespace nguon {
namespace {

namespace net = boost::asio;

std::thread::id thread_of(net::any_io_executor const& executor)
{
    std::promise<std::thread::id> promise;
    net::post(executor, [&promise] { promise.set_value(std::this_thread::get_id()); });
    return promise.get_future().get();
}

TEST(IoThreads, GivesItsThreadsInTurnAndKeepsEachExecutorOnOne)
{
    IoThreads io{3};
    std::thread runner{[&io] { io.run(); }};
    auto const main = thread_of(io.main());
    EXPECT_EQ(main, runner.get_id());
    std::set<std::thread::id> met;
    for (int i = 0; i < 3; ++i) {
        auto const executor = io.next();
        auto const first = thread_of(executor);
        EXPECT_EQ(thread_of(executor), first);
        met.insert(first);
    }
    EXPECT_EQ(met.size(), 3U);
    EXPECT_TRUE(met.contains(main));
    io.stop();
    runner.join();
}

TEST(IoThreads, StopsWithoutWork)
{
    IoThreads io{2};
    io.stop();
    io.run();
}

} // namespace
} // namespace nguon
