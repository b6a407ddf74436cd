#pragma once

#include "connector/breaker.hpp"
#include "connector/pace.hpp"
#include "connector/target.hpp"
#include "core/limits.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The connector's decisions for one target, without I/O: told "time is t" or "answer a arrived", it says what to do.
namespace nguon::connector {

struct EngineSettings {
    std::size_t lanes = 8;        // conversations side by side
    std::size_t lanes_of_one = 2; // of one organization; one while it is in trouble
    std::size_t records_max = limits::delivery_batch_records_max;
    std::size_t bytes_max = limits::delivery_batch_bytes_max;
    Duration poll_time = std::chrono::seconds{1};
    Duration store_retry_time = std::chrono::seconds{1};
    Duration fresh_time = std::chrono::minutes{5}; // after an outage every second batch is of records not older
    std::int64_t attempts_max = 20;                // of a record that fails alone, then it is parked as suspect
};

/// Take work: db::deliveries::claim.
struct ClaimAction {
    std::string after_org = {};
    std::size_t records_max = 0;
    std::size_t bytes_max = 0;
    std::map<std::string, std::size_t> org_limits = {};
    std::vector<std::string> busy_orgs = {};
    std::optional<Instant> created_since = {}; // only what was written since
    bool first_time_only = false;              // nothing that is to be sent again
};
/// Shake hands without sending anything.
struct ProbeAction {
    std::string base_url = {};
};
struct SettleAction {
    std::vector<db::deliveries::Settlement> settlements = {};
};
/// Nothing to do before `until`, or before `wake`.
struct WaitAction {
    Instant until = {};
};
/// This lane is done; only after `stop`.
struct StopAction {};

using Action = std::variant<ClaimAction, Freeze, Request, ProbeAction, SettleAction, WaitAction, StopAction>;

/// What the administrators see of a portal.
struct EngineStatus {
    std::string state = {}; // working, waiting, stopped_identity, stopped_contract, stopped_security, paused
    Reading last_fault = {};
    std::optional<Instant> next_try_at = {};
    std::optional<Instant> succeeded_at = {};
    std::optional<Instant> failed_at = {};
    std::optional<Instant> portal_certificate_expires = {};
};

/// Numbers for the metrics, since the engine began.
struct EngineCounters {
    std::map<AnswerClass, std::uint64_t> conversations = {};
    std::uint64_t delivered = 0;
    std::uint64_t refused = 0;
    std::uint64_t receipts_invalid = 0;
    std::uint64_t polls_capped = 0;       // the portal wanted to be left alone for longer than the limit
    std::uint64_t pictures_too_large = 0; // records that wait because of one
    std::uint64_t pictures_put_off = 0;   // records whose pictures were too many for one batch
};

/// Not safe for several threads; everything runs on one strand. Each lane follows the same circle: `next` names an
/// action, its end is reported with the function of that name, `next` again. After an action that changes the store
/// fails, `store_failed` makes `next` name the same action again a little later: nothing that arrived is forgotten.
class Engine {
public:
    Engine(Target& target, Random& random, EngineSettings settings);
    ~Engine();
    Engine(Engine const&) = delete;
    Engine& operator=(Engine const&) = delete;

    Action next(std::size_t lane, Instant now);

    void claimed(std::size_t lane, Instant now, std::vector<Record> records);
    void frozen(std::size_t lane);
    void answered(std::size_t lane, Instant now, Answer const& answer);
    void probed(std::size_t lane, Instant now, Answer const& answer);
    void settled(std::size_t lane, Instant now);
    void store_failed(std::size_t lane, Instant now);

    /// New work may be there: idle lanes look at once.
    void wake();
    /// No new claims; what is under way is finished.
    void pause(bool paused) { paused_ = paused; }
    void stop() { stopping_ = true; }

    std::size_t lanes() const { return lanes_.size(); }
    EngineStatus status(Instant now) const;
    EngineCounters const& counters() const { return counters_; }
    /// Percent of the retries that are allowed at present.
    unsigned retry_budget_used(Instant now) const { return retries_.used_percent(now); }
    Breaker const& breaker(BreakerKind kind) const { return breakers_.at(kind); }

private:
    struct Lane;
    struct OrganizationMemory {
        unsigned failures = 0;       // in a row, for the backoff
        std::size_t records_max = 0; // 0: no limit of its own
    };

    Action next_idle(Lane& lane, Instant now);
    Action start_claim(Lane& lane, Instant now, bool half_open);
    Action next_step(Lane& lane, Instant now);
    std::vector<db::deliveries::Settlement> conclude(Lane& lane, Conclusion const& conclusion, Instant now);
    db::deliveries::Settlement settle_record(Record const& record, RecordOutcome const& outcome, Reading const& reading,
                                             bool alone, Instant now);
    db::deliveries::Settlement settle_undecided(Record const& record, Reading const& reading, bool alone, Instant now);
    db::deliveries::Settlement settle_refused(Record const& record, std::string const& code, std::string const& text,
                                              Instant now);
    Duration poll_wait(Reading const& reading);
    void count_for_breakers(Reading const& reading, Instant now);
    void remember(OrganizationMemory& memory, Reading const& reading, Lane const& lane);
    std::size_t busy_lanes() const;
    std::vector<std::string> busy_organizations() const;
    bool is_closed(BreakerKind kind, Instant now) const;

    Target& target_;
    Random& random_;
    EngineSettings settings_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::map<BreakerKind, Breaker> breakers_;
    MassGuard mass_guard_;
    Pace pace_;
    RetryBudget retries_;
    bool backlog_ = false;    // the oldest record that can go has waited longer than `fresh_time`
    bool fresh_turn_ = false; // the next batch is of fresh records
    std::map<std::string, OrganizationMemory> organizations_; // those in trouble only
    std::map<std::int64_t, std::int64_t> failures_alone_;     // of records that fail while others pass
    std::string last_org_;
    Instant asked_to_wait_until_ = {}; // Retry-After
    bool paused_ = false;
    bool stopping_ = false;
    EngineStatus status_;
    EngineCounters counters_;
};

} // namespace nguon::connector
