#include "db/complaints.hpp"

namespace nguon::db::complaints {
namespace {

std::vector<Case> cases_of(Rows const& rows)
{
    std::vector<Case> out;
    for (auto const& row : rows) out.push_back(from_row(row));
    return out;
}

Result<Case> one(Rows const& rows)
{
    if (rows.empty()) return not_found("complaint.unknown");
    return from_row(rows.front());
}

} // namespace

Case from_row(Row const& row)
{
    Case out;
    out.code = row.text(0);
    out.org = OrganizationId{row.text_or_empty(1)};
    out.product = ProductId{row.text_or_empty(2)};
    out.batch = BatchId{row.text_or_empty(3)};
    out.subject = row.text(4);
    out.topic = row.text(5);
    out.status = row.text(6);
    out.answer = row.text(7);
    out.created_at = row.instant(8);
    out.changed_at = row.instant(9);
    out.outcome = row.text(10);
    out.shown_on_product = row.flag(11);
    out.main_code = row.text_or_empty(12);
    out.answer_due_at = row.instant(13);
    out.settle_due_at = row.instant(14);
    out.taken_up_at = row.optional_instant(15);
    out.settled_at = row.optional_instant(16);
    out.question = row.text(17);
    out.firm_due_at = row.optional_instant(18);
    out.firm_answered_at = row.optional_instant(19);
    return out;
}

void insert(Connection& c, Case const& entry, PersonId const& reporter, std::string_view text)
{
    c.execute("INSERT INTO complaint (code, org_id, product_id, batch_id, subject, topic, reporter_id, status,"
              " created_at, changed_at, answer_due_at, settle_due_at)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, 'received', $8, $8, $9, $10)",
              {entry.code, or_null(entry.org.text()), or_null(entry.product.text()), or_null(entry.batch.text()),
               entry.subject, entry.topic, or_null(reporter.text()), entry.created_at, entry.answer_due_at,
               entry.settle_due_at});
    c.execute("INSERT INTO complaint_detail (code, text) VALUES ($1, $2)", {entry.code, text});
}

Result<Case> find(Connection& c, std::string_view code)
{
    return one(c.query(std::string{"SELECT "} + columns + " FROM complaint k WHERE k.code = $1", {code}));
}

Result<Case> find(Connection& c, OrganizationId const& org, std::string_view code)
{
    return one(c.query(std::string{"SELECT "} + columns + " FROM complaint k WHERE k.org_id = $1 AND k.code = $2",
                       {org, code}));
}

std::string text(Connection& c, std::string_view code)
{
    auto const rows = c.query("SELECT text FROM complaint_detail WHERE code = $1", {code});
    return rows.empty() ? std::string{} : rows.front().text(0);
}

Status update(Connection& c, Case const& entry, Instant at)
{
    auto const changed =
        c.execute("UPDATE complaint SET status = $3, answer = $4, outcome = $5, shown_on_product = $6,"
                  " main_code = $7, settle_due_at = $8, taken_up_at = $9, settled_at = $10,"
                  " question = $11, firm_due_at = $12, firm_answered_at = $13, changed_at = $14"
                  " WHERE code = $1 AND changed_at = $2",
                  {entry.code, entry.changed_at, entry.status, entry.answer, entry.outcome, entry.shown_on_product,
                   or_null(entry.main_code), entry.settle_due_at, entry.taken_up_at, entry.settled_at, entry.question,
                   entry.firm_due_at, entry.firm_answered_at, at});
    if (changed == 0) return conflict("record.changed_meanwhile");
    return Done{};
}

void append(Connection& c, std::string_view code, Step const& step)
{
    c.execute("INSERT INTO complaint_step (code, number, at, actor_id, step, note, seen_by)"
              " SELECT $1, coalesce(max(s.number), 0) + 1, $2, $3, $4, $5, $6 FROM complaint_step s WHERE s.code = $1",
              {code, step.at, step.actor, step.step, step.note, step.seen_by});
}

std::vector<Step> steps(Connection& c, std::string_view code)
{
    std::vector<Step> out;
    for (auto const& row : c.query("SELECT number, at, actor_id, step, note, seen_by FROM complaint_step"
                                   " WHERE code = $1 ORDER BY number",
                                   {code}))
        out.push_back({row.integer(0), row.instant(1), row.text(2), row.text(3), row.text(4), row.text(5)});
    return out;
}

void add_file(Connection& c, std::string_view code, File const& file, Instant at)
{
    c.execute("INSERT INTO complaint_file (code, sha256, source, added_at) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT (code, sha256) DO NOTHING",
              {code, file.sha256, file.source, at});
}

std::vector<File> files(Connection& c, std::string_view code)
{
    std::vector<File> out;
    for (auto const& row :
         c.query("SELECT sha256, source FROM complaint_file WHERE code = $1 ORDER BY added_at, sha256", {code}))
        out.push_back({row.text(0), row.text(1)});
    return out;
}

std::vector<Case> alike(Connection& c, Case const& entry)
{
    constexpr std::int64_t shown_max = 20;
    return cases_of(c.query(std::string{"SELECT "} + columns +
                                " FROM complaint k WHERE k.settled_at IS NULL AND k.main_code IS NULL AND k.code <> $1"
                                " AND ((k.product_id = $2) OR ($2 = '' AND k.product_id IS NULL AND k.subject = $3))"
                                " ORDER BY k.created_at, k.code LIMIT $4",
                            {entry.code, entry.product.text(), entry.subject, shown_max}));
}

std::vector<Case> joined(Connection& c, std::string_view main_code)
{
    return cases_of(c.query(std::string{"SELECT "} + columns +
                                " FROM complaint k WHERE k.main_code = $1 ORDER BY k.created_at, k.code",
                            {main_code}));
}

std::vector<Case> of_organization(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count)
{
    return cases_of(c.query(std::string{"SELECT "} + columns +
                                " FROM complaint k WHERE k.org_id = $1 AND k.main_code IS NULL"
                                " ORDER BY CASE WHEN k.question <> '' AND k.firm_answered_at IS NULL"
                                " AND k.settled_at IS NULL THEN 0 ELSE 1 END, k.created_at DESC, k.code"
                                " LIMIT $2 OFFSET $3",
                            {org, count, offset}));
}

std::int64_t count_asked(Connection& c, OrganizationId const& org)
{
    return c
        .query("SELECT count(*) FROM complaint WHERE org_id = $1 AND question <> '' AND firm_answered_at IS NULL"
               " AND settled_at IS NULL",
               {org})
        .front()
        .integer(0);
}

std::vector<Case> shown_of(Connection& c, ProductId const& product)
{
    constexpr std::int64_t shown_max = 5;
    return cases_of(c.query(std::string{"SELECT "} + columns +
                                " FROM complaint k WHERE k.product_id = $1 AND k.status = 'answered'"
                                " AND k.shown_on_product = 1 AND k.main_code IS NULL"
                                " ORDER BY k.settled_at DESC, k.code LIMIT $2",
                            {product, shown_max}));
}

std::vector<Kept> details_before(Connection& c, Instant before, std::int64_t count)
{
    std::vector<Kept> out;
    for (auto const& row : c.query("SELECT k.code, k.reporter_id FROM complaint k JOIN complaint_detail d"
                                   " ON d.code = k.code WHERE k.settled_at < $1 ORDER BY k.settled_at, k.code LIMIT $2",
                                   {before, count}))
        out.push_back({row.text(0), PersonId{row.text_or_empty(1)}});
    return out;
}

std::vector<std::string> erase_detail(Connection& c, std::string_view code)
{
    c.execute("DELETE FROM complaint_detail WHERE code = $1", {code});
    std::vector<std::string> out;
    for (auto const& row :
         c.query("DELETE FROM complaint_file WHERE code = $1 AND source = 'reporter' RETURNING sha256", {code}))
        out.push_back(row.text(0));
    return out;
}

} // namespace nguon::db::complaints
