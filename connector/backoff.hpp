#pragma once

#include "core/runtime/clock.hpp"

#include <chrono>
#include <optional>
#include <string_view>

/// How long to wait before trying again. Pure: time and chance come from outside.
namespace nguon::connector {

using Duration = std::chrono::microseconds;

inline constexpr Duration backoff_floor = std::chrono::milliseconds{200};
inline constexpr Duration backoff_cap = std::chrono::minutes{15};
inline constexpr Duration retry_after_cap = std::chrono::hours{1};

/// Uniform in [from, to]; `from` when `to` is not later.
Duration uniform(Duration from, Duration to, Random& random);

/// Full jitter: uniform(0, min(15 min, 1 s · 2^failures)), at least 200 ms.
Duration backoff(unsigned failures, Random& random);

/// A date of a field, as RFC 9110 §5.6.7 prefers it: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<Instant> read_http_date(std::string_view text);

/// The portal's clock minus ours by the Date of an answer that has just come.
std::optional<Duration> clock_skew(std::string_view date, Instant now);

/// What a Retry-After field asks for: seconds, or an HTTP date measured against the portal's own Date (its clock may
/// differ from ours) or, without one, against `now`. Clamped to 0 … 1 h. Nothing when it cannot be read.
std::optional<Duration> read_retry_after(std::string_view retry_after, std::string_view date, Instant now);

/// `asked` and up to 10 % more, so that not everybody comes back in the same second.
Duration with_jitter(Duration asked, Random& random);

} // namespace nguon::connector
