#include "server/app/events.hpp"

#include "core/epcis/json.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/json.hpp"
#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "db/blobs.hpp"
#include "db/certificates.hpp"
#include "db/people.hpp"
#include "db/places.hpp"
#include "db/printed_codes.hpp"
#include "db/products.hpp"
#include "server/app/naming.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using epcis::FieldKind;

std::string gtin_of(db::Connection& c, ProductId const& product)
{
    auto const head = db::products::find_any(c, product);
    return head ? head->gtin : std::string{};
}

/// The batch behind an id of our own or behind the code printed on a supplier's pack; one step back may be another
/// organization's.
std::optional<std::string> find_batch_uri(db::Connection& c, Actor const& actor, std::string const& word)
{
    auto head = db::batches::find(c, actor.org, BatchId{word});
    if (auto const code = gs1::read_printed_code(word); !head && code)
        if (auto const printed = db::printed_codes::find(c, *code); printed)
            head = db::batches::find_any(c, printed->batch);
    if (!head) return std::nullopt;
    return batch_uri(*head, gtin_of(c, head->product));
}

std::optional<std::string> find_place_uri(db::Connection& c, Actor const& actor, std::string const& word)
{
    auto const place = db::places::find(c, actor.org, PlaceId{word});
    if (!place) return std::nullopt;
    return place_uri(place->id.text(), place->gln);
}

std::optional<std::string> find_certificate_uri(db::Connection& c, Actor const& actor, std::string const& word)
{
    if (!db::certificates::find(c, actor.org, CertificateId{word})) return std::nullopt;
    return uuid_urn(word);
}

/// The household of that name, added when the organization has none: events carry its number only.
std::string person_for(db::Connection& c, Actor const& actor, std::string const& given)
{
    if (given.empty() || is_uuid(given)) return given;
    if (auto const known = db::people::find_grower(c, actor.org, given)) return known->text();
    auto const id = new_id<struct PersonKind>();
    db::people::Detail detail;
    detail.name = given;
    db::people::insert(c, id, actor.org, "grower", detail, actor.at);
    return id.text();
}

/// Finds what the words of the form stand for, and replaces names of people.
void resolve(db::Connection& c, Actor const& actor, epcis::Template const& form, epcis::FormValues& values,
             epcis::BuildContext& context)
{
    for (auto const* field : epcis::fields_of(form)) {
        auto const at = values.find(field->name);
        if (at == values.end()) continue;
        for (auto& word : at->second) {
            std::optional<std::string> uri;
            if (field->kind == FieldKind::batch) uri = find_batch_uri(c, actor, word);
            if (field->kind == FieldKind::place) uri = find_place_uri(c, actor, word);
            if (field->kind == FieldKind::certificate) uri = find_certificate_uri(c, actor, word);
            if (field->kind == FieldKind::person) word = person_for(c, actor, word);
            if (uri) context.references.emplace(word, *std::move(uri));
        }
    }
}

CaptureId insert_document(db::Connection& c, Actor const& actor, std::vector<epcis::Event> const& events)
{
    db::events::Capture capture;
    capture.id = new_id<struct CaptureKind>();
    capture.org = actor.org;
    capture.declared_by = actor.subject;
    capture.received_at = actor.at;
    capture.document = canonical_json(epcis::to_document(events, actor.at));
    capture.events = std::ssize(events);
    db::events::insert_capture(c, capture);
    return capture.id;
}

db::events::Facts facts_of(Actor const& actor, CaptureId const& capture, std::int64_t ordinal)
{
    db::events::Facts facts;
    facts.org = actor.org;
    facts.capture = capture;
    facts.ordinal = ordinal;
    facts.declared_by = actor.subject;
    facts.record_time = actor.at;
    return facts;
}

void note(db::Connection& c, Actor const& actor, std::string action, std::string const& id, std::size_t count)
{
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = std::move(action);
    entry.entity_kind = "event";
    entry.entity_id = id;
    entry.detail = nlohmann::json{{"count", count}}.dump();
    db::audit_log::append(c, actor.change(), entry);
}

Status keep_photos(db::Connection& c, Actor const& actor, std::string const& event, NewEvent const& wanted,
                   epcis::BuildContext& context)
{
    for (auto const& photo : wanted.photos) {
        auto digest = db::blobs::insert(c, "image/webp", photo.webp_large.bytes, false, actor.at);
        if (!digest) return digest.error();
        db::blobs::cite(c, *digest, actor.org, "event", event, "public");
        context.evidence.push_back(*std::move(digest));
    }
    if (!wanted.photos.empty()) context.mark = epcis::EventMark::evidenced;
    return Done{};
}

epcis::BuildContext context_for(db::Connection& c, Actor const& actor, db::batches::Head const& batch)
{
    epcis::BuildContext context;
    context.event_id = uuid_urn(new_uuid());
    context.subject_uri = batch_uri(batch, gtin_of(c, batch.product));
    context.declared_by = actor.subject;
    context.now = actor.at;
    auto const places = db::places::list(c, actor.org);
    if (!places.empty()) context.place_uri = place_uri(places.front().id.text(), places.front().gln);
    return context;
}

} // namespace

Result<std::string> record_event(db::Connection& c, Actor const& actor, NewEvent const& wanted)
{
    auto const* form = epcis::find_template(wanted.template_key);
    if (form == nullptr) return invalid("event.template_unknown", {wanted.template_key});
    auto const batch = db::batches::find(c, actor.org, wanted.batch);
    if (!batch) return batch.error();

    auto context = context_for(c, actor, *batch);
    context.on_behalf_of = wanted.on_behalf_of.text();
    if (auto kept = keep_photos(c, actor, context.event_id, wanted, context); !kept) return kept.error();
    auto values = wanted.values;
    resolve(c, actor, *form, values, context);
    auto const event = epcis::build_event(*form, values, context);
    if (!event) return event.error();

    auto facts = facts_of(actor, insert_document(c, actor, {*event}), 0);
    facts.template_key = form->key;
    facts.mark = epcis::name_of(context.mark);
    auto const appended = db::events::append(c, *event, facts);
    if (!appended) return appended.error();
    note(c, actor, "event.record", appended->id, 1);
    return appended->id;
}

Status declare_error(db::Connection& c, Actor const& actor, std::string const& event_id, std::string const& reason,
                     std::string const& corrective_event_id)
{
    if (reason.empty()) return invalid_fields({{"/reason", "decision.reason_missing", {}}});
    auto const stored = db::events::find(c, actor.org, event_id);
    if (!stored) return stored.error();
    if (stored->error_declared_at || db::events::is_declared_wrong(c, stored->org, stored->event_id))
        return conflict("event.already_declared_wrong");
    auto const document = epcis::parse_document(stored->body);
    if (!document) return document.error();
    auto event = document->events.front();
    epcis::ErrorDeclaration declaration;
    declaration.declared = {to_iso(OffsetTime{actor.at, vietnam_offset}), actor.at};
    declaration.reason = "incorrect_data";
    if (!corrective_event_id.empty()) declaration.corrective_event_ids = {corrective_event_id};
    event.error_declaration = declaration;

    auto facts = facts_of(actor, insert_document(c, actor, {event}), 0);
    facts.template_key = stored->template_key;
    facts.mark = stored->mark;
    auto const appended = db::events::append(c, event, facts);
    if (!appended) return appended.error();
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = "event.declare_error";
    entry.entity_kind = "event";
    entry.entity_id = event_id;
    entry.detail = nlohmann::json{{"reason", reason}}.dump();
    db::audit_log::append(c, actor.change(reason), entry);
    return Done{};
}

Result<std::size_t> record_ledger(db::Connection& c, Actor const& actor, LedgerDay const& day)
{
    auto const* form = epcis::find_template(day.template_key);
    if (form == nullptr) return invalid("event.template_unknown", {day.template_key});
    auto const batch = db::batches::find(c, actor.org, day.batch);
    if (!batch) return batch.error();
    std::map<std::string, db::people::Plot> plots;
    for (auto& plot : db::people::plots(c, actor.org)) plots.emplace(plot.id, plot);

    std::vector<epcis::Event> events;
    std::vector<FieldError> faults;
    for (std::size_t i = 0; i < day.rows.size(); ++i) {
        auto const& row = day.rows[i];
        if (row.kilograms.empty()) continue;
        auto const pointer = "/rows/" + std::to_string(i);
        auto const plot = plots.find(row.plot);
        if (plot == plots.end()) {
            faults.push_back({pointer + "/plot", "ledger.plot_unknown", {}});
            continue;
        }
        auto context = context_for(c, actor, *batch);
        context.on_behalf_of = plot->second.person.text();
        epcis::FormValues values{{"time", {day.time}},
                                 {"quantity", {row.kilograms}},
                                 {"quantity_unit", {"kg"}},
                                 {"grade", {row.grade}},
                                 {"supplier", {plot->second.person.text()}}};
        if (!day.place.empty()) values["place"] = {day.place};
        resolve(c, actor, *form, values, context);
        auto event = epcis::build_event(*form, values, context);
        if (event) {
            event->extensions["nguon:plot"] = uuid_urn(plot->first);
            events.push_back(*std::move(event));
            continue;
        }
        for (auto fault : event.error().fields) {
            bool const of_row = fault.pointer.ends_with("quantity") || fault.pointer.ends_with("grade");
            if (of_row) fault.pointer = pointer + (fault.pointer.ends_with("grade") ? "/grade" : "/kilograms");
            if (of_row || events.empty()) faults.push_back(std::move(fault));
        }
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    if (events.empty()) return invalid("ledger.empty");

    auto const capture = insert_document(c, actor, events);
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto facts = facts_of(actor, capture, static_cast<std::int64_t>(i));
        facts.template_key = form->key;
        if (auto const appended = db::events::append(c, events[i], facts); !appended) return appended.error();
    }
    note(c, actor, "event.record_ledger", capture.text(), events.size());
    return events.size();
}

std::vector<LedgerRow> latest_ledger(db::Connection& c, OrganizationId const& org, std::string const& template_key)
{
    auto const latest = db::events::latest_of_template(c, org, template_key);
    if (!latest) return {};
    std::vector<LedgerRow> rows;
    for (auto const& stored : db::events::of_capture(c, org, latest->capture)) {
        auto const body = nlohmann::json::parse(stored.body);
        auto const plot = body.value("nguon:plot", "");
        if (!plot.starts_with("urn:uuid:")) continue;
        LedgerRow row;
        row.plot = plot.substr(std::string_view{"urn:uuid:"}.size());
        row.grade = body.value("nguon:grade", "");
        if (body.contains("quantityList"))
            row.kilograms = body["quantityList"].front().value("quantity", nlohmann::json{}).dump();
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace nguon::server::app
