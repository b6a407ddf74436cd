#pragma once

#include "db/versions.hpp"

/// The jobs that print labels, and the files they drew. A job waits in a queue, is drawn by one server under a lease of
/// its own (see `lease_of`), and keeps its file for some time; the same job can be drawn again.
namespace nguon::db::label_jobs {

struct Job {
    std::string id = {};
    OrganizationId org = {};
    BatchId batch = {};
    std::string kind = {};         // unit, batch
    std::string purpose = "print"; // print, test (one label first), reprint
    std::string source = {};       // whose codes it prints: of a test label or a reprint; "": its own
    std::int64_t reprint = 0;      // how often these codes were printed again, this time included
    std::string reason = {};       // of a reprint
    std::string stock = {};
    std::int64_t first_position = 1; // on a sheet already begun
    std::int64_t first_label = 1;    // of the source's labels, counted from 1
    std::int64_t count = 0;          // labels of its file
    std::string public_url = {};
    bool specimen = false;
    std::string content = {};     // JSON: what stands on the labels; "" of jobs from before it was kept
    std::string state = "queued"; // held, queued, running, done, failed, cancelled
    std::string fault = {};       // key of the error, when it failed
    std::int64_t labels_done = 0;
    std::int64_t attempts = 0;
    std::string sha256 = {}; // of the file, also when it is gone
    std::int64_t file_size = 0;
    std::optional<Instant> file_until = {}; // there is a file until then
    std::optional<Instant> queued_at = {};
    std::optional<Instant> finished_at = {};
    Instant created_at = {};
    std::string created_by = {};

    /// The job that has the codes.
    std::string const& codes_of() const { return source.empty() ? id : source; }
    bool is_open() const { return state == "queued" || state == "running"; }
    bool has_file() const { return state == "done" && file_until.has_value(); }
};

void insert(Connection& c, Job const& job);

/// Errors: "label_job.unknown", also for a job of another organization.
Result<Job> find(Connection& c, OrganizationId const& org, std::string_view id);
std::vector<Job> of_batch(Connection& c, OrganizationId const& org, BatchId const& batch);
/// The newest first.
std::vector<Job> list(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t limit);
/// Test labels and reprints of a job, the oldest first.
std::vector<Job> of_source(Connection& c, OrganizationId const& org, std::string_view source);

/// Jobs that wait or are being drawn.
std::int64_t count_open(Connection& c, OrganizationId const& org);
/// Units of a batch that jobs have or will have codes for.
std::int64_t units_promised(Connection& c, OrganizationId const& org, BatchId const& batch);

/// Puts a job into the queue. Errors: conflict "label_job.state" unless it is in one of the states held, done, failed.
Status queue(Connection& c, OrganizationId const& org, std::string_view id, Instant at);
/// The rest of a held job after its test label, from the second label on at `first_position`; into the queue.
Status release(Connection& c, OrganizationId const& org, std::string_view id, std::int64_t first_position, Instant at);
/// Errors: conflict "label_job.state" when it has ended.
Status cancel(Connection& c, OrganizationId const& org, std::string_view id, Instant at);
void keep_content(Connection& c, std::string_view id, std::string_view content);

// ---- for those who draw; all but `next` under the job's lease ----

std::string lease_of(std::string_view job);

/// The job that has waited longest and that nobody draws, of at most `labels_max` labels. Serves the drawing.
std::optional<Job> next(Connection& c, Instant now, std::int64_t labels_max);

/// Notes that an attempt begins and clears what an earlier one left. Errors: conflict "label_job.state" when the job
/// ended meanwhile.
Status begin(Connection& c, std::string_view id);
/// Errors: conflict "label_job.state" when the job was cancelled.
Status note_progress(Connection& c, std::string_view id, std::int64_t labels_done);
/// Writes a piece of the file. Errors: those of `note_progress`.
Status add_piece(Connection& c, std::string_view id, std::int64_t number, std::string bytes);

struct Finished {
    std::int64_t labels = 0;
    std::string sha256 = {};
    std::int64_t size = 0;
    Instant at = {};
    Instant until = {}; // so long the file is kept
};
/// Errors: those of `note_progress`.
Status finish(Connection& c, std::string_view id, Finished const& finished);
void fail(Connection& c, std::string_view id, std::string_view fault, Instant at);
/// Back into its place in the queue: whoever drew it stops.
void put_back(Connection& c, std::string_view id);

// ---- files ----

/// A piece of the job's file, from 0; "" behind the last. Errors: "label_job.unknown".
Result<std::string> piece(Connection& c, OrganizationId const& org, std::string_view id, std::int64_t number);

/// Removes files whose time is over and what cancelled or failed jobs left, some pieces at a time; true when there may
/// be more.
bool forget_files(Connection& c, Instant now);

} // namespace nguon::db::label_jobs
