#pragma once

#include "tests/connector/seeded_random.hpp"
#include "tests/connector/sim_portal.hpp"

#include <array>
#include <functional>

namespace nguon::connector::testing {

/// The way between connector and portal. Whatever it does, a request that reached the portal had its effect.
class SimNetwork {
public:
    /// Runs something after a while.
    using Later = std::function<void(Duration, std::function<void()>)>;

    SimNetwork(SimPortal& portal, SeededRandom& random, Later later)
        : portal_{portal}, random_{random}, later_{std::move(later)}
    {
        for (auto& weight : weights_) weight = random_.below(8) == 0 ? 20 : random_.below(10);
    }

    /// How one exchange ends. `now` is the portal's clock.
    Answer exchange(Request const& request, Instant now);

    double trouble = 0; // chance of something bad in an exchange
    bool down = false;
    bool sign_in_works = false; // even then: it is a service of its own
    std::uint64_t troubles = 0;

private:
    Answer go_wrong(Request const& request, Instant now);
    Answer lose_on_the_way(Request const& request, Instant now);
    Answer lose_answer(Request const& request, Instant now);
    Answer say_status(Request const& request);
    Answer say_nonsense(Request const& request, Instant now);
    Answer mangle_results(Request const& request, Instant now);
    Answer send_twice(Request const& request, Instant now);

    SimPortal& portal_;
    SeededRandom& random_;
    Later later_;
    std::array<std::uint64_t, 6> weights_ = {}; // of the six kinds, different in each world
};

} // namespace nguon::connector::testing
