#pragma once

#include "core/json.hpp"
#include "db/recalls.hpp"
#include "server/app/actor.hpp"
#include "server/app/trace.hpp"
#include "server/auth/principal.hpp"

#include <array>

#include <nlohmann/json.hpp>

/// Recalls of the province and their drills. Whoever opened a case or wrote its notice never publishes it. A drill goes
/// the same way and touches nothing but its own case.
namespace nguon::server::app {

/// What is recalled: a lot; an ingredient with all that was made of it; all lots of a firm, or all that were at a
/// place, within a time.
inline constexpr std::array<std::string_view, 4> recall_scopes{"batch", "ingredient", "firm", "place"};

struct RecallScope {
    std::string scope = "batch";
    std::string subject = {}; // a code; tax code or id of a firm; GLN or id of a place
    std::string from = {};    // ISO dates, for firm and place; "" for no limit
    std::string to = {};
};

/// What the event store says of it, found by reading only.
struct RecallTracing {
    RecallScope scope = {};
    std::string title = {};
    std::vector<db::recalls::Lot> lots = {};
    nlohmann::json findings = nlohmann::json::object(); // {"customers", "missing", "others", "cut"}
    std::int64_t score = 0;
    std::chrono::microseconds time{0};
};

/// Only who may recall in the whole province: goods do not stop at a commune. Errors: forbidden
/// "recall.whole_province".
Status may_recall(Principal const& who);

/// Closure, lots, firms, customers and missing links. Errors: those of `find_traced` at "/subject",
/// "recall.firm_unknown", "recall.place_unknown", "recall.nothing_found", "recall.too_many_lots" {most}.
Result<RecallTracing> trace_recall(db::Connection& c, RecallScope const& scope,
                                   std::size_t lots_max = limits::recall_lots_max);

struct NewRecall {
    bool drill = false;
    bool automatic = false;
    std::string reason = {};
    std::string notice = {};
};

/// What somebody asks for: members kind (real, drill), scope, subject, from, to, reason, notice.
struct RecallWish {
    RecallScope scope = {};
    NewRecall texts = {};
};
RecallWish read_recall_wish(JsonReader& in);

/// Opens the case as a draft; returns its id. Errors: "field.required" at "/reason", "/notice".
Result<std::string> open_recall(db::Connection& c, Actor const& actor, NewRecall const& wanted,
                                RecallTracing const& tracing);

/// New texts, and which lots are in it; whoever writes them does not publish. Errors: "recall.unknown", conflict
/// "recall.not_draft", "field.required", "recall.lot_unknown".
struct DraftChange {
    std::string reason = {};
    std::string notice = {};
    std::optional<std::vector<BatchId>> included = {}; // nullopt: as it was
};
Status change_draft(db::Connection& c, Actor const& actor, std::string const& id, DraftChange const& change);

/// A second person publishes: the public sees it at once, the portals get each lot as withdrawn; of a drill nobody
/// outside. Lots beyond `limits::recall_lots_published` follow by `publish_more`. Errors: "recall.unknown",
/// "recall.not_draft", forbidden "recall.second_person", "recall.no_lots".
Status publish_recall(db::Connection& c, Actor const& actor, std::string const& id);
/// The next lots of a case that was published; how many are left.
Result<std::int64_t> publish_more(db::Connection& c, Actor const& actor, std::string const& id);

/// What the firm says became of one of its lots. Errors: "recall.unknown" also for another firm's, conflict
/// "recall.not_open", "field.required" at a figure.
struct Acknowledgement {
    db::recalls::Figures figures = {};
    std::string unit = {};
    std::string note = {};
};
/// Members made, sold, in_stock, returned, destroyed, unit, note.
Acknowledgement read_acknowledgement(JsonReader& in);
Status acknowledge_recall(db::Connection& c, Actor const& actor, std::string const& id, BatchId const& batch,
                          Acknowledgement const& said);

/// The recall of one lot was a mistake or is over: its page says so with the reason, and nothing is deleted. Errors:
/// "recall.unknown", "recall.lot_unknown", "recall.not_open", conflict "recall.lot_not_recalled",
/// "decision.reason_missing".
Status end_recall_lot(db::Connection& c, Actor const& actor, std::string const& id, BatchId const& batch,
                      std::string const& reason);

/// Ends the work on a published case; its lots stay recalled. Errors: "recall.unknown", "recall.not_open",
/// "recall.conclusion_missing".
Status close_recall(db::Connection& c, Actor const& actor, std::string const& id, std::string const& conclusion);
/// Gives up a draft. Errors: "recall.unknown", "recall.not_draft".
Status cancel_recall(db::Connection& c, Actor const& actor, std::string const& id);

/// Reads what a case in an officer's area holds. Errors: "recall.unknown".
Result<db::recalls::Case> recall_within(db::Connection& c, Principal const& who, std::string const& id);

/// The monthly drill on a lot by chance (`chance` in [0, 1)), closed at once: score and missing links. Two
/// transactions: the first only reads. nullopt while it is not due or there is no lot.
std::optional<RecallTracing> trace_due_drill(db::Connection& c, Instant now, double chance);
Status keep_drill(db::Connection& c, Instant now, RecallTracing const& tracing);

} // namespace nguon::server::app
