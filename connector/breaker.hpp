#pragma once

#include "connector/backoff.hpp"

#include <array>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

/// When to stop sending, and when to try again. Pure.
namespace nguon::connector {

struct BreakerSettings {
    unsigned consecutive = 5;                   // failures in a row that open it
    unsigned samples_min = 20;                  // or half of at least so many …
    Duration window = std::chrono::seconds{30}; // … within this time
    Duration open_first = std::chrono::seconds{5};
    Duration open_max = std::chrono::minutes{5};
    bool jitter = true;
    unsigned closes_after = 3; // successes while half open
};

/// The network and a portal that answers 5xx: doubling from 5 s to 5 min.
inline constexpr BreakerSettings transport_breaker{};
/// Our certificate or sign-in was refused: nothing helps but a person; one probe every 5 min.
inline constexpr BreakerSettings identity_breaker{
    1, 1, std::chrono::seconds{30}, std::chrono::minutes{5}, std::chrono::minutes{5}, false, 1};
/// The portal speaks otherwise than agreed: one probe every 5 min.
inline constexpr BreakerSettings contract_breaker = identity_breaker;
/// Its certificate is wrong, which may be an attack: nothing is sent; a handshake every 60 s.
inline constexpr BreakerSettings security_breaker{
    1, 1, std::chrono::seconds{30}, std::chrono::minutes{1}, std::chrono::minutes{1}, false, 1};

class Breaker {
public:
    enum class State { closed, open, half_open };
    static constexpr unsigned ramp_end = 32; // more than any engine has lanes

    explicit Breaker(BreakerSettings settings) : settings_{settings} {}

    void success(Instant now);
    void failure(Instant now, Random& random);

    /// Open becomes half open once its time is over.
    State state(Instant now) const;
    /// When an open breaker lets one try pass.
    Instant retry_at() const { return retry_at_; }
    /// Sendings allowed side by side: 1 after closing, then 2, 4 …
    unsigned ramp() const { return ramp_; }

private:
    void open(Instant now, Random& random);
    void forget_before(Instant start);

    BreakerSettings settings_;
    bool open_ = false;
    Instant retry_at_ = {};
    Duration open_time_ = {}; // of the last opening
    unsigned failures_in_row_ = 0;
    unsigned successes_half_open_ = 0;
    unsigned ramp_ = ramp_end;
    std::deque<std::pair<Instant, bool>> samples_; // when, failed
};

enum class BreakerKind { transport, identity, contract, security };
inline constexpr std::array breaker_kinds{BreakerKind::transport, BreakerKind::identity, BreakerKind::contract,
                                          BreakerKind::security};
std::string_view to_text(BreakerKind kind);

/// Notices when a portal's release, not a record, is at fault: the same refusal for more than 50 records, or for more
/// than 20 % of at least 25 decided ones, within 10 min.
class MassGuard {
public:
    void decided(Instant now);
    /// True when refusals with `code` have become so many that they must not be believed.
    bool refused(Instant now, std::string const& aggregate, std::string const& code);

private:
    void forget_before(Instant start);

    std::deque<Instant> decided_;
    std::map<std::string, std::map<std::string, Instant>> refused_; // code → aggregate → last time
};

} // namespace nguon::connector
