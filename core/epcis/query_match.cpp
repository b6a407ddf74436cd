#include "core/epcis/query_match.hpp"

#include "core/epcis/event_fields.hpp"
#include "core/epcis/event_hash.hpp"
#include "core/epcis/units.hpp"
#include "core/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::epcis {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

bool holds(Compare compare, auto const& value, auto const& wanted)
{
    switch (compare) {
    case Compare::equal:
        return value == wanted;
    case Compare::greater:
        return value > wanted;
    case Compare::at_least:
        return value >= wanted;
    case Compare::less:
        return value < wanted;
    case Compare::at_most:
        return value <= wanted;
    case Compare::exists:
        break;
    }
    return true;
}

bool holds_number(Condition const& condition, double value)
{
    return std::ranges::any_of(condition.numbers, [&](double wanted) {
        bool const same = same_number(value, wanted);
        if (condition.compare == Compare::greater || condition.compare == Compare::less)
            return !same && holds(condition.compare, value, wanted);
        return same || (condition.compare != Compare::equal && holds(condition.compare, value, wanted));
    });
}

bool is_wanted(Condition const& condition, std::string const& text)
{
    return std::ranges::find(condition.texts, text) != condition.texts.end();
}

bool is_wanted_word(Condition const& condition, Vocabulary vocabulary, std::string const& text)
{
    return !text.empty() && is_wanted(condition, canonical_word(vocabulary, text));
}

bool is_wanted_identifier(Condition const& condition, std::string const& text)
{
    return !text.empty() && is_wanted(condition, canonical_identifier(text));
}

bool any_word(Condition const& condition, Vocabulary vocabulary, Texts const& texts)
{
    return std::ranges::any_of(texts, [&](auto const& text) { return is_wanted_word(condition, vocabulary, text); });
}

bool any_identifier(Condition const& condition, Texts const& texts)
{
    return std::ranges::any_of(texts, [&](auto const& text) { return is_wanted_identifier(condition, text); });
}

bool any_typed(Condition const& condition, Vocabulary vocabulary, std::vector<TypedId> const& list)
{
    return std::ranges::any_of(list, [&](TypedId const& item) {
        return canonical_word(vocabulary, item.type) == condition.name && is_wanted_identifier(condition, item.id);
    });
}

bool any_thing(Condition const& condition, std::string const& uri)
{
    if (uri.empty()) return false;
    auto const canonical = canonical_identifier(uri);
    return std::ranges::any_of(condition.patterns, [&](auto const& p) { return p.matches(uri, canonical); });
}

bool any_thing(Condition const& condition, Texts const& list)
{
    return std::ranges::any_of(list, [&](auto const& uri) { return any_thing(condition, uri); });
}

bool any_class(Condition const& condition, std::vector<Quantity> const& list)
{
    return std::ranges::any_of(list, [&](Quantity const& item) { return any_thing(condition, item.epc_class); });
}

bool any_time(Condition const& condition, Texts const& texts)
{
    return std::ranges::any_of(texts, [&](auto const& text) {
        auto const time = parse_time(text);
        return time && holds(condition.compare, time->at, *condition.time);
    });
}

Texts metadata_texts(Event const& event, std::string_view name)
{
    Texts out;
    for (auto const* part : sensor_metadata(event)) {
        if (auto text = text_at(*part, name); !text.empty()) out.push_back(std::move(text));
    }
    return out;
}

Texts report_texts(Event const& event, std::string_view name)
{
    Texts out;
    for (auto const* part : sensor_reports(event)) {
        if (auto text = text_at(*part, name); !text.empty()) out.push_back(std::move(text));
    }
    return out;
}

std::optional<double> measured(json const& report, std::string const& name)
{
    auto const* const found = member_at(report, name);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    return found->get<double>();
}

bool any_measurement(Condition const& condition, Event const& event)
{
    return std::ranges::any_of(sensor_reports(event), [&](json const* report) {
        auto const value = measured(*report, condition.name);
        if (!value) return false;
        if (condition.uom.empty()) return holds_number(condition, *value);
        auto const converted = convert(*value, text_at(*report, "uom"), condition.uom, condition.name == "sDev");
        return converted && holds_number(condition, *converted);
    });
}

bool any_boolean(Condition const& condition, Event const& event)
{
    return std::ranges::any_of(sensor_reports(event), [&](json const* report) {
        auto const* const value = member_at(*report, "booleanValue");
        return value != nullptr && value->is_boolean() && is_wanted(condition, value->get<bool>() ? "true" : "false");
    });
}

std::string lower(std::string text)
{
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

bool any_hex(Condition const& condition, Event const& event)
{
    return std::ranges::any_of(report_texts(event, "hexBinaryValue"), [&](auto const& text) {
        return std::ranges::any_of(condition.texts, [&](auto const& wanted) { return lower(wanted) == lower(text); });
    });
}

bool any_quantity(Condition const& condition, Event const& event)
{
    return std::ranges::any_of(all_quantities(event), [&](Quantity const* item) {
        return item->quantity && (condition.uom.empty() || item->uom == condition.uom) &&
               holds_number(condition, item->quantity->value);
    });
}

bool value_holds(Condition const& condition, std::string const& text)
{
    if (condition.compare == Compare::equal) return is_wanted(condition, canonical_value(text));
    if (!condition.numbers.empty()) {
        auto const value = read_number(text);
        return value && holds_number(condition, *value);
    }
    return any_time(condition, {text});
}

bool any_field(Condition const& condition, Event const& event)
{
    bool found = false;
    see_fields(event, [&](FieldSeen const& field) {
        if (found || field.section != condition.section || field.inner != condition.inner ||
            field.name != condition.name)
            return;
        found =
            condition.compare == Compare::exists ||
            std::ranges::any_of(texts_of(*field.value), [&](auto const& text) { return value_holds(condition, text); });
    });
    return found;
}

bool is_error(Condition const& condition, Event const& event)
{
    if (!event.error_declaration) return false;
    auto const& declaration = *event.error_declaration;
    switch (condition.subject) {
    case Subject::error_time:
        return holds(condition.compare, declaration.declared.at, *condition.time);
    case Subject::error_reason:
        return is_wanted_word(condition, Vocabulary::error_reason, declaration.reason);
    case Subject::corrective_event_id:
        return std::ranges::any_of(declaration.corrective_event_ids,
                                   [&](auto const& id) { return is_wanted(condition, id); });
    default:
        return true;
    }
}

bool is_about_things(Condition const& condition, Event const& event)
{
    auto const as = [&](Subject subject) {
        auto other = condition;
        other.subject = subject;
        return is_about_things(other, event);
    };
    switch (condition.subject) {
    case Subject::epc:
        return any_thing(condition, event.epc_list) || any_thing(condition, event.child_epcs);
    case Subject::parent_id:
        return any_thing(condition, event.parent_id);
    case Subject::input_epc:
        return any_thing(condition, event.input_epc_list);
    case Subject::output_epc:
        return any_thing(condition, event.output_epc_list);
    case Subject::any_epc:
        return any_thing(condition, event.epc_list) || any_thing(condition, event.child_epcs) ||
               any_thing(condition, event.parent_id) || any_thing(condition, event.input_epc_list) ||
               any_thing(condition, event.output_epc_list);
    case Subject::epc_class:
        return any_class(condition, event.quantity_list) || any_class(condition, event.child_quantity_list);
    case Subject::input_epc_class:
        return any_class(condition, event.input_quantity_list);
    case Subject::output_epc_class:
        return any_class(condition, event.output_quantity_list);
    case Subject::thing:
        return as(Subject::any_epc) || as(Subject::any_epc_class);
    default:
        return any_class(condition, event.quantity_list) || any_class(condition, event.child_quantity_list) ||
               any_class(condition, event.input_quantity_list) || any_class(condition, event.output_quantity_list);
    }
}

bool is_measured(Condition const& condition, Event const& event)
{
    switch (condition.subject) {
    case Subject::sensor_elements:
        return !event.sensor_element_list.empty();
    case Subject::sensor_time:
        return any_time(condition, sensor_texts(event, "time"));
    case Subject::sensor_start:
        return any_time(condition, metadata_texts(event, "startTime"));
    case Subject::sensor_end:
        return any_time(condition, metadata_texts(event, "endTime"));
    case Subject::sensor_type:
        return any_word(condition, Vocabulary::measurement, report_texts(event, "type"));
    case Subject::device_id:
        return any_identifier(condition, sensor_texts(event, "deviceID"));
    case Subject::data_processing_method:
        return any_identifier(condition, sensor_texts(event, "dataProcessingMethod"));
    case Subject::microorganism:
        return any_identifier(condition, report_texts(event, "microorganism"));
    case Subject::chemical_substance:
        return any_identifier(condition, report_texts(event, "chemicalSubstance"));
    case Subject::biz_rules:
        return any_identifier(condition, metadata_texts(event, "bizRules"));
    case Subject::string_value:
        return std::ranges::any_of(report_texts(event, "stringValue"),
                                   [&](auto const& text) { return is_wanted(condition, text); });
    case Subject::hex_binary_value:
        return any_hex(condition, event);
    case Subject::uri_value:
        return any_identifier(condition, report_texts(event, "uriValue"));
    case Subject::boolean_value:
        return any_boolean(condition, event);
    default:
        return any_measurement(condition, event);
    }
}

bool matches(Condition const& condition, Event const& event, Instant recorded)
{
    switch (condition.subject) {
    case Subject::event_type:
        return is_wanted(condition, std::string{name_of(event.type)});
    case Subject::action:
        return is_wanted(condition, std::string{name_of(event.action)});
    case Subject::biz_step:
        return is_wanted_word(condition, Vocabulary::biz_step, event.biz_step);
    case Subject::disposition:
        return is_wanted_word(condition, Vocabulary::disposition, event.disposition);
    case Subject::disposition_set:
        return any_word(condition, Vocabulary::disposition, event.persistent_disposition.set);
    case Subject::disposition_unset:
        return any_word(condition, Vocabulary::disposition, event.persistent_disposition.unset);
    case Subject::read_point:
    case Subject::read_point_within:
        return is_wanted_identifier(condition, event.read_point.id);
    case Subject::biz_location:
    case Subject::biz_location_within:
        return is_wanted_identifier(condition, event.biz_location.id);
    case Subject::transformation_id:
        return is_wanted_identifier(condition, event.transformation_id);
    case Subject::event_id:
        return is_wanted(condition, event.event_id);
    case Subject::biz_transaction:
        return any_typed(condition, Vocabulary::transaction_type, event.biz_transaction_list);
    case Subject::source:
        return any_typed(condition, Vocabulary::source_destination_type, event.source_list);
    case Subject::destination:
        return any_typed(condition, Vocabulary::source_destination_type, event.destination_list);
    case Subject::epc:
    case Subject::parent_id:
    case Subject::input_epc:
    case Subject::output_epc:
    case Subject::any_epc:
    case Subject::epc_class:
    case Subject::input_epc_class:
    case Subject::output_epc_class:
    case Subject::any_epc_class:
    case Subject::thing:
        return is_about_things(condition, event);
    case Subject::quantity:
        return any_quantity(condition, event);
    case Subject::error_declaration:
    case Subject::error_time:
    case Subject::error_reason:
    case Subject::corrective_event_id:
        return is_error(condition, event);
    case Subject::event_time:
        return holds(condition.compare, event.event_time.at, *condition.time);
    case Subject::record_time:
        return holds(condition.compare, recorded, *condition.time);
    case Subject::field:
        return any_field(condition, event);
    case Subject::has_attribute:
    case Subject::attribute:
        return false;
    default:
        return is_measured(condition, event);
    }
}

} // namespace

bool matches(Query const& query, Event const& event, Instant recorded)
{
    return std::ranges::all_of(query.conditions,
                               [&](Condition const& condition) { return matches(condition, event, recorded); });
}

std::string order_value(Query const& query, Event const& event)
{
    std::string out;
    see_fields(event, [&](FieldSeen const& field) {
        if (!out.empty() || field.section != FieldSection::event || field.inner || field.name != query.order_field)
            return;
        if (auto const texts = texts_of(*field.value); !texts.empty()) out = canonical_value(texts.front());
    });
    return out;
}

} // namespace nguon::epcis
