#include "tests/connector/fake_world.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <sstream>

namespace nguon::connector::testing {

using db::deliveries::State;

namespace {

class FakeConversation final : public Conversation {
public:
    explicit FakeConversation(std::vector<Record> records) : records_{std::move(records)} {}

    Step next(Instant) override
    {
        if (answered_) return conclusion_;
        Freeze freeze;
        for (auto& record : records_) {
            if (!record.wire.empty()) continue;
            record.wire = line_of(record);
            record.wire_sha256 = sha256_hex(record.wire);
            freeze.wires.push_back({record.seq, record.wire, record.wire_sha256});
        }
        if (!freeze.wires.empty()) return freeze;
        Request request;
        for (auto const& record : records_) request.body += record.wire_sha256 + " " + record.wire + "\n";
        return request;
    }

    void take(Answer const& answer, Instant now) override
    {
        answered_ = true;
        conclusion_.reading = classify(answer, now);
        for (auto const& record : records_)
            conclusion_.records.push_back({record.seq, Verdict::undecided, "", "", {}, ""});
        if (conclusion_.reading.answer_class != AnswerClass::decided) return;
        std::istringstream body{answer.body};
        std::string key;
        std::string word;
        std::string digest;
        bool any = false;
        while (body >> key >> word >> digest) {
            any = true;
            take_word(key, word, digest);
        }
        if (!any) conclusion_.reading.answer_class = AnswerClass::unknown;
    }

private:
    static std::string line_of(Record const& record)
    {
        auto line = record.key + " " + record.type + "/" + record.id + " " + std::to_string(record.version) + " " +
                    std::to_string(record.delivered_version);
        for (auto const& parent : record.parents) line += " " + parent.type + "/" + parent.id;
        return line;
    }

    void take_word(std::string const& key, std::string const& word, std::string const& digest)
    {
        for (std::size_t i = 0; i < records_.size(); ++i) {
            if (records_[i].key != key) continue;
            auto& outcome = conclusion_.records[i];
            if (word == "REFUSED") outcome.verdict = Verdict::refused;
            if (word == "RETRY") outcome.verdict = Verdict::retry;
            outcome.code = word == "OK" ? "" : word;
            if (word != "OK") return;
            if (digest != records_[i].wire_sha256) {
                conclusion_.reading.answer_class = AnswerClass::unknown;
                return;
            }
            outcome.verdict = Verdict::delivered;
            outcome.receipt = db::receipts::Receipt{};
            outcome.receipt->payload_sha256 = digest;
        }
    }

    std::vector<Record> records_;
    bool answered_ = false;
    Conclusion conclusion_;
};

} // namespace

std::unique_ptr<Conversation> FakeTarget::begin(std::vector<Record> records)
{
    return std::make_unique<FakeConversation>(std::move(records));
}

std::string FakePortal::answer(std::string const& body, SeededRandom& random, double record_trouble)
{
    std::string out;
    std::istringstream lines{body};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string digest;
        std::string key;
        std::string aggregate;
        std::int64_t version = 0;
        std::int64_t before = 0;
        words >> digest >> key >> aggregate >> version >> before;
        if (poison.contains(key)) {
            out += key + " REFUSED -\n";
            continue;
        }
        if (random.chance(record_trouble)) {
            if (random.chance(0.5)) out += key + " RETRY -\n"; // else it is missing from the list
            continue;
        }
        auto const [known, is_new] = digests_.try_emplace(key, digest);
        if (!is_new && known->second != digest) violations.push_back("other digest under " + key);
        if (is_new) {
            ++effects[key];
            auto& current = versions[aggregate];
            if (before != current || version <= current) violations.push_back("order of " + aggregate);
            current = version;
            for (std::string parent; words >> parent;)
                if (!versions.contains(parent)) violations.push_back("parent of " + aggregate);
        }
        out += key + " OK " + (random.chance(record_trouble / 4) ? "forged" : digest) + "\n";
    }
    return out;
}

World::World(WorldSettings settings)
    : settings_{settings}, random_{settings.seed}, start_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}},
      now_{start_}
{
    fill();
    start_engine();
}

World::Row& World::add(std::string org, std::string type, std::string id, std::int64_t version,
                       std::vector<db::deliveries::PortalId> parents)
{
    auto& row = rows_.emplace_back();
    row.record.seq = static_cast<std::int64_t>(rows_.size());
    row.record.org = OrganizationId{std::move(org)};
    row.record.type = std::move(type);
    row.record.id = std::move(id);
    row.record.version = version;
    row.record.key = sha256_hex(row.record.type + row.record.id + std::to_string(version)).substr(0, 16);
    row.record.parents = std::move(parents);
    by_aggregate_[{row.record.type, row.record.id}].push_back(&row);
    return row;
}

void World::fill()
{
    for (std::size_t o = 0; o < settings_.organizations; ++o) {
        auto const org = "org" + std::to_string(o);
        add(org, "organization", org, 1, {});
        add(org, "product", org + "-p", 1, {{"organization", org, ""}});
        add(org, "product", org + "-p", 2, {{"organization", org, ""}});
        for (std::size_t b = 0; b < settings_.batches; ++b) {
            auto const batch = org + "-b" + std::to_string(b);
            add(org, "batch", batch, 1, {{"product", org + "-p", ""}});
            for (std::size_t e = 0; e < settings_.events; ++e)
                add(org, "event", batch + "-e" + std::to_string(e), 1, {{"batch", batch, ""}});
            add(org, "batch", batch, 2, {{"product", org + "-p", ""}});
        }
    }
    for (std::size_t i = 0; i < settings_.poisoned;) {
        auto const& row = rows_[random_.below(rows_.size())];
        if (row.record.type == "event" && portal_.poison.insert(row.record.key).second) ++i;
    }
}

void World::start_engine()
{
    // Only what the network carries already survives the process.
    ++epoch_;
    for (auto& row : rows_)
        if (row.state == State::in_flight) row.state = State::pending;
    engine_ = std::make_unique<Engine>(target_, random_, EngineSettings{});
    for (std::size_t lane = 0; lane < engine_->lanes(); ++lane)
        at(Duration{0}, [this, lane, epoch = epoch_] {
            if (epoch == epoch_) step(lane);
        });
}

void World::at(Duration delay, std::function<void()> what) { queue_.emplace(now_ + delay, std::move(what)); }

bool World::troubled() const { return now_ - start_ < settings_.trouble_until; }

void World::run(std::chrono::hours limit)
{
    while (!queue_.empty() && now_ - start_ < limit && !drained()) {
        auto const first = queue_.begin();
        now_ = std::max(now_, first->first);
        auto const what = std::move(first->second);
        queue_.erase(first);
        what();
    }
}

void World::step(std::size_t lane)
{
    if (troubled() && random_.chance(settings_.crash)) {
        start_engine();
        return;
    }
    auto const again = [this, lane](Duration delay) {
        at(delay, [this, lane, epoch = epoch_] {
            if (epoch == epoch_) step(lane);
        });
    };
    auto action = engine_->next(lane, now_);
    bool const store_fails = troubled() && random_.chance(0.01);
    if (auto const* const wait = std::get_if<WaitAction>(&action)) {
        again(std::max<Duration>(wait->until - now_, std::chrono::milliseconds{1}));
        return;
    }
    if (auto const* const request = std::get_if<Request>(&action)) {
        send(lane, *request);
        return;
    }
    if (std::holds_alternative<ProbeAction>(action)) {
        engine_->probed(lane, now_, Answer{});
    } else if (store_fails) {
        engine_->store_failed(lane, now_);
    } else if (auto const* const wanted = std::get_if<ClaimAction>(&action)) {
        engine_->claimed(lane, now_, claim(*wanted));
    } else if (auto const* const bytes = std::get_if<Freeze>(&action)) {
        freeze(*bytes);
        engine_->frozen(lane);
    } else if (auto const* const decided = std::get_if<SettleAction>(&action)) {
        settle(*decided);
        engine_->settled(lane, now_);
    }
    again(std::chrono::milliseconds{2});
}

bool World::eligible(Row const& row) const
{
    if (row.state != State::pending || row.not_before > now_) return false;
    for (auto const* const other : by_aggregate_.at({row.record.type, row.record.id}))
        if (other->record.version < row.record.version && other->state != State::delivered) return false;
    for (auto const& parent : row.record.parents) {
        auto const& versions = by_aggregate_.at({parent.type, parent.id});
        if (std::none_of(versions.begin(), versions.end(),
                         [](auto const* version) { return version->state == State::delivered; }))
            return false;
    }
    return std::none_of(rows_.begin(), rows_.end(), [&row](auto const& other) {
        return other.state == State::in_flight && other.record.org == row.record.org;
    });
}

std::vector<Record> World::claim(ClaimAction const& action)
{
    std::set<std::string> waiting;
    for (auto const& row : rows_)
        if (eligible(row)) waiting.insert(row.record.org.text());
    if (waiting.empty()) return {};
    auto turn = waiting.upper_bound(action.after_org);
    if (turn == waiting.end()) turn = waiting.begin();
    for (auto const& org : waiting) worst_turn_ = std::max(worst_turn_, ++waiting_turns_[org]);
    waiting_turns_[*turn] = 0;

    auto limit = action.records_max;
    if (auto const own = action.org_limits.find(*turn); own != action.org_limits.end())
        limit = std::min(limit, own->second);
    std::vector<Row*> taken;
    for (auto& row : rows_) {
        if (taken.size() == limit) break;
        if (row.record.org.text() != *turn || !eligible(row)) continue;
        if (!taken.empty() && taken.front()->record.type != row.record.type) continue;
        taken.push_back(&row);
    }
    std::vector<Record> records;
    for (auto* const row : taken) {
        row->state = State::in_flight;
        row->epoch = epoch_;
        row->record.delivered_version = 0;
        for (auto const* const other : by_aggregate_.at({row->record.type, row->record.id}))
            if (other->state == State::delivered)
                row->record.delivered_version = std::max(row->record.delivered_version, other->record.version);
        records.push_back(row->record);
    }
    return records;
}

void World::freeze(Freeze const& action)
{
    for (auto const& frozen : action.wires) {
        auto& record = rows_[static_cast<std::size_t>(frozen.seq - 1)].record;
        if (!record.wire.empty() && record.wire != frozen.wire) violations_.push_back("other bytes for " + record.key);
        record.wire = frozen.wire;
        record.wire_sha256 = frozen.wire_sha256;
    }
}

void World::settle(SettleAction const& action)
{
    for (auto const& settlement : action.settlements) {
        auto& row = rows_[static_cast<std::size_t>(settlement.seq - 1)];
        if (row.state != State::in_flight || row.epoch != epoch_) violations_.push_back("settled what was not ours");
        if ((settlement.state == State::delivered) != settlement.receipt.has_value())
            violations_.push_back("delivered without receipt");
        if (settlement.state == State::delivered && !portal_.effects.contains(row.record.key))
            violations_.push_back("delivered, but the portal has it not: " + row.record.key);
        row.state = settlement.state;
        row.not_before = settlement.not_before;
        row.record.attempts += settlement.attempt ? 1 : 0;
        if (settlement.not_before > now_ + std::chrono::minutes{15}) violations_.push_back("waits beyond the cap");
    }
}

Answer World::travel(std::string const& body)
{
    Answer answer;
    auto const fault = [&answer](Fault kind) {
        answer.fault = kind;
        return answer;
    };
    if (now_ - start_ < settings_.portal_down_until) return fault(Fault::connect);
    answer.status = 200;
    if (troubled() && random_.chance(settings_.network_trouble)) {
        switch (random_.below(12)) {
        case 0:
            return fault(Fault::timeout);
        case 1:
            return fault(Fault::resolve);
        case 2: // the portal works, its answer is lost
            portal_.answer(body, random_, settings_.record_trouble);
            return fault(Fault::truncated);
        case 3: // arrives long after we gave up
            at(std::chrono::minutes{random_.below(30)}, [this, body] { portal_.answer(body, random_, 0); });
            return fault(Fault::reset);
        case 4:
            answer.status = 503;
            return answer;
        case 5:
            answer.status = 429;
            answer.headers = {{"retry-after", std::to_string(random_.below(90))}};
            return answer;
        case 6:
            answer.body = "<html>";
            return answer;
        case 7:
            answer.status = 401;
            return answer;
        case 8:
            answer.status = 404;
            return answer;
        case 9:
            answer.status = 409;
            answer.body = "in progress";
            return answer;
        case 10:
            return fault(Fault::portal_certificate);
        default: // the answer is cut in the middle
            answer.body = portal_.answer(body, random_, settings_.record_trouble);
            answer.body.resize(random_.below(answer.body.size() + 1));
            return answer;
        }
    }
    answer.body = portal_.answer(body, random_, troubled() ? settings_.record_trouble : 0);
    return answer;
}

void World::send(std::size_t lane, Request const& request)
{
    at(std::chrono::milliseconds{5 + random_.below(400)}, [this, lane, epoch = epoch_, body = request.body] {
        auto const answer = travel(body);
        if (epoch != epoch_) return; // whoever asked is gone
        engine_->answered(lane, now_, answer);
        at(Duration{0}, [this, lane, epoch] {
            if (epoch == epoch_) step(lane);
        });
    });
}

db::deliveries::Counts World::counts() const
{
    db::deliveries::Counts counts;
    for (auto const& row : rows_) {
        if (row.state == State::pending) ++counts.pending;
        if (row.state == State::in_flight) ++counts.in_flight;
        if (row.state == State::delivered) ++counts.delivered;
        if (row.state == State::refused) ++counts.refused;
        if (row.state == State::parked) ++counts.parked;
    }
    return counts;
}

bool World::drained() const
{
    return std::all_of(rows_.begin(), rows_.end(),
                       [](auto const& row) { return row.state == State::delivered || row.state == State::refused; });
}

} // namespace nguon::connector::testing
