#include "db/writer.hpp"

#include "core/limits.hpp"

#include <cassert>
#include <iterator>
#include <optional>
#include <pthread.h>

namespace nguon::db {

namespace {

constexpr std::chrono::milliseconds truncate_wait{500};

void answer_all(std::vector<Piece>& group, Status const& status)
{
    for (auto& piece : group) piece.finished(status);
}

} // namespace

Writer::Writer(std::unique_ptr<SqliteConnection> connection, std::size_t queue_max, OnFatal on_fatal)
    : connection_{std::move(connection)}, queue_{queue_max}, on_fatal_{std::move(on_fatal)}
{
    assert(connection_->can_write());
    settle_log();
    thread_ = std::thread{[this] { run(); }};
    pthread_setname_np(thread_.native_handle(), "db-writer");
}

Writer::~Writer() { close(); }

bool Writer::close()
{
    queue_.close();
    if (thread_.joinable()) thread_.join();
    return !failed_;
}

void Writer::run()
{
    for (;;) {
        auto group = queue_.take(limits::write_group_max);
        if (group.empty()) break;
        // What a group could not finish goes first into the next one, so that nobody overtakes.
        while (!group.empty()) group = write_once(std::move(group));
        checkpoint_when_due();
    }
    if (!failed_) {
        auto const emptied =
            guarded([](SqliteConnection& c) { c.checkpoint(SqliteConnection::Checkpoint::truncate, truncate_wait); });
        static_cast<void>(emptied); // readers of another process may be in the way; the log stays valid
    }
    connection_.reset();
}

/// A process that was killed may have left commits in the log that only the system's cache holds. They are read as
/// committed, so they are made durable before anybody is answered from them: an operation that is asked again needs no
/// sync of its own.
void Writer::settle_log()
{
    // A full disk hurts nobody here: the log is synced before it is moved.
    auto const moved = guarded([](SqliteConnection& c) { c.checkpoint(SqliteConnection::Checkpoint::passive); });
    if (moved) frames_moved_ = connection_->wal_frames();
}

/// One transaction. Answers the pieces that are decided and returns the others, to be run (again).
Writer::Group Writer::write_once(Group group)
{
    if (auto const begun = begin(); !begun) {
        answer_all(group, begun);
        return {};
    }
    std::vector<Status> answers;
    auto const group_end = std::chrono::steady_clock::now() + limits::write_group_time;
    while (answers.size() < group.size() && (answers.empty() || std::chrono::steady_clock::now() < group_end)) {
        auto const index = answers.size();
        answers.push_back(group.size() == 1 ? run_alone(group[index]) : run_in_savepoint(group[index]));
        if (connection_->in_transaction()) continue;
        // A full disk, a passed deadline or a lone piece's failure ends the whole transaction: the others are run again
        // without this piece.
        group[index].finished(answers[index]);
        group.erase(group.begin() + static_cast<std::ptrdiff_t>(index));
        return group;
    }

    auto const committed = commit();
    std::uint64_t good = 0;
    for (std::size_t index = 0; index < answers.size(); ++index) good += answers[index].ok() ? 1 : 0;
    if (committed && good > 0) {
        writes_ += good;
        ++commits_;
    }
    // A refusal may rest on what an earlier piece of the group wrote, so it too stands only after the commit.
    for (std::size_t index = 0; index < answers.size(); ++index) {
        group[index].finished(committed ? answers[index] : committed);
    }
    group.erase(group.begin(), group.begin() + static_cast<std::ptrdiff_t>(answers.size()));
    return group;
}

Status Writer::run_in_savepoint(Piece const& piece)
{
    return run_piece(piece, [this](auto const& run) {
        Transaction savepoint{*connection_, Transaction::Kind::savepoint};
        auto status = run();
        if (status.ok()) savepoint.commit();
        return status;
    });
}

/// With nobody else in the transaction it is itself what undoes a failure. A savepoint costs: each page that the piece
/// changes is written to a file of its own first.
Status Writer::run_alone(Piece const& piece)
{
    auto status = run_piece(piece, [](auto const& run) { return run(); });
    if (!status) undo();
    return status;
}

template <typename Within>
Status Writer::run_piece(Piece const& piece, Within const& within)
{
    if (auto in_time = still_in_time(piece); !in_time) return in_time;
    std::optional<DbErrorKind> failure;
    Status status;
    try {
        status = within([&] {
            connection_->set_deadline(piece.deadline);
            auto answer = run_job(piece, *connection_, failure);
            connection_->clear_deadline(); // undoing and committing are never cut short
            return answer;
        });
    } catch (DbError const& fault) {
        failure = fault.kind();
        status = to_error(fault);
    }
    connection_->clear_deadline();
    if (failure == DbErrorKind::io_failed) stop(status.error().log_text);
    return status;
}

Status Writer::begin()
{
    if (failed_) return unavailable("storage.unavailable", "writing has stopped after a failed write or sync");
    return guarded([](SqliteConnection& c) { c.run_script("BEGIN IMMEDIATE"); });
}

Status Writer::commit()
{
    if (failed_) return unavailable("storage.unavailable", "writing has stopped after a failed write or sync");
    auto committed = guarded([](SqliteConnection& c) { c.run_script("COMMIT"); });
    if (!committed) undo();
    return committed;
}

void Writer::undo()
{
    if (!connection_->in_transaction()) return;
    auto const undone = guarded([](SqliteConnection& c) { c.run_script("ROLLBACK"); });
    assert(undone.ok() || !connection_->in_transaction());
    static_cast<void>(undone);
}

/// Runs one step of our own; a failed write or sync is fatal, anything else is an answer.
Status Writer::guarded(void (*step)(SqliteConnection&))
{
    try {
        step(*connection_);
        return Done{};
    } catch (DbError const& fault) {
        if (fault.kind() == DbErrorKind::io_failed) stop(fault.what());
        return to_error(fault);
    }
}

void Writer::checkpoint_when_due()
{
    auto const frames = connection_->wal_frames();
    if (frames < frames_moved_) frames_moved_ = 0; // the log has started again
    if (failed_ || frames - frames_moved_ < limits::wal_frames_checkpoint) return;
    // Under constant reading the log never gets free to start again by itself; when it has grown large the writer
    // waits a moment for the readers of old states. A full disk hurts nobody here: the log keeps what was committed.
    Status moved;
    if (frames < limits::wal_frames_truncate) {
        moved = guarded([](SqliteConnection& c) { c.checkpoint(SqliteConnection::Checkpoint::passive); });
    } else {
        moved =
            guarded([](SqliteConnection& c) { c.checkpoint(SqliteConnection::Checkpoint::truncate, truncate_wait); });
    }
    frames_moved_ = frames;
}

void Writer::stop(std::string const& reason)
{
    if (failed_) return;
    failed_ = true;
    on_fatal_(reason);
}

} // namespace nguon::db
