#include "core/epcis/query_terms.hpp"

#include "core/bytes.hpp"
#include "core/epcis/epc_pattern.hpp"
#include "core/epcis/event_fields.hpp"
#include "core/epcis/event_hash.hpp"
#include "core/json.hpp"
#include "core/limits/epcis_query.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::epcis {
namespace {

/// The first letters of statements. They are part of the stored numbers: never change the meaning of one.
constexpr std::string_view of_type = "type";
constexpr std::string_view of_step = "step";
constexpr std::string_view of_disposition = "disposition";
constexpr std::string_view of_set = "set";
constexpr std::string_view of_unset = "unset";
constexpr std::string_view of_read_point = "read point";
constexpr std::string_view of_location = "location";
constexpr std::string_view of_making = "making";
constexpr std::string_view of_transaction = "transaction";
constexpr std::string_view of_source = "source";
constexpr std::string_view of_destination = "destination";
constexpr std::string_view of_error = "error";
constexpr std::string_view of_reason = "reason";
constexpr std::string_view of_correction = "correction";
constexpr std::string_view of_sensor = "sensor";
constexpr std::string_view of_field = "field";
constexpr std::string_view of_thing = "thing";
constexpr std::string_view of_quantity = "quantity";

constexpr char mark = '\x1f';

std::int64_t digest(std::string_view statement)
{
    auto const bytes = sha256(statement);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(number);
}

std::int64_t term(std::string_view kind, std::string_view value, std::string_view name = {})
{
    return digest(std::string{kind}.append(1, mark).append(name).append(1, mark).append(value));
}

/// A value that is longer than this is known by its field alone.
bool is_short(std::string_view value) { return value.size() <= limits::event_term_bytes_max; }

std::string section_text(FieldSection section) { return std::to_string(static_cast<int>(section)) + " "; }

std::string lower(std::string text)
{
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// What things of one class begin with alike, as far as the text alone says so; else all of it.
std::string_view class_part(std::string_view uri)
{
    for (std::string_view const start : {"urn:epc:id:sgtin:", "urn:epc:class:lgtin:"})
        if (uri.starts_with(start)) return uri.substr(0, uri.find('.', uri.find('.') + 1));
    for (std::string_view const qualifier : {"/21/", "/10/"})
        if (auto const at = uri.rfind(qualifier); at != std::string_view::npos) return uri.substr(0, at);
    return uri;
}

/// The members of sensors whose values are looked for.
struct SensorMember {
    Subject subject;
    std::string_view name;
};
constexpr std::array sensor_members{
    SensorMember{Subject::sensor_type, "type"},
    SensorMember{Subject::device_id, "deviceID"},
    SensorMember{Subject::data_processing_method, "dataProcessingMethod"},
    SensorMember{Subject::microorganism, "microorganism"},
    SensorMember{Subject::chemical_substance, "chemicalSubstance"},
    SensorMember{Subject::biz_rules, "bizRules"},
    SensorMember{Subject::string_value, "stringValue"},
    SensorMember{Subject::hex_binary_value, "hexBinaryValue"},
    SensorMember{Subject::uri_value, "uriValue"},
    SensorMember{Subject::boolean_value, "booleanValue"},
};

/// The form in which a sensor's text is compared.
std::string sensor_form(Subject subject, std::string const& text)
{
    if (subject == Subject::sensor_type) return canonical_word(Vocabulary::measurement, text);
    if (subject == Subject::hex_binary_value) return lower(text);
    if (subject == Subject::string_value || subject == Subject::boolean_value) return text;
    return canonical_identifier(text);
}

class Collector {
public:
    void say(std::string_view kind, std::string_view value, std::string_view name = {})
    {
        if (!value.empty()) terms_.insert(term(kind, value, name));
    }
    void say_word(std::string_view kind, Vocabulary vocabulary, std::string const& text)
    {
        if (!text.empty()) say(kind, canonical_word(vocabulary, text));
    }
    void say_typed(std::string_view kind, Vocabulary vocabulary, std::vector<TypedId> const& list)
    {
        for (auto const& item : list) say(kind, canonical_identifier(item.id), canonical_word(vocabulary, item.type));
    }
    void say_thing(std::string const& uri)
    {
        // Serial numbers of one class come by the hundred, and to read each would cost more than all else here.
        if (!classes_.insert(class_part(uri)).second) return;
        if (auto const key = pattern_key(canonical_identifier(uri)); !key.empty()) say(of_thing, key);
    }
    void say_quantity(Quantity const& item)
    {
        if (!item.quantity) return;
        terms_.insert(term(of_quantity, {}));
        say(of_quantity, item.uom);
    }
    void say_things(std::vector<std::string> const& uris)
    {
        for (auto const& uri : uris) say_thing(uri);
    }
    void say_field(FieldSeen const& field)
    {
        auto const name = section_text(field.section) + field.name;
        terms_.insert(term(of_field, {}, name));
        for (auto const& text : texts_of(*field.value)) {
            auto const value = canonical_value(text);
            if (is_short(value)) say(of_field, value, name);
        }
    }
    void say_sensors(Event const& event)
    {
        if (event.sensor_element_list.empty()) return;
        terms_.insert(term(of_sensor, {}));
        for (auto const& parts : {sensor_metadata(event), sensor_reports(event)}) {
            for (auto const* part : parts) say_sensor(*part);
        }
    }

    std::vector<std::int64_t> take()
    {
        std::vector<std::int64_t> out{terms_.begin(), terms_.end()};
        if (out.size() > limits::event_terms_max) {
            out.resize(limits::event_terms_max);
            out.push_back(overflow_term());
            std::ranges::sort(out);
        }
        return out;
    }

private:
    void say_sensor(nlohmann::json const& part)
    {
        for (auto const& member : sensor_members) {
            auto const* const value = member_at(part, member.name);
            if (value == nullptr || value->is_structured() || value->is_null()) continue;
            auto const form = sensor_form(member.subject, texts_of(*value).front());
            if (is_short(form)) say(of_sensor, form, member.name);
        }
    }

    std::set<std::int64_t> terms_;
    std::set<std::string_view> classes_; // of the event that is being read
};

using Terms = std::vector<std::int64_t>;

Terms terms_of_texts(Condition const& condition, std::string_view kind, std::string_view name = {})
{
    Terms out;
    for (auto const& text : condition.texts) out.push_back(term(kind, text, name));
    return out;
}

std::optional<Terms> terms_of_patterns(Condition const& condition)
{
    Terms out;
    for (auto const& pattern : condition.patterns) {
        if (pattern.exact() || pattern.key().empty()) return std::nullopt;
        out.push_back(term(of_thing, pattern.key()));
    }
    return out;
}

Terms terms_of_field(Condition const& condition)
{
    auto const name = section_text(condition.section) + condition.name;
    if (condition.compare == Compare::equal && std::ranges::all_of(condition.texts, is_short))
        return terms_of_texts(condition, of_field, name);
    return {term(of_field, {}, name)};
}

Terms terms_of_sensor(Condition const& condition)
{
    for (auto const& member : sensor_members) {
        if (member.subject != condition.subject || !std::ranges::all_of(condition.texts, is_short)) continue;
        Terms out;
        for (auto const& text : condition.texts)
            out.push_back(term(of_sensor, sensor_form(member.subject, text), member.name));
        return out;
    }
    return {term(of_sensor, {})};
}

} // namespace

std::int64_t overflow_term()
{
    static std::int64_t const number = digest("overflow");
    return number;
}

std::vector<std::int64_t> terms_of(Event const& event)
{
    Collector out;
    out.say(of_type, name_of(event.type));
    out.say_word(of_step, Vocabulary::biz_step, event.biz_step);
    out.say_word(of_disposition, Vocabulary::disposition, event.disposition);
    for (auto const& text : event.persistent_disposition.set) out.say_word(of_set, Vocabulary::disposition, text);
    for (auto const& text : event.persistent_disposition.unset) out.say_word(of_unset, Vocabulary::disposition, text);
    out.say(of_read_point, canonical_identifier(event.read_point.id));
    out.say(of_location, canonical_identifier(event.biz_location.id));
    out.say(of_making, canonical_identifier(event.transformation_id));
    out.say_typed(of_transaction, Vocabulary::transaction_type, event.biz_transaction_list);
    out.say_typed(of_source, Vocabulary::source_destination_type, event.source_list);
    out.say_typed(of_destination, Vocabulary::source_destination_type, event.destination_list);
    if (event.error_declaration) {
        out.say(of_error, "declared");
        out.say_word(of_reason, Vocabulary::error_reason, event.error_declaration->reason);
        for (auto const& id : event.error_declaration->corrective_event_ids) out.say(of_correction, id);
    }
    for (auto const* list : {&event.epc_list, &event.child_epcs, &event.input_epc_list, &event.output_epc_list})
        out.say_things(*list);
    out.say_thing(event.parent_id);
    for (auto const* item : all_quantities(event)) {
        out.say_thing(item->epc_class);
        out.say_quantity(*item);
    }
    out.say_sensors(event);
    see_fields(event, [&out](FieldSeen const& field) { out.say_field(field); });
    return out.take();
}

std::optional<std::vector<std::int64_t>> terms_for(Condition const& condition)
{
    switch (condition.subject) {
    case Subject::event_type:
        return terms_of_texts(condition, of_type);
    case Subject::biz_step:
        return terms_of_texts(condition, of_step);
    case Subject::disposition:
        return terms_of_texts(condition, of_disposition);
    case Subject::disposition_set:
        return terms_of_texts(condition, of_set);
    case Subject::disposition_unset:
        return terms_of_texts(condition, of_unset);
    case Subject::read_point:
    case Subject::read_point_within:
        return terms_of_texts(condition, of_read_point);
    case Subject::biz_location:
    case Subject::biz_location_within:
        return terms_of_texts(condition, of_location);
    case Subject::transformation_id:
        return terms_of_texts(condition, of_making);
    case Subject::biz_transaction:
        return terms_of_texts(condition, of_transaction, condition.name);
    case Subject::source:
        return terms_of_texts(condition, of_source, condition.name);
    case Subject::destination:
        return terms_of_texts(condition, of_destination, condition.name);
    case Subject::error_declaration:
    case Subject::error_time:
        return Terms{term(of_error, "declared")};
    case Subject::error_reason:
        return terms_of_texts(condition, of_reason);
    case Subject::corrective_event_id:
        return terms_of_texts(condition, of_correction);
    case Subject::quantity:
        return Terms{term(of_quantity, condition.uom)};
    case Subject::field:
        return terms_of_field(condition);
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
        return terms_of_patterns(condition);
    case Subject::action: // three words: nothing is found sooner by them
    case Subject::event_id:
    case Subject::event_time:
    case Subject::record_time:
    case Subject::has_attribute:
    case Subject::attribute:
        return std::nullopt;
    default:
        return terms_of_sensor(condition);
    }
}

} // namespace nguon::epcis
