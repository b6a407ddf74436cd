#include "db/recalls.hpp"

#include <fmt/format.h>

namespace nguon::db::recalls {
namespace {

constexpr char case_columns[] =
    "r.id, r.number, r.kind, r.automatic, r.state, r.scope, r.subject, r.title, r.reason, r.notice, r.findings,"
    " r.score, r.trace_micros, r.conclusion, r.created_at, r.created_by, r.drafted_by, r.published_at, r.published_by,"
    " r.closed_at";
constexpr std::size_t case_width = 20;
constexpr char line_counts[] =
    ", (SELECT count(*) FROM recall_lot l WHERE l.case_id = r.id AND l.included = 1),"
    " (SELECT count(*) FROM recall_lot l WHERE l.case_id = r.id AND l.included = 1 AND l.acknowledged_at IS NOT NULL)";
/// Some lot of the case `r` is of a firm in the areas, which are $1.
constexpr char case_within[] = " ($1 = '' OR EXISTS (SELECT 1 FROM recall_lot w JOIN organization o ON o.id = w.org_id"
                               " WHERE w.case_id = r.id AND";
constexpr char lot_columns[] =
    "l.case_id, l.batch_id, l.org_id, l.depth, l.included, l.published_at, l.unit, l.made, l.sold, l.in_stock,"
    " l.returned, l.destroyed, l.note, l.acknowledged_at, l.ended_at, l.ended_reason, b.lot, b.code, p.name, o.name,"
    " o.contact_person_id FROM recall_lot l JOIN batch b ON b.id = l.batch_id JOIN product p ON p.id = b.product_id"
    " JOIN organization o ON o.id = l.org_id";

Case case_from(Row const& row)
{
    Case out;
    out.id = row.text(0);
    out.number = row.text(1);
    out.kind = row.text(2);
    out.automatic = row.flag(3);
    out.state = row.text(4);
    out.scope = row.text(5);
    out.subject = row.text(6);
    out.title = row.text(7);
    out.reason = row.text(8);
    out.notice = row.text(9);
    out.findings = row.text(10);
    out.score = row.integer(11);
    out.trace_micros = row.integer(12);
    out.conclusion = row.text(13);
    out.created_at = row.instant(14);
    out.created_by = row.text(15);
    out.drafted_by = row.text(16);
    out.published_at = row.optional_instant(17);
    out.published_by = row.text_or_empty(18);
    out.closed_at = row.optional_instant(19);
    return out;
}

std::vector<Line> lines_from(Rows const& rows)
{
    std::vector<Line> out;
    for (auto const& row : rows) {
        Line line{case_from(row), row.integer(case_width), row.integer(case_width + 1)};
        out.push_back(std::move(line));
    }
    return out;
}

Lot lot_from(Row const& row)
{
    Lot out;
    out.case_id = row.text(0);
    out.batch = row.id<BatchId>(1);
    out.org = row.id<OrganizationId>(2);
    out.depth = row.integer(3);
    out.included = row.flag(4);
    out.published_at = row.optional_instant(5);
    out.unit = row.text(6);
    out.figures = {row.optional_real(7), row.optional_real(8), row.optional_real(9), row.optional_real(10),
                   row.optional_real(11)};
    out.note = row.text(12);
    out.acknowledged_at = row.optional_instant(13);
    out.ended_at = row.optional_instant(14);
    out.ended_reason = row.text(15);
    out.lot = row.text(16);
    out.code = row.text(17);
    out.product = row.text(18);
    out.org_name = row.text(19);
    out.contact = PersonId{row.text_or_empty(20)};
    return out;
}

std::vector<Lot> lots_from(Rows const& rows)
{
    std::vector<Lot> out;
    for (auto const& row : rows) out.push_back(lot_from(row));
    return out;
}

Result<Case> one(Rows const& rows)
{
    if (rows.empty()) return not_found("recall.unknown");
    return case_from(rows.front());
}

} // namespace

std::optional<double> Figures::difference() const
{
    if (!made || !sold || !in_stock || !returned || !destroyed) return std::nullopt;
    return *made - *sold - *in_stock - *returned - *destroyed;
}

std::string next_number(Connection& c, std::string_view kind, int year)
{
    auto const start = fmt::format("{}-{}-", kind == "drill" ? "DT" : "TH", year);
    auto const rows =
        c.query("SELECT count(*) FROM recall_case WHERE number >= $1 AND number < $2", {start, start + "~"});
    return fmt::format("{}{:03}", start, rows.front().integer(0) + 1);
}

Status insert(Connection& c, Case const& entry)
{
    auto const added = c.execute(
        "INSERT INTO recall_case (id, number, kind, automatic, state, scope, subject, title, reason, notice, findings,"
        " score, trace_micros, conclusion, created_at, created_by, drafted_by, published_at, published_by, closed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
        " ON CONFLICT (number) DO NOTHING",
        {entry.id,
         entry.number,
         entry.kind,
         entry.automatic,
         entry.state,
         entry.scope,
         entry.subject,
         entry.title,
         entry.reason,
         entry.notice,
         entry.findings,
         entry.score,
         entry.trace_micros,
         entry.conclusion,
         entry.created_at,
         entry.created_by,
         entry.drafted_by,
         entry.published_at,
         or_null(entry.published_by),
         entry.closed_at});
    if (added == 0) return conflict("recall.number_taken");
    return Done{};
}

void put(Connection& c, Case const& entry)
{
    c.execute("UPDATE recall_case SET state = $2, reason = $3, notice = $4, findings = $5, score = $6,"
              " trace_micros = $7, conclusion = $8, drafted_by = $9, published_at = $10, published_by = $11,"
              " closed_at = $12, title = $13 WHERE id = $1",
              {entry.id, entry.state, entry.reason, entry.notice, entry.findings, entry.score, entry.trace_micros,
               entry.conclusion, entry.drafted_by, entry.published_at, or_null(entry.published_by), entry.closed_at,
               entry.title});
}

Result<Case> find_for_change(Connection& c, std::string_view id)
{
    // Two who press the button at once: the second waits here and finds the case published. Writing the row locks it on
    // both engines.
    c.execute("UPDATE recall_case SET state = state WHERE id = $1", {id});
    return find(c, id);
}

Result<Case> find(Connection& c, std::string_view id)
{
    return one(c.query(std::string{"SELECT "} + case_columns + " FROM recall_case r WHERE r.id = $1", {id}));
}

std::vector<Line> list(Connection& c, Areas const& areas, std::string_view kind, std::string_view state,
                       std::int64_t offset, std::int64_t count)
{
    return lines_from(c.query(std::string{"SELECT "} + case_columns + line_counts + " FROM recall_case r WHERE" +
                                  case_within + within_areas +
                                  ")) AND ($2 = '' OR r.kind = $2) AND ($3 = '' OR r.state = $3)"
                                  " ORDER BY r.created_at DESC, r.id DESC LIMIT $5 OFFSET $4",
                              {listed(areas), kind, state, offset, count}));
}

bool is_within(Connection& c, Areas const& areas, std::string_view id)
{
    return !c.query(std::string{"SELECT 1 FROM recall_case r WHERE"} + case_within + within_areas + ")) AND r.id = $2",
                    {listed(areas), id})
                .empty();
}

void add_lot(Connection& c, Lot const& lot)
{
    c.execute("INSERT INTO recall_lot (case_id, batch_id, org_id, depth, included, unit, made)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (case_id, batch_id) DO NOTHING",
              {lot.case_id, lot.batch, lot.org, lot.depth, lot.included, lot.unit, lot.figures.made});
}

Result<Lot> find_lot(Connection& c, std::string_view case_id, BatchId const& batch)
{
    auto const rows =
        c.query(std::string{"SELECT "} + lot_columns + " WHERE l.case_id = $1 AND l.batch_id = $2", {case_id, batch});
    if (rows.empty()) return not_found("recall.lot_unknown");
    return lot_from(rows.front());
}

std::vector<Lot> lots(Connection& c, std::string_view case_id, Areas const& areas, OrganizationId const& org,
                      std::int64_t offset, std::int64_t count)
{
    return lots_from(c.query(std::string{"SELECT "} + lot_columns + " WHERE" + within_areas +
                                 " AND l.case_id = $2 AND ($3 = '' OR l.org_id = $3)"
                                 " ORDER BY l.included DESC, abs(l.depth), o.sort_key, p.sort_key, b.lot, l.batch_id"
                                 " LIMIT $5 OFFSET $4",
                             {listed(areas), case_id, org, offset, count}));
}

std::vector<Lot> unpublished(Connection& c, std::string_view case_id, std::int64_t count)
{
    return lots_from(c.query(std::string{"SELECT "} + lot_columns +
                                 " WHERE l.case_id = $1 AND l.included = 1 AND l.published_at IS NULL"
                                 " ORDER BY abs(l.depth), l.batch_id LIMIT $2",
                             {case_id, count}));
}

void include(Connection& c, std::string_view case_id, BatchId const& batch, bool included)
{
    c.execute("UPDATE recall_lot SET included = $3 WHERE case_id = $1 AND batch_id = $2", {case_id, batch, included});
}

void mark_published(Connection& c, std::string_view case_id, BatchId const& batch, Instant at)
{
    c.execute("UPDATE recall_lot SET published_at = $3 WHERE case_id = $1 AND batch_id = $2", {case_id, batch, at});
}

void acknowledge(Connection& c, Lot const& lot, std::string_view by, Instant at)
{
    auto const& figures = lot.figures;
    c.execute("UPDATE recall_lot SET unit = $3, made = $4, sold = $5, in_stock = $6, returned = $7, destroyed = $8,"
              " note = $9, acknowledged_at = $10, acknowledged_by = $11 WHERE case_id = $1 AND batch_id = $2",
              {lot.case_id, lot.batch, lot.unit, figures.made, figures.sold, figures.in_stock, figures.returned,
               figures.destroyed, lot.note, at, by});
}

void end_lot(Connection& c, std::string_view case_id, BatchId const& batch, std::string_view reason,
             std::string_view by, Instant at)
{
    c.execute("UPDATE recall_lot SET ended_at = $3, ended_by = $4, ended_reason = $5"
              " WHERE case_id = $1 AND batch_id = $2",
              {case_id, batch, at, by, reason});
}

Totals totals(Connection& c, std::string_view case_id)
{
    auto const rows = c.query("SELECT count(*), count(published_at), count(acknowledged_at), count(ended_at),"
                              " count(DISTINCT org_id) FROM recall_lot WHERE case_id = $1 AND included = 1",
                              {case_id});
    auto const& row = rows.front();
    return {row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)};
}

std::vector<Balance> balance(Connection& c, std::string_view case_id)
{
    std::vector<Balance> out;
    for (auto const& row : c.query("SELECT unit, count(*), sum(made), sum(sold), sum(in_stock), sum(returned),"
                                   " sum(destroyed) FROM recall_lot WHERE case_id = $1 AND included = 1"
                                   " AND acknowledged_at IS NOT NULL GROUP BY unit ORDER BY unit",
                                   {case_id}))
        out.push_back({row.text(0),
                       row.integer(1),
                       {row.optional_real(2), row.optional_real(3), row.optional_real(4), row.optional_real(5),
                        row.optional_real(6)}});
    return out;
}

std::vector<Line> of_organization(Connection& c, OrganizationId const& org, std::int64_t count)
{
    return lines_from(
        c.query(std::string{"SELECT "} + case_columns +
                    ", (SELECT count(*) FROM recall_lot l WHERE l.case_id = r.id AND l.included = 1 AND l.org_id = $1),"
                    " (SELECT count(*) FROM recall_lot l WHERE l.case_id = r.id AND l.included = 1 AND l.org_id = $1"
                    " AND l.acknowledged_at IS NOT NULL)"
                    " FROM recall_case r WHERE r.state IN ('published', 'closed') AND r.automatic = 0 AND EXISTS"
                    " (SELECT 1 FROM recall_lot l WHERE l.case_id = r.id AND l.included = 1 AND l.org_id = $1)"
                    " ORDER BY r.created_at DESC, r.id DESC LIMIT $2",
                {org, count}));
}

std::int64_t waiting_of(Connection& c, OrganizationId const& org)
{
    return c
        .query("SELECT count(*) FROM recall_lot l JOIN recall_case r ON r.id = l.case_id WHERE l.org_id = $1"
               " AND l.included = 1 AND l.acknowledged_at IS NULL AND r.state = 'published' AND r.automatic = 0",
               {org})
        .front()
        .integer(0);
}

std::vector<Case> unfinished(Connection& c)
{
    std::vector<Case> out;
    for (auto const& row : c.query(std::string{"SELECT "} + case_columns +
                                   " FROM recall_case r WHERE r.state = 'published' AND EXISTS (SELECT 1"
                                   " FROM recall_lot l WHERE l.case_id = r.id AND l.included = 1"
                                   " AND l.published_at IS NULL) ORDER BY r.created_at"))
        out.push_back(case_from(row));
    return out;
}

std::optional<Instant> last_automatic_drill(Connection& c)
{
    return c.query("SELECT max(created_at) FROM recall_case WHERE automatic = 1").front().optional_instant(0);
}

std::optional<BatchId> pick_batch(Connection& c, double chance)
{
    auto const count = c.query("SELECT count(*) FROM batch").front().integer(0);
    auto const place = static_cast<std::int64_t>(chance * static_cast<double>(count));
    auto const rows = c.query("SELECT id FROM batch ORDER BY id LIMIT 1 OFFSET $1", {place});
    if (rows.empty()) return std::nullopt;
    return rows.front().id<BatchId>(0);
}

bool held_by_other(Connection& c, std::string_view case_id, BatchId const& batch)
{
    return !c.query("SELECT 1 FROM recall_lot l JOIN recall_case r ON r.id = l.case_id WHERE l.batch_id = $2"
                    " AND l.case_id <> $1 AND r.kind = 'real' AND l.published_at IS NOT NULL AND l.ended_at IS NULL",
                    {case_id, batch})
                .empty();
}

std::optional<Public> find_public(Connection& c, BatchId const& batch)
{
    auto const rows = c.query("SELECT r.number, r.notice FROM recall_lot l JOIN recall_case r ON r.id = l.case_id"
                              " WHERE l.batch_id = $1 AND r.kind = 'real' AND l.published_at IS NOT NULL"
                              " AND l.ended_at IS NULL ORDER BY l.published_at DESC LIMIT 1",
                              {batch});
    if (rows.empty()) return std::nullopt;
    return Public{rows.front().text(0), rows.front().text(1)};
}

std::optional<Ended> find_ended(Connection& c, BatchId const& batch)
{
    auto const rows = c.query("SELECT l.ended_at, l.ended_reason FROM recall_lot l JOIN recall_case r"
                              " ON r.id = l.case_id WHERE l.batch_id = $1 AND r.kind = 'real'"
                              " AND l.ended_at IS NOT NULL ORDER BY l.ended_at DESC, r.number DESC LIMIT 1",
                              {batch});
    if (rows.empty()) return std::nullopt;
    return Ended{rows.front().instant(0), rows.front().text(1)};
}

std::vector<BatchId> batches_of(Connection& c, OrganizationId const& org, std::string_view made_from,
                                std::string_view made_to, std::int64_t count)
{
    std::vector<BatchId> out;
    for (auto const& row : c.query("SELECT id FROM batch WHERE org_id = $1 AND ($2 = '' OR made_on >= $2)"
                                   " AND ($3 = '' OR made_on <= $3) ORDER BY created_at DESC, id LIMIT $4",
                                   {org, made_from, made_to, count}))
        out.push_back(row.id<BatchId>(0));
    return out;
}

void add_step(Connection& c, std::string_view case_id, std::string_view by, std::string_view what,
              std::string_view detail, Instant at)
{
    c.execute("INSERT INTO recall_step (case_id, number, at, by_subject, what, detail)"
              " SELECT $1, coalesce(max(number), 0) + 1, CAST($2 AS BIGINT), $3, $4, $5 FROM recall_step"
              " WHERE case_id = $1",
              {case_id, at, by, what, detail});
}

std::vector<Step> steps(Connection& c, std::string_view case_id)
{
    std::vector<Step> out;
    for (auto const& row : c.query("SELECT s.number, s.at, s.by_subject, coalesce(d.name, k.name, ''), s.what, s.detail"
                                   " FROM recall_step s LEFT JOIN person_detail d ON d.person_id = s.by_subject"
                                   " LEFT JOIN api_key k ON k.id = s.by_subject WHERE s.case_id = $1 ORDER BY s.number",
                                   {case_id}))
        out.push_back({row.integer(0), row.instant(1), row.text(2), row.text(3), row.text(4), row.text(5)});
    return out;
}

} // namespace nguon::db::recalls
