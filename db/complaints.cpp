#include "db/complaints.hpp"

namespace nguon::db::complaints {

Case from_row(Row const& row)
{
    return {row.text(0),
            OrganizationId{row.text_or_empty(1)},
            ProductId{row.text_or_empty(2)},
            BatchId{row.text_or_empty(3)},
            row.text(4),
            row.text(5),
            row.text(6),
            row.text(7),
            row.instant(8),
            row.instant(9)};
}

void insert(Connection& c, Case const& entry, PersonId const& reporter, std::string_view text)
{
    c.execute("INSERT INTO complaint (code, org_id, product_id, batch_id, subject, topic, reporter_id, status,"
              " created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'received', $8, $8)",
              {entry.code, or_null(entry.org.text()), or_null(entry.product.text()), or_null(entry.batch.text()),
               entry.subject, entry.topic, or_null(reporter.text()), entry.created_at});
    c.execute("INSERT INTO complaint_detail (code, text) VALUES ($1, $2)", {entry.code, text});
}

Result<Case> find(Connection& c, std::string_view code)
{
    auto const rows = c.query(std::string{"SELECT "} + columns + " FROM complaint k WHERE k.code = $1", {code});
    if (rows.empty()) return not_found("complaint.unknown");
    return from_row(rows.front());
}

std::string text(Connection& c, std::string_view code)
{
    auto const rows = c.query("SELECT text FROM complaint_detail WHERE code = $1", {code});
    return rows.empty() ? std::string{} : rows.front().text(0);
}

Status set_status(Connection& c, std::string_view code, std::string_view status, std::string_view answer, Instant at)
{
    auto const changed = c.execute("UPDATE complaint SET status = $2, answer = $3, changed_at = $4 WHERE code = $1",
                                   {code, status, answer, at});
    if (changed == 0) return not_found("complaint.unknown");
    return Done{};
}

} // namespace nguon::db::complaints
