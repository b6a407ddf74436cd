#pragma once

#include "core/runtime/clock.hpp"

#include <atomic>
#include <chrono>

namespace nguon::testing {

/// Time that stands still until the test moves it; any thread may look. Starts on 21 November 2026, 08:00 in Viet Nam.
class FakeClock final : public Clock {
public:
    FakeClock() = default;
    explicit FakeClock(Instant at) : micros_{to_micros(at)} {}

    Instant now() const override { return from_micros(micros_); }
    void set(Instant at) { micros_ = to_micros(at); }
    void advance(std::chrono::microseconds by) { micros_ += by.count(); }

private:
    std::atomic<std::int64_t> micros_ = 1'795'222'800'000'000;
};

} // namespace nguon::testing
