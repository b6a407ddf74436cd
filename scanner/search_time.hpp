#pragma once

#include <chrono>
#include <cstddef>

namespace nguon::limits {

inline constexpr std::size_t picture_symbols_max = 128;                      // read in one picture
inline constexpr auto picture_search_time = std::chrono::milliseconds{1200}; // for codes, of a processor
inline constexpr auto picture_search_wall_time = std::chrono::seconds{3};

} // namespace nguon::limits

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
