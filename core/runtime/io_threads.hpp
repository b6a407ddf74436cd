#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace nguon {

/// One io_context for each thread: what lives on one of its executors never runs beside itself and needs no strand, and
/// threads share no queue.
class IoThreads {
public:
    explicit IoThreads(unsigned count);
    IoThreads(IoThreads const&) = delete;
    IoThreads& operator=(IoThreads const&) = delete;

    /// Of the thread that calls `run`: for what there is one of.
    boost::asio::any_io_executor main() { return contexts_.front()->io.get_executor(); }
    /// Each in turn; any thread may ask.
    boost::asio::any_io_executor next();

    /// Runs all of them, the first on the calling thread, until `stop`.
    void run();
    /// Ends `run`; any thread may call it.
    void stop();

private:
    struct Context {
        boost::asio::io_context io{1};
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{io.get_executor()};
    };

    std::vector<std::unique_ptr<Context>> contexts_;
    std::atomic<std::size_t> turn_ = 0;
};

} // namespace nguon
