#include "scanner/search_time.hpp"

#include <algorithm>
#include <ctime>

namespace nguon::scanner {

namespace {

std::chrono::nanoseconds thread_time()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

} // namespace

SearchTime::SearchTime(std::chrono::milliseconds time)
    : end_{thread_time() + time}, wall_end_{std::chrono::steady_clock::now() + limits::picture_search_wall_time}
{
}

bool SearchTime::is_over()
{
    was_over_ = was_over_ || thread_time() >= end_ || std::chrono::steady_clock::now() >= wall_end_;
    return was_over_;
}

std::chrono::milliseconds SearchTime::left() const
{
    auto const rest = std::chrono::floor<std::chrono::milliseconds>(end_ - thread_time());
    return std::max(rest, std::chrono::milliseconds{0});
}

} // namespace nguon::scanner
