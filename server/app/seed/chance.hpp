#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nguon::server::app::seed {

/// Repeatable chance (SplitMix64): the same day gives the same province. No secret ever comes from here.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_{seed} {}

    std::uint64_t next()
    {
        auto word = state_ += 0x9E3779B97F4A7C15U;
        word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
        word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
        return word ^ (word >> 31U);
    }

    /// Both ends included.
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
    }

    /// The same, never a round number.
    std::int64_t odd_amount(std::int64_t low, std::int64_t high)
    {
        auto const drawn = between(low, high);
        return drawn % 10 == 0 ? drawn + 3 : drawn;
    }

    double share(double low, double high)
    {
        return low + (high - low) * static_cast<double>(next() >> 11U) / static_cast<double>(1ULL << 53U);
    }

    bool one_in(std::int64_t count) { return between(1, count) == 1; }

    template <typename T, std::size_t Extent>
    T const& pick(std::span<T const, Extent> from)
    {
        return from[static_cast<std::size_t>(next() % from.size())];
    }

private:
    std::uint64_t state_;
};

} // namespace nguon::server::app::seed
