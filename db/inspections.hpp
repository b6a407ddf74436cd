#pragma once

#include "db/areas.hpp"
#include "db/connection.hpp"

/// Checklists, inspections, what they found, and what the firm has to put right.
namespace nguon::db::inspections {

struct Item {
    std::int64_t number = 0; // from 1
    std::string part = {};
    std::string code = {};
    std::string text = {};
    std::string hint = {};
    std::string weight = {}; // minor, major, critical
};

/// A list is never changed: another content is another list.
struct Checklist {
    std::string id = {};
    std::string name = {};
    std::string basis = {};
    bool sample = false; // of our own, not an office's
    std::string content_sha256 = {};
    std::vector<Item> items = {};
};

/// Writes the list unless one with this content is known.
void add_missing(Connection& c, Checklist const& checklist, Instant at);
/// Lists that new inspections may use, without their items.
std::vector<Checklist> checklists(Connection& c);
void retire(Connection& c, std::string_view id, Instant at);
/// With its items. Errors: "checklist.unknown".
Result<Checklist> find_checklist(Connection& c, std::string_view id);

struct Inspection {
    std::string id = {};
    OrganizationId org = {};
    ProductId product = {};
    BatchId batch = {};
    std::string checklist = {};
    std::string inspector = {};
    std::string planned_on = {}; // ISO
    std::string basis = {};
    std::string purpose = {};
    std::string complaint = {};
    std::string status = "planned"; // planned, open, finished, settled
    std::string record_number = {};
    std::optional<Instant> started_at = {};
    std::optional<Instant> saved_at = {};
    std::optional<Instant> finished_at = {};
    std::optional<double> latitude = {};
    std::optional<double> longitude = {};
    std::string place = {};
    PersonId present = {}; // who spoke for the firm
    std::string opinion = {};
    std::string finding = {};
    std::string conclusion = {}; // compliant, minor, serious
    std::string created_by = {};
    Instant created_at = {};

    bool is_over() const { return finished_at.has_value(); }
};

void insert(Connection& c, Inspection const& inspection);
/// Errors: "inspection.unknown".
Result<Inspection> find(Connection& c, std::string_view id);
/// Writes what changes while it is done. Errors: "inspection.over" when it was finished meanwhile.
Status update(Connection& c, Inspection const& inspection);
void settle(Connection& c, std::string_view id);

struct Answer {
    std::int64_t number = 0;
    std::string result = {}; // met, unmet, unfit
    std::string note = {};
};
void put_answer(Connection& c, std::string_view id, Answer const& answer);
std::vector<Answer> answers(Connection& c, std::string_view id);

struct File {
    std::int64_t number = 0; // of the item; 0: of the whole
    std::string sha256 = {};
};
void add_file(Connection& c, std::string_view id, File const& file, Instant at);
std::vector<File> files(Connection& c, std::string_view id);

struct Action {
    std::int64_t number = 0;
    std::string text = {};
    std::string due_on = {}; // ISO
    std::optional<Instant> done_at = {};
    std::string note = {};
};
/// Instead of those of before; only while it is open.
void put_actions(Connection& c, std::string_view id, std::vector<Action> const& actions);
std::vector<Action> actions(Connection& c, std::string_view id);
/// Errors: "inspection.action_unknown", also for one that is done.
Status finish_action(Connection& c, std::string_view id, std::int64_t number, std::string_view by,
                     std::string_view note, Instant at);

struct Line : Inspection {
    std::string org_name = {};
    std::string inspector_name = {}; // "" once erased
    std::int64_t actions_open = 0;
    std::string next_due_on = {}; // of these
};
/// Within the areas. `state`: "" all, "planned" with the open ones, "finished", "actions" with something to put right.
/// What is planned or due first stands first, then the newest.
std::vector<Line> list(Connection& c, Areas const& areas, std::string_view state, std::int64_t offset,
                       std::int64_t count);
/// The finished ones of a firm, newest first.
std::vector<Line> of_organization(Connection& c, OrganizationId const& org, std::int64_t count);

/// What a quarterly report counts, within [from, to).
struct Figures {
    std::int64_t planned = 0; // by the day that was planned
    std::int64_t finished = 0;
    std::int64_t organizations = 0; // inspected, each once
    std::int64_t compliant = 0;
    std::int64_t minor = 0;
    std::int64_t serious = 0;
    std::int64_t actions = 0; // ordered
    std::int64_t actions_done = 0;
    std::int64_t actions_late = 0; // as of `today`
    std::int64_t suspended = 0;
    std::int64_t withdrawn = 0;
    std::int64_t lifted = 0;
};
Figures figures(Connection& c, Areas const& areas, Instant from, Instant to, std::string_view today);

/// The requirements that were unmet most often in that time.
struct Unmet {
    std::string code = {};
    std::string text = {};
    std::int64_t count = 0;
};
std::vector<Unmet> unmet_most(Connection& c, Areas const& areas, Instant from, Instant to, std::int64_t count);

} // namespace nguon::db::inspections
