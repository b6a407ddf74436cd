#include "core/epcis/json.hpp"

#include "core/epcis/event_reader.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <array>
#include <utility>

namespace nguon::epcis {
namespace {

using nlohmann::json;

struct TypeName {
    EventType type;
    std::string_view name;
};

constexpr std::array type_names{
    TypeName{EventType::object, "ObjectEvent"},           TypeName{EventType::aggregation, "AggregationEvent"},
    TypeName{EventType::transaction, "TransactionEvent"}, TypeName{EventType::transformation, "TransformationEvent"},
    TypeName{EventType::association, "AssociationEvent"},
};

/// Follows names from `value`; the fault says where the way ends.
json const* follow(json const& value, std::initializer_list<std::string_view> names, std::string& pointer,
                   std::vector<FieldError>& faults)
{
    json const* at = &value;
    for (auto const name : names) {
        pointer += pointer_step(name);
        at = member_at(*at, name);
        if (at == nullptr) {
            faults.push_back({pointer, "epcis.required", {}});
            return nullptr;
        }
    }
    return at;
}

/// Where the events stand, and how many.
struct EventPlaces {
    std::vector<json const*> events = {};
    std::string list_pointer = {}; // ends in "eventList", or is the place of the only event
    bool is_list = true;
};

EventPlaces find_events(json const& document, DocumentKind kind, std::vector<FieldError>& faults)
{
    EventPlaces places;
    json const* list = nullptr;
    if (kind == DocumentKind::query) {
        list = follow(document, {"epcisBody", "queryResults", "resultsBody", "eventList"}, places.list_pointer, faults);
    } else {
        auto const* body = follow(document, {"epcisBody"}, places.list_pointer, faults);
        if (body == nullptr) return places;
        // Some senders put a lone event where its list belongs.
        if (event_type_of(text_at(*body, "type"))) return {{body}, places.list_pointer, false};
        if (auto const* event = member_at(*body, "event")) return {{event}, places.list_pointer + "/event", false};
        list = follow(*body, {"eventList"}, places.list_pointer, faults);
    }
    if (list == nullptr) return places;
    if (!list->is_array()) {
        faults.push_back({places.list_pointer, "epcis.type", {"array"}});
        return places;
    }
    if (list->size() > limits::epcis_events_max) {
        faults.push_back({places.list_pointer, "epcis.too_many", {std::to_string(limits::epcis_events_max)}});
        return places;
    }
    for (auto const& event : *list) places.events.push_back(&event);
    return places;
}

std::optional<DocumentKind> read_kind(json const& document, std::vector<FieldError>& faults)
{
    if (!document.is_object()) {
        faults.push_back({"", "epcis.type", {"object"}});
        return std::nullopt;
    }
    auto const type = text_at(document, "type");
    if (type == "EPCISDocument") return DocumentKind::capture;
    if (type == "EPCISQueryDocument") return DocumentKind::query;
    if (event_type_of(type)) return DocumentKind::event;
    faults.push_back({"/type", type.empty() ? "epcis.required" : "epcis.document_type", {}});
    if (!type.empty()) faults.back().values.push_back(type);
    return std::nullopt;
}

std::shared_ptr<Context const> read_document_context(json const& document, DocumentKind kind,
                                                     std::vector<FieldError>& faults)
{
    auto context = std::make_shared<Context>();
    // A bare event brings its context itself; `read_event` adds it.
    if (kind == DocumentKind::event) return context;
    if (auto const* value = member_at(document, "@context"))
        context->add(*value, "/@context", faults);
    else
        faults.push_back({"/@context", "epcis.context_missing", {}});
    return context;
}

void check_document_members(json const& document, Context const& context, std::vector<FieldError>& faults)
{
    for (std::string_view const name : {"schemaVersion", "creationDate"}) {
        auto const* value = member_at(document, name);
        if (value != nullptr && !value->is_string()) faults.push_back({pointer_step(name), "epcis.type", {"text"}});
    }
    auto const created = text_at(document, "creationDate");
    if (!created.empty() && !parse_time(created)) faults.push_back({"/creationDate", "epcis.time", {created}});
    for (auto const& [name, value] : document.items()) {
        if (name.find(':') != std::string::npos && !context.expand(name))
            faults.push_back({pointer_step(name), "epcis.prefix_undefined", {name.substr(0, name.find(':')), name}});
    }
}

json to_json(std::vector<Quantity> const& quantities)
{
    json out = json::array();
    for (auto const& quantity : quantities) {
        json item{{"epcClass", quantity.epc_class}};
        if (quantity.quantity) {
            auto const number = json::parse(quantity.quantity->text, nullptr, false);
            item["quantity"] = number.is_number() ? number : json(quantity.quantity->value);
        }
        if (!quantity.uom.empty()) item["uom"] = quantity.uom;
        out.push_back(std::move(item));
    }
    return out;
}

json to_json(std::vector<TypedId> const& ids, char const* id_name)
{
    json out = json::array();
    for (auto const& id : ids) {
        json item{{id_name, id.id}};
        if (!id.type.empty()) item["type"] = id.type;
        out.push_back(std::move(item));
    }
    return out;
}

json to_json(Place const& place)
{
    json out = place.extensions;
    out["id"] = place.id;
    return out;
}

json to_json(ErrorDeclaration const& declaration)
{
    json out = declaration.extensions;
    out["declarationTime"] = declaration.declared.text;
    if (!declaration.reason.empty()) out["reason"] = declaration.reason;
    if (!declaration.corrective_event_ids.empty()) out["correctiveEventIDs"] = declaration.corrective_event_ids;
    return out;
}

void put(json& out, char const* name, std::string const& text)
{
    if (!text.empty()) out[name] = text;
}

template <typename List>
void put_list(json& out, char const* name, List const& list)
{
    if (list.empty()) return;
    if constexpr (std::is_same_v<List, std::vector<Quantity>>)
        out[name] = to_json(list);
    else
        out[name] = list;
}

void put_things(json& out, Event const& event)
{
    put_list(out, "epcList", event.epc_list);
    put_list(out, "quantityList", event.quantity_list);
    put(out, "parentID", event.parent_id);
    put_list(out, "childEPCs", event.child_epcs);
    put_list(out, "childQuantityList", event.child_quantity_list);
    put_list(out, "inputEPCList", event.input_epc_list);
    put_list(out, "inputQuantityList", event.input_quantity_list);
    put_list(out, "outputEPCList", event.output_epc_list);
    put_list(out, "outputQuantityList", event.output_quantity_list);
    put(out, "transformationID", event.transformation_id);
    // Both events need one of the two lists, be it empty; sensors and a place may stand for it.
    bool const sensors_alone = !event.sensor_element_list.empty() && !event.read_point.id.empty();
    bool const needs_list = event.type == EventType::transaction || (event.type == EventType::object && !sensors_alone);
    if (needs_list && event.epc_list.empty() && event.quantity_list.empty()) out["epcList"] = json::array();
}

json without_context(Event const& event)
{
    json out = event.extensions;
    out["type"] = name_of(event.type);
    if (event.action != Action::none) out["action"] = name_of(event.action);
    put(out, "eventID", event.event_id);
    out["eventTime"] = event.event_time.text;
    out["eventTimeZoneOffset"] = event.offset_text;
    if (event.record_time) out["recordTime"] = event.record_time->text;
    put_things(out, event);
    put(out, "bizStep", event.biz_step);
    put(out, "disposition", event.disposition);
    if (!event.persistent_disposition.empty()) {
        auto& both = out["persistentDisposition"] = json::object();
        put_list(both, "set", event.persistent_disposition.set);
        put_list(both, "unset", event.persistent_disposition.unset);
    }
    if (!event.read_point.id.empty()) out["readPoint"] = to_json(event.read_point);
    if (!event.biz_location.id.empty()) out["bizLocation"] = to_json(event.biz_location);
    if (!event.biz_transaction_list.empty())
        out["bizTransactionList"] = to_json(event.biz_transaction_list, "bizTransaction");
    if (!event.source_list.empty()) out["sourceList"] = to_json(event.source_list, "source");
    if (!event.destination_list.empty()) out["destinationList"] = to_json(event.destination_list, "destination");
    put_list(out, "sensorElementList", event.sensor_element_list);
    put_list(out, "ilmd", event.ilmd);
    if (event.certification_info.size() == 1)
        out["certificationInfo"] = event.certification_info.front();
    else
        put_list(out, "certificationInfo", event.certification_info);
    if (event.error_declaration) out["errorDeclaration"] = to_json(*event.error_declaration);
    return out;
}

json context_of(Event const& event) { return event.context ? event.context->to_json() : json(standard_context); }

} // namespace

std::string_view name_of(EventType type) { return type_names[static_cast<std::size_t>(type)].name; }

std::optional<EventType> event_type_of(std::string_view name)
{
    for (auto const& row : type_names) {
        if (row.name == name) return row.type;
    }
    return std::nullopt;
}

std::string_view name_of(Action action)
{
    switch (action) {
    case Action::add:
        return "ADD";
    case Action::observe:
        return "OBSERVE";
    case Action::remove:
        return "DELETE";
    case Action::none:
        break;
    }
    return {};
}

std::string Document::pointer_of(std::size_t index) const
{
    return list_pointer.ends_with("/eventList") ? list_pointer + "/" + std::to_string(index) : list_pointer;
}

Result<DocumentParts> read_parts(json const& document)
{
    std::vector<FieldError> faults;
    auto const kind = read_kind(document, faults);
    if (!kind) return invalid_fields(std::move(faults));

    DocumentParts parts;
    parts.document.kind = *kind;
    parts.document.schema_version = text_at(document, "schemaVersion");
    parts.document.context = read_document_context(document, *kind, faults);
    EventPlaces places;
    if (*kind == DocumentKind::event) {
        places = {{&document}, "", false};
    } else {
        check_document_members(document, *parts.document.context, faults);
        places = find_events(document, *kind, faults);
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));

    parts.document.list_pointer = places.list_pointer;
    parts.events.reserve(places.events.size());
    for (std::size_t i = 0; i < places.events.size(); ++i) {
        auto const pointer = places.is_list ? places.list_pointer + "/" + std::to_string(i) : places.list_pointer;
        auto event = read_event(*places.events[i], parts.document.context, pointer, faults);
        if (faults.empty()) {
            parts.events.emplace_back(std::move(event));
        } else {
            if (faults.size() > limits::epcis_faults_max) faults.resize(limits::epcis_faults_max);
            parts.events.emplace_back(invalid_fields(std::exchange(faults, {})));
        }
    }
    return parts;
}

Result<Document> read_document(json const& document)
{
    auto parts = read_parts(document);
    if (!parts) return std::move(parts).error();
    std::vector<FieldError> faults;
    auto out = std::move(parts->document);
    out.events.reserve(parts->events.size());
    for (auto& event : parts->events) {
        if (event) {
            out.events.push_back(*std::move(event));
            continue;
        }
        for (auto const& fault : event.error().fields) {
            if (faults.size() < limits::epcis_faults_max) faults.push_back(fault);
        }
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

Result<Document> parse_document(std::string_view text)
{
    auto const parsed = parse_json(text);
    if (!parsed) return parsed.error();
    return read_document(*parsed);
}

json to_json(Event const& event)
{
    auto out = without_context(event);
    out["@context"] = context_of(event);
    return out;
}

json to_document(std::vector<Event> const& events, Instant created)
{
    auto const context = events.empty() ? json(standard_context) : context_of(events.front());
    json list = json::array();
    for (auto const& event : events) {
        auto item = without_context(event);
        if (auto own = context_of(event); own != context) item["@context"] = std::move(own);
        list.push_back(std::move(item));
    }
    return {{"@context", context},
            {"type", "EPCISDocument"},
            {"schemaVersion", "2.0"},
            {"creationDate", to_iso(created)},
            {"epcisBody", {{"eventList", std::move(list)}}}};
}

std::string canonical_body(Event const& event) { return canonical_json(to_json(event)); }

} // namespace nguon::epcis
