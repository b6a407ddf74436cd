#pragma once

#include "core/result.hpp"
#include "core/runtime/suspend.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

namespace nguon {

namespace detail {

template <typename T>
struct AsResult {
    using type = Result<T>;
};
template <typename T>
struct AsResult<Result<T>> {
    using type = Result<T>;
};
template <>
struct AsResult<void> {
    using type = Status;
};

} // namespace detail

/// Threads for drawing, hashing and other work that would hold up I/O threads.
class CpuPool {
public:
    /// `threads` 0: as many as there are processors.
    CpuPool(unsigned threads, std::size_t queue_max);
    /// Joins.
    ~CpuPool();
    CpuPool(CpuPool const&) = delete;
    CpuPool& operator=(CpuPool const&) = delete;

    /// Runs `work` on a thread of the pool and resumes the caller on its own executor. `work` returns a `T`, a
    /// `Result<T>` or nothing; what it throws is thrown here. Errors: unavailable "busy" when the queue is full or the
    /// pool has been joined.
    template <typename Work>
    auto run(Work work) -> net::awaitable<typename detail::AsResult<std::invoke_result_t<Work&>>::type>
    {
        using Outcome = typename detail::AsResult<std::invoke_result_t<Work&>>::type;
        struct State {
            explicit State(Work&& w) : work{std::move(w)} {}
            Work work;
            std::optional<Outcome> outcome;
            std::exception_ptr thrown;
        };
        auto state = std::make_shared<State>(std::move(work));
        auto job = [state] {
            try {
                if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
                    state->work();
                    state->outcome.emplace(Done{});
                } else {
                    state->outcome.emplace(state->work());
                }
            } catch (...) {
                state->thrown = std::current_exception();
            }
        };
        bool const ran = co_await perform(std::move(job));
        if (!ran) co_return unavailable("busy", "the CPU queue is full or closed");
        if (state->thrown) std::rethrow_exception(state->thrown);
        co_return std::move(*state->outcome);
    }

    /// Finishes what is queued, refuses what comes later, and ends the threads.
    void join();

    std::size_t queued() const;
    std::size_t threads() const { return threads_.size(); }

private:
    struct Job {
        std::function<void()> work = {};
        Finish<bool> finish = {};
    };

    net::awaitable<bool> perform(std::function<void()> work);
    void serve();

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    std::size_t queue_max_;
    bool closed_ = false;
    std::vector<std::thread> threads_;
};

} // namespace nguon
