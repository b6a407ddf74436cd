#pragma once

#include "core/runtime/clock.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace nguon::connector {

/// Time that nobody can set; tests own theirs.
using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

/// The time of another clock, carried on by a steady one: it neither jumps nor runs backwards.
class CarriedClock final : public Clock {
public:
    CarriedClock(Clock const& other, SteadyNow steady)
        : other_{other}, steady_{std::move(steady)}, began_{other.now()}, steadily_began_{steady_()}
    {
    }

    Instant now() const override
    {
        return began_ + std::chrono::duration_cast<std::chrono::microseconds>(steady_() - steadily_began_);
    }
    /// How far the other clock is away by now, because somebody set it.
    std::chrono::microseconds error() const { return std::chrono::abs(other_.now() - now()); }

private:
    Clock const& other_;
    SteadyNow steady_;
    Instant began_;
    std::chrono::steady_clock::time_point steadily_began_;
};

} // namespace nguon::connector
