#include "db/programme.hpp"

namespace nguon::db::programme {
namespace {

constexpr char record_columns[] =
    "id, plan_id, kind, item, title, org_id, org_name, org_kind, tax_code, commune_code, person_id, parent_id, task_id,"
    " happened_on, valid_to, amount, once_key, recorded_at, recorded_by, replaces_id, withdrawn_at, withdrawn_reason";

Record record_from(Row const& row)
{
    Record out;
    out.id = row.text(0);
    out.plan = row.text(1);
    out.kind = row.text(2);
    out.item = row.text(3);
    out.title = row.text(4);
    out.org = OrganizationId{row.text_or_empty(5)};
    out.org_name = row.text(6);
    out.org_kind = row.text(7);
    out.tax_code = row.text(8);
    out.commune_code = row.text(9);
    out.person = PersonId{row.text_or_empty(10)};
    out.parent = row.text_or_empty(11);
    out.task = row.text(12);
    out.happened_on = row.text(13);
    out.valid_to = row.text_or_empty(14);
    out.amount = row.real(15);
    out.once_key = row.text_or_empty(16);
    out.recorded_at = row.instant(17);
    out.recorded_by = row.text(18);
    out.replaces = row.text_or_empty(19);
    out.withdrawn_at = row.optional_instant(20);
    out.withdrawn_reason = row.text(21);
    return out;
}

constexpr char need_columns[] = "id, plan_id, year, item, detail, estimate, org_id, org_name, org_kind, tax_code,"
                                " commune_code, org_key, registered_at, state, reason, registered_by";

Need need_from(Row const& row)
{
    Need out;
    out.id = row.text(0);
    out.plan = row.text(1);
    out.year = row.integer(2);
    out.item = row.text(3);
    out.detail = row.text(4);
    out.estimate = row.integer(5);
    out.org = OrganizationId{row.text_or_empty(6)};
    out.org_name = row.text(7);
    out.org_kind = row.text(8);
    out.tax_code = row.text(9);
    out.commune_code = row.text(10);
    out.org_key = row.text(11);
    out.registered_at = row.instant(12);
    out.state = row.text(13);
    out.reason = row.text(14);
    out.registered_by = row.text(15);
    return out;
}

PlanRow plan_from(Row const& row) { return {row.text(0), row.integer(1), row.text(2), row.instant(3)}; }

/// Columns of `organization o`, from `first` on.
constexpr char party_columns[] = "o.id, o.name, o.kind, o.tax_code, o.commune_code";
void read_party(Party& out, Row const& row)
{
    out.org = row.id<OrganizationId>(0);
    out.name = row.text(1);
    out.kind = row.text(2);
    out.tax_code = row.text_or_empty(3);
    out.commune_code = row.text(4);
}

} // namespace

void put_plan(Connection& c, std::string_view id, std::string_view content, versions::Change const& change)
{
    c.execute("INSERT INTO programme_plan (id, version, content, loaded_at, loaded_by) VALUES ($1, 1, $2, $3, $4)"
              " ON CONFLICT (id) DO UPDATE SET version = programme_plan.version + 1, content = excluded.content,"
              " loaded_at = excluded.loaded_at, loaded_by = excluded.loaded_by",
              {id, content, change.at, change.by});
}

std::optional<PlanRow> find_plan(Connection& c, std::string_view id)
{
    auto const rows = c.query("SELECT id, version, content, loaded_at FROM programme_plan WHERE id = $1", {id});
    if (rows.empty()) return std::nullopt;
    return plan_from(rows.front());
}

std::vector<PlanRow> plans(Connection& c)
{
    std::vector<PlanRow> out;
    for (auto const& row : c.query("SELECT id, version, content, loaded_at FROM programme_plan ORDER BY id"))
        out.push_back(plan_from(row));
    return out;
}

Status insert(Connection& c, Record const& r)
{
    auto const rows = c.query(
        "INSERT INTO programme_record (id, plan_id, kind, item, title, org_id, org_name, org_kind, tax_code,"
        " commune_code, person_id, parent_id, task_id, happened_on, valid_to, amount, once_key, recorded_at,"
        " recorded_by, replaces_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
        " $17, $18, $19, $20) ON CONFLICT (plan_id, once_key) DO NOTHING RETURNING id",
        {r.id,
         r.plan,
         r.kind,
         r.item,
         r.title,
         or_null(r.org.text()),
         r.org_name,
         r.org_kind,
         r.tax_code,
         r.commune_code,
         or_null(r.person.text()),
         or_null(r.parent),
         r.task,
         r.happened_on,
         or_null(r.valid_to),
         r.amount,
         or_null(r.once_key),
         r.recorded_at,
         r.recorded_by,
         or_null(r.replaces)});
    if (rows.empty()) return conflict("record.changed_meanwhile"); // a race: the use case has looked before
    return Done{};
}

Result<Record> find(Connection& c, std::string_view plan, std::string_view id)
{
    auto const rows = c.query(
        std::string{"SELECT "} + record_columns + " FROM programme_record WHERE plan_id = $1 AND id = $2", {plan, id});
    if (rows.empty()) return not_found("programme.record_unknown");
    return record_from(rows.front());
}

std::optional<Record> holder(Connection& c, std::string_view plan, std::string_view once_key)
{
    auto const rows =
        c.query(std::string{"SELECT "} + record_columns + " FROM programme_record WHERE plan_id = $1 AND once_key = $2",
                {plan, once_key});
    if (rows.empty()) return std::nullopt;
    return record_from(rows.front());
}

std::vector<Record> records(Connection& c, std::string_view plan, std::string_view until)
{
    std::vector<Record> out;
    for (auto const& row : c.query(std::string{"SELECT "} + record_columns +
                                       " FROM programme_record WHERE plan_id = $1 AND happened_on <= $2"
                                       " ORDER BY happened_on, recorded_at, id",
                                   {plan, until}))
        out.push_back(record_from(row));
    return out;
}

std::int64_t count_records(Connection& c, std::string_view plan)
{
    return c.query("SELECT count(*) FROM programme_record WHERE plan_id = $1", {plan}).front().integer(0);
}

Status withdraw(Connection& c, std::string_view plan, std::string_view id, versions::Change const& change)
{
    if (auto const record = find(c, plan, id); !record) return record.error();
    auto const changed =
        c.execute("UPDATE programme_record SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5,"
                  " once_key = NULL WHERE plan_id = $1 AND id = $2 AND withdrawn_at IS NULL",
                  {plan, id, change.at, change.by, change.reason});
    if (changed == 0) return conflict("programme.withdrawn_already");
    return Done{};
}

void add_file(Connection& c, std::string_view record, std::int64_t position, File const& file)
{
    c.execute("INSERT INTO programme_file (record_id, position, sha256, name) VALUES ($1, $2, $3, $4)",
              {record, position, file.sha256, file.name});
}

std::vector<File> files_of(Connection& c, std::string_view record)
{
    std::vector<File> out;
    for (auto const& row :
         c.query("SELECT sha256, name FROM programme_file WHERE record_id = $1 ORDER BY position", {record}))
        out.push_back({row.text(0), row.text(1)});
    return out;
}

std::map<std::string, std::vector<File>> files(Connection& c, std::string_view plan)
{
    std::map<std::string, std::vector<File>> out;
    for (auto const& row : c.query("SELECT f.record_id, f.sha256, f.name FROM programme_file f"
                                   " JOIN programme_record r ON r.id = f.record_id WHERE r.plan_id = $1"
                                   " ORDER BY f.record_id, f.position",
                                   {plan}))
        out[row.text(0)].push_back({row.text(1), row.text(2)});
    return out;
}

void put_task(Connection& c, std::string_view plan, TaskRow const& task, versions::Change const& change)
{
    c.execute("INSERT INTO programme_task (plan_id, task_id, status, note, changed_at, changed_by)"
              " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (plan_id, task_id) DO UPDATE SET"
              " status = excluded.status, note = excluded.note, changed_at = excluded.changed_at,"
              " changed_by = excluded.changed_by",
              {plan, task.task, task.status, task.note, change.at, change.by});
}

std::vector<TaskRow> tasks(Connection& c, std::string_view plan)
{
    std::vector<TaskRow> out;
    for (auto const& row :
         c.query("SELECT task_id, status, note, changed_at FROM programme_task WHERE plan_id = $1", {plan}))
        out.push_back({row.text(0), row.text(1), row.text(2), row.instant(3)});
    return out;
}

Status insert(Connection& c, Need const& n)
{
    auto const rows = c.query(
        "INSERT INTO programme_need (id, plan_id, year, item, detail, estimate, org_id, org_name, org_kind, tax_code,"
        " commune_code, org_key, registered_at, registered_by, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
        " $10, $11, $12, $13, $14, $15) ON CONFLICT (plan_id, year, org_key, item) DO NOTHING RETURNING id",
        {n.id, n.plan, n.year, n.item, n.detail, n.estimate, or_null(n.org.text()), n.org_name, n.org_kind, n.tax_code,
         n.commune_code, n.org_key, n.registered_at, n.registered_by, n.state});
    if (rows.empty()) return conflict("programme.need_exists");
    return Done{};
}

Result<Need> find_need(Connection& c, std::string_view plan, std::string_view id)
{
    auto const rows = c.query(
        std::string{"SELECT "} + need_columns + " FROM programme_need WHERE plan_id = $1 AND id = $2", {plan, id});
    if (rows.empty()) return not_found("programme.need_unknown");
    return need_from(rows.front());
}

Status decide(Connection& c, std::string_view id, std::string_view state, versions::Change const& change)
{
    auto const changed = c.execute("UPDATE programme_need SET state = $2, reason = $3, decided_at = $4, decided_by = $5"
                                   " WHERE id = $1",
                                   {id, state, change.reason, change.at, change.by});
    if (changed == 0) return not_found("programme.need_unknown");
    return Done{};
}

std::vector<Need> needs(Connection& c, std::string_view plan, std::int64_t year, OrganizationId const& org)
{
    std::vector<Need> out;
    for (auto const& row : c.query(std::string{"SELECT "} + need_columns +
                                       " FROM programme_need WHERE plan_id = $1 AND year = $2"
                                       " AND ($3 = '' OR org_id = $3) ORDER BY registered_at, id",
                                   {plan, year, org}))
        out.push_back(need_from(row));
    return out;
}

std::int64_t count_needs(Connection& c, std::string_view plan, std::int64_t year)
{
    return c.query("SELECT count(*) FROM programme_need WHERE plan_id = $1 AND year = $2", {plan, year})
        .front()
        .integer(0);
}

void insert(Connection& c, std::string_view plan, Snapshot const& snapshot, std::string_view by)
{
    c.execute("INSERT INTO programme_snapshot (id, plan_id, from_on, to_on, made_at, made_by, figures)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {snapshot.id, plan, snapshot.from, snapshot.to, snapshot.made_at, by, snapshot.figures});
}

std::int64_t count_snapshots(Connection& c, std::string_view plan)
{
    return c.query("SELECT count(*) FROM programme_snapshot WHERE plan_id = $1", {plan}).front().integer(0);
}

std::optional<Snapshot> find_snapshot(Connection& c, std::string_view plan, std::string_view from, std::string_view to)
{
    auto const rows = c.query("SELECT id, from_on, to_on, made_at, figures FROM programme_snapshot"
                              " WHERE plan_id = $1 AND from_on = $2 AND to_on = $3 ORDER BY made_at DESC, id LIMIT 1",
                              {plan, from, to});
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    return Snapshot{row.text(0), row.text(1), row.text(2), row.instant(3), row.text(4)};
}

std::vector<Snapshot> snapshots(Connection& c, std::string_view plan)
{
    std::vector<Snapshot> out;
    for (auto const& row : c.query("SELECT id, from_on, to_on, made_at FROM programme_snapshot WHERE plan_id = $1"
                                   " ORDER BY made_at DESC, id",
                                   {plan}))
        out.push_back({row.text(0), row.text(1), row.text(2), row.instant(3), {}});
    return out;
}

std::optional<Party> find_party(Connection& c, std::string_view tax_code)
{
    auto const rows = c.query(std::string{"SELECT "} + party_columns +
                                  " FROM organization o WHERE o.tax_code = $1 AND o.status = 'approved'",
                              {tax_code});
    if (rows.empty()) return std::nullopt;
    Party out;
    read_party(out, rows.front());
    return out;
}

std::vector<Paper> papers(Connection& c)
{
    std::vector<Paper> out;
    for (auto const& row :
         c.query(std::string{"SELECT "} + party_columns +
                 ", h.id, h.kind, h.number, p.name, h.valid_from, h.valid_to, h.created_at"
                 " FROM certificate h JOIN organization o ON o.id = h.org_id LEFT JOIN product p ON p.id = h.product_id"
                 " WHERE h.status = 'active' AND o.status = 'approved' ORDER BY h.valid_from NULLS LAST, h.id")) {
        auto& paper = out.emplace_back();
        read_party(paper, row);
        paper.id = row.text(5);
        paper.kind_of_paper = row.text(6);
        paper.number = row.text(7);
        paper.product = row.text_or_empty(8);
        paper.valid_from = row.is_null(9) ? to_iso(vietnam_date(row.instant(11))) : row.text(9);
        paper.valid_to = row.text_or_empty(10);
    }
    return out;
}

std::vector<ActiveBatch> active_batches(Connection& c, Instant from, Instant to)
{
    std::vector<ActiveBatch> out;
    for (auto const& row :
         c.query(std::string{"SELECT "} + party_columns +
                     ", b.id, b.lot, p.name, b.created_at, p.id FROM batch b JOIN product p ON p.id = b.product_id"
                     " JOIN organization o ON o.id = b.org_id WHERE o.status = 'approved' AND b.status = 'active'"
                     " AND p.public_version IS NOT NULL AND p.status = 'published' AND b.created_at >= $1"
                     " AND b.created_at < $2 AND EXISTS (SELECT 1 FROM identifier i JOIN event_identifier x"
                     " ON x.identifier_id = i.id JOIN event e ON e.seq = x.event_seq WHERE i.entity_id = b.id"
                     " AND e.biz_step IN ('shipping', 'departing', 'retail_selling'))"
                     " AND (NOT EXISTS (SELECT 1 FROM printed_code u WHERE u.batch_id = b.id AND u.kind = 'unit')"
                     " OR EXISTS (SELECT 1 FROM printed_code u WHERE u.batch_id = b.id AND u.kind = 'unit'"
                     " AND u.status IN ('activated', 'shipped', 'sold'))) ORDER BY o.id, b.created_at DESC, b.id",
                 {from, to})) {
        auto& batch = out.emplace_back();
        read_party(batch, row);
        batch.batch = row.id<BatchId>(5);
        batch.lot = row.text(6);
        batch.product_name = row.text(7);
        batch.created_at = row.instant(8);
        batch.product = row.id<ProductId>(9);
    }
    return out;
}

std::vector<Connected> connected_portals(Connection& c, Instant to)
{
    std::vector<Connected> out;
    for (auto const& row :
         c.query("SELECT t.name, t.title, (SELECT r.accepted_at FROM receipt r WHERE r.target = t.name"
                 " ORDER BY r.outbox_seq LIMIT 1) FROM target t ORDER BY t.name")) {
        if (row.is_null(2) || row.instant(2) >= to) continue;
        out.push_back({row.text(0), row.text(1), row.instant(2)});
    }
    return out;
}

} // namespace nguon::db::programme
