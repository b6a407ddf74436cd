#pragma once

#include "db/areas.hpp"
#include "db/connection.hpp"

/// Recalls and their drills: cases, affected lots with what became of them, and the steps with their times.
namespace nguon::db::recalls {

struct Case {
    std::string id = {};
    std::string number = {};     // "TH-2026-003", "DT-2026-001"
    std::string kind = "real";   // real, drill
    bool automatic = false;      // the monthly drill of the program itself
    std::string state = "draft"; // draft, published, closed, cancelled
    std::string scope = "batch"; // batch, ingredient, firm, place
    std::string subject = {};    // what was chosen, as typed
    std::string title = {};      // in words
    std::string reason = {};
    std::string notice = {};       // what buyers read
    std::string findings = "{}";   // JSON: customers and missing links as they were when it was traced
    std::int64_t score = 0;        // percent
    std::int64_t trace_micros = 0; // of the closure
    std::string conclusion = {};
    Instant created_at = {};
    std::string created_by = {};
    std::string drafted_by = {}; // who wrote the notice as it is
    std::optional<Instant> published_at = {};
    std::string published_by = {};
    std::optional<Instant> closed_at = {};

    bool is_drill() const { return kind == "drill"; }
};

/// What a firm says became of a lot, in the lot's unit.
struct Figures {
    std::optional<double> made = {};
    std::optional<double> sold = {};
    std::optional<double> in_stock = {};
    std::optional<double> returned = {};
    std::optional<double> destroyed = {};

    /// What is unaccounted for; nothing while a figure is missing.
    std::optional<double> difference() const;
};

struct Lot {
    std::string case_id = {};
    BatchId batch = {};
    OrganizationId org = {};
    std::int64_t depth = 0; // below zero: it went into what was chosen
    bool included = true;
    std::optional<Instant> published_at = {};
    std::string unit = {};
    Figures figures = {};
    std::string note = {};
    std::optional<Instant> acknowledged_at = {};
    std::optional<Instant> ended_at = {};
    std::string ended_reason = {};
    std::string lot = {}; // of the batch, its product and firm
    std::string code = {};
    std::string product = {};
    std::string org_name = {};
    PersonId contact = {};
};

struct Step {
    std::int64_t number = 0;
    Instant at = {};
    std::string by = {};
    std::string by_name = {}; // "" for the program, and once erased
    std::string what = {};    // opened, traced, drafted, lots_changed, published, acknowledged, lot_ended, closed …
    std::string detail = {};
};

/// The next number of its kind in the year: "TH-2026-003".
std::string next_number(Connection& c, std::string_view kind, int year);
/// Errors: conflict "recall.number_taken" when somebody was quicker: the caller's transaction is to be tried again.
Status insert(Connection& c, Case const& entry);
/// Writes state, texts, times of an existing case anew.
void put(Connection& c, Case const& entry);
/// Keeps the row for the rest of the transaction. Errors: "recall.unknown".
Result<Case> find_for_change(Connection& c, std::string_view id);
/// Errors: "recall.unknown".
Result<Case> find(Connection& c, std::string_view id);

struct Line : Case {
    std::int64_t lots = 0;         // included
    std::int64_t acknowledged = 0; // of these
};
/// Newest first; those that touch a firm in the areas. `kind`, `state`: "" for all.
std::vector<Line> list(Connection& c, Areas const& areas, std::string_view kind, std::string_view state,
                       std::int64_t offset, std::int64_t count);
/// Whether the case touches a firm in these areas.
bool is_within(Connection& c, Areas const& areas, std::string_view id);

void add_lot(Connection& c, Lot const& lot);
/// Errors: "recall.lot_unknown".
Result<Lot> find_lot(Connection& c, std::string_view case_id, BatchId const& batch);
/// Nearest first, chosen lots before all; `org` empty: of every firm within the areas.
std::vector<Lot> lots(Connection& c, std::string_view case_id, Areas const& areas, OrganizationId const& org,
                      std::int64_t offset, std::int64_t count);
/// Included lots that the public does not know of yet.
std::vector<Lot> unpublished(Connection& c, std::string_view case_id, std::int64_t count);
void include(Connection& c, std::string_view case_id, BatchId const& batch, bool included);
void mark_published(Connection& c, std::string_view case_id, BatchId const& batch, Instant at);
void acknowledge(Connection& c, Lot const& lot, std::string_view by, Instant at);
void end_lot(Connection& c, std::string_view case_id, BatchId const& batch, std::string_view reason,
             std::string_view by, Instant at);

struct Totals {
    std::int64_t lots = 0; // included
    std::int64_t published = 0;
    std::int64_t acknowledged = 0;
    std::int64_t ended = 0;
    std::int64_t firms = 0;
};
Totals totals(Connection& c, std::string_view case_id);
/// Sums by unit over lots whose figures are whole.
struct Balance {
    std::string unit = {};
    std::int64_t lots = 0;
    Figures sums = {};
};
std::vector<Balance> balance(Connection& c, std::string_view case_id);

/// Cases that wait for this firm's word, or had it: published and not cancelled, with a lot of it. Newest first.
std::vector<Line> of_organization(Connection& c, OrganizationId const& org, std::int64_t count);
/// How many lots of the firm wait for its word.
std::int64_t waiting_of(Connection& c, OrganizationId const& org);

/// Published, with lots that the public does not know of yet: what a server left that stopped in between.
std::vector<Case> unfinished(Connection& c);
/// When the last automatic drill began.
std::optional<Instant> last_automatic_drill(Connection& c);
/// One lot by chance: `chance` in [0, 1); nothing when there is none.
std::optional<BatchId> pick_batch(Connection& c, double chance);

/// Another real recall that still holds the lot.
bool held_by_other(Connection& c, std::string_view case_id, BatchId const& batch);
/// What a real recall tells the buyers of this lot, while it holds. Serves the public.
struct Public {
    std::string number = {};
    std::string notice = {};
};
std::optional<Public> find_public(Connection& c, BatchId const& batch);
/// The latest end of a real recall of this lot, while nothing holds it. Serves the public.
struct Ended {
    Instant at = {};
    std::string reason = {};
};
std::optional<Ended> find_ended(Connection& c, BatchId const& batch);

/// Lots of a firm's products, newest first.
std::vector<BatchId> batches_of(Connection& c, OrganizationId const& org, std::string_view made_from,
                                std::string_view made_to, std::int64_t count);

void add_step(Connection& c, std::string_view case_id, std::string_view by, std::string_view what,
              std::string_view detail, Instant at);
std::vector<Step> steps(Connection& c, std::string_view case_id);

} // namespace nguon::db::recalls
