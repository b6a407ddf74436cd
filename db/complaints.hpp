#pragma once

#include "db/connection.hpp"

#include <array>

/// Reports of wrong data as cases. A case outlives the reporter's words and number, which can be erased.
namespace nguon::db::complaints {

/// Status: received → verifying → handled → answered (the answer is public) or closed (Decree 37/2026 Art. 21).
struct Case {
    std::string code = {}; // what the reporter keeps
    OrganizationId org = {};
    ProductId product = {};
    BatchId batch = {};
    std::string subject = {}; // the address or code it is about
    std::string topic = {};
    std::string status = "received";
    std::string answer = {};
    Instant created_at = {};
    Instant changed_at = {};
    std::string outcome = {}; // of an answered one: upheld, unfounded, elsewhere
    bool shown_on_product = false;
    std::string main_code = {}; // another case that this one was joined to
    Instant answer_due_at = {}; // somebody must have taken it up
    Instant settle_due_at = {};
    std::optional<Instant> taken_up_at = {};
    std::optional<Instant> settled_at = {};
    std::string question = {}; // to the firm
    std::optional<Instant> firm_due_at = {};
    std::optional<Instant> firm_answered_at = {};

    bool is_open() const { return !settled_at.has_value(); }
    /// The end of the clock that runs now.
    Instant due_at() const { return taken_up_at ? settle_due_at : answer_due_at; }
};

/// Columns of a case, of `complaint k`; read by `from_row`.
inline constexpr char columns[] =
    "k.code, k.org_id, k.product_id, k.batch_id, k.subject, k.topic, k.status, k.answer, k.created_at, k.changed_at,"
    " k.outcome, k.shown_on_product, k.main_code, k.answer_due_at, k.settle_due_at, k.taken_up_at, k.settled_at,"
    " k.question, k.firm_due_at, k.firm_answered_at";
inline constexpr std::size_t column_count = 20;
Case from_row(Row const& row);

void insert(Connection& c, Case const& entry, PersonId const& reporter, std::string_view text);

/// Serves the public: whoever knows the code. Errors: "complaint.unknown".
Result<Case> find(Connection& c, std::string_view code);
/// Serves the firm. Errors: "complaint.unknown", also for another's.
Result<Case> find(Connection& c, OrganizationId const& org, std::string_view code);

/// The reporter's words; "" once erased. Serves the province.
std::string text(Connection& c, std::string_view code);

/// Writes what may change of a case that was read as of `entry.changed_at`. Errors: "record.changed_meanwhile".
Status update(Connection& c, Case const& entry, Instant at);

struct Step {
    std::int64_t number = 0;
    Instant at = {};
    std::string actor = {};
    std::string step = {}; // received, verifying, handled, answered, closed, reopened, asked_firm, explained, joined, …
    std::string note = {};
    std::string seen_by = "office"; // office, firm, everyone
};
/// Numbers the step; call it after `update`, which holds the case.
void append(Connection& c, std::string_view code, Step const& step);
/// In order.
std::vector<Step> steps(Connection& c, std::string_view code);

struct File {
    std::string sha256 = {};
    std::string source = {}; // reporter, firm, office
};
void add_file(Connection& c, std::string_view code, File const& file, Instant at);
std::vector<File> files(Connection& c, std::string_view code);

/// Open main cases about the same product (or, without one, the same subject), but this one. Serves the province.
std::vector<Case> alike(Connection& c, Case const& entry);
/// What was joined to it.
std::vector<Case> joined(Connection& c, std::string_view main_code);

/// The firm's own list: those that it was asked about first, then the newest.
std::vector<Case> of_organization(Connection& c, OrganizationId const& org, std::int64_t offset, std::int64_t count);
/// How many questions of the office it has not answered.
std::int64_t count_asked(Connection& c, OrganizationId const& org);

/// What the public page of a product tells: upheld, answered, and meant to be shown. Newest first.
std::vector<Case> shown_of(Connection& c, ProductId const& product);

/// Cases settled before `before` whose reporter's words are still there; serves the upkeep.
struct Kept {
    std::string code = {};
    PersonId reporter = {};
};
std::vector<Kept> details_before(Connection& c, Instant before, std::int64_t count);
/// Removes the reporter's words and takes their pictures from the case; returns the pictures.
std::vector<std::string> erase_detail(Connection& c, std::string_view code);

} // namespace nguon::db::complaints
