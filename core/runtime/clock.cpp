#include "core/runtime/clock.hpp"

#include <cassert>
#include <random>

namespace nguon {

std::uint64_t SystemRandom::below(std::uint64_t bound)
{
    assert(bound > 0);
    thread_local std::mt19937_64 engine = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
        return std::mt19937_64{seed};
    }();
    return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine);
}

} // namespace nguon
