#include "db/work_queue.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

namespace nguon::db {

Status still_in_time(Piece const& piece)
{
    if (std::chrono::steady_clock::now() > piece.deadline) {
        return unavailable("storage.timeout", "the work waited in the queue until its time was over");
    }
    return Done{};
}

Status run_job(Piece const& piece, Connection& connection, std::optional<DbErrorKind>& failure)
{
    try {
        return piece.job(connection);
    } catch (DbError const& fault) {
        failure = fault.kind();
        return to_error(fault);
    } catch (std::exception const& fault) {
        return internal(std::string{"database work threw: "} + fault.what());
    } catch (...) {
        return internal("database work threw something that is no exception");
    }
}

Error to_error(DbError const& fault)
{
    switch (fault.kind()) {
    case DbErrorKind::retry:
    case DbErrorKind::busy:
        return unavailable("storage.busy", fault.what());
    case DbErrorKind::timeout:
        return unavailable("storage.timeout", fault.what());
    case DbErrorKind::disk_full:
        return unavailable("storage.full", fault.what());
    case DbErrorKind::unknown_outcome:
        return unavailable("storage.unknown_outcome", fault.what());
    case DbErrorKind::unreachable:
    case DbErrorKind::io_failed:
    case DbErrorKind::corrupt:
        return unavailable("storage.unavailable", fault.what());
    case DbErrorKind::constraint:
    case DbErrorKind::other:
        break;
    }
    return internal(fault.what());
}

void WorkQueue::push(Piece piece)
{
    Error refusal = unavailable("storage.unavailable", "the database is closed");
    {
        std::lock_guard const lock{mutex_};
        if (!closed_ && pieces_.size() < pieces_max_) {
            pieces_.push_back(std::move(piece));
            arrived_.notify_one();
            return;
        }
        if (!closed_) refusal = unavailable("storage.busy", "the queue of the database is full");
    }
    if (refusal.key == "storage.busy") ++refused_;
    piece.finished(std::move(refusal));
}

std::vector<Piece> WorkQueue::take(std::size_t count)
{
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [this] { return closed_ || !pieces_.empty(); });
    auto const end = pieces_.begin() + static_cast<std::ptrdiff_t>(std::min(count, pieces_.size()));
    std::vector<Piece> taken{std::make_move_iterator(pieces_.begin()), std::make_move_iterator(end)};
    pieces_.erase(pieces_.begin(), end);
    return taken;
}

void WorkQueue::close()
{
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
    }
    arrived_.notify_all();
}

std::size_t WorkQueue::size() const
{
    std::lock_guard const lock{mutex_};
    return pieces_.size();
}

} // namespace nguon::db
