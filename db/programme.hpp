#pragma once

#include "db/connection.hpp"
#include "db/versions.hpp"

#include <map>

/// The productivity-and-quality programme: plans, evidence, tasks, needs and frozen figures. All of it serves the
/// province; what an organization registered itself is told by its id.
namespace nguon::db::programme {

struct PlanRow {
    std::string id = {};
    std::int64_t version = 0;
    std::string content = {};
    Instant loaded_at = {};
};
/// Writes the plan, a newer version when it was loaded before.
void put_plan(Connection& c, std::string_view id, std::string_view content, versions::Change const& change);
std::optional<PlanRow> find_plan(Connection& c, std::string_view id);
std::vector<PlanRow> plans(Connection& c);

struct Record {
    std::string id = {};
    std::string plan = {};
    std::string kind = {};
    std::string item = {};
    std::string title = {};
    OrganizationId org = {};
    std::string org_name = {};
    std::string org_kind = {};
    std::string tax_code = {};
    std::string commune_code = {};
    PersonId person = {};
    std::string parent = {};
    std::string task = {};
    std::string happened_on = {}; // ISO dates
    std::string valid_to = {};
    double amount = 1;
    std::string once_key = {}; // empty: may stand several times
    Instant recorded_at = {};
    std::string recorded_by = {};
    std::string replaces = {};
    std::optional<Instant> withdrawn_at = {};
    std::string withdrawn_reason = {};
};
/// Errors: conflict "record.changed_meanwhile" when another one has the once_key.
Status insert(Connection& c, Record const& record);
/// Errors: "programme.record_unknown".
Result<Record> find(Connection& c, std::string_view plan, std::string_view id);
/// The one that stands and has the once_key.
std::optional<Record> holder(Connection& c, std::string_view plan, std::string_view once_key);
/// All of a plan that happened up to a day, withdrawn ones too; oldest first.
std::vector<Record> records(Connection& c, std::string_view plan, std::string_view until);
std::int64_t count_records(Connection& c, std::string_view plan);
/// Errors: "programme.record_unknown", conflict "programme.withdrawn_already".
Status withdraw(Connection& c, std::string_view plan, std::string_view id, versions::Change const& change);

struct File {
    std::string sha256 = {};
    std::string name = {};
};
void add_file(Connection& c, std::string_view record, std::int64_t position, File const& file);
std::vector<File> files_of(Connection& c, std::string_view record);
/// Files of all records of a plan, by record.
std::map<std::string, std::vector<File>> files(Connection& c, std::string_view plan);

struct TaskRow {
    std::string task = {};
    std::string status = {};
    std::string note = {};
    Instant changed_at = {};
};
void put_task(Connection& c, std::string_view plan, TaskRow const& task, versions::Change const& change);
std::vector<TaskRow> tasks(Connection& c, std::string_view plan);

struct Need {
    std::string id = {};
    std::string plan = {};
    std::int64_t year = 0;
    std::string item = {};
    std::string detail = {};
    std::int64_t estimate = 0;
    OrganizationId org = {};
    std::string org_name = {};
    std::string org_kind = {};
    std::string tax_code = {};
    std::string commune_code = {};
    std::string org_key = {};
    Instant registered_at = {};
    std::string state = "registered"; // registered, selected, declined
    std::string reason = {};
    std::string registered_by = {};
};
/// Errors: conflict "programme.need_exists".
Status insert(Connection& c, Need const& need);
/// Errors: "programme.need_unknown".
Result<Need> find_need(Connection& c, std::string_view plan, std::string_view id);
Status decide(Connection& c, std::string_view id, std::string_view state, versions::Change const& change);
/// Of one year, in the order in which they came; `org` empty: of everybody.
std::vector<Need> needs(Connection& c, std::string_view plan, std::int64_t year, OrganizationId const& org);
std::int64_t count_needs(Connection& c, std::string_view plan, std::int64_t year);

struct Snapshot {
    std::string id = {};
    std::string from = {}; // ISO dates
    std::string to = {};
    Instant made_at = {};
    std::string figures = {}; // JSON
};
void insert(Connection& c, std::string_view plan, Snapshot const& snapshot, std::string_view by);
std::int64_t count_snapshots(Connection& c, std::string_view plan);
/// The newest of exactly that range.
std::optional<Snapshot> find_snapshot(Connection& c, std::string_view plan, std::string_view from, std::string_view to);
/// Newest first, without their figures.
std::vector<Snapshot> snapshots(Connection& c, std::string_view plan);

// ---- what Nguồn knows by itself ----

/// An approved organization, as evidence names it.
struct Party {
    OrganizationId org = {};
    std::string name = {};
    std::string kind = {};
    std::string tax_code = {}; // empty for a household
    std::string commune_code = {};
};
/// The approved organization of a tax code.
std::optional<Party> find_party(Connection& c, std::string_view tax_code);

struct Paper : Party {
    std::string id = {};
    std::string kind_of_paper = {}; // core/model/certificate
    std::string number = {};
    std::string product = {}; // its name; "" when it is the whole organization's
    std::string valid_from = {};
    std::string valid_to = {};
};
/// Active certificates of approved organizations.
std::vector<Paper> papers(Connection& c);

struct ActiveBatch : Party {
    BatchId batch = {};
    ProductId product = {};
    std::string product_name = {};
    std::string lot = {};
    Instant created_at = {};
};
/// Batches of approved organizations whose product is public, that were made in the time, are on packs (a unit of
/// theirs was activated, shipped or sold, or labels of the lot were printed) and left the firm (an event ships or sells
/// them); newest first of each organization. Whether the journey is complete the caller looks up.
std::vector<ActiveBatch> active_batches(Connection& c, Instant from, Instant to);

struct Connected {
    std::string target = {};
    std::string title = {};
    Instant first = {}; // when it first signed for a record
};
/// Portals that signed for something before `to`.
std::vector<Connected> connected_portals(Connection& c, Instant to);

} // namespace nguon::db::programme
