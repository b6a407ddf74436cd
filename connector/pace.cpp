#include "connector/pace.hpp"

#include <algorithm>
#include <cassert>

namespace nguon::connector {

namespace {

constexpr std::size_t records_first = 50;
constexpr std::size_t records_more = 10;
constexpr std::size_t retries_always = 10; // a minute
constexpr std::size_t sends_per_retry = 10;
constexpr Duration budget_time = std::chrono::minutes{1};

} // namespace

Pace::Pace(std::size_t records_max, std::size_t lanes_max)
    : records_max_{records_max}, lanes_max_{lanes_max}, records_{std::min(records_first, records_max)}, lanes_{
                                                                                                            lanes_max}
{
    assert(records_max > 0 && lanes_max > 0);
}

void Pace::answered(Duration took, bool full)
{
    if (took > answer_time_wanted) return halve();
    // More is tried only where the last size was used.
    if (full) records_ = std::min(records_max_, records_ + records_more);
    lanes_ = std::min(lanes_max_, lanes_ + 1);
}

void Pace::timed_out() { halve(); }

void Pace::halve()
{
    records_ = std::max<std::size_t>(1, records_ / 2);
    lanes_ = std::max<std::size_t>(1, lanes_ / 2);
}

void RetryBudget::sent(Instant now, bool again)
{
    while (!sends_.empty() && sends_.front().first < now - budget_time) sends_.pop_front();
    sends_.emplace_back(now, again);
}

RetryBudget::LastMinute RetryBudget::last_minute(Instant now) const
{
    std::size_t sends = 0;
    std::size_t again = 0;
    for (auto const& [at, was_again] : sends_) {
        if (at < now - budget_time) continue;
        ++sends;
        if (was_again) ++again;
    }
    return {again, std::max(retries_always, (sends - again) / sends_per_retry)};
}

bool RetryBudget::binds(Instant now) const { return failed_at_ && now - *failed_at_ <= budget_time; }

bool RetryBudget::allows(Instant now) const
{
    if (!binds(now)) return true;
    auto const used = last_minute(now);
    return used.again < used.allowed;
}

unsigned RetryBudget::used_percent(Instant now) const
{
    if (!binds(now)) return 0;
    auto const used = last_minute(now);
    return static_cast<unsigned>(used.again * 100 / used.allowed);
}

} // namespace nguon::connector
