#include "db/printed_codes.hpp"

namespace nguon::db::printed_codes {
namespace {

constexpr std::string_view select_job =
    "SELECT id, org_id, batch_id, kind, stock, first_position, count, public_url, specimen, pdf_sha256,"
    " created_at, created_by FROM label_job";

Job job_from_row(Row const& row)
{
    return {row.text(0),        row.id<OrganizationId>(1),
            row.id<BatchId>(2), row.text(3),
            row.text(4),        row.integer(5),
            row.integer(6),     row.text(7),
            row.flag(8),        row.text(9),
            row.instant(10),    row.text(11)};
}

} // namespace

Result<Code> find(Connection& c, std::string_view code)
{
    auto const rows = c.query("SELECT code, kind, org_id, batch_id, status, created_at FROM printed_code"
                              " WHERE code = $1",
                              {code});
    if (rows.empty()) return Error{ErrorCode::not_found, "code.unknown", {std::string{code}}, {}, {}};
    auto const& row = rows.front();
    return Code{row.text(0), row.text(1), row.id<OrganizationId>(2), row.id<BatchId>(3), row.text(4), row.instant(5)};
}

bool insert_units(Connection& c, OrganizationId const& org, BatchId const& batch, std::string_view job,
                  std::vector<std::string> const& codes, Instant at)
{
    for (auto const& code : codes) {
        auto const inserted = c.execute("INSERT INTO printed_code (code, kind, org_id, batch_id, label_job_id, status,"
                                        " created_at) VALUES ($1, 'unit', $2, $3, $4, 'active', $5)"
                                        " ON CONFLICT (code) DO NOTHING",
                                        {code, org, batch, job, at});
        if (inserted == 0) return false;
    }
    return true;
}

std::int64_t count_units(Connection& c, OrganizationId const& org, BatchId const& batch)
{
    return c
        .query("SELECT count(*) FROM printed_code WHERE org_id = $1 AND batch_id = $2 AND kind = 'unit'", {org, batch})
        .front()
        .integer(0);
}

void insert_job(Connection& c, Job const& job)
{
    c.execute("INSERT INTO label_job (id, org_id, batch_id, kind, stock, first_position, count, public_url, specimen,"
              " pdf_sha256, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
              {job.id, job.org, job.batch, job.kind, job.stock, job.first_position, job.count, job.public_url,
               job.specimen, job.pdf_sha256, job.created_at, job.created_by});
}

void set_pdf_digest(Connection& c, OrganizationId const& org, std::string_view job, std::string_view sha256)
{
    c.execute("UPDATE label_job SET pdf_sha256 = $3 WHERE org_id = $1 AND id = $2", {org, job, sha256});
}

Result<Job> find_job(Connection& c, OrganizationId const& org, std::string_view id)
{
    auto const rows = c.query(std::string{select_job} + " WHERE org_id = $1 AND id = $2", {org, id});
    if (rows.empty()) return not_found("label_job.unknown");
    return job_from_row(rows.front());
}

std::vector<Job> jobs(Connection& c, OrganizationId const& org, BatchId const& batch)
{
    std::vector<Job> out;
    for (auto const& row :
         c.query(std::string{select_job} + " WHERE org_id = $1 AND batch_id = $2 ORDER BY created_at DESC, id",
                 {org, batch}))
        out.push_back(job_from_row(row));
    return out;
}

std::vector<std::string> codes_of_job(Connection& c, OrganizationId const& org, std::string_view job)
{
    std::vector<std::string> out;
    for (auto const& row : c.query("SELECT code FROM printed_code WHERE label_job_id = $2 AND org_id = $1"
                                   " ORDER BY code",
                                   {org, job}))
        out.push_back(row.text(0));
    return out;
}

} // namespace nguon::db::printed_codes
