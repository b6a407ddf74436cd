#include "db/inspections.hpp"

namespace nguon::db::inspections {
namespace {

constexpr char inspection_columns[] =
    "i.id, i.org_id, i.product_id, i.batch_id, i.checklist_id, i.inspector_id, i.planned_on, i.basis, i.purpose,"
    " i.complaint_code, i.status, i.record_number, i.started_at, i.saved_at, i.finished_at, i.latitude, i.longitude,"
    " i.place_text, i.present_id, i.opinion, i.finding, i.conclusion, i.created_by, i.created_at";

void read(Row const& row, Inspection& out)
{
    out.id = row.text(0);
    out.org = row.id<OrganizationId>(1);
    out.product = ProductId{row.text_or_empty(2)};
    out.batch = BatchId{row.text_or_empty(3)};
    out.checklist = row.text(4);
    out.inspector = row.text(5);
    out.planned_on = row.text(6);
    out.basis = row.text(7);
    out.purpose = row.text(8);
    out.complaint = row.text_or_empty(9);
    out.status = row.text(10);
    out.record_number = row.text_or_empty(11);
    out.started_at = row.optional_instant(12);
    out.saved_at = row.optional_instant(13);
    out.finished_at = row.optional_instant(14);
    out.latitude = row.optional_real(15);
    out.longitude = row.optional_real(16);
    out.place = row.text(17);
    out.present = PersonId{row.text_or_empty(18)};
    out.opinion = row.text(19);
    out.finding = row.text(20);
    out.conclusion = row.text(21);
    out.created_by = row.text(22);
    out.created_at = row.instant(23);
}

/// Of the inspections `i` that were finished within [$2, $3).
constexpr char finished_there[] = " JOIN organization o ON o.id = i.org_id WHERE i.finished_at >= $2"
                                  " AND i.finished_at < $3 AND";

constexpr char select_line[] =
    ", coalesce(o.name, ''), coalesce(d.name, ''),"
    " (SELECT count(*) FROM inspection_action a WHERE a.inspection_id = i.id AND a.done_at IS NULL),"
    " coalesce((SELECT min(a.due_on) FROM inspection_action a WHERE a.inspection_id = i.id AND a.done_at IS NULL), '')"
    " FROM inspection i LEFT JOIN organization o ON o.id = i.org_id"
    " LEFT JOIN person_detail d ON d.person_id = i.inspector_id";

std::vector<Line> lines_of(Rows const& rows)
{
    std::vector<Line> out;
    for (auto const& row : rows) {
        auto& line = out.emplace_back();
        read(row, line);
        line.org_name = row.text(24);
        line.inspector_name = row.text(25);
        line.actions_open = row.integer(26);
        line.next_due_on = row.text(27);
    }
    return out;
}

} // namespace

void add_missing(Connection& c, Checklist const& checklist, Instant at)
{
    auto const added =
        c.execute("INSERT INTO checklist (id, name, basis, sample, content_sha256, added_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (content_sha256) DO NOTHING",
                  {checklist.id, checklist.name, checklist.basis, checklist.sample, checklist.content_sha256, at});
    if (added == 0) return;
    for (auto const& item : checklist.items)
        c.execute("INSERT INTO checklist_item (checklist_id, number, part, code, text, hint, weight)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  {checklist.id, item.number, item.part, item.code, item.text, item.hint, item.weight});
}

std::vector<Checklist> checklists(Connection& c)
{
    std::vector<Checklist> out;
    for (auto const& row : c.query("SELECT id, name, basis, sample, content_sha256 FROM checklist"
                                   " WHERE retired_at IS NULL ORDER BY sample, added_at DESC, id"))
        out.push_back({row.text(0), row.text(1), row.text(2), row.flag(3), row.text(4), {}});
    return out;
}

void retire(Connection& c, std::string_view id, Instant at)
{
    c.execute("UPDATE checklist SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL", {id, at});
}

Result<Checklist> find_checklist(Connection& c, std::string_view id)
{
    auto const rows = c.query("SELECT id, name, basis, sample, content_sha256 FROM checklist WHERE id = $1", {id});
    if (rows.empty()) return not_found("checklist.unknown");
    auto const& head = rows.front();
    Checklist out{head.text(0), head.text(1), head.text(2), head.flag(3), head.text(4), {}};
    for (auto const& row : c.query("SELECT number, part, code, text, hint, weight FROM checklist_item"
                                   " WHERE checklist_id = $1 ORDER BY number",
                                   {id}))
        out.items.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)});
    return out;
}

void insert(Connection& c, Inspection const& inspection)
{
    c.execute("INSERT INTO inspection (id, org_id, product_id, batch_id, checklist_id, inspector_id, planned_on, basis,"
              " purpose, complaint_code, status, created_by, created_at)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
              {inspection.id, inspection.org, or_null(inspection.product.text()), or_null(inspection.batch.text()),
               inspection.checklist, inspection.inspector, inspection.planned_on, inspection.basis, inspection.purpose,
               or_null(inspection.complaint), inspection.status, inspection.created_by, inspection.created_at});
}

Result<Inspection> find(Connection& c, std::string_view id)
{
    auto const rows = c.query(std::string{"SELECT "} + inspection_columns + " FROM inspection i WHERE i.id = $1", {id});
    if (rows.empty()) return not_found("inspection.unknown");
    Inspection out;
    read(rows.front(), out);
    return out;
}

Status update(Connection& c, Inspection const& inspection)
{
    auto const changed = c.execute(
        "UPDATE inspection SET status = $2, record_number = $3, started_at = $4, saved_at = $5,"
        " finished_at = $6, latitude = $7, longitude = $8, place_text = $9, present_id = $10, opinion = $11,"
        " finding = $12, conclusion = $13 WHERE id = $1 AND finished_at IS NULL",
        {inspection.id, inspection.status, or_null(inspection.record_number), inspection.started_at,
         inspection.saved_at, inspection.finished_at, inspection.latitude, inspection.longitude, inspection.place,
         or_null(inspection.present.text()), inspection.opinion, inspection.finding, inspection.conclusion});
    if (changed == 0) return conflict("inspection.over");
    return Done{};
}

void settle(Connection& c, std::string_view id)
{
    c.execute("UPDATE inspection SET status = 'settled' WHERE id = $1 AND status = 'finished' AND NOT EXISTS"
              " (SELECT 1 FROM inspection_action a WHERE a.inspection_id = $1 AND a.done_at IS NULL)",
              {id});
}

void put_answer(Connection& c, std::string_view id, Answer const& answer)
{
    c.execute("INSERT INTO inspection_answer (inspection_id, number, result, note) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT (inspection_id, number) DO UPDATE SET result = $3, note = $4",
              {id, answer.number, answer.result, answer.note});
}

std::vector<Answer> answers(Connection& c, std::string_view id)
{
    std::vector<Answer> out;
    for (auto const& row : c.query("SELECT number, result, note FROM inspection_answer WHERE inspection_id = $1"
                                   " ORDER BY number",
                                   {id}))
        out.push_back({row.integer(0), row.text(1), row.text(2)});
    return out;
}

void add_file(Connection& c, std::string_view id, File const& file, Instant at)
{
    c.execute("INSERT INTO inspection_file (inspection_id, number, sha256, added_at) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT (inspection_id, sha256) DO NOTHING",
              {id, file.number, file.sha256, at});
}

std::vector<File> files(Connection& c, std::string_view id)
{
    std::vector<File> out;
    for (auto const& row : c.query("SELECT number, sha256 FROM inspection_file WHERE inspection_id = $1"
                                   " ORDER BY number, added_at, sha256",
                                   {id}))
        out.push_back({row.integer(0), row.text(1)});
    return out;
}

void put_actions(Connection& c, std::string_view id, std::vector<Action> const& actions)
{
    c.execute("DELETE FROM inspection_action WHERE inspection_id = $1", {id});
    std::int64_t number = 0;
    for (auto const& action : actions)
        c.execute("INSERT INTO inspection_action (inspection_id, number, text, due_on) VALUES ($1, $2, $3, $4)",
                  {id, ++number, action.text, action.due_on});
}

std::vector<Action> actions(Connection& c, std::string_view id)
{
    std::vector<Action> out;
    for (auto const& row : c.query("SELECT number, text, due_on, done_at, note FROM inspection_action"
                                   " WHERE inspection_id = $1 ORDER BY number",
                                   {id}))
        out.push_back({row.integer(0), row.text(1), row.text(2), row.optional_instant(3), row.text(4)});
    return out;
}

Status finish_action(Connection& c, std::string_view id, std::int64_t number, std::string_view by,
                     std::string_view note, Instant at)
{
    auto const changed = c.execute("UPDATE inspection_action SET done_at = $5, done_by = $3, note = $4"
                                   " WHERE inspection_id = $1 AND number = $2 AND done_at IS NULL",
                                   {id, number, by, note, at});
    if (changed == 0) return not_found("inspection.action_unknown");
    return Done{};
}

std::vector<Line> list(Connection& c, Areas const& areas, std::string_view state, std::int64_t offset,
                       std::int64_t count)
{
    return lines_of(c.query(std::string{"SELECT "} + inspection_columns + select_line +
                                " WHERE ($2 = '' OR ($2 = 'planned' AND i.status IN ('planned', 'open'))"
                                " OR ($2 = 'finished' AND i.status IN ('finished', 'settled'))"
                                " OR ($2 = 'actions' AND i.status = 'finished' AND EXISTS (SELECT 1"
                                " FROM inspection_action a WHERE a.inspection_id = i.id AND a.done_at IS NULL))) AND" +
                                within_areas +
                                " ORDER BY CASE WHEN i.status IN ('planned', 'open') THEN 0 ELSE 1 END,"
                                " CASE WHEN i.status IN ('planned', 'open') THEN i.planned_on END,"
                                " i.finished_at DESC, i.id LIMIT $3 OFFSET $4",
                            {listed(areas), state, count, offset}));
}

std::vector<Line> of_organization(Connection& c, OrganizationId const& org, std::int64_t count)
{
    return lines_of(c.query(std::string{"SELECT "} + inspection_columns + select_line +
                                " WHERE i.org_id = $1 AND i.finished_at IS NOT NULL"
                                " ORDER BY i.finished_at DESC, i.id LIMIT $2",
                            {org, count}));
}

Figures figures(Connection& c, Areas const& areas, Instant from, Instant to, std::string_view today)
{
    Figures out;
    auto const done = c.query(std::string{"SELECT count(*), count(DISTINCT i.org_id),"
                                          " count(CASE WHEN i.conclusion = 'compliant' THEN 1 END),"
                                          " count(CASE WHEN i.conclusion = 'minor' THEN 1 END),"
                                          " count(CASE WHEN i.conclusion = 'serious' THEN 1 END) FROM inspection i"} +
                                  finished_there + within_areas,
                              {listed(areas), from, to});
    out.finished = done.front().integer(0);
    out.organizations = done.front().integer(1);
    out.compliant = done.front().integer(2);
    out.minor = done.front().integer(3);
    out.serious = done.front().integer(4);
    auto const ordered = c.query(std::string{"SELECT count(*), count(a.done_at),"
                                             " count(CASE WHEN a.done_at IS NULL AND a.due_on < $4 THEN 1 END)"
                                             " FROM inspection_action a JOIN inspection i ON i.id = a.inspection_id"} +
                                     finished_there + within_areas,
                                 {listed(areas), from, to, today});
    out.actions = ordered.front().integer(0);
    out.actions_done = ordered.front().integer(1);
    out.actions_late = ordered.front().integer(2);
    auto const planned = c.query(std::string{"SELECT count(*) FROM inspection i JOIN organization o ON o.id = i.org_id"
                                             " WHERE i.planned_on >= $2 AND i.planned_on < $3 AND"} +
                                     within_areas,
                                 {listed(areas), to_iso(vietnam_date(from)), to_iso(vietnam_date(to))});
    out.planned = planned.front().integer(0);
    auto const imposed = c.query(std::string{"SELECT count(CASE WHEN s.kind = 'suspend' AND s.imposed_at >= $2"
                                             " AND s.imposed_at < $3 THEN 1 END),"
                                             " count(CASE WHEN s.kind = 'withdraw' AND s.imposed_at >= $2"
                                             " AND s.imposed_at < $3 THEN 1 END),"
                                             " count(CASE WHEN s.lifted_at >= $2 AND s.lifted_at < $3 THEN 1 END)"
                                             " FROM sanction s JOIN organization o ON o.id = s.org_id WHERE"} +
                                     within_areas,
                                 {listed(areas), from, to});
    out.suspended = imposed.front().integer(0);
    out.withdrawn = imposed.front().integer(1);
    out.lifted = imposed.front().integer(2);
    return out;
}

std::vector<Unmet> unmet_most(Connection& c, Areas const& areas, Instant from, Instant to, std::int64_t count)
{
    std::vector<Unmet> out;
    for (auto const& row : c.query(std::string{"SELECT t.code, t.text, count(*) AS times FROM inspection_answer w"
                                               " JOIN inspection i ON i.id = w.inspection_id"
                                               " JOIN checklist_item t ON t.checklist_id = i.checklist_id"
                                               " AND t.number = w.number JOIN organization o ON o.id = i.org_id"
                                               " WHERE w.result = 'unmet' AND i.finished_at >= $2"
                                               " AND i.finished_at < $3 AND"} +
                                       within_areas + " GROUP BY t.code, t.text ORDER BY times DESC, t.code LIMIT $4",
                                   {listed(areas), from, to, count}))
        out.push_back({row.text(0), row.text(1), row.integer(2)});
    return out;
}

} // namespace nguon::db::inspections
