#pragma once

#include "core/epcis/event.hpp"
#include "core/result.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Tracking-event templates: what a person fills in at each step of a product's way, and the event it becomes.
namespace nguon::epcis {

struct Bilingual {
    std::string_view vi = {};
    std::string_view en = {};
};

/// The kinds of steps the national portal knows.
enum class PortalStage { none, growing, processing, transport, warehouse, dealer, shop, certification };

/// "VUNG_TRONG", "CHE_BIEN", "VAN_CHUYEN", "KHO_TONG", "DAI_LY", "CUA_HANG", "CHUNG_NHAN"; nothing for `none`.
std::string_view code_of(PortalStage stage);

enum class FieldKind { date_time, date, decimal, text, choice, batch, place, person, certificate, photo };

/// Who may see a field: everybody, the authorities and the declarer, or the declarer alone.
enum class Visibility { everyone, authority, declarer };

/// Where a field goes in the event.
enum class FieldTarget {
    event_time,
    quantity, // of the batch the event is about; of the product of a transformation
    input,    // a batch used up, with its quantity
    detail,   // ILMD where the standard allows it, else an extension
    transaction,
    source,
    destination,
    read_point,
    certification,
    on_behalf_of,
    evidence,
};

/// One word of a closed list: what the form sends and what people read.
struct FieldChoice {
    std::string_view word = {};
    Bilingual label = {};
};

/// A unit of a quantity; `uom` is the UN/ECE code, empty for pieces.
struct Unit {
    std::string_view word = {};
    std::string_view uom = {};
    Bilingual label = {};
};

struct TemplateField {
    std::string_view name = {}; // of the form field
    FieldKind kind = FieldKind::text;
    FieldTarget target = FieldTarget::detail;
    Bilingual label = {};
    Bilingual hint = {};
    Visibility visibility = Visibility::everyone;
    bool required = false;
    bool repeated = false;
    bool negative = false;                     // a decimal that may be below zero
    std::string_view word = {};                // name in the event ("cbvmda:bestBeforeDate"), type of a transaction
    Bilingual unit = {};                       // fixed unit of a decimal
    std::span<FieldChoice const> choices = {}; // of a choice
    std::span<Unit const> units = {};          // of a quantity; the first is taken when none was chosen
};

/// One step (critical tracking event) of a product group.
struct Template {
    std::string_view key = {}; // "tea.harvest": stands in the event
    Bilingual title = {};
    Bilingual verb = {}; // on the journey the public sees
    PortalStage stage = PortalStage::none;
    EventType type = EventType::object;
    Action action = Action::observe;
    std::string_view biz_step = {}; // a CBV word or a URI of our own
    std::string_view disposition = {};
    std::span<TemplateField const> own_fields = {};
};

struct TemplateGroup {
    std::string_view key = {}; // "tea"
    Bilingual title = {};
    std::span<Template const> steps = {};
};

/// Tea, rice, honey and the general group, which fits any product.
std::span<TemplateGroup const> template_groups();

/// The template with this key, or nullptr.
Template const* find_template(std::string_view key);

/// The context of events built here: the standard's and our own prefix.
std::shared_ptr<Context const> own_context();

/// All fields of its form in order: time and place, its own, note and photographs.
std::vector<TemplateField const*> fields_of(Template const& form);

/// What came from the form, as typed: field name -> values. A quantity has its unit in "NAME_unit". The batches used up
/// come as equally long lists "input", "input_quantity" and "input_unit"; rows without batch and quantity are skipped.
using FormValues = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Who vouches for a statement.
enum class EventMark { self_declared, evidenced, confirmed };
std::string_view name_of(EventMark mark);

/// What the form does not say.
struct BuildContext {
    std::string event_id = {}; // "urn:uuid:…"
    std::string subject_uri =
        {};                     // the batch, or the product when there is no batch yet; the product of a transformation
    std::string place_uri = {}; // where, unless the form names a place
    /// What the words chosen in the form stand for (batches, places, certificates): word -> identifier URI.
    std::map<std::string, std::string, std::less<>> references = {};
    std::string declared_by = {};  // opaque id
    std::string on_behalf_of = {}; // opaque id, empty when the declarer speaks for himself
    EventMark mark = EventMark::self_declared;
    std::vector<std::string> evidence = {}; // SHA-256 of files, lower-case hexadecimal
    Instant now = {};
};

/// Makes the event of a filled form. Every fault is reported with the form field's name as pointer. Keys:
/// "event.field_required", "event.number" {text}, "event.number_unclear" {text}, "event.number_positive" {text},
/// "event.date" {text}, "event.date_time" {text}, "event.time_future" {text}, "event.choice" {text}, "event.unit"
/// {text}, "event.reference_unknown" {text}, "event.photo" {text}, "event.person" {text}, "event.input_twice" {text},
/// "event.input_is_output" {text}, "event.too_many" {max}, "event.subject_missing", "event.place_missing", those of
/// `clean_text`, and those of `validate` for identifiers of the context that are no URIs.
Result<Event> build_event(Template const& form, FormValues const& values, BuildContext const& context);

} // namespace nguon::epcis
