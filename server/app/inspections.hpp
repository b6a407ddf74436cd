#pragma once

#include "db/inspections.hpp"
#include "server/app/actor.hpp"

#include <array>
#include <map>

/// Inspections: planned, done on the spot step by step, finished with a record, followed until all is put right.
namespace nguon::server::app {

inline constexpr std::array<std::string_view, 3> inspection_results{"met", "unmet", "unfit"};
inline constexpr std::array<std::string_view, 3> inspection_conclusions{"compliant", "minor", "serious"};

struct InspectionPlan {
    OrganizationId org = {};
    ProductId product = {}; // of that organization; may be empty
    BatchId batch = {};     // likewise
    std::string checklist = {};
    std::string inspector = {}; // opaque id of a person
    std::string planned_on = {};
    std::string basis = {};
    std::string purpose = {};
    std::string complaint = {};
};

/// Plans one; the caller has decided who may there. Returns its id. Errors: "inspection.product_foreign" at "product",
/// "inspection.batch_foreign" at "batch", "checklist.unknown", "inspection.basis_missing" at "basis", "date.format" at
/// "planned_on", "field.required" at "inspector".
Result<std::string> plan_inspection(db::Connection& c, Actor const& actor, InspectionPlan const& plan);

/// What one step of the form saves; what is not there stays as it was.
struct InspectionDraft {
    std::vector<db::inspections::Answer> answers = {};
    std::vector<std::pair<std::int64_t, std::string>> photos = {}; // item (0: the whole), JPEG
    std::optional<std::string> place = {};
    std::optional<std::string> latitude = {};  // decimal degrees; "" for none
    std::optional<std::string> longitude = {}; // likewise
    std::optional<std::string> present = {};   // name of who speaks for the firm; personal
    std::optional<std::string> opinion = {};
    std::optional<std::string> finding = {};
    std::optional<std::string> conclusion = {};
    std::optional<std::vector<db::inspections::Action>> actions = {};
};

/// Saves a draft; the first begins the inspection. Errors: "inspection.unknown", "inspection.over",
/// "inspection.too_many_photos", "inspection.position" at "latitude", "inspection.action_due" at "action-N",
/// "inspection.too_many_actions".
Status save_inspection(db::Connection& c, Actor const& actor, std::string const& id, InspectionDraft const& draft);

/// Ends it and gives the record its number. Errors: "inspection.unknown", "inspection.over",
/// "inspection.items_missing" {how many}, "inspection.conclusion_missing", "inspection.action_missing" when something
/// is unmet and nothing is to be put right.
Status finish_inspection(db::Connection& c, Actor const& actor, std::string const& id);

/// Something was put right; with the last the inspection is settled. Errors: "inspection.unknown",
/// "inspection.action_unknown", "inspection.note_missing" at "note".
Status finish_action(db::Connection& c, Actor const& actor, std::string const& id, std::int64_t number,
                     std::string const& note_text);

/// An inspection with everything that its page and its record show.
struct InspectionView {
    db::inspections::Inspection inspection = {};
    db::inspections::Checklist checklist = {};
    std::map<std::int64_t, db::inspections::Answer> answers = {};
    std::vector<db::inspections::File> files = {};
    std::vector<db::inspections::Action> actions = {};
    std::string org_name = {};
    std::string org_address = {};
    std::string product_name = {};
    std::string lot = {};
    std::string inspector_name = {};
    std::string present_name = {};

    std::int64_t unanswered() const;
    std::int64_t unmet() const;
};
/// Errors: "inspection.unknown".
Result<InspectionView> read_inspection(db::Connection& c, std::string const& id);

} // namespace nguon::server::app
