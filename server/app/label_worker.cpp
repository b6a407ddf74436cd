#include "server/app/label_worker.hpp"

#include "core/runtime/log.hpp"
#include "core/runtime/metrics.hpp"
#include "db/label_jobs.hpp"
#include "db/leases.hpp"
#include "scanner/label_file.hpp"
#include "server/app/label_checks.hpp"
#include "server/app/labels.hpp"

#include <atomic>
#include <exception>
#include <limits>

#include <pthread.h>
#include <sys/resource.h>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::label_jobs::Job;

constexpr auto upkeep_interval = 1min;
constexpr auto progress_interval = 1s; // between two notes of it, each of which keeps the lease
constexpr int background_niceness = 10;

/// The codes of a job, from the database as they are wanted.
class StoredCodes final : public scanner::LabelCodeSource {
public:
    StoredCodes(db::Database& database, Job job, scanner::LabelCode const& first, std::shared_ptr<Sealer const> sealer)
        : database_{database}, job_{std::move(job)}, first_{first}, sealer_{std::move(sealer)}
    {
    }

    std::size_t count() const override { return job_.kind == "unit" ? static_cast<std::size_t>(job_.count) : 1; }

    Result<std::vector<scanner::LabelCode>> read(std::size_t first, std::size_t count) override
    {
        auto work = [job = job_, first, count, sealer = sealer_](db::Connection& c) {
            return codes_of_label_job(c, job, first, count, sealer.get());
        };
        auto codes = database_.read_now(std::move(work));
        if (codes && codes->size() != count) return internal("a label job has fewer codes than labels");
        return codes;
    }

    std::string dearest_url() const override
    {
        if (job_.kind != "unit") return first_.url;
        std::string_view url = first_.url;
        auto const check = url.rfind(label_check_query);
        bool const keyed = check != std::string_view::npos;
        auto const code = first_.printed_code.size();
        auto const end = keyed ? check : url.size();
        auto const dearest = scanner::dearest_url(url.substr(0, end - code), code, true);
        if (!keyed) return dearest;
        return scanner::dearest_url(dearest + std::string{label_check_query}, LabelCheckKey::check_chars, true);
    }

private:
    db::Database& database_;
    Job job_;
    scanner::LabelCode first_;
    std::shared_ptr<Sealer const> sealer_;
};

/// A job that this server may draw.
struct Claim {
    Job job = {};
    std::int64_t epoch = 0;
};

Result<std::optional<Claim>> claim(db::Connection& c, LabelWorkerOptions const& options, Instant now,
                                   std::int64_t labels_max)
{
    auto const job = db::label_jobs::next(c, now, labels_max);
    if (!job) return std::optional<Claim>{};
    db::leases::LeaseRequest const request{db::label_jobs::lease_of(job->id), options.holder, now,
                                           limits::label_lease_time, false};
    auto const epoch = db::leases::acquire(c, request);
    if (!epoch) return epoch.error();
    if (auto begun = db::label_jobs::begin(c, job->id); !begun) return begun.error();
    Claim out{*job, *epoch};
    ++out.job.attempts;
    return std::optional<Claim>{std::move(out)};
}

} // namespace

/// One attempt at one job.
class LabelWorker::Drawing {
public:
    Drawing(LabelWorker& worker, Claim claim)
        : worker_{worker}, job_{std::move(claim.job)}, epoch_{claim.epoch}, lease_{db::label_jobs::lease_of(job_.id)},
          renewed_{std::chrono::steady_clock::now()}
    {
    }

    /// Returns how it ended: done, failed, cancelled, put_back, left.
    std::string_view run()
    {
        if (job_.attempts > limits::label_job_attempts_max)
            return end(Error{ErrorCode::internal, "label_job.crashed", {}, {}, {}});
        if (auto given = give_out_codes(); !given) return end(given.error());
        auto const& sealer = worker_.options_.sealer;
        auto sketch = [job = job_, sealer](db::Connection& c) { return sketch_label_job(c, job, sealer.get()); };
        auto labels = worker_.database_.read_now(std::move(sketch));
        if (!labels) return end(labels.error());
        StoredCodes codes{worker_.database_, job_, labels->codes.front(), sealer};
        if (job_.kind == "unit") labels->job.copies = 1;
        auto const facts = scanner::write_labels(
            labels->job, codes, labels->output, [this](std::string_view bytes) { return take(bytes); },
            [this](std::size_t done, std::size_t) { return note(done); });
        if (!facts) return end(fault_ ? *fault_ : facts.error());
        if (auto written = write_piece(); !written) return end(written.error());
        return finish(facts->sha256);
    }

private:
    template <typename Work>
    auto write(Work work)
    {
        return worker_.database_.write_unseen_now(db::leases::under(lease_, epoch_, std::move(work)));
    }

    Status give_out_codes()
    {
        for (std::int64_t missing = 1; missing > 0;) {
            if (auto going = go_on(); !going) return going;
            auto work = [id = job_.id, org = job_.org,
                         now = worker_.clock_.now()](db::Connection& c) -> Result<std::int64_t> {
                if (auto open = db::label_jobs::note_progress(c, id, 0); !open) return open.error();
                return allocate_units(c, org, id, now);
            };
            auto const left = write(std::move(work));
            if (!left) return left.error();
            missing = *left;
        }
        return Done{};
    }

    /// Errors: unavailable "label_job.stopped"; keeps the lease.
    Status go_on()
    {
        {
            std::lock_guard const lock{worker_.mutex_};
            if (worker_.stopping_) return unavailable("label_job.stopped");
        }
        auto const now = std::chrono::steady_clock::now();
        if (now - renewed_ < progress_interval) return Done{};
        renewed_ = now;
        auto work = [lease = lease_, epoch = epoch_, id = job_.id, done = done_,
                     at = worker_.clock_.now()](db::Connection& c) -> Status {
            if (auto renewed = db::leases::renew(c, lease, epoch, at, limits::label_lease_time); !renewed)
                return renewed;
            return db::label_jobs::note_progress(c, id, done);
        };
        return worker_.database_.write_unseen_now(std::move(work));
    }

    bool take(std::string_view bytes)
    {
        while (!bytes.empty() && !fault_) {
            auto const part = bytes.substr(0, limits::label_piece_bytes - piece_.size());
            piece_ += part;
            bytes.remove_prefix(part.size());
            if (piece_.size() < limits::label_piece_bytes) break;
            if (auto written = write_piece(); !written) fault_ = written.error();
        }
        return !fault_;
    }

    /// After each sheet; false when the drawing shall end.
    bool note(std::size_t labels)
    {
        done_ = static_cast<std::int64_t>(labels);
        if (auto going = go_on(); !going && !fault_) fault_ = going.error();
        return !fault_;
    }

    Status write_piece()
    {
        if (piece_.empty()) return Done{};
        size_ += static_cast<std::int64_t>(piece_.size());
        if (size_ > worker_.options_.file_bytes_max)
            return Error{ErrorCode::too_large, "label_job.file_too_large", {}, {}, {}};
        auto work = [id = job_.id, number = pieces_++, bytes = std::exchange(piece_, {})](db::Connection& c) -> Status {
            return db::label_jobs::add_piece(c, id, number, bytes);
        };
        return write(std::move(work));
    }

    std::string_view finish(std::string const& sha256)
    {
        auto const now = worker_.clock_.now();
        db::label_jobs::Finished const finished{job_.count, sha256, size_, now, now + limits::label_file_kept_time};
        auto work = [finished, id = job_.id, lease = lease_, epoch = epoch_](db::Connection& c) -> Status {
            if (auto done = db::label_jobs::finish(c, id, finished); !done) return done;
            db::leases::remove(c, lease, epoch);
            return Done{};
        };
        if (auto done = write(std::move(work)); !done) return end(done.error());
        if (!job_.sha256.empty() && job_.sha256 != finished.sha256)
            log::warning("a label file was drawn again with other bytes", {{"job", job_.id}});
        return "done";
    }

    /// What becomes of a job that did not come to its end.
    std::string_view end(Error const& error)
    {
        if (error.key == "label_job.stopped") return put_back();
        // Cancelled, or another server's: nothing is ours any more.
        if (error.key == "label_job.state" || error.key == "sync.fenced") return "cancelled";
        // The database does not answer: the lease runs out, and the job is tried again.
        if (error.code == ErrorCode::unavailable) {
            log::warning("a label job will be tried again", {{"job", job_.id}, {"fault", error.key}});
            return "left";
        }
        log::warning("a label job failed", {{"job", job_.id}, {"fault", error.key}, {"log_text", error.log_text}});
        auto const key = error.fields.empty() ? error.key : error.fields.front().key;
        auto work = [id = job_.id, key, lease = lease_, epoch = epoch_,
                     now = worker_.clock_.now()](db::Connection& c) -> Status {
            db::label_jobs::fail(c, id, key, now);
            db::leases::remove(c, lease, epoch);
            return Done{};
        };
        if (error.key == "label_job.file_too_large")
            worker_.metrics_.counter("limit_hits_total", "Requests that met a limit.", {{"limit", error.key}}).add();
        return write(std::move(work)).ok() ? "failed" : "left";
    }

    std::string_view put_back()
    {
        auto work = [id = job_.id, lease = lease_, epoch = epoch_](db::Connection& c) -> Status {
            db::label_jobs::put_back(c, id);
            db::leases::remove(c, lease, epoch);
            return Done{};
        };
        return write(std::move(work)).ok() ? "put_back" : "left";
    }

    LabelWorker& worker_;
    Job job_;
    std::int64_t epoch_;
    std::string lease_;
    std::chrono::steady_clock::time_point renewed_;
    std::string piece_ = {};
    std::int64_t pieces_ = 0;
    std::int64_t done_ = 0;
    std::int64_t size_ = 0;
    std::optional<Error> fault_ = {};
};

LabelWorker::LabelWorker(db::Database& database, Clock const& clock, Metrics& metrics, LabelWorkerOptions options)
    : database_{database}, clock_{clock}, metrics_{metrics}, options_{std::move(options)}
{
}

LabelWorker::~LabelWorker() { stop(); }

void LabelWorker::start()
{
    if (options_.take_over) {
        auto work = [now = clock_.now()](db::Connection& c) -> Status {
            db::leases::release_all(c, db::label_jobs::lease_of(""), now);
            return Done{};
        };
        if (auto freed = database_.write_unseen_now(std::move(work)); !freed)
            log::warning("label jobs of before wait for their leases", {{"key", freed.error().key}});
    }
    threads_.emplace_back([this] { serve(limits::label_job_small_max); });
    pthread_setname_np(threads_.back().native_handle(), "labels-small");
    threads_.emplace_back([this] {
        // On Linux a thread has a niceness of its own.
        setpriority(PRIO_PROCESS, 0, background_niceness);
        serve(std::numeric_limits<std::int64_t>::max());
    });
    pthread_setname_np(threads_.back().native_handle(), "labels");
}

void LabelWorker::wake()
{
    std::lock_guard const lock{mutex_};
    ++wakes_;
    changed_.notify_all();
}

void LabelWorker::stop()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
        changed_.notify_all();
    }
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void LabelWorker::serve(std::int64_t labels_max)
{
    bool const keeps_up = labels_max > limits::label_job_small_max;
    auto next_upkeep = std::chrono::steady_clock::now();
    std::uint64_t seen = 0;
    for (;;) {
        if (keeps_up && std::chrono::steady_clock::now() >= next_upkeep) {
            keep_up();
            next_upkeep = std::chrono::steady_clock::now() + upkeep_interval;
        }
        bool drew = false;
        try {
            drew = draw_next(labels_max);
        } catch (std::exception const& exception) {
            log::error("a label job broke off", {{"fault", exception.what()}});
        }
        std::unique_lock lock{mutex_};
        if (!drew && !stopping_) changed_.wait_for(lock, options_.idle, [&] { return stopping_ || wakes_ != seen; });
        seen = wakes_;
        if (stopping_) return;
    }
}

bool LabelWorker::draw_next(std::int64_t labels_max)
{
    auto const now = clock_.now();
    auto look = [now, labels_max](db::Connection& c) -> Result<bool> {
        return db::label_jobs::next(c, now, labels_max).has_value();
    };
    auto const waits = database_.read_now(std::move(look));
    if (!waits || !*waits) return false;
    auto work = [now, labels_max, options = options_](db::Connection& c) { return claim(c, options, now, labels_max); };
    auto claimed = database_.write_unseen_now(std::move(work));
    // Another server was quicker: there may be a further one.
    if (!claimed) return claimed.error().code == ErrorCode::conflict;
    if (!*claimed) return false;
    auto const labels = (*claimed)->job.count;
    Drawing drawing{*this, *std::move(*claimed)};
    std::string const outcome{drawing.run()};
    metrics_.counter("label_jobs_total", "Label jobs by how an attempt to draw them ended.", {{"outcome", outcome}})
        .add();
    if (outcome == "done")
        metrics_.counter("labels_drawn_total", "Labels of finished jobs.").add(static_cast<std::uint64_t>(labels));
    return outcome != "left";
}

/// Removes files whose time is over, in small bites.
void LabelWorker::keep_up()
{
    for (;;) {
        auto work = [now = clock_.now()](db::Connection& c) -> Result<bool> {
            return db::label_jobs::forget_files(c, now);
        };
        auto const more = database_.write_unseen_now(std::move(work));
        std::lock_guard const lock{mutex_};
        if (!more || !*more || stopping_) return;
    }
}

} // namespace nguon::server::app
