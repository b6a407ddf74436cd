#include "db/database.hpp"

#include "core/runtime/log.hpp"
#include "core/runtime/suspend.hpp"
#include "db/postgres_database.hpp"
#include "db/sqlite_database.hpp"

#include <future>

namespace nguon::db {

namespace {

/// What only the operator should know is written down where it happens; expected refusals are not.
void note(Status const& status)
{
    if (status.ok() || status.error().log_text.empty()) return;
    auto const& error = status.error();
    if (error.code == ErrorCode::internal) {
        log::error("database work failed", {{"reason", error.log_text}});
    } else if (error.code == ErrorCode::unavailable) {
        log::warning("database work was refused", {{"key", error.key}, {"reason", error.log_text}});
    }
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(DatabaseSettings const& settings)
{
    return settings.postgres_url.empty() ? SqliteDatabase::open(settings) : PostgresDatabase::open(settings);
}

void Database::submit(Lane lane, Job job, Finished finished)
{
    auto noting = [this, lane, finished = std::move(finished)](Status status) {
        note(status);
        if (lane == Lane::write && status) generation_.fetch_add(1, std::memory_order_release);
        finished(std::move(status));
    };
    if (lane == Lane::read) {
        submit_read(std::move(job), std::move(noting));
    } else {
        submit_write(std::move(job), std::move(noting));
    }
}

net::awaitable<Status> Database::wait_for(Lane lane, Job job)
{
    return suspend<Status>([this, lane, job = std::move(job)](Finish<Status> finish) mutable {
        submit(lane, std::move(job), std::move(finish));
    });
}

Status Database::wait_now(Lane lane, Job job)
{
    // Shared, because the database thread may still be leaving `set_value` when the answer is already here.
    auto const answer = std::make_shared<std::promise<Status>>();
    auto waiting = answer->get_future();
    submit(lane, std::move(job), [answer](Status status) { answer->set_value(std::move(status)); });
    return waiting.get();
}

} // namespace nguon::db
