#pragma once

#include "core/limits.hpp"
#include "core/result.hpp"
#include "core/runtime/suspend.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// Files from strangers are read in child processes that can reach nothing: no files, no network, little memory. One
/// pool serves every kind of file: the first byte of a request names its kind.
namespace nguon {

struct WorkerPoolOptions {
    std::filesystem::path program = "/proc/self/exe";
    std::vector<std::string> arguments = {}; // after the program's name: {"file-worker"}
    unsigned processes = 2;
    std::size_t queue_max = 64;
    std::size_t requests_max = limits::worker_requests_max; // then the process is replaced
    std::size_t request_bytes_max = limits::worker_file_bytes_max + 4096;
    std::size_t answer_bytes_max = limits::worker_answer_bytes_max;
    std::chrono::milliseconds wall_time = limits::worker_wall_time;
};

/// Pre-started sandboxed processes, one request at a time each. A process that dies, is too slow or has served its
/// number is replaced; only the request that it held fails.
class WorkerPool {
public:
    explicit WorkerPool(WorkerPoolOptions options);
    /// Ends the processes; waiting requests answer "busy".
    ~WorkerPool();
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    /// Sends `request` to a process and awaits its answer. Errors: unavailable "busy" (queue full), too_large
    /// "file.too_large", invalid "file.too_complex" (wall clock or CPU time used up), invalid "file.unreadable" (the
    /// process died of it), unavailable "worker.unavailable" (no process could be started).
    net::awaitable<Result<std::string>> run(std::string request);

    /// The same for commands and tests; blocks the calling thread.
    Result<std::string> run_now(std::string request);

    struct Counters {
        std::uint64_t served = 0;
        std::uint64_t started = 0; // processes
        std::uint64_t died = 0;    // during a request
        std::uint64_t timed_out = 0;
        std::uint64_t refused = 0; // queue full
    };
    Counters counters() const;

private:
    struct Job {
        std::string request = {};
        Finish<Result<std::string>> finish = {};
    };
    class Child;

    void submit(std::string request, Finish<Result<std::string>> finish);
    void serve();
    Result<std::string> exchange(Child& child, std::string const& request);

    WorkerPoolOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    bool closed_ = false;
    Counters counters_;
    std::vector<std::thread> threads_;
};

struct WorkerLimits {
    std::size_t memory_bytes = limits::worker_memory_bytes; // not under sanitizers, which reserve terabytes
    std::chrono::milliseconds cpu_time = limits::worker_cpu_time;
    std::size_t request_bytes_max = limits::worker_file_bytes_max + 4096;
};

/// One kind of request that a worker can answer.
struct WorkerTask {
    char kind = 0; // first byte of its requests
    std::function<std::string(std::string_view request)> answer = {};
};

/// The child's main function: locks itself in, then answers requests until the pool closes the socket; one of a kind
/// that no task answers gets an empty answer. Call it early, before threads start; a task must not open files and may
/// throw, which ends the process. Returns the exit status.
int worker_main(std::vector<WorkerTask> const& tasks, WorkerLimits const& limits = {});

} // namespace nguon
