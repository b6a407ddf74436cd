#pragma once

#include "core/limits.hpp"

namespace nguon::scanner {

/// How long a search may go on: processor time of its thread, so that a busy machine reads as much as an idle one, as
/// long as nobody waits too long for it. A step that has begun is finished.
class SearchTime {
public:
    explicit SearchTime(std::chrono::milliseconds time);

    /// Asked before each further step.
    bool is_over();

    /// Whether some step was left out.
    bool was_over() const { return was_over_; }

    /// Of the processor's time; not less than nothing.
    std::chrono::milliseconds left() const;

private:
    std::chrono::nanoseconds end_; // on the thread's own clock
    std::chrono::steady_clock::time_point wall_end_;
    bool was_over_ = false;
};

} // namespace nguon::scanner
