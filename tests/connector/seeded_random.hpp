#pragma once

#include "core/runtime/clock.hpp"

#include <iterator>
#include <random>

namespace nguon::connector::testing {

/// One seed is one sequence.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_{seed} {}
    std::uint64_t below(std::uint64_t bound) override { return engine_() % bound; }
    bool chance(double rate) { return static_cast<double>(below(1'000'000)) < rate * 1'000'000; }
    template <typename Range>
    auto const& one_of(Range const& range)
    {
        return *(std::begin(range) + static_cast<std::ptrdiff_t>(below(std::size(range))));
    }

private:
    std::mt19937_64 engine_;
};

} // namespace nguon::connector::testing
