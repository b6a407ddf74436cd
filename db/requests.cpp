#include "db/requests.hpp"

#include "core/fold.hpp"

namespace nguon::db::requests {
namespace {

constexpr char select_personal[] =
    "SELECT r.code, r.kind, r.person_id, r.subject_id, r.status, r.answer, r.due_at, r.created_at, r.answered_at,"
    " r.answered_by FROM personal_request r";

PersonalRequest personal_from(Row const& row)
{
    PersonalRequest out;
    out.code = row.text(0);
    out.kind = row.text(1);
    out.person = PersonId{row.text_or_empty(2)};
    out.subject = PersonId{row.text_or_empty(3)};
    out.status = row.text(4);
    out.answer = row.text(5);
    out.due_at = row.instant(6);
    out.created_at = row.instant(7);
    out.answered_at = row.optional_instant(8);
    out.answered_by = row.text_or_empty(9);
    return out;
}

constexpr char select_data[] =
    "SELECT r.id, r.batch_id, r.org_id, r.asked_by, r.received_at, r.due_at, r.created_by, r.made_at, r.made_by,"
    " r.file_sha256, r.file_bytes, coalesce(b.lot, ''), coalesce(o.name, '') FROM data_request r"
    " LEFT JOIN batch b ON b.id = r.batch_id LEFT JOIN organization o ON o.id = r.org_id";

DataRequest data_from(Row const& row)
{
    DataRequest out;
    out.id = row.text(0);
    out.batch = row.id<BatchId>(1);
    out.org = row.id<OrganizationId>(2);
    out.asked_by = row.text(3);
    out.received_at = row.instant(4);
    out.due_at = row.instant(5);
    out.created_by = row.text(6);
    out.made_at = row.optional_instant(7);
    out.made_by = row.text_or_empty(8);
    out.file_sha256 = row.text(9);
    out.file_bytes = row.integer(10);
    out.lot = row.text(11);
    out.org_name = row.text(12);
    return out;
}

} // namespace

void insert(Connection& c, PersonalRequest const& request, std::string_view text)
{
    c.execute("INSERT INTO personal_request (code, kind, person_id, status, due_at, created_at)"
              " VALUES ($1, $2, $3, 'received', $4, $5)",
              {request.code, request.kind, or_null(request.person.text()), request.due_at, request.created_at});
    c.execute("INSERT INTO personal_request_detail (code, text) VALUES ($1, $2)", {request.code, text});
}

Result<PersonalRequest> find_personal(Connection& c, std::string_view code)
{
    auto const rows = c.query(std::string{select_personal} + " WHERE r.code = $1", {code});
    if (rows.empty()) return not_found("personal_request.unknown");
    return personal_from(rows.front());
}

std::string personal_text(Connection& c, std::string_view code)
{
    auto const rows = c.query("SELECT text FROM personal_request_detail WHERE code = $1", {code});
    return rows.empty() ? std::string{} : rows.front().text(0);
}

Status answer(Connection& c, PersonalRequest const& request)
{
    auto const changed =
        c.execute("UPDATE personal_request SET status = $2, answer = $3, subject_id = $4, answered_at = $5,"
                  " answered_by = $6 WHERE code = $1 AND answered_at IS NULL",
                  {request.code, request.status, request.answer, or_null(request.subject.text()), request.answered_at,
                   request.answered_by});
    if (changed == 0) return conflict("personal_request.over");
    return Done{};
}

void erase_personal_text(Connection& c, std::string_view code)
{
    c.execute("DELETE FROM personal_request_detail WHERE code = $1", {code});
}

std::vector<PersonalRequest> personal(Connection& c, std::int64_t offset, std::int64_t count)
{
    std::vector<PersonalRequest> out;
    for (auto const& row :
         c.query(std::string{select_personal} + " ORDER BY CASE WHEN r.answered_at IS NULL THEN r.due_at"
                                                " ELSE 9000000000000000 - r.created_at END, r.code LIMIT $1 OFFSET $2",
                 {count, offset}))
        out.push_back(personal_from(row));
    return out;
}

std::vector<FoundPerson> find_people(Connection& c, std::string_view phone, std::string_view name)
{
    std::vector<FoundPerson> out;
    for (auto const& row : c.query("SELECT p.id, p.kind, d.name, d.phone, coalesce(o.name, '') FROM person_detail d"
                                   " JOIN person p ON p.id = d.person_id LEFT JOIN organization o ON o.id = p.org_id"
                                   " WHERE ($1 <> '' AND d.phone = $1) OR ($2 <> '' AND d.name_fold = $2)"
                                   " ORDER BY p.created_at, p.id LIMIT 50",
                                   {phone, fold(name)}))
        out.push_back({row.id<PersonId>(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    return out;
}

void insert(Connection& c, DataRequest const& request)
{
    c.execute("INSERT INTO data_request (id, batch_id, org_id, asked_by, received_at, due_at, created_by)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {request.id, request.batch, request.org, request.asked_by, request.received_at, request.due_at,
               request.created_by});
}

Result<DataRequest> find_data(Connection& c, std::string_view id)
{
    auto const rows = c.query(std::string{select_data} + " WHERE r.id = $1", {id});
    if (rows.empty()) return not_found("data_request.unknown");
    return data_from(rows.front());
}

void note_made(Connection& c, std::string_view id, std::string_view by, std::string_view sha256, std::int64_t bytes,
               Instant at)
{
    c.execute("UPDATE data_request SET made_at = $2, made_by = $3, file_sha256 = $4, file_bytes = $5"
              " WHERE id = $1 AND made_at IS NULL",
              {id, at, by, sha256, bytes});
}

std::vector<DataRequest> data(Connection& c, std::int64_t offset, std::int64_t count)
{
    std::vector<DataRequest> out;
    for (auto const& row :
         c.query(std::string{select_data} + " ORDER BY CASE WHEN r.made_at IS NULL THEN r.due_at"
                                            " ELSE 9000000000000000 - r.received_at END, r.id LIMIT $1 OFFSET $2",
                 {count, offset}))
        out.push_back(data_from(row));
    return out;
}

} // namespace nguon::db::requests
