#pragma once

#include "connector/backoff.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

/// How much is sent at a time, and how often again. Pure.
namespace nguon::connector {

/// Answers should come within that; a portal that takes longer gets less at once.
inline constexpr Duration answer_time_wanted = std::chrono::seconds{5};

/// Batch size and conversations side by side: a little more after each good answer, half after a slow one (AIMD).
class Pace {
public:
    Pace(std::size_t records_max, std::size_t lanes_max);

    /// An answer that decided something came after `took`. `full`: the batch was as large as it might be.
    void answered(Duration took, bool full);
    /// It did not come in time.
    void timed_out();

    std::size_t records() const { return records_; }
    std::size_t lanes() const { return lanes_; }

private:
    void halve();

    std::size_t records_max_;
    std::size_t lanes_max_;
    std::size_t records_;
    std::size_t lanes_;
};

/// While sends fail, batches that were sent before may be a tenth of those of the last minute, and always a few. Once a
/// minute has passed without a failure nothing is rationed: what an outage left half sent is the first that must go.
class RetryBudget {
public:
    void sent(Instant now, bool again);
    /// What was sent came to nothing, whoever is to blame.
    void failed(Instant now) { failed_at_ = now; }
    /// Whether another retry is within the budget.
    bool allows(Instant now) const;
    /// The share of it that is used, in percent; 0 while nothing is rationed.
    unsigned used_percent(Instant now) const;

private:
    struct LastMinute {
        std::size_t again = 0;
        std::size_t allowed = 0;
    };
    LastMinute last_minute(Instant now) const;
    bool binds(Instant now) const;

    std::deque<std::pair<Instant, bool>> sends_; // when, again
    std::optional<Instant> failed_at_;
};

} // namespace nguon::connector
