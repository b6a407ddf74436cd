#pragma once

#include "connector/engine.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

/// A world for the engine: virtual time, a store in memory, a network that loses things, and a portal that counts what
/// was done to it. One seed is one history.
namespace nguon::connector::testing {

class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_{seed} {}
    std::uint64_t below(std::uint64_t bound) override { return engine_() % bound; }
    bool chance(double rate) { return static_cast<double>(below(1'000'000)) < rate * 1'000'000; }

private:
    std::mt19937_64 engine_;
};

/// One request of the fake protocol carries lines "key digest type/id version before parent…".
class FakeTarget final : public Target {
public:
    std::string const& name() const override { return name_; }
    std::string probe_url() const override { return "https://portal"; }
    std::size_t records_max() const override { return 200; }
    std::unique_ptr<Conversation> begin(std::vector<Record> records) override;

private:
    std::string name_ = "fake";
};

/// Knows keys, applies each once, and writes down what should never happen.
class FakePortal {
public:
    std::string answer(std::string const& body, SeededRandom& random, double record_trouble);

    std::map<std::string, int> effects;           // key → times applied
    std::map<std::string, std::int64_t> versions; // type/id → version
    std::set<std::string> poison;                 // keys that are refused for what they say
    std::vector<std::string> violations;

private:
    std::map<std::string, std::string> digests_;
};

struct WorldSettings {
    std::uint64_t seed = 1;
    double network_trouble = 0.15;
    double record_trouble = 0.02;
    double crash = 0.002; // for each action
    bool stale_leader = false;
    std::size_t organizations = 5;
    std::size_t batches = 4; // of each organization
    std::size_t events = 12; // of each batch
    std::size_t poisoned = 0;
    std::chrono::hours portal_down_until{0};
    std::chrono::hours trouble_until{6};
};

class World {
public:
    explicit World(WorldSettings settings);

    /// Until everything is at rest or the time is over.
    void run(std::chrono::hours limit);

    bool drained() const;
    db::deliveries::Counts counts() const;
    Instant now() const { return now_; }
    FakePortal const& portal() const { return portal_; }
    std::vector<std::string> const& violations() const { return violations_; }
    /// Longest stretch of claims that left an organization with waiting work aside.
    std::size_t worst_turn() const { return worst_turn_; }

private:
    struct Row {
        Record record = {};
        db::deliveries::State state = db::deliveries::State::pending;
        Instant not_before = {};
        std::int64_t epoch = 0;
        bool has_receipt = false;
    };

    void fill();
    Row& add(std::string org, std::string type, std::string id, std::int64_t version,
             std::vector<db::deliveries::PortalId> parents);
    void start_engine();
    void step(std::size_t lane);
    void at(Duration delay, std::function<void()> what);
    bool eligible(Row const& row) const;
    std::vector<Record> claim(ClaimAction const& action);
    void freeze(Freeze const& action);
    void settle(SettleAction const& action);
    void send(std::size_t lane, Request const& request);
    Answer travel(std::string const& body);
    bool troubled() const;

    WorldSettings settings_;
    SeededRandom random_;
    Instant start_;
    Instant now_;
    FakeTarget target_;
    FakePortal portal_;
    std::unique_ptr<Engine> engine_;
    std::int64_t epoch_ = 0;
    std::deque<Row> rows_;
    std::map<std::pair<std::string, std::string>, std::vector<Row*>> by_aggregate_;
    std::multimap<Instant, std::function<void()>> queue_;
    std::vector<std::string> violations_;
    std::map<std::string, std::size_t> waiting_turns_;
    std::size_t worst_turn_ = 0;
};

} // namespace nguon::connector::testing
