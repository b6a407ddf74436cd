#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace nguon {

/// Where time comes from; tests own theirs.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

/// The machine's wall clock.
class SystemClock final : public Clock {
public:
    Instant now() const override
    {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

/// Where chance comes from; tests own theirs. Secrets never come from here but from `random_bytes`.
class Random {
public:
    virtual ~Random() = default;
    /// Uniform in [0, bound); `bound` is not 0.
    virtual std::uint64_t below(std::uint64_t bound) = 0;
};

/// Seeded by the operating system.
class SystemRandom final : public Random {
public:
    std::uint64_t below(std::uint64_t bound) override;
};

} // namespace nguon
