#include "server/app/inspections.hpp"

#include "core/json.hpp"
#include "core/limits/cases.hpp"
#include "db/batches.hpp"
#include "db/blobs.hpp"
#include "db/counters.hpp"
#include "db/organizations.hpp"
#include "db/people.hpp"
#include "db/products.hpp"
#include "db/reference.hpp"
#include "server/app/deadlines.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace nguon::server::app {
namespace {

using db::inspections::Inspection;

constexpr double latitude_max = 90;
constexpr double longitude_max = 180;

Status check_plan(db::Connection& c, InspectionPlan const& plan)
{
    std::vector<FieldError> faults;
    if (!plan.product.empty() && !db::products::find(c, plan.org, plan.product))
        faults.push_back({"/product", "inspection.product_foreign", {}});
    if (!plan.batch.empty() && !db::batches::find(c, plan.org, plan.batch))
        faults.push_back({"/batch", "inspection.batch_foreign", {}});
    if (auto const day = parse_date(plan.planned_on); !day)
        faults.push_back({"/planned_on", day.error().key, day.error().values});
    if (plan.basis.empty()) faults.push_back({"/basis", "inspection.basis_missing", {}});
    if (plan.inspector.empty()) faults.push_back({"/inspector", "field.required", {}});
    if (auto const list = db::inspections::find_checklist(c, plan.checklist); !list)
        faults.push_back({"/checklist", list.error().key, {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return Done{};
}

/// Degrees as a telephone or a person writes them; nothing for "".
Result<std::optional<double>> read_degrees(std::string const& text, double most)
{
    if (text.empty()) return std::optional<double>{};
    auto const decimal = read_decimal(text, {3, 15, true});
    if (!decimal) return invalid_fields({{"/latitude", "inspection.position", {}}});
    auto const degrees = std::strtod(decimal->c_str(), nullptr);
    if (degrees < -most || degrees > most) return invalid_fields({{"/latitude", "inspection.position", {}}});
    return std::optional<double>{degrees};
}

Status take_position(Inspection& inspection, InspectionDraft const& draft)
{
    if (draft.place) inspection.place = *draft.place;
    if (!draft.latitude || !draft.longitude) return Done{};
    auto const latitude = read_degrees(*draft.latitude, latitude_max);
    if (!latitude) return latitude.error();
    auto const longitude = read_degrees(*draft.longitude, longitude_max);
    if (!longitude) return longitude.error();
    bool const both = latitude->has_value() && longitude->has_value();
    inspection.latitude = both ? *latitude : std::nullopt;
    inspection.longitude = both ? *longitude : std::nullopt;
    return Done{};
}

void take_present(db::Connection& c, Actor const& actor, Inspection& inspection, std::string const& name)
{
    db::people::Detail detail;
    detail.name = name;
    if (!inspection.present.empty()) {
        (void)db::people::update(c, inspection.present, detail); // erased meanwhile: stays erased
    } else if (!name.empty()) {
        inspection.present = new_id<struct PersonKind>();
        db::people::insert(c, inspection.present, inspection.org, "contact", detail, actor.at);
    }
}

Status keep_photos(db::Connection& c, Actor const& actor, Inspection const& inspection, InspectionDraft const& draft)
{
    auto const kept = static_cast<std::int64_t>(db::inspections::files(c, inspection.id).size());
    if (kept + static_cast<std::int64_t>(draft.photos.size()) > limits::inspection_photos_max)
        return invalid("inspection.too_many_photos", {std::to_string(limits::inspection_photos_max)});
    for (auto const& [number, bytes] : draft.photos) {
        auto const digest = db::blobs::insert(c, "image/jpeg", bytes, false, actor.at);
        if (!digest) return digest.error();
        db::inspections::add_file(c, inspection.id, {number, *digest}, actor.at);
    }
    return Done{};
}

Status keep_actions(db::Connection& c, std::string const& id, std::vector<db::inspections::Action> actions)
{
    if (static_cast<std::int64_t>(actions.size()) > limits::inspection_actions_max)
        return invalid("inspection.too_many_actions", {std::to_string(limits::inspection_actions_max)});
    std::vector<FieldError> faults;
    for (auto& action : actions) {
        auto const due = parse_date(action.due_on);
        if (due)
            action.due_on = to_iso(*due);
        else
            faults.push_back({"/action-" + std::to_string(action.number), "inspection.action_due", {}});
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    db::inspections::put_actions(c, id, actions);
    return Done{};
}

Result<Inspection> open_inspection(db::Connection& c, std::string const& id)
{
    auto inspection = db::inspections::find(c, id);
    if (inspection && inspection->is_over()) return conflict("inspection.over");
    return inspection;
}

/// "0007/2026": counted within the year.
std::string next_number(db::Connection& c, Instant at)
{
    auto const year = static_cast<int>(vietnam_date(at).year());
    return fmt::format("{:04}/{}", db::counters::take(c, fmt::format("inspection-{}", year)), year);
}

} // namespace

std::int64_t InspectionView::unanswered() const
{
    return std::ranges::count_if(checklist.items, [&](auto const& item) { return !answers.contains(item.number); });
}

std::int64_t InspectionView::unmet() const
{
    return std::ranges::count_if(answers, [](auto const& entry) { return entry.second.result == "unmet"; });
}

Result<std::string> plan_inspection(db::Connection& c, Actor const& actor, InspectionPlan const& plan)
{
    if (auto const good = check_plan(c, plan); !good) return good.error();
    Inspection inspection;
    inspection.id = new_uuid();
    inspection.org = plan.org;
    inspection.product = plan.product;
    inspection.batch = plan.batch;
    inspection.checklist = plan.checklist;
    inspection.inspector = plan.inspector;
    inspection.planned_on = to_iso(*parse_date(plan.planned_on));
    inspection.basis = plan.basis;
    inspection.purpose = plan.purpose;
    inspection.complaint = plan.complaint;
    inspection.created_by = actor.subject;
    inspection.created_at = actor.at;
    db::inspections::insert(c, inspection);
    note(c, actor, plan.org, "inspection.plan", "inspection", inspection.id);
    return inspection.id;
}

Status save_inspection(db::Connection& c, Actor const& actor, std::string const& id, InspectionDraft const& draft)
{
    auto inspection = open_inspection(c, id);
    if (!inspection) return inspection.error();
    bool const begins = !inspection->started_at;
    if (begins) inspection->started_at = actor.at;
    inspection->status = "open";
    inspection->saved_at = actor.at;
    if (auto taken = take_position(*inspection, draft); !taken) return taken;
    if (draft.present) take_present(c, actor, *inspection, *draft.present);
    if (draft.opinion) inspection->opinion = *draft.opinion;
    if (draft.finding) inspection->finding = *draft.finding;
    if (draft.conclusion) inspection->conclusion = *draft.conclusion;
    for (auto const& answer : draft.answers) db::inspections::put_answer(c, id, answer);
    if (auto kept = keep_photos(c, actor, *inspection, draft); !kept) return kept;
    if (draft.actions)
        if (auto kept = keep_actions(c, id, *draft.actions); !kept) return kept;
    if (begins) note(c, actor, inspection->org, "inspection.begin", "inspection", id);
    return db::inspections::update(c, *inspection);
}

Status finish_inspection(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto inspection = open_inspection(c, id);
    if (!inspection) return inspection.error();
    auto const view = read_inspection(c, id);
    if (!view) return view.error();
    if (auto const missing = view->unanswered(); missing > 0)
        return conflict("inspection.items_missing", {std::to_string(missing)});
    bool const concluded =
        std::ranges::find(inspection_conclusions, inspection->conclusion) != inspection_conclusions.end();
    if (!concluded) return invalid_fields({{"/conclusion", "inspection.conclusion_missing", {}}});
    if (view->unmet() > 0 && view->actions.empty())
        return invalid_fields({{"/action-1", "inspection.action_missing", {}}});
    inspection->finished_at = actor.at;
    inspection->status = view->actions.empty() ? "settled" : "finished";
    inspection->record_number = next_number(c, actor.at);
    if (auto written = db::inspections::update(c, *inspection); !written) return written;
    note(c, actor, inspection->org, "inspection.finish", "inspection", id);
    return Done{};
}

Status finish_action(db::Connection& c, Actor const& actor, std::string const& id, std::int64_t number,
                     std::string const& note_text)
{
    auto const inspection = db::inspections::find(c, id);
    if (!inspection) return inspection.error();
    if (note_text.empty()) return invalid_fields({{"/note", "inspection.note_missing", {}}});
    auto done = db::inspections::finish_action(c, id, number, actor.subject, note_text, actor.at);
    if (!done) return done;
    db::inspections::settle(c, id);
    note(c, actor, inspection->org, "inspection.action_done", "inspection", id);
    return Done{};
}

Result<InspectionView> read_inspection(db::Connection& c, std::string const& id)
{
    auto inspection = db::inspections::find(c, id);
    if (!inspection) return inspection.error();
    auto checklist = db::inspections::find_checklist(c, inspection->checklist);
    if (!checklist) return checklist.error();
    InspectionView out;
    out.inspection = *std::move(inspection);
    out.checklist = *std::move(checklist);
    for (auto& answer : db::inspections::answers(c, id)) out.answers[answer.number] = std::move(answer);
    out.files = db::inspections::files(c, id);
    out.actions = db::inspections::actions(c, id);
    auto const& found = out.inspection;
    if (auto const head = db::organizations::find(c, found.org)) {
        out.org_name = head->name;
        if (auto const fields = db::organizations::fields(c, found.org, head->latest_version)) {
            auto const commune =
                db::reference::commune_name(c, fields->address.commune_code, fields->address.commune_text);
            out.org_address = fields->address.line + (fields->address.line.empty() ? "" : ", ") + commune;
        }
    }
    if (auto const product = db::products::find_any(c, found.product)) out.product_name = product->name;
    if (auto const batch = db::batches::find_any(c, found.batch)) out.lot = batch->lot;
    if (auto const person = db::people::find(c, PersonId{found.inspector})) out.inspector_name = person->name;
    if (auto const person = db::people::find(c, found.present)) out.present_name = person->name;
    return out;
}

} // namespace nguon::server::app
