#include "core/epcis/event_reader.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace nguon::epcis {
namespace {

using nlohmann::json;

constexpr unsigned bit(EventType type) { return 1U << static_cast<unsigned>(type); }

constexpr unsigned object = bit(EventType::object);
constexpr unsigned aggregation = bit(EventType::aggregation);
constexpr unsigned transaction = bit(EventType::transaction);
constexpr unsigned transformation = bit(EventType::transformation);
constexpr unsigned association = bit(EventType::association);
constexpr unsigned every = object | aggregation | transaction | transformation | association;

struct FieldRule {
    std::string_view name;
    unsigned types; // events that may have it
};

constexpr std::array field_rules{
    FieldRule{"@context", every},
    FieldRule{"action", every & ~transformation},
    FieldRule{"bizLocation", every},
    FieldRule{"bizStep", every},
    FieldRule{"bizTransactionList", every},
    FieldRule{"certificationInfo", every},
    FieldRule{"childEPCs", aggregation | association},
    FieldRule{"childQuantityList", aggregation | association},
    FieldRule{"destinationList", every},
    FieldRule{"disposition", every},
    FieldRule{"epcList", object | transaction},
    FieldRule{"errorDeclaration", every},
    FieldRule{"eventID", every},
    FieldRule{"eventTime", every},
    FieldRule{"eventTimeZoneOffset", every},
    FieldRule{"ilmd", object | transformation},
    FieldRule{"inputEPCList", transformation},
    FieldRule{"inputQuantityList", transformation},
    FieldRule{"outputEPCList", transformation},
    FieldRule{"outputQuantityList", transformation},
    FieldRule{"parentID", aggregation | transaction | association},
    FieldRule{"persistentDisposition", every},
    FieldRule{"quantityList", object | transaction},
    FieldRule{"readPoint", every},
    FieldRule{"recordTime", every},
    FieldRule{"sensorElementList", every},
    FieldRule{"sourceList", every},
    FieldRule{"transformationID", transformation},
    FieldRule{"type", every},
};

FieldRule const* find_rule(std::string_view name)
{
    auto const at = std::ranges::lower_bound(field_rules, name, {}, &FieldRule::name);
    return at != field_rules.end() && at->name == name ? &*at : nullptr;
}

/// A member that is none of the standard's: a fault, unless its name has a namespace.
bool check_extension_name(Context const& context, std::string_view name, std::string const& pointer,
                          std::vector<FieldError>& faults)
{
    if (context.expand(name)) return true;
    auto const colon = name.find(':');
    if (colon == std::string_view::npos)
        faults.push_back({pointer, "epcis.field_unknown", {std::string{name}}});
    else
        faults.push_back({pointer, "epcis.prefix_undefined", {std::string{name.substr(0, colon)}, std::string{name}}});
    return false;
}

/// Reads the members of one object; what is wrong becomes a fault at the member.
class Members {
public:
    Members(json const& value, std::string pointer, std::vector<FieldError>& faults)
        : value_{value}, pointer_{std::move(pointer)}, faults_{faults}
    {
        if (!value_.is_object()) fault_here("epcis.type", {"object"});
    }

    json const* find(std::string_view name) const
    {
        if (!value_.is_object()) return nullptr;
        auto const at = value_.find(name);
        return at == value_.end() ? nullptr : &*at;
    }
    std::string place(std::string_view name) const { return pointer_ + pointer_step(name); }
    std::string const& pointer() const { return pointer_; }
    std::vector<FieldError>& faults() const { return faults_; }

    void fault(std::string_view name, std::string key, std::vector<std::string> values = {}) const
    {
        faults_.push_back({place(name), std::move(key), std::move(values)});
    }
    void fault_here(std::string key, std::vector<std::string> values = {}) const
    {
        faults_.push_back({pointer_, std::move(key), std::move(values)});
    }

    json const* require(std::string_view name) const
    {
        auto const* found = find(name);
        if (found == nullptr && value_.is_object()) fault(name, "epcis.required");
        return found;
    }

    /// A text that is not empty; "" when it is missing or faulty.
    std::string text(std::string_view name) const
    {
        auto const* found = find(name);
        return found == nullptr ? std::string{} : text_of(*found, place(name));
    }
    std::string required_text(std::string_view name) const
    {
        return require(name) == nullptr ? std::string{} : text(name);
    }

    Moment moment(std::string_view name) const
    {
        auto written = text(name);
        if (written.empty()) return {};
        auto const read = parse_time(written);
        if (!read) {
            fault(name, "epcis.time", {written});
            return {};
        }
        return {std::move(written), read->at};
    }

    std::vector<std::string> texts(std::string_view name) const
    {
        std::vector<std::string> out;
        each(name, [&](json const& item, std::string const& where) { out.push_back(text_of(item, where)); });
        return out;
    }

    /// Calls `take(item, its place)` for every item of the array `name`.
    template <typename Take>
    void each(std::string_view name, Take take) const
    {
        auto const* list = find(name);
        if (list == nullptr) return;
        if (!list->is_array()) return fault(name, "epcis.type", {"array"});
        if (list->size() > limits::epcis_list_items_max)
            return fault(name, "epcis.too_many", {std::to_string(limits::epcis_list_items_max)});
        auto const where = place(name) + "/";
        for (std::size_t i = 0; i < list->size(); ++i) take((*list)[i], where + std::to_string(i));
    }

    /// A fault for every member that is not in `known` and, when there is a context, has no namespace in it.
    void refuse_others(std::span<std::string_view const> known, Context const* context) const
    {
        if (!value_.is_object()) return;
        for (auto const& [name, member] : value_.items()) {
            if (std::ranges::find(known, name) != known.end()) continue;
            if (context == nullptr)
                fault(name, "epcis.field_unknown", {name});
            else if (check_extension_name(*context, name, place(name), faults_))
                check_extension(*context, member, place(name), faults_);
        }
    }

    /// The members that are not in `known`.
    json others(std::span<std::string_view const> known) const
    {
        json out = json::object();
        if (!value_.is_object()) return out;
        for (auto const& [name, member] : value_.items()) {
            if (std::ranges::find(known, name) == known.end()) out[name] = member;
        }
        return out;
    }

    std::string text_of(json const& value, std::string const& where) const
    {
        if (!value.is_string()) {
            faults_.push_back({where, "epcis.type", {"text"}});
            return {};
        }
        auto const& text = value.get_ref<std::string const&>();
        if (text.empty()) faults_.push_back({where, "epcis.empty", {}});
        return text;
    }

private:
    json const& value_;
    std::string pointer_;
    std::vector<FieldError>& faults_;
};

std::vector<Quantity> read_quantities(Members const& event, std::string_view name)
{
    static constexpr std::array<std::string_view, 3> known{"epcClass", "quantity", "uom"};
    std::vector<Quantity> out;
    event.each(name, [&](json const& item, std::string const& where) {
        Members const members{item, where, event.faults()};
        Quantity quantity{members.required_text("epcClass"), {}, members.text("uom")};
        if (auto const* amount = members.find("quantity"); amount != nullptr && !amount->is_number())
            members.fault("quantity", "epcis.type", {"number"});
        else if (amount != nullptr)
            quantity.quantity = Decimal{canonical_json(*amount), amount->get<double>()};
        members.refuse_others(known, nullptr);
        out.push_back(std::move(quantity));
    });
    return out;
}

/// `id_name` is "bizTransaction", "source" or "destination".
std::vector<TypedId> read_typed_ids(Members const& event, std::string_view name, std::string_view id_name)
{
    std::array<std::string_view, 2> const known{"type", id_name};
    std::vector<TypedId> out;
    event.each(name, [&](json const& item, std::string const& where) {
        Members const members{item, where, event.faults()};
        bool const may_lack_type = id_name == "bizTransaction";
        out.push_back(
            {may_lack_type ? members.text("type") : members.required_text("type"), members.required_text(id_name)});
        members.refuse_others(known, nullptr);
    });
    return out;
}

Place read_place(Members const& event, std::string_view name, Context const& context)
{
    static constexpr std::array<std::string_view, 1> known{"id"};
    auto const* value = event.find(name);
    if (value == nullptr) return {};
    Members const members{*value, event.place(name), event.faults()};
    members.refuse_others(known, &context);
    return {members.required_text("id"), members.others(known)};
}

PersistentDisposition read_persistent_disposition(Members const& event)
{
    static constexpr std::array<std::string_view, 2> known{"set", "unset"};
    auto const* value = event.find("persistentDisposition");
    if (value == nullptr) return {};
    Members const members{*value, event.place("persistentDisposition"), event.faults()};
    PersistentDisposition out{members.texts("set"), members.texts("unset")};
    if (out.empty() && value->is_object()) members.fault_here("epcis.empty");
    members.refuse_others(known, nullptr);
    return out;
}

std::optional<ErrorDeclaration> read_error_declaration(Members const& event, Context const& context)
{
    static constexpr std::array<std::string_view, 3> known{"declarationTime", "reason", "correctiveEventIDs"};
    auto const* value = event.find("errorDeclaration");
    if (value == nullptr) return std::nullopt;
    Members const members{*value, event.place("errorDeclaration"), event.faults()};
    members.require("declarationTime");
    members.refuse_others(known, &context);
    return ErrorDeclaration{members.moment("declarationTime"), members.text("reason"),
                            members.texts("correctiveEventIDs"), members.others(known)};
}

json read_ilmd(Members const& event, Context const& context)
{
    auto const* value = event.find("ilmd");
    if (value == nullptr) return json::object();
    Members const members{*value, event.place("ilmd"), event.faults()};
    if (!value->is_object()) return json::object();
    for (auto const& [name, member] : value->items()) {
        if (!context.expand(name) && name.find(':') == std::string::npos)
            members.fault(name, "epcis.ilmd_namespace", {name});
        else if (check_extension_name(context, name, members.place(name), event.faults()))
            check_extension(context, member, members.place(name), event.faults());
    }
    return *value;
}

std::vector<std::string> read_certification(Members const& event)
{
    auto const* value = event.find("certificationInfo");
    if (value != nullptr && value->is_string()) return {event.text("certificationInfo")};
    return event.texts("certificationInfo");
}

Action read_action(Members const& event, EventType type)
{
    if (type == EventType::transformation) return Action::none;
    auto const text = event.required_text("action");
    if (text == "ADD") return Action::add;
    if (text == "OBSERVE") return Action::observe;
    if (text == "DELETE") return Action::remove;
    if (!text.empty()) event.fault("action", "epcis.action", {text});
    return Action::none;
}

/// The standard's members that the event may not have, and members of others without a namespace.
json read_extensions(Members const& event, json const& value, EventType type, Context const& context)
{
    json extensions = json::object();
    for (auto const& [name, member] : value.items()) {
        if (auto const* rule = find_rule(name)) {
            if ((rule->types & bit(type)) == 0)
                event.fault(name, "epcis.field_not_here", {name, std::string{name_of(type)}});
            continue;
        }
        if (!check_extension_name(context, name, event.place(name), event.faults())) continue;
        check_extension(context, member, event.place(name), event.faults());
        extensions[name] = member;
    }
    return extensions;
}

std::shared_ptr<Context const> read_context(Members const& event, std::shared_ptr<Context const> const& outer)
{
    auto const* nested = event.find("@context");
    if (nested == nullptr) return outer;
    auto context = std::make_shared<Context>(*outer);
    context->add(*nested, event.place("@context"), event.faults());
    return context;
}

/// Objects and transactions name at least an empty list of things; a report of sensors may do with its place.
void check_things_named(Members const& event, EventType type)
{
    if (type != EventType::object && type != EventType::transaction) return;
    if (event.find("epcList") != nullptr || event.find("quantityList") != nullptr) return;
    bool const sensors_alone =
        type == EventType::object && event.find("sensorElementList") != nullptr && event.find("readPoint") != nullptr;
    auto const* action = event.find("action");
    bool const all_removed = type == EventType::transaction && action != nullptr && *action == "DELETE";
    if (!sensors_alone && !all_removed) event.fault_here("epcis.things_missing");
}

void read_times(Members const& members, Event& event)
{
    members.require("eventTime");
    event.event_time = members.moment("eventTime");
    if (members.find("recordTime") != nullptr) event.record_time = members.moment("recordTime");
    event.offset_text = members.required_text("eventTimeZoneOffset");
    if (event.offset_text.empty()) return;
    auto const offset = parse_offset(event.offset_text);
    // "Z" is an offset in times, not here.
    if (!offset || event.offset_text.size() != 6)
        members.fault("eventTimeZoneOffset", "epcis.offset", {event.offset_text});
    else
        event.offset = *offset;
}

void read_things(Members const& members, Event& event)
{
    event.epc_list = members.texts("epcList");
    event.quantity_list = read_quantities(members, "quantityList");
    event.parent_id = members.text("parentID");
    event.child_epcs = members.texts("childEPCs");
    event.child_quantity_list = read_quantities(members, "childQuantityList");
    event.input_epc_list = members.texts("inputEPCList");
    event.input_quantity_list = read_quantities(members, "inputQuantityList");
    event.output_epc_list = members.texts("outputEPCList");
    event.output_quantity_list = read_quantities(members, "outputQuantityList");
    event.transformation_id = members.text("transformationID");
}

} // namespace

void check_extension(Context const& context, json const& value, std::string const& pointer,
                     std::vector<FieldError>& faults, std::size_t depth)
{
    if (depth > limits::json_depth_max) {
        faults.push_back({pointer, "json.depth", {std::to_string(limits::json_depth_max)}});
        return;
    }
    if (value.is_array()) {
        std::size_t index = 0;
        for (auto const& item : value)
            check_extension(context, item, pointer + "/" + std::to_string(index++), faults, depth + 1);
        return;
    }
    if (!value.is_object()) return;
    for (auto const& [name, member] : value.items()) {
        auto const place = pointer + pointer_step(name);
        // Inside a field that has a namespace, names without one are its own business.
        if (name.find(':') == std::string::npos || check_extension_name(context, name, place, faults))
            check_extension(context, member, place, faults, depth + 1);
    }
}

void check_sensor_elements(Context const& context, json const& list, std::string const& pointer,
                           std::vector<FieldError>& faults)
{
    static constexpr std::array<std::string_view, 2> element_names{"sensorMetadata", "sensorReport"};
    static constexpr std::array<std::string_view, 8> metadata_texts{
        "bizRules", "dataProcessingMethod", "deviceID", "deviceMetadata", "endTime", "rawData", "startTime", "time"};
    static constexpr std::array<std::string_view, 16> report_texts{"type",
                                                                   "bizRules",
                                                                   "chemicalSubstance",
                                                                   "component",
                                                                   "coordinateReferenceSystem",
                                                                   "dataProcessingMethod",
                                                                   "deviceID",
                                                                   "deviceMetadata",
                                                                   "exception",
                                                                   "hexBinaryValue",
                                                                   "microorganism",
                                                                   "rawData",
                                                                   "stringValue",
                                                                   "time",
                                                                   "uom",
                                                                   "uriValue"};
    static constexpr std::array<std::string_view, 7> report_numbers{"maxValue",  "meanValue", "minValue", "percRank",
                                                                    "percValue", "sDev",      "value"};
    static auto const report_names = [] {
        std::vector<std::string_view> all{report_texts.begin(), report_texts.end()};
        all.insert(all.end(), report_numbers.begin(), report_numbers.end());
        all.push_back("booleanValue");
        return all;
    }();

    if (!list.is_array()) {
        faults.push_back({pointer, "epcis.type", {"array"}});
        return;
    }
    auto const check_text = [](Members const& members, std::string_view name) {
        if (name == "time" || name == "startTime" || name == "endTime")
            members.moment(name);
        else if (name != "stringValue" || (members.find(name) != nullptr && !members.find(name)->is_string()))
            members.text(name);
    };
    for (std::size_t i = 0; i < list.size(); ++i) {
        Members const element{list[i], pointer + "/" + std::to_string(i), faults};
        element.refuse_others(element_names, &context);
        if (auto const* metadata = element.find("sensorMetadata")) {
            Members const members{*metadata, element.place("sensorMetadata"), faults};
            for (auto const name : metadata_texts) check_text(members, name);
            members.refuse_others(metadata_texts, &context);
        }
        auto const* reports = element.require("sensorReport");
        if (reports != nullptr && reports->is_array() && reports->empty()) element.fault("sensorReport", "epcis.empty");
        element.each("sensorReport", [&](json const& report, std::string const& where) {
            Members const members{report, where, faults};
            members.require("type");
            for (auto const name : report_texts) check_text(members, name);
            for (auto const name : report_numbers) {
                if (auto const* number = members.find(name); number != nullptr && !number->is_number())
                    members.fault(name, "epcis.type", {"number"});
            }
            if (auto const* flag = members.find("booleanValue"); flag != nullptr && !flag->is_boolean())
                members.fault("booleanValue", "epcis.type", {"boolean"});
            members.refuse_others(report_names, &context);
        });
    }
}

Event read_event(json const& value, std::shared_ptr<Context const> const& document_context, std::string const& pointer,
                 std::vector<FieldError>& faults)
{
    Event event;
    event.context = document_context;
    Members const members{value, pointer, faults};
    if (!value.is_object()) return event;

    auto const type_name = members.required_text("type");
    auto const type = event_type_of(type_name);
    if (!type) {
        if (!type_name.empty()) members.fault("type", "epcis.event_type", {type_name});
        return event;
    }
    event.type = *type;
    event.context = read_context(members, document_context);
    event.action = read_action(members, *type);
    event.event_id = members.text("eventID");
    read_times(members, event);
    check_things_named(members, *type);
    read_things(members, event);
    event.biz_step = members.text("bizStep");
    event.disposition = members.text("disposition");
    event.persistent_disposition = read_persistent_disposition(members);
    event.read_point = read_place(members, "readPoint", *event.context);
    event.biz_location = read_place(members, "bizLocation", *event.context);
    event.biz_transaction_list = read_typed_ids(members, "bizTransactionList", "bizTransaction");
    event.source_list = read_typed_ids(members, "sourceList", "source");
    event.destination_list = read_typed_ids(members, "destinationList", "destination");
    if (auto const* sensors = members.find("sensorElementList")) {
        check_sensor_elements(*event.context, *sensors, members.place("sensorElementList"), faults);
        event.sensor_element_list = *sensors;
    }
    event.ilmd = read_ilmd(members, *event.context);
    event.certification_info = read_certification(members);
    event.error_declaration = read_error_declaration(members, *event.context);
    event.extensions = read_extensions(members, value, *type, *event.context);
    return event;
}

} // namespace nguon::epcis
