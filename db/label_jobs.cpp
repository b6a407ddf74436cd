#include "db/label_jobs.hpp"

namespace nguon::db::label_jobs {
namespace {

constexpr std::string_view select_job =
    "SELECT j.id, j.org_id, j.batch_id, j.kind, j.purpose, j.source_id, j.reason, j.stock, j.first_position,"
    " j.first_label, j.count, j.public_url, j.specimen, j.content, j.state, j.fault, j.labels_done, j.attempts,"
    " j.pdf_sha256, j.file_size, j.file_until, j.queued_at, j.finished_at, j.created_at, j.created_by, j.reprint FROM "
    "label_job j";
constexpr int pieces_forgotten_at_once = 20;

Job job_from_row(Row const& row)
{
    Job job;
    job.id = row.text(0);
    job.org = row.id<OrganizationId>(1);
    job.batch = row.id<BatchId>(2);
    job.kind = row.text(3);
    job.purpose = row.text(4);
    job.source = row.text_or_empty(5);
    job.reason = row.text(6);
    job.stock = row.text(7);
    job.first_position = row.integer(8);
    job.first_label = row.integer(9);
    job.count = row.integer(10);
    job.public_url = row.text(11);
    job.specimen = row.flag(12);
    job.content = row.text(13);
    job.state = row.text(14);
    job.fault = row.text(15);
    job.labels_done = row.integer(16);
    job.attempts = row.integer(17);
    job.sha256 = row.text(18);
    job.file_size = row.integer(19);
    job.file_until = row.optional_instant(20);
    job.queued_at = row.optional_instant(21);
    job.finished_at = row.optional_instant(22);
    job.created_at = row.instant(23);
    job.created_by = row.text(24);
    job.reprint = row.integer(25);
    return job;
}

std::vector<Job> from_rows(Rows const& rows)
{
    std::vector<Job> out;
    for (auto const& row : rows) out.push_back(job_from_row(row));
    return out;
}

/// What an UPDATE says that finds its job in the right state only.
Status changed(std::int64_t rows)
{
    if (rows == 0) return conflict("label_job.state");
    return Done{};
}

} // namespace

void insert(Connection& c, Job const& job)
{
    c.execute("INSERT INTO label_job (id, org_id, batch_id, kind, purpose, source_id, reason, stock, first_position,"
              " first_label, count, public_url, specimen, content, state, queued_at, created_at, created_by, reprint)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
              {job.id, job.org, job.batch, job.kind, job.purpose, or_null(job.source), job.reason, job.stock,
               job.first_position, job.first_label, job.count, job.public_url, job.specimen, job.content, job.state,
               job.queued_at, job.created_at, job.created_by, job.reprint});
}

Result<Job> find(Connection& c, OrganizationId const& org, std::string_view id)
{
    auto const rows = c.query(std::string{select_job} + " WHERE j.org_id = $1 AND j.id = $2", {org, id});
    if (rows.empty()) return not_found("label_job.unknown");
    return job_from_row(rows.front());
}

std::vector<Job> of_batch(Connection& c, OrganizationId const& org, BatchId const& batch)
{
    return from_rows(c.query(std::string{select_job} +
                                 " WHERE j.org_id = $1 AND j.batch_id = $2 ORDER BY j.created_at DESC, j.id DESC",
                             {org, batch}));
}

std::vector<Job> list(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t limit)
{
    return from_rows(c.query(std::string{select_job} +
                                 " WHERE j.org_id = $1 ORDER BY j.created_at DESC, j.id DESC LIMIT $2 OFFSET $3",
                             {org, limit, offset}));
}

std::vector<Job> of_source(Connection& c, OrganizationId const& org, std::string_view source)
{
    return from_rows(
        c.query(std::string{select_job} + " WHERE j.org_id = $1 AND j.source_id = $2 ORDER BY j.created_at, j.id",
                {org, source}));
}

std::int64_t count_open(Connection& c, OrganizationId const& org)
{
    return c
        .query("SELECT count(*) FROM label_job WHERE org_id = $1 AND (state = 'queued' OR state = 'running')", {org})
        .front()
        .integer(0);
}

std::int64_t units_promised(Connection& c, OrganizationId const& org, BatchId const& batch)
{
    return c
        .query("SELECT coalesce(CAST(sum(first_label - 1 + count) AS BIGINT), 0) FROM label_job WHERE org_id = $1"
               " AND batch_id = $2 AND kind = 'unit' AND purpose = 'print' AND state <> 'cancelled'",
               {org, batch})
        .front()
        .integer(0);
}

Status queue(Connection& c, OrganizationId const& org, std::string_view id, Instant at)
{
    return changed(c.execute("UPDATE label_job SET state = 'queued', fault = '', labels_done = 0, attempts = 0,"
                             " queued_at = $3, finished_at = NULL, file_until = NULL"
                             " WHERE org_id = $1 AND id = $2 AND state IN ('done', 'failed')",
                             {org, id, at}));
}

Status release(Connection& c, OrganizationId const& org, std::string_view id, std::int64_t first_position, Instant at)
{
    return changed(c.execute("UPDATE label_job SET state = 'queued', queued_at = $3, first_label = first_label + 1,"
                             " count = count - 1, first_position = $4"
                             " WHERE org_id = $1 AND id = $2 AND state = 'held'",
                             {org, id, at, first_position}));
}

Status cancel(Connection& c, OrganizationId const& org, std::string_view id, Instant at)
{
    return changed(c.execute("UPDATE label_job SET state = 'cancelled', finished_at = $3, file_until = $3"
                             " WHERE org_id = $1 AND id = $2 AND state IN ('held', 'queued', 'running')",
                             {org, id, at}));
}

void keep_content(Connection& c, std::string_view id, std::string_view content)
{
    c.execute("UPDATE label_job SET content = $2 WHERE id = $1", {id, content});
}

std::string lease_of(std::string_view job) { return "label-job/" + std::string{job}; }

std::optional<Job> next(Connection& c, Instant now, std::int64_t labels_max)
{
    auto const rows =
        c.query(std::string{select_job} + " WHERE (j.state = 'queued' OR j.state = 'running') AND j.count <= $2"
                                          " AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.name = 'label-job/' || j.id"
                                          " AND l.expires_at > $1) ORDER BY j.queued_at, j.id LIMIT 1",
                {now, labels_max});
    if (rows.empty()) return std::nullopt;
    return job_from_row(rows.front());
}

Status begin(Connection& c, std::string_view id)
{
    auto const rows = c.execute("UPDATE label_job SET state = 'running', attempts = attempts + 1, labels_done = 0"
                                " WHERE id = $1 AND (state = 'queued' OR state = 'running')",
                                {id});
    if (rows > 0) c.execute("DELETE FROM label_file_piece WHERE job_id = $1", {id});
    return changed(rows);
}

Status note_progress(Connection& c, std::string_view id, std::int64_t labels_done)
{
    return changed(
        c.execute("UPDATE label_job SET labels_done = $2 WHERE id = $1 AND state = 'running'", {id, labels_done}));
}

Status add_piece(Connection& c, std::string_view id, std::int64_t number, std::string bytes)
{
    auto const running =
        c.execute("UPDATE label_job SET attempts = attempts WHERE id = $1 AND state = 'running'", {id});
    if (running > 0)
        c.execute("INSERT INTO label_file_piece (job_id, number, bytes) VALUES ($1, $2, $3)",
                  {id, number, Blob{std::move(bytes)}});
    return changed(running);
}

Status finish(Connection& c, std::string_view id, Finished const& finished)
{
    return changed(c.execute("UPDATE label_job SET state = 'done', labels_done = $2, pdf_sha256 = $3, file_size = $4,"
                             " finished_at = $5, file_until = $6 WHERE id = $1 AND state = 'running'",
                             {id, finished.labels, finished.sha256, finished.size, finished.at, finished.until}));
}

void fail(Connection& c, std::string_view id, std::string_view fault, Instant at)
{
    c.execute("UPDATE label_job SET state = 'failed', fault = $2, finished_at = $3, file_until = $3"
              " WHERE id = $1 AND state = 'running'",
              {id, fault, at});
}

void put_back(Connection& c, std::string_view id)
{
    c.execute("UPDATE label_job SET state = 'queued', attempts = attempts - 1 WHERE id = $1 AND state = 'running'",
              {id});
}

Result<std::string> piece(Connection& c, OrganizationId const& org, std::string_view id, std::int64_t number)
{
    auto const rows = c.query("SELECT p.bytes FROM label_job j LEFT JOIN label_file_piece p ON p.job_id = j.id"
                              " AND p.number = $3 WHERE j.org_id = $1 AND j.id = $2 AND j.state = 'done'",
                              {org, id, number});
    if (rows.empty()) return not_found("label_job.unknown");
    return rows.front().is_null(0) ? std::string{} : rows.front().blob(0);
}

bool forget_files(Connection& c, Instant now)
{
    auto const pieces = c.execute("DELETE FROM label_file_piece WHERE (job_id, number) IN"
                                  " (SELECT p.job_id, p.number FROM label_job j"
                                  " JOIN label_file_piece p ON p.job_id = j.id WHERE j.file_until <= $1"
                                  " ORDER BY p.job_id, p.number LIMIT $2)",
                                  {now, pieces_forgotten_at_once});
    if (pieces > 0) return true;
    c.execute("UPDATE label_job SET file_until = NULL WHERE file_until <= $1", {now});
    return false;
}

} // namespace nguon::db::label_jobs
