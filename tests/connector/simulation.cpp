#include "tests/connector/simulation.hpp"

#include "connector/engine.hpp"
#include "connector/most_target.hpp"
#include "connector/outbox_store.hpp"
#include "core/bytes.hpp"
#include "db/leases.hpp"
#include "tests/connector/mutants.hpp"
#include "tests/connector/sim_installation.hpp"
#include "tests/connector/sim_network.hpp"
#include "tests/connector/sim_records.hpp"
#include "tests/connector/sim_turns.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

namespace nguon::connector::testing {

using db::deliveries::State;

namespace {

constexpr std::chrono::seconds poll_time{60}; // the simulation wakes the engine like the service does
constexpr std::chrono::minutes waiting_max{15};

} // namespace

class Simulation {
public:
    explicit Simulation(SimulationSettings const& settings);
    SimulationReport run();

private:
    /// One process that believes it has the lease.
    struct Leader {
        Leader(MostSettings const& settings, Mutant mutant, Random& random, std::int64_t number)
            : epoch{number}, most{settings}, target{most, mutant}, engine{target, random, engine_settings()}
        {
            turns.resize(engine.lanes());
        }
        static EngineSettings engine_settings()
        {
            EngineSettings settings;
            settings.poll_time = poll_time;
            return settings;
        }

        std::int64_t epoch;
        MostTarget most;
        MutantTarget target;
        Engine engine;
        bool gone = false;
        struct Turn {
            std::uint64_t number = 0; // what was planned before is void
            bool waits = false;
        };
        std::vector<Turn> turns;
    };
    using LeaderPtr = std::shared_ptr<Leader>;

    Instant wall() const { return now_ + clock_error_; }
    bool troubled() const { return now_ - start_ < settings_.troubled; }
    bool anything_may_fail() const { return troubled() && !settings_.calm; }
    void at(Duration delay, std::function<void()> what);
    void plan(LeaderPtr const& leader, std::size_t lane, Duration delay);
    void run_until(Instant end, bool until_drained);

    void new_leader();
    void step(LeaderPtr const& leader, std::size_t lane);
    void act(LeaderPtr const& leader, std::size_t lane, Action action);
    void send(LeaderPtr const& leader, std::size_t lane, Request const& request);
    void wake();

    /// Runs `work` in a transaction under the lease, as OutboxStore does. Nothing when the store failed; then the
    /// engine knows or the leader is gone.
    template <typename Work>
    auto store(LeaderPtr const& leader, std::size_t lane, Work work)
        -> std::optional<typename std::invoke_result_t<Work&, db::Connection&>::value_type>;

    db::deliveries::ClaimRequest claim_request(Leader const& leader, ClaimAction const& action) const;
    Result<std::vector<Record>> claim(db::Connection& c, db::deliveries::ClaimRequest const& request);
    void check_settlements(SettleAction const& action);
    void count_drained(SettleAction const& action);

    void plan_life();
    void enterprises_work();
    void portal_changes();
    void administrators_work();
    void clock_steps();
    void rest();
    void all_is_well();

    void check_end();
    void check_delivered();
    std::string describe_left();
    /// Records that should have arrived and have not.
    std::int64_t count_left(db::deliveries::Counts const& counts) const;
    bool drained();
    double drain_seconds() const;
    void violated(std::string what);
    void note(std::string_view what);

    SimulationSettings settings_;
    SeededRandom random_;
    nguon::testing::TempDir dir_{memory_dir()};
    std::unique_ptr<db::SqliteConnection> db_;
    MostSettings most_ = sim_most_settings();
    SimPortal portal_;
    SimNetwork network_;
    SimRecords records_;
    SimTurns turns_{std::string{sim_target}};
    Instant start_ = nguon::testing::outbox_start;
    Instant now_ = start_;
    Duration clock_error_{0};
    std::multimap<Instant, std::function<void()>> queue_;
    std::vector<LeaderPtr> leaders_; // the last one has the lease
    bool paused_ = false;
    std::int64_t cursor_ = 0;
    std::vector<Instant> drained_; // when each record of the backlog went out
    std::string trace_;
    SimulationReport report_;
};

Simulation::Simulation(SimulationSettings const& settings)
    : settings_{settings}, random_{settings.seed}, db_{open_sim_installation(dir_.path())},
      portal_{most_, *practice_portal::ReceiptSigner::load(sim_receipt_key().secret)},
      network_{portal_, random_, [this](Duration delay, std::function<void()> what) { at(delay, std::move(what)); }},
      records_{*db_, portal_, random_}
{
    network_.trouble = settings.calm ? 0 : 0.02 * static_cast<double>(1 + random_.below(15));
    records_.calm = settings.calm;
    records_.poisoned = settings.poisoned;
    records_.drops_when_full = settings.mutant == Mutant::drop_on_full;
}

void Simulation::at(Duration delay, std::function<void()> what) { queue_.emplace(now_ + delay, std::move(what)); }

void Simulation::violated(std::string what)
{
    if (report_.violations.size() < 20) report_.violations.push_back(std::move(what));
}

void Simulation::note(std::string_view what)
{
    trace_ = sha256(trace_ + std::to_string(now_.time_since_epoch().count()) + std::string{what});
}

void Simulation::plan(LeaderPtr const& leader, std::size_t lane, Duration delay)
{
    auto const number = ++leader->turns[lane].number;
    at(delay, [this, leader, lane, number] {
        if (!leader->gone && leader->turns[lane].number == number) step(leader, lane);
    });
}

void Simulation::new_leader()
{
    db::Transaction transaction{*db_, db::Transaction::Kind::write};
    auto const epoch = db::leases::acquire(*db_, {std::string{lease_name}, "sim", wall(), lease_time, true});
    if (!epoch) return violated("no lease: " + epoch.error().key);
    db::deliveries::recover(*db_, std::string{sim_target}, *epoch, wall());
    transaction.commit();
    auto const leader = std::make_shared<Leader>(most_, settings_.mutant, random_, *epoch);
    leader->engine.pause(paused_);
    leaders_.push_back(leader);
    for (std::size_t lane = 0; lane < leader->engine.lanes(); ++lane) plan(leader, lane, Duration{0});
    ++report_.leaders;
    note("leader");
}

void Simulation::step(LeaderPtr const& leader, std::size_t lane)
{
    leader->turns[lane].waits = false;
    if (anything_may_fail() && random_.chance(0.001)) {
        // Killed; or only frozen for a while, and another takes over meanwhile.
        leader->gone = random_.chance(0.7);
        new_leader();
        if (leader->gone) return;
        return plan(leader, lane, std::chrono::seconds{1 + random_.below(120)});
    }
    auto action = leader->engine.next(lane, wall());
    if (auto const* const wait = std::get_if<WaitAction>(&action)) {
        leader->turns[lane].waits = true;
        return plan(leader, lane, std::max<Duration>(wait->until - wall(), std::chrono::milliseconds{1}));
    }
    if (auto const* const request = std::get_if<Request>(&action)) return send(leader, lane, *request);
    act(leader, lane, std::move(action));
    if (!leader->gone) plan(leader, lane, std::chrono::milliseconds{2});
}

template <typename Work>
auto Simulation::store(LeaderPtr const& leader, std::size_t lane, Work work)
    -> std::optional<typename std::invoke_result_t<Work&, db::Connection&>::value_type>
{
    auto const fails = anything_may_fail() && random_.chance(0.005);
    bool const happens = !fails || random_.chance(0.3);
    if (happens) {
        db::Transaction transaction{*db_, db::Transaction::Kind::write};
        if (auto const ours = db::leases::check(*db_, std::string{lease_name}, leader->epoch); !ours) {
            leader->gone = true;
            ++report_.fenced;
            return std::nullopt;
        }
        auto result = work(*db_);
        if (!result) {
            violated("the store refuses: " + result.error().key);
            leader->gone = true;
            return std::nullopt;
        }
        transaction.commit();
        if (!fails) return *std::move(result);
        // Nobody knows whether it was committed: the leader's life ends, and the next one looks.
        leader->gone = true;
        new_leader();
        return std::nullopt;
    }
    leader->engine.store_failed(lane, wall());
    return std::nullopt;
}

db::deliveries::ClaimRequest Simulation::claim_request(Leader const& leader, ClaimAction const& action) const
{
    db::deliveries::ClaimRequest request;
    request.target = sim_target;
    request.epoch = leader.epoch;
    request.now = wall();
    request.after_org = action.after_org;
    request.records_max = action.records_max;
    request.bytes_max = action.bytes_max;
    request.org_limits = action.org_limits;
    request.created_since = action.created_since;
    request.first_time_only = action.first_time_only;
    return request;
}

void Simulation::act(LeaderPtr const& leader, std::size_t lane, Action action)
{
    if (auto const* const wanted = std::get_if<ClaimAction>(&action)) {
        auto const request = claim_request(*leader, *wanted);
        if (!db::deliveries::has_eligible(*db_, request)) return leader->engine.claimed(lane, wall(), {});
        auto records = store(leader, lane, [&](db::Connection& c) { return claim(c, request); });
        if (records) leader->engine.claimed(lane, wall(), *std::move(records));
    } else if (auto const* const bytes = std::get_if<Freeze>(&action)) {
        auto const frozen = store(leader, lane, [&](db::Connection& c) {
            return db::deliveries::freeze(c, std::string{sim_target}, leader->epoch, bytes->wires, bytes->links,
                                          wall());
        });
        if (frozen) leader->engine.frozen(lane);
    } else if (auto const* const decided = std::get_if<SettleAction>(&action)) {
        check_settlements(*decided);
        auto const settled = store(leader, lane, [&](db::Connection& c) {
            return db::deliveries::settle(c, std::string{sim_target}, leader->epoch, decided->settlements, wall());
        });
        if (!settled) return;
        count_drained(*decided);
        leader->engine.settled(lane, wall());
        wake();
    } else if (std::holds_alternative<ProbeAction>(action)) {
        Answer answer;
        if (anything_may_fail() && random_.chance(0.3)) answer.fault = Fault::portal_certificate;
        leader->engine.probed(lane, wall(), answer);
    }
}

Result<std::vector<Record>> Simulation::claim(db::Connection& c, db::deliveries::ClaimRequest const& request)
{
    auto const waiting = settings_.watches_turns ? turns_.waiting(c, request.now) : std::vector<std::string>{};
    auto claimed = db::deliveries::claim(c, request);
    if (!waiting.empty() && !claimed.empty()) turns_.served(waiting, claimed.front().org.text());
    if (settings_.mutant != Mutant::cursor_instead_of_state) return claimed;
    return only_behind_cursor(c, cursor_, std::move(claimed));
}

void Simulation::count_drained(SettleAction const& action)
{
    for (auto const& one : action.settlements) {
        if (troubled() || one.state != State::delivered) continue;
        drained_.push_back(now_);
    }
}

void Simulation::check_settlements(SettleAction const& action)
{
    for (auto const& one : action.settlements) {
        if (one.state == State::parked) ++report_.parked;
        if (one.not_before > wall() + waiting_max) violated("waits beyond the cap");
        if (one.state == State::refused && !records_.may_be_refused(one.seq))
            violated("refused, though the portal never said so");
    }
}

void Simulation::send(LeaderPtr const& leader, std::size_t lane, Request const& request)
{
    note(request.path + request.body);
    Duration const there = random_.chance(0.02) ? std::chrono::milliseconds{random_.below(20'000)}
                                                : std::chrono::milliseconds{2 + random_.below(200)};
    auto const number = ++leader->turns[lane].number;
    at(there, [this, leader, lane, request, number] {
        auto const answer = network_.exchange(request, now_);
        at(std::chrono::milliseconds{2 + random_.below(200)}, [this, leader, lane, answer, number] {
            if (leader->gone || leader->turns[lane].number != number) return; // who asked is no more
            leader->engine.answered(lane, wall(), answer);
            plan(leader, lane, Duration{0});
        });
    });
}

void Simulation::wake()
{
    for (auto const& leader : leaders_) {
        if (leader->gone) continue;
        leader->engine.wake();
        for (std::size_t lane = 0; lane < leader->turns.size(); ++lane)
            if (leader->turns[lane].waits) plan(leader, lane, Duration{0});
    }
    std::erase_if(leaders_, [](auto const& leader) { return leader->gone; });
}

/// What goes on around the connector, each with a rhythm of its own.
void Simulation::plan_life()
{
    auto const again = [this](auto self, std::chrono::minutes mean, void (Simulation::*what)()) -> void {
        auto const delay = std::chrono::seconds{1 + random_.below(static_cast<std::uint64_t>(mean.count()) * 120)};
        at(delay, [this, self, mean, what] {
            if (!troubled()) return;
            (this->*what)();
            self(self, mean, what);
        });
    };
    again(again, std::chrono::minutes{20}, &Simulation::enterprises_work);
    if (settings_.calm) return;
    again(again, std::chrono::minutes{90}, &Simulation::portal_changes);
    again(again, std::chrono::minutes{120}, &Simulation::administrators_work);
    again(again, std::chrono::minutes{300}, &Simulation::clock_steps);
}

void Simulation::enterprises_work()
{
    records_.add_some(wall());
    wake();
}

void Simulation::portal_changes()
{
    switch (random_.below(5)) {
    case 0:
        network_.down = true;
        at(std::chrono::minutes{random_.below(240)}, [this] { network_.down = false; });
        break;
    case 1:
        portal_.refuses_all = true;
        at(std::chrono::minutes{random_.below(90)}, [this] { portal_.refuses_all = false; });
        break;
    case 2:
        portal_.forget_token();
        break;
    case 3:
        records_.make_busy();
        at(std::chrono::minutes{random_.below(60)}, [this] { portal_.busy.clear(); });
        break;
    default:
        network_.trouble = 0.02 * static_cast<double>(random_.below(20));
    }
}

void Simulation::administrators_work()
{
    if (random_.chance(0.3)) {
        paused_ = true;
        at(std::chrono::minutes{random_.below(60)}, [this] {
            paused_ = false;
            for (auto const& leader : leaders_) leader->engine.pause(false);
        });
        for (auto const& leader : leaders_) leader->engine.pause(true);
    }
    records_.complete_products(wall());
    if (random_.chance(0.5)) records_.requeue_stopped(wall());
    wake();
}

void Simulation::clock_steps()
{
    constexpr std::array<std::chrono::hours, 6> steps{std::chrono::hours{1},     std::chrono::hours{-1},
                                                      std::chrono::hours{24},    std::chrono::hours{-24},
                                                      std::chrono::hours{87600}, std::chrono::hours{-87600}};
    clock_error_ = random_.one_of(steps);
    // The connector notices that its clock was set and begins anew (Connector::Impl::supervise).
    for (auto const& leader : leaders_) leader->gone = true;
    new_leader();
}

/// Until all is well.
void Simulation::rest()
{
    network_.down = settings_.rest == Rest::portal_away;
    network_.sign_in_works = true;
    paused_ = settings_.rest == Rest::paused;
    for (auto const& leader : leaders_) leader->engine.pause(paused_);
}

void Simulation::all_is_well()
{
    network_.trouble = 0;
    network_.down = false;
    portal_.refuses_all = false;
    portal_.poison = records_.never_taken();
    portal_.breaking.clear();
    portal_.busy.clear();
    paused_ = false;
    for (auto const& leader : leaders_) leader->engine.pause(false);
    records_.complete_products(wall());
    // Once now, and once for what the portal had still refused on the way.
    for (auto const after : {std::chrono::minutes{0}, std::chrono::minutes{30}})
        at(after, [this] {
            records_.requeue_stopped(wall());
            wake();
        });
}

std::int64_t Simulation::count_left(db::deliveries::Counts const& counts) const
{
    return counts.total() - counts.delivered - counts.superseded - std::ssize(records_.never_taken());
}

bool Simulation::drained()
{
    auto const counts = db::deliveries::count(*db_, std::string{sim_target});
    return count_left(counts) == 0 && counts.refused == std::ssize(records_.never_taken());
}

void Simulation::run_until(Instant end, bool until_drained)
{
    constexpr unsigned steps_between_looks = 64;
    for (unsigned steps = 1; !queue_.empty() && queue_.begin()->first < end; ++steps) {
        if (until_drained && steps % steps_between_looks == 0 && drained()) return;
        auto const first = queue_.begin();
        now_ = std::max(now_, first->first);
        auto const what = std::move(first->second);
        queue_.erase(first);
        what();
    }
}

/// Records a minute until nine of ten had gone: the organizations that the last probes of an outage were made with keep
/// to their backoff, a quarter of an hour at most, however fast the others go.
double Simulation::drain_seconds() const
{
    if (drained_.empty()) return 0;
    return std::chrono::duration<double>(drained_[drained_.size() * 9 / 10] - drained_.front()).count();
}

SimulationReport Simulation::run()
{
    records_.begin(settings_.organizations, wall());
    new_leader();
    plan_life();
    if (settings_.rest != Rest::none) at(settings_.troubled - settings_.rest_time, [this] { rest(); });
    run_until(start_ + settings_.troubled, false);
    all_is_well();
    run_until(start_ + settings_.troubled + settings_.quiet_max, true);
    check_end();
    report_.trace = to_hex(trace_);
    report_.requests = portal_.requests;
    report_.troubles = network_.troubles;
    report_.worst_turn = turns_.worst();
    report_.attempts = db_->query("SELECT COALESCE(SUM(attempts), 0) FROM delivery", {}).front().integer(0);
    report_.drain_seconds = drain_seconds();
    report_.virtual_hours = std::chrono::duration<double, std::ratio<3600>>(now_ - start_).count();
    return std::move(report_);
}

void Simulation::check_end()
{
    auto const law = db::deliveries::conservation(*db_, std::string{sim_target});
    report_.records = law.created;
    report_.counts = law.counts;
    check_delivered();
    for (auto const& what : portal_.violations) violated(what);
    if (!law.holds()) violated("the outbox does not add up");
    for (auto const& what : records_.missing_in_outbox()) violated(what);
    auto const left = count_left(law.counts);
    if (left != 0) violated(std::to_string(left) + " records have not arrived though all was well" + describe_left());
    for (auto const& what : records_.missing_at_portal()) violated(what);
}

/// What holds up the records that have not arrived.
std::string Simulation::describe_left()
{
    std::string out;
    for (auto const& row : db_->query("SELECT aggregate_type, state, hold, error_class, error_text, COUNT(*)"
                                      " FROM delivery WHERE state NOT IN ('delivered', 'superseded')"
                                      " GROUP BY 1, 2, 3, 4, 5",
                                      {})) {
        out += "; ";
        for (std::size_t i = 0; i < 5; ++i) out += row.text(i) + " ";
        out += std::to_string(row.integer(5));
    }
    return out;
}

/// Each delivered record has a receipt that an outsider can verify, and stands at the portal as it was sent.
void Simulation::check_delivered()
{
    auto const rows = db_->query("SELECT o.idempotency_key, d.wire_sha256, r.body FROM delivery d"
                                 " JOIN outbox o ON o.seq = d.outbox_seq JOIN receipt r ON r.target = d.target"
                                 " AND r.outbox_seq = d.outbox_seq WHERE d.state = 'delivered'",
                                 {});
    for (auto const& row : rows) {
        auto const& key = row.text(0);
        auto const receipt = nlohmann::json::parse(row.blob(2), nullptr, false);
        if (!most_.receipt_keys.verify(receipt, key, row.text(1))) violated("no valid receipt: " + key);
        auto const effect = portal_.effects().find(key);
        if (effect == portal_.effects().end() || !effect->second.confirmed || effect->second.digest != row.text(1))
            violated("delivered, but not at the portal: " + key);
    }
}

SimulationReport simulate(SimulationSettings const& settings) { return Simulation{settings}.run(); }

} // namespace nguon::connector::testing
