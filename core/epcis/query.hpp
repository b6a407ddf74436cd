#pragma once

#include "core/epcis/context.hpp"
#include "core/epcis/epc_pattern.hpp"
#include "core/epcis/event.hpp"
#include "core/epcis/vocabulary.hpp"
#include "core/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// The query language of EPCIS 2.0 (§8.2.7.1): query strings and JSON bodies become one `Query`.
namespace nguon::epcis {

/// What a condition looks at.
enum class Subject {
    event_type,
    action,
    biz_step,
    disposition,
    disposition_set,
    disposition_unset,
    read_point,
    read_point_within,
    biz_location,
    biz_location_within,
    transformation_id,
    event_id,
    error_reason,
    corrective_event_id,
    biz_transaction, // `name`: which type
    source,
    destination,
    epc,
    parent_id,
    input_epc,
    output_epc,
    any_epc,
    epc_class,
    input_epc_class,
    output_epc_class,
    any_epc_class,
    thing,    // anywhere among the things of an event, single ones and classes
    quantity, // `uom`: of which unit, or any
    error_declaration,
    event_time,
    record_time,
    error_time,
    sensor_elements,
    sensor_time,
    sensor_start,
    sensor_end,
    sensor_type,
    device_id,
    data_processing_method,
    microorganism,
    chemical_substance,
    biz_rules,
    string_value,
    hex_binary_value,
    uri_value,
    boolean_value,
    sensor_number, // `name`: "value", "minValue" … "percRank"; `uom`: in which unit
    field,         // `name`: of somebody's own field, `section`: where it stands
    has_attribute, // of master data
    attribute,     // `attribute`
};

enum class Compare { equal, greater, at_least, less, at_most, exists };

/// Where fields of somebody's own stand.
enum class FieldSection {
    event,
    ilmd,
    error_declaration,
    sensor_element,
    sensor_metadata,
    sensor_report,
    read_point,
    biz_location
};

/// One parameter as a condition that events keep. Of `texts`, `numbers`, `times` and `patterns` one fits at least.
struct Condition {
    Subject subject = Subject::event_type;
    Compare compare = Compare::equal;
    std::string name = {};
    std::string attribute = {};
    std::string uom = {};
    FieldSection section = FieldSection::event;
    bool inner = false;                  // below the section's own fields, at any depth
    std::vector<std::string> texts = {}; // in the form of `canonical_value`, words as Web URIs
    std::vector<double> numbers = {};
    std::optional<Instant> time = {};
    std::vector<EpcPattern> patterns = {};
};

enum class Order { any, event_time, record_time, field };

struct Query {
    std::vector<Condition> conditions = {};
    Order order = Order::any;
    std::string order_field = {}; // of `field`, as `canonical_field` has it
    bool ascending = false;
    std::int64_t event_count_limit = 0; // 0: none
    std::int64_t max_event_count = 0;   // 0: none
    std::int64_t per_page = 0;
    std::string next_page_token = {};
    std::string text = {}; // equal for equal queries: what a token belongs to
};

/// A parameter as it came, its values apart.
struct Parameter {
    std::string name = {};
    std::vector<std::string> values = {};
};

/// Takes a query string apart (percent-encoded, without "?"). Values stand between pipes. Where there is a bare pipe,
/// an encoded one is part of a value; where there is none, encoded ones part values too, because most clients encode
/// everything. A parameter that comes several times has all its values. Errors: "epcis.query.text" {name},
/// "epcis.query.too_many" {max}.
Result<std::vector<Parameter>> read_query_string(std::string_view text);

/// The same of a JSON query (members of the "query" of a named query); "@context" is left to the caller.
/// Errors: "epcis.query.object", "epcis.query.value" {name, text}, "epcis.query.too_many" {max}.
Result<std::vector<Parameter>> read_query_body(nlohmann::json const& object);

/// Reads all parameters; prefixes of field names are those of `names`. Both spellings inside the standard are taken
/// (GE_errorDeclaration_Time, EQ_ATTR_). Every fault is in the error's fields with the parameter as pointer:
/// "epcis.query.unknown" {name}, "epcis.query.value" {name, text}, "epcis.query.time" {text}, "epcis.query.number"
/// {text}, "epcis.query.pattern" {text}, "epcis.query.uri" {text}, "epcis.query.prefix" {prefix, name},
/// "epcis.query.empty" {name}, "epcis.query.once" {name}, "epcis.query.limit_without_order", "epcis.query.two_limits".
/// Its key is "epcis.query.invalid".
Result<Query> read_query(std::span<Parameter const> parameters, Context const& names);

/// "prefix=namespace, …" of GS1-Extensions, added to the standard's prefixes. Parts that are no pair name versions of
/// extensions and are skipped. Errors: "epcis.query.too_many" {max}.
Result<Context> read_extensions(std::string_view header);

/// A field's name with its namespace, equal whether the namespace ends in "/", "#" or neither.
std::string canonical_field(ExpandedName const& name);

/// A value of a field as it is compared: identifiers, vocabulary URNs and numbers have one form each.
std::string canonical_value(std::string_view text);

/// A finite number, a sign and an exponent allowed, and nothing else.
std::optional<double> read_number(std::string_view text);

/// A word of a vocabulary as Web URI, an identifier canonical, every other text as it is.
std::string canonical_word(Vocabulary vocabulary, std::string_view text);

} // namespace nguon::epcis
