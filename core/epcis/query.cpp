#include "core/epcis/query.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/epcis/validate.hpp"
#include "core/limits/epcis_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace nguon::epcis {
namespace {

enum class Takes { event_types, actions, words, identifiers, uris, texts, patterns, time, numbers, flag, boolean };

/// A parameter with one meaning.
struct Fixed {
    std::string_view name;
    Subject subject;
    Compare compare;
    Takes takes;
    Vocabulary vocabulary = Vocabulary::biz_step; // of `words`
};

constexpr std::array fixed_parameters{
    Fixed{"eventType", Subject::event_type, Compare::equal, Takes::event_types},
    Fixed{"GE_eventTime", Subject::event_time, Compare::at_least, Takes::time},
    Fixed{"LT_eventTime", Subject::event_time, Compare::less, Takes::time},
    Fixed{"GE_recordTime", Subject::record_time, Compare::at_least, Takes::time},
    Fixed{"LT_recordTime", Subject::record_time, Compare::less, Takes::time},
    Fixed{"EQ_action", Subject::action, Compare::equal, Takes::actions},
    Fixed{"EQ_bizStep", Subject::biz_step, Compare::equal, Takes::words, Vocabulary::biz_step},
    Fixed{"EQ_disposition", Subject::disposition, Compare::equal, Takes::words, Vocabulary::disposition},
    Fixed{"EQ_persistentDisposition_set", Subject::disposition_set, Compare::equal, Takes::words,
          Vocabulary::disposition},
    Fixed{"EQ_persistentDisposition_unset", Subject::disposition_unset, Compare::equal, Takes::words,
          Vocabulary::disposition},
    Fixed{"EQ_readPoint", Subject::read_point, Compare::equal, Takes::identifiers},
    Fixed{"WD_readPoint", Subject::read_point_within, Compare::equal, Takes::identifiers},
    Fixed{"EQ_bizLocation", Subject::biz_location, Compare::equal, Takes::identifiers},
    Fixed{"WD_bizLocation", Subject::biz_location_within, Compare::equal, Takes::identifiers},
    Fixed{"EQ_transformationID", Subject::transformation_id, Compare::equal, Takes::identifiers},
    Fixed{"EQ_eventID", Subject::event_id, Compare::equal, Takes::texts},
    Fixed{"MATCH_epc", Subject::epc, Compare::equal, Takes::patterns},
    Fixed{"MATCH_parentID", Subject::parent_id, Compare::equal, Takes::patterns},
    Fixed{"MATCH_inputEPC", Subject::input_epc, Compare::equal, Takes::patterns},
    Fixed{"MATCH_outputEPC", Subject::output_epc, Compare::equal, Takes::patterns},
    Fixed{"MATCH_anyEPC", Subject::any_epc, Compare::equal, Takes::patterns},
    Fixed{"MATCH_epcClass", Subject::epc_class, Compare::equal, Takes::patterns},
    Fixed{"MATCH_inputEPCClass", Subject::input_epc_class, Compare::equal, Takes::patterns},
    Fixed{"MATCH_outputEPCClass", Subject::output_epc_class, Compare::equal, Takes::patterns},
    Fixed{"MATCH_anyEPCClass", Subject::any_epc_class, Compare::equal, Takes::patterns},
    Fixed{"EXISTS_errorDeclaration", Subject::error_declaration, Compare::exists, Takes::flag},
    Fixed{"GE_errorDeclarationTime", Subject::error_time, Compare::at_least, Takes::time},
    Fixed{"LT_errorDeclarationTime", Subject::error_time, Compare::less, Takes::time},
    Fixed{"GE_errorDeclaration_Time", Subject::error_time, Compare::at_least, Takes::time},
    Fixed{"LT_errorDeclaration_Time", Subject::error_time, Compare::less, Takes::time},
    Fixed{"EQ_errorReason", Subject::error_reason, Compare::equal, Takes::words, Vocabulary::error_reason},
    Fixed{"EQ_correctiveEventID", Subject::corrective_event_id, Compare::equal, Takes::texts},
    Fixed{"EXISTS_sensorElementList", Subject::sensor_elements, Compare::exists, Takes::flag},
    Fixed{"GE_time", Subject::sensor_time, Compare::at_least, Takes::time},
    Fixed{"LT_time", Subject::sensor_time, Compare::less, Takes::time},
    Fixed{"GE_startTime", Subject::sensor_start, Compare::at_least, Takes::time},
    Fixed{"LT_startTime", Subject::sensor_start, Compare::less, Takes::time},
    Fixed{"GE_endTime", Subject::sensor_end, Compare::at_least, Takes::time},
    Fixed{"LT_endTime", Subject::sensor_end, Compare::less, Takes::time},
    Fixed{"EQ_type", Subject::sensor_type, Compare::equal, Takes::words, Vocabulary::measurement},
    Fixed{"EQ_deviceID", Subject::device_id, Compare::equal, Takes::identifiers},
    Fixed{"EQ_dataProcessingMethod", Subject::data_processing_method, Compare::equal, Takes::identifiers},
    Fixed{"EQ_microorganism", Subject::microorganism, Compare::equal, Takes::identifiers},
    Fixed{"EQ_chemicalSubstance", Subject::chemical_substance, Compare::equal, Takes::identifiers},
    Fixed{"EQ_bizRules", Subject::biz_rules, Compare::equal, Takes::identifiers},
    Fixed{"EQ_stringValue", Subject::string_value, Compare::equal, Takes::texts},
    Fixed{"EQ_hexBinaryValue", Subject::hex_binary_value, Compare::equal, Takes::texts},
    Fixed{"EQ_uriValue", Subject::uri_value, Compare::equal, Takes::identifiers},
    Fixed{"EQ_booleanValue", Subject::boolean_value, Compare::equal, Takes::boolean},
};

struct Prefix {
    std::string_view text;
    Compare compare;
};
constexpr std::array compares{
    Prefix{"EQ_", Compare::equal}, Prefix{"GT_", Compare::greater}, Prefix{"GE_", Compare::at_least},
    Prefix{"LT_", Compare::less},  Prefix{"LE_", Compare::at_most}, Prefix{"EXISTS_", Compare::exists},
};

struct SectionName {
    std::string_view text;
    FieldSection section;
};
constexpr std::array sections{
    SectionName{"ILMD_", FieldSection::ilmd},
    SectionName{"ERROR_DECLARATION_", FieldSection::error_declaration},
    SectionName{"SENSORELEMENT_", FieldSection::sensor_element},
    SectionName{"SENSORMETADATA_", FieldSection::sensor_metadata},
    SectionName{"SENSORREPORT_", FieldSection::sensor_report},
    SectionName{"readPoint_", FieldSection::read_point},
    SectionName{"bizLocation_", FieldSection::biz_location},
};

struct TypedList {
    std::string_view start;
    Subject subject;
    Vocabulary vocabulary;
};
constexpr std::array typed_lists{
    TypedList{"EQ_bizTransaction_", Subject::biz_transaction, Vocabulary::transaction_type},
    TypedList{"EQ_source_", Subject::source, Vocabulary::source_destination_type},
    TypedList{"EQ_destination_", Subject::destination, Vocabulary::source_destination_type},
};

constexpr std::array<std::string_view, 6> sensor_numbers{"value",     "minValue", "maxValue",
                                                         "meanValue", "sDev",     "percValue"};

bool take(std::string_view& text, std::string_view start)
{
    if (!text.starts_with(start)) return false;
    text.remove_prefix(start.size());
    return true;
}

bool is_uom(std::string_view text)
{
    return text.size() >= 2 && text.size() <= 4 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

/// In a query string a bare plus stands for a space; the one of an offset is often left so.
std::optional<Instant> time_of(std::string_view text)
{
    auto read = parse_time(text);
    if (!read && text.find(' ') != std::string_view::npos) {
        std::string mended{text};
        std::ranges::replace(mended, ' ', '+');
        read = parse_time(mended);
    }
    if (!read) return std::nullopt;
    return read->at;
}

class Reader {
public:
    explicit Reader(Context const& names) : names_{names} {}

    void read(Parameter const& parameter)
    {
        parameter_ = &parameter;
        if (read_control() || read_fixed() || read_typed() || read_numbers() || read_attribute() || read_field())
            return;
        fault("epcis.query.unknown", {parameter.name});
    }

    Result<Query> finish()
    {
        if (query_.event_count_limit > 0 && query_.order == Order::any)
            faults_.push_back({"eventCountLimit", "epcis.query.limit_without_order", {}});
        if (query_.event_count_limit > 0 && query_.max_event_count > 0)
            faults_.push_back({"maxEventCount", "epcis.query.two_limits", {}});
        if (!faults_.empty()) {
            auto error = invalid("epcis.query.invalid");
            error.fields = std::move(faults_);
            return error;
        }
        if (query_.per_page == 0) query_.per_page = limits::query_page_default;
        query_.per_page = std::min(query_.per_page, limits::query_page_max);
        return std::move(query_);
    }

private:
    void fault(std::string key, std::vector<std::string> values = {})
    {
        faults_.push_back({parameter_->name, std::move(key), std::move(values)});
    }
    void wrong_value(std::string const& text) { fault("epcis.query.value", {parameter_->name, text}); }

    /// The only value there may be; nullptr when there is none or more, which is a fault.
    std::string const* single()
    {
        if (parameter_->values.size() == 1 && !parameter_->values.front().empty()) return &parameter_->values.front();
        fault(parameter_->values.size() > 1 ? "epcis.query.once" : "epcis.query.empty", {parameter_->name});
        return nullptr;
    }

    std::int64_t count()
    {
        auto const* const text = single();
        if (text == nullptr) return 0;
        std::int64_t value = 0;
        auto const read = std::from_chars(text->data(), text->data() + text->size(), value);
        if (read.ec == std::errc{} && read.ptr == text->data() + text->size() && value > 0) return value;
        wrong_value(*text);
        return 0;
    }

    bool read_control()
    {
        auto const& name = parameter_->name;
        if (name == "perPage") {
            query_.per_page = count();
        } else if (name == "nextPageToken") {
            if (auto const* const text = single()) query_.next_page_token = *text;
        } else if (name == "eventCountLimit") {
            query_.event_count_limit = count();
        } else if (name == "maxEventCount") {
            query_.max_event_count = count();
        } else if (name == "orderBy") {
            read_order();
        } else if (name == "orderDirection") {
            auto const* const text = single();
            if (text != nullptr && *text != "ASC" && *text != "DESC") wrong_value(*text);
            query_.ascending = text != nullptr && *text == "ASC";
        } else {
            return false;
        }
        return true;
    }

    void read_order()
    {
        auto const* const text = single();
        if (text == nullptr) return;
        if (*text == "eventTime") {
            query_.order = Order::event_time;
        } else if (*text == "recordTime") {
            query_.order = Order::record_time;
        } else if (auto const name = field_name(*text)) {
            query_.order = Order::field;
            query_.order_field = *name;
        } else {
            wrong_value(*text);
        }
    }

    bool read_fixed()
    {
        auto const* const known = std::ranges::find(fixed_parameters, parameter_->name, &Fixed::name);
        if (known == fixed_parameters.end()) return false;
        Condition condition;
        condition.subject = known->subject;
        condition.compare = known->compare;
        if (read_values(condition, *known)) add(std::move(condition));
        return true;
    }

    /// False when there is no condition to keep: a fault, or EXISTS_ with "false", which asks for nothing.
    bool read_values(Condition& condition, Fixed const& known)
    {
        if (known.takes == Takes::flag) return read_flag();
        if (known.takes == Takes::time) return read_time(condition);
        if (known.takes == Takes::boolean) return read_boolean(condition);
        if (!has_values()) return false;
        auto const before = faults_.size();
        for (auto const& value : parameter_->values) read_text(condition, known, value);
        return faults_.size() == before;
    }

    bool has_values()
    {
        auto const& values = parameter_->values;
        if (!values.empty() && std::ranges::none_of(values, &std::string::empty)) return true;
        fault("epcis.query.empty", {parameter_->name});
        return false;
    }

    void read_text(Condition& condition, Fixed const& known, std::string const& value)
    {
        switch (known.takes) {
        case Takes::event_types:
            if (!event_type_of(value) && !is_uri(value)) return wrong_value(value);
            break;
        case Takes::actions:
            if (value != "ADD" && value != "OBSERVE" && value != "DELETE") return wrong_value(value);
            break;
        case Takes::words:
            if (!recognise(known.vocabulary, value) && !is_uri(value)) return wrong_value(value);
            condition.texts.push_back(canonical_word(known.vocabulary, value));
            return;
        case Takes::identifiers:
            if (!is_uri(value)) return fault("epcis.query.uri", {value});
            condition.texts.push_back(canonical_identifier(value));
            return;
        case Takes::patterns:
            if (auto pattern = EpcPattern::read(value))
                condition.patterns.push_back(*std::move(pattern));
            else
                fault(pattern.error().key, pattern.error().values);
            return;
        default:
            break;
        }
        condition.texts.push_back(value);
    }

    bool read_flag()
    {
        if (parameter_->values.empty()) return true;
        auto const* const text = parameter_->values.size() == 1 ? &parameter_->values.front() : single();
        if (text == nullptr) return false;
        if (*text == "false" || *text == "0") return false;
        if (text->empty() || *text == "true" || read_number(*text)) return true;
        wrong_value(*text);
        return false;
    }

    bool read_boolean(Condition& condition)
    {
        auto const* const text = single();
        if (text == nullptr) return false;
        if (*text != "true" && *text != "false") {
            wrong_value(*text);
            return false;
        }
        condition.texts.push_back(*text);
        return true;
    }

    bool read_time(Condition& condition)
    {
        auto const* const text = single();
        if (text == nullptr) return false;
        condition.time = time_of(*text);
        if (!condition.time) fault("epcis.query.time", {*text});
        return condition.time.has_value();
    }

    bool read_number_list(Condition& condition)
    {
        if (!has_values()) return false;
        if (condition.compare != Compare::equal && parameter_->values.size() > 1) return single() != nullptr;
        for (auto const& value : parameter_->values) {
            if (auto const number = read_number(value))
                condition.numbers.push_back(*number);
            else
                fault("epcis.query.number", {value});
        }
        return condition.numbers.size() == parameter_->values.size();
    }

    bool read_typed()
    {
        for (auto const& list : typed_lists) {
            std::string_view type = parameter_->name;
            if (!take(type, list.start) || type.empty()) continue;
            Condition condition;
            condition.subject = list.subject;
            condition.name = canonical_word(list.vocabulary, type);
            Fixed const form{{}, list.subject, Compare::equal, Takes::identifiers, Vocabulary::biz_step};
            if (read_values(condition, form)) add(std::move(condition));
            return true;
        }
        return false;
    }

    /// Quantities and what sensors report: EQ_quantity, GE_quantity_KGM, LT_maxValue_CEL, GT_percRank.
    bool read_numbers()
    {
        std::string_view rest = parameter_->name;
        auto const* const compare =
            std::ranges::find_if(compares, [&](Prefix const& prefix) { return rest.starts_with(prefix.text); });
        if (compare == compares.end() || compare->compare == Compare::exists) return false;
        rest.remove_prefix(compare->text.size());
        Condition condition;
        condition.compare = compare->compare;
        auto const line = rest.find('_');
        auto const name = rest.substr(0, line);
        bool const has_unit = line != std::string_view::npos;
        if (name == "quantity")
            condition.subject = Subject::quantity;
        else if (std::ranges::find(sensor_numbers, name) != sensor_numbers.end() ? has_unit : rest == "percRank")
            condition.subject = Subject::sensor_number;
        else
            return false;
        condition.name = name;
        if (has_unit) condition.uom = rest.substr(line + 1);
        if (has_unit && !is_uom(condition.uom)) return false;
        if (read_number_list(condition)) add(std::move(condition));
        return true;
    }

    bool read_attribute()
    {
        std::string_view rest = parameter_->name;
        Condition condition;
        if (take(rest, "HASATTR_")) {
            condition.subject = Subject::has_attribute;
        } else if (take(rest, "EQATTR_") || take(rest, "EQ_ATTR_")) {
            condition.subject = Subject::attribute;
            auto const line = rest.rfind('_');
            if (line == std::string_view::npos || line + 1 == rest.size()) return false;
            condition.attribute = rest.substr(line + 1);
            rest = rest.substr(0, line);
        } else {
            return false;
        }
        if (rest.empty()) return false;
        condition.name = rest;
        Fixed const form{{}, condition.subject, Compare::equal, Takes::texts, Vocabulary::biz_step};
        if (read_values(condition, form)) add(std::move(condition));
        return true;
    }

    /// Fields of somebody's own: EQ_ex:grade, GT_INNER_ILMD_ex:weight, EXISTS_https://ns.example/grade.
    bool read_field()
    {
        std::string_view rest = parameter_->name;
        auto const* const compare = std::ranges::find_if(compares, [&](Prefix const& p) { return take(rest, p.text); });
        if (compare == compares.end()) return false;
        Condition condition;
        condition.subject = Subject::field;
        condition.compare = compare->compare;
        condition.inner = take(rest, "INNER_");
        for (auto const& section : sections) {
            if (!take(rest, section.text)) continue;
            condition.section = section.section;
            break;
        }
        if (rest.find(':') == std::string_view::npos && rest.find('#') == std::string_view::npos) return false;
        auto const name = field_name(rest);
        if (!name) {
            fault("epcis.query.prefix", {std::string{rest.substr(0, rest.find(':'))}, parameter_->name});
            return true;
        }
        condition.name = *name;
        if (read_field_values(condition)) add(std::move(condition));
        return true;
    }

    std::optional<std::string> field_name(std::string_view text) const
    {
        auto const name = names_.expand(text);
        if (!name || name->name_space.empty() || name->local.empty()) return std::nullopt;
        return canonical_field(*name);
    }

    bool read_field_values(Condition& condition)
    {
        if (condition.compare == Compare::exists) return read_flag();
        if (condition.compare == Compare::equal) {
            if (!has_values()) return false;
            for (auto const& value : parameter_->values) condition.texts.push_back(canonical_value(value));
            return true;
        }
        auto const* const text = single();
        if (text == nullptr) return false;
        if (auto const number = read_number(*text))
            condition.numbers.push_back(*number);
        else if (condition.time = time_of(*text); !condition.time)
            fault("epcis.query.number", {*text});
        return !condition.numbers.empty() || condition.time;
    }

    void add(Condition condition) { query_.conditions.push_back(std::move(condition)); }

    Context const& names_;
    Parameter const* parameter_ = nullptr;
    Query query_ = {};
    std::vector<FieldError> faults_ = {};
};

/// Equal for queries that ask the same, in whatever order and page.
std::string canonical_text(std::span<Parameter const> parameters)
{
    std::vector<std::string> lines;
    for (auto const& parameter : parameters) {
        if (parameter.name == "perPage" || parameter.name == "nextPageToken") continue;
        auto values = parameter.values;
        std::ranges::sort(values);
        auto line = parameter.name;
        for (auto const& value : values) line.append("\x1f").append(value);
        lines.push_back(std::move(line));
    }
    std::ranges::sort(lines);
    std::string out;
    for (auto const& line : lines) out.append(line).append("\n");
    return out;
}

} // namespace

Result<Query> read_query(std::span<Parameter const> parameters, Context const& names)
{
    Reader reader{names};
    for (auto const& parameter : parameters) reader.read(parameter);
    auto query = reader.finish();
    if (query) query->text = canonical_text(parameters);
    return query;
}

} // namespace nguon::epcis
