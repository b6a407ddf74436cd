#include "tests/db/crash_life.hpp"

#include <algorithm>
#include <chrono>
#include <latch>

namespace nguon::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t queue_max = 1000;
constexpr std::size_t group_max = 4;
constexpr int groups_min = 6;
constexpr std::size_t groups_more = 10;
constexpr int long_groups = 60; // enough for checkpoints between, and a log that starts again
constexpr std::size_t short_lives_to_a_long = 12;

/// What the work itself may refuse.
bool is_expected(std::string const& error)
{
    constexpr std::string_view expected[] = {"batch.exists", "batch.unknown", "sync.fenced"};
    return std::ranges::find(expected, error) != std::end(expected);
}

/// A reader that keeps an old state for a while, so that checkpoints and the log have to wait for it.
class PatientReader {
public:
    explicit PatientReader(CrashVfs& vfs) : connection_{open_reader(vfs)} {}

    void begin()
    {
        state_ = std::make_unique<db::Transaction>(*connection_, db::Transaction::Kind::read);
        messages_ = count();
    }
    /// False when the state has changed while it was read.
    bool end()
    {
        bool const same = count() == messages_;
        state_.reset();
        return same;
    }
    bool reads() const { return state_ != nullptr; }

private:
    std::int64_t count() { return connection_->query("SELECT count(*) FROM outbox").front().integer(0); }

    std::unique_ptr<db::SqliteConnection> connection_;
    std::unique_ptr<db::Transaction> state_;
    std::int64_t messages_ = 0;
};

void make_defective(db::SqliteConnection& connection, CrashVfs& vfs, Defect defect)
{
    if (defect == Defect::sync_normal) connection.run_script("PRAGMA synchronous=NORMAL");
    if (defect == Defect::sync_off) connection.run_script("PRAGMA synchronous=OFF");
    if (defect == Defect::sync_lies) vfs.lie_about_syncs();
}

} // namespace

GroupWriter::GroupWriter(CrashVfs& vfs, std::unique_ptr<db::SqliteConnection> connection, Defect defect)
    : vfs_{vfs}, defect_{defect}, writer_{std::move(connection), queue_max,
                                          [this](std::string const& reason) { fatal_ = reason; }}
{
}

db::Job GroupWriter::job_of(LedgerEntry& entry)
{
    return [this, &entry](db::Connection& c) -> Status {
        auto const answer = db::operations::run_once(c, entry.operation, entry.work);
        if (!answer) return answer.error();
        entry.note(*answer);
        if (defect_ == Defect::early_answer) entry.answered_at = vfs_.operations();
        return Done{};
    };
}

void GroupWriter::write(std::vector<LedgerEntry>& group, std::vector<Work> const& before,
                        std::function<void()> const& meanwhile)
{
    std::latch held{1};
    std::latch released{1};
    std::latch answered{static_cast<std::ptrdiff_t>(group.size() + before.size()) + 1};
    bool is_held = false; // the writer's own until `held`
    auto const submit = [&](db::Job job, db::Finished finished) {
        writer_.submit({std::move(job), std::move(finished), std::chrono::steady_clock::now() + 1h});
    };
    submit(
        [&](db::Connection&) -> Status {
            is_held = true;
            held.count_down();
            released.wait();
            return Done{};
        },
        [&](Status const&) {
            if (!is_held) held.count_down(); // writing has failed for good
            answered.count_down();
        });
    held.wait();
    if (meanwhile) meanwhile();
    for (auto const& work : before) {
        submit([&work](db::Connection& c) -> Status { return work(c).ok() ? Status{Done{}} : internal("work"); },
               [&](Status const&) { answered.count_down(); });
    }
    for (auto& entry : group) {
        submit(job_of(entry), [this, &entry, &answered](Status const& status) {
            entry.error = status.ok() ? "" : status.error().key;
            if (status.ok() && entry.answered_at == never) entry.answered_at = vfs_.operations();
            answered.count_down();
        });
    }
    released.count_down();
    answered.wait();
    bool const wrote =
        !before.empty() || std::ranges::any_of(group, [](auto const& entry) { return entry.error.empty(); });
    transactions_ += wrote ? 2 : 1; // one is that in which the writer was held up
}

History::History(std::uint64_t seed, Defect defect)
    : seed_{seed}, defect_{defect}, chance_{seed}, writes_{defect}, disk_{prepared_disk(!chance_.one_in(2))}
{
}

Life History::live()
{
    for (;;) {
        auto const before = *this;
        Life life;
        if (try_to_live(life)) return life;
        *this = before;
    }
}

std::vector<LedgerEntry> History::next_group(int index)
{
    if (index == 0 && !unanswered_.empty()) return std::exchange(unanswered_, {});
    std::vector<LedgerEntry> group;
    auto const count = defect_ == Defect::outbox_apart ? 1 : 1 + chance_.below(group_max);
    while (group.size() < count) group.push_back(writes_.next(chance_));
    return group;
}

void History::keep_answers(std::vector<LedgerEntry>& group, std::vector<LedgerEntry> const& before, Life& life)
{
    for (std::size_t index = 0; index < group.size(); ++index) {
        auto& entry = group[index];
        if (!entry.error.empty()) {
            if (!is_expected(entry.error)) life.fault = entry.operation.key + " was refused: " + entry.error;
            continue;
        }
        auto const known =
            std::ranges::find(life.ledger, entry.operation.key, [](auto const& other) { return other.operation.key; });
        if (entry.answer.repeated != (known != life.ledger.end()))
            life.fault = entry.operation.key + (entry.answer.repeated ? " was lost, yet is known" : " was done twice");
        if (known == life.ledger.end()) {
            life.ledger.push_back(std::move(entry));
            continue;
        }
        if (entry.answer.body != before[index].answer.body)
            life.fault = entry.operation.key + " is answered otherwise than before";
        known->answered_at = std::min(known->answered_at, entry.answered_at);
    }
}

bool History::try_to_live(Life& life)
{
    ++lives_;
    writes_.restart();
    repeat_from(seed_ * 64 + lives_);
    life.start = disk_;
    life.ledger = ledger_;
    CrashVfs vfs{disk_};
    auto connection = open_writer(vfs);
    make_defective(*connection, vfs, defect_);
    PatientReader reader{vfs};
    GroupWriter writer{vfs, std::move(connection), defect_};
    bool const is_long = chance_.one_in(short_lives_to_a_long);
    auto const groups = is_long ? long_groups : groups_min + static_cast<int>(chance_.below(groups_more));
    auto const read = [&] {
        if (!chance_.one_in(4)) return;
        if (!reader.reads()) return reader.begin();
        if (!reader.end()) life.fault = "a reader's state has changed";
    };
    for (int index = 0; index < groups; ++index) {
        auto group = next_group(index);
        auto const before = group;
        writer.write(group, writes_.take_apart(), read);
        keep_answers(group, before, life);
    }
    if (reader.reads()) static_cast<void>(reader.end());
    std::vector<LedgerEntry> none;
    writer.write(none, writes_.take_apart());
    writer.close();
    if (!writer.fatal().empty()) life.fault = writer.fatal();
    life.operations = vfs.history();
    return !writer.has_split_a_group();
}

void History::leave(Life const& life, Ending ending)
{
    disk_ = std::move(ending.disk);
    ledger_.clear();
    unanswered_.clear();
    for (std::size_t index = 0; index < life.ledger.size(); ++index) {
        auto entry = life.ledger[index];
        bool const is_answered = entry.succeeded_by(ending.operations);
        if (!is_answered) entry.answered_at = never;
        // Some clients ask again although they had their answer.
        if (entry.asks_again && (!is_answered || chance_.one_in(32))) {
            unanswered_.push_back(entry);
            unanswered_.back().answered_at = never;
        }
        if (!ending.is_there[index]) continue;
        // What is on the disk stays there, whether its client was told or not.
        if (is_answered || ending.is_durable) entry.answered_at = 0;
        ledger_.push_back(std::move(entry));
    }
}

} // namespace nguon::testing
