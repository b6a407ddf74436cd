#include "core/runtime/cpu_pool.hpp"

#include <algorithm>

namespace nguon {

CpuPool::CpuPool(unsigned threads, std::size_t queue_max) : queue_max_{queue_max}
{
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

CpuPool::~CpuPool() { join(); }

net::awaitable<bool> CpuPool::perform(std::function<void()> work)
{
    auto start = [this, work = std::move(work)](Finish<bool> finish) {
        {
            std::lock_guard const lock{mutex_};
            if (!closed_ && queue_.size() < queue_max_) {
                queue_.push_back(Job{work, std::move(finish)});
                wake_.notify_one();
                return;
            }
        }
        finish(false);
    };
    co_return co_await suspend<bool>(std::move(start));
}

void CpuPool::serve()
{
    while (true) {
        Job job;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return closed_ || !queue_.empty(); });
            if (queue_.empty()) return;
            job = std::move(queue_.front());
            queue_.pop_front();
        }
        job.work();
        job.finish(true);
    }
}

void CpuPool::join()
{
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

std::size_t CpuPool::queued() const
{
    std::lock_guard const lock{mutex_};
    return queue_.size();
}

} // namespace nguon
