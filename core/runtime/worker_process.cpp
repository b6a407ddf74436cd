#include "core/runtime/worker_process.hpp"

#include "core/runtime/log.hpp"
#include "core/runtime/worker_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <future>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nguon {

/// One process and our end of its socket; ends the process when destroyed.
class WorkerPool::Child {
public:
    Child() = default;
    ~Child() { stop(); }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    bool running() const { return pid_ > 0; }
    int socket() const { return socket_; }
    std::size_t served = 0;

    bool start(WorkerPoolOptions const& options);
    /// Ends the process and returns its wait status.
    int stop();
    /// The same for a process that seems to be dying: gives it a moment, so that the status tells what it died of.
    int bury();

private:
    pid_t pid_ = 0;
    int socket_ = -1;
};

namespace {

// What a worker may know of our environment: nothing but the settings of sanitizers.
std::vector<std::string> worker_environment()
{
    std::vector<std::string> kept;
    for (auto const* const name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (auto const* const value = std::getenv(name)) kept.push_back(std::string{name} + "=" + value);
    }
    return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

} // namespace

bool WorkerPool::Child::start(WorkerPoolOptions const& options)
{
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;

    std::vector<std::string> arguments{options.program.string()};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    auto environment = worker_environment();

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], worker_socket::descriptor);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Ctrl-C in the terminal is for the service; it ends its workers by closing their sockets.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);

    auto const failed = ::posix_spawn(&pid_, options.program.c_str(), &actions, &attributes, pointers(arguments).data(),
                                      pointers(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) {
        ::close(ends[0]);
        pid_ = 0;
        log::error("a worker process could not be started", {{"errno", failed}});
        return false;
    }
    socket_ = ends[0];
    served = 0;
    return true;
}

int WorkerPool::Child::stop()
{
    if (pid_ <= 0) return 0;
    ::close(std::exchange(socket_, -1));
    // Killed even when it would leave by itself: nothing in it is worth a wait.
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
}

int WorkerPool::Child::bury()
{
    for (int i = 0; i < 50; ++i) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            ::close(std::exchange(socket_, -1));
            pid_ = 0;
            return status;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return stop();
}

WorkerPool::WorkerPool(WorkerPoolOptions options) : options_{std::move(options)}
{
    for (unsigned i = 0; i < std::max(1U, options_.processes); ++i) threads_.emplace_back([this] { serve(); });
}

WorkerPool::~WorkerPool()
{
    std::deque<Job> left;
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
        left.swap(queue_);
    }
    wake_.notify_all();
    for (auto& job : left) job.finish(unavailable("busy", "the worker pool was closed"));
    for (auto& thread : threads_) thread.join();
}

void WorkerPool::submit(std::string request, Finish<Result<std::string>> finish)
{
    if (request.size() > options_.request_bytes_max) {
        finish(Error{ErrorCode::too_large, "file.too_large", {}, {}, {}});
        return;
    }
    {
        std::lock_guard const lock{mutex_};
        if (!closed_ && queue_.size() < options_.queue_max) {
            queue_.push_back(Job{std::move(request), std::move(finish)});
            wake_.notify_one();
            return;
        }
        ++counters_.refused;
    }
    finish(unavailable("busy", "the worker queue is full or closed"));
}

net::awaitable<Result<std::string>> WorkerPool::run(std::string request)
{
    std::function<void(Finish<Result<std::string>>)> start =
        [this, request = std::move(request)](Finish<Result<std::string>> finish) mutable {
            submit(std::move(request), std::move(finish));
        };
    co_return co_await suspend<Result<std::string>>(std::move(start));
}

Result<std::string> WorkerPool::run_now(std::string request)
{
    std::promise<Result<std::string>> promise;
    submit(std::move(request), [&promise](Result<std::string> answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
}

WorkerPool::Counters WorkerPool::counters() const
{
    std::lock_guard const lock{mutex_};
    return counters_;
}

void WorkerPool::serve()
{
    Child child;
    while (true) {
        // Started before the work comes, so that nobody waits for a process.
        if (!child.running() && child.start(options_)) {
            std::lock_guard const lock{mutex_};
            ++counters_.started;
        }
        Job job;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return closed_ || !queue_.empty(); });
            if (closed_) return;
            job = std::move(queue_.front());
            queue_.pop_front();
        }
        job.finish(exchange(child, job.request));
    }
}

Result<std::string> WorkerPool::exchange(Child& child, std::string const& request)
{
    if (!child.running()) return unavailable("worker.unavailable", "no worker process runs");

    auto const deadline = std::chrono::steady_clock::now() + options_.wall_time;
    std::string answer;
    auto outcome = worker_socket::send_message(child.socket(), request, deadline);
    if (outcome == worker_socket::Outcome::done) {
        outcome = worker_socket::receive_message(child.socket(), answer, options_.answer_bytes_max, deadline);
    }

    if (outcome == worker_socket::Outcome::done) {
        if (++child.served >= options_.requests_max) child.stop();
        std::lock_guard const lock{mutex_};
        ++counters_.served;
        return answer;
    }
    bool const late = outcome == worker_socket::Outcome::timed_out;
    auto const status = outcome == worker_socket::Outcome::closed ? child.bury() : child.stop();
    // Its own CPU timer ends it with SIGPROF.
    bool const cpu_used_up = WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF;
    log::warning("a worker process was lost to a file",
                 {{"late", late}, {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0}});
    std::lock_guard const lock{mutex_};
    ++(late || cpu_used_up ? counters_.timed_out : counters_.died);
    return invalid(late || cpu_used_up ? "file.too_complex" : "file.unreadable");
}

} // namespace nguon
