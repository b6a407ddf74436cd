#include "core/epcis/event_hash.hpp"

#include "core/bytes.hpp"
#include "core/epcis/vocabulary.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/epc_uri.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace nguon::epcis {
namespace {

using nlohmann::json;

constexpr std::string_view spaces = " \t\r\n\f\v";
constexpr long exponent_max = 400; // a 64-bit float goes to 1e308; more would only make long texts

std::string_view trim(std::string_view text)
{
    auto const first = text.find_first_not_of(spaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text)
{
    auto const count = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    auto const digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

struct Number {
    bool negative = false;
    std::string digits = {}; // without point
    long point = 0;          // how many of them stand before it; may lie outside
};

std::optional<Number> read_number(std::string_view text)
{
    Number number;
    if (text.starts_with('-') || text.starts_with('+')) {
        number.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    number.digits = take_digits(text);
    number.point = static_cast<long>(number.digits.size());
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        number.digits += take_digits(text);
    }
    if (number.digits.empty()) return std::nullopt;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+')) text.remove_prefix(1);
        long exponent = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (read.ec != std::errc{} || exponent > exponent_max || exponent < -exponent_max) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
        number.point += exponent;
    }
    if (!text.empty()) return std::nullopt;
    return number;
}

std::string write_number(Number number)
{
    auto const zeros = std::min(number.digits.find_first_not_of('0'), number.digits.size());
    number.digits.erase(0, zeros);
    number.point -= static_cast<long>(zeros);
    number.digits.erase(number.digits.find_last_not_of('0') + 1);
    if (number.digits.empty()) return "0";

    std::string out = number.negative ? "-" : "";
    auto const size = static_cast<long>(number.digits.size());
    if (number.point <= 0)
        return out + "0." + std::string(static_cast<std::size_t>(-number.point), '0') + number.digits;
    if (number.point >= size)
        return out + number.digits + std::string(static_cast<std::size_t>(number.point - size), '0');
    auto const point = static_cast<std::size_t>(number.point);
    return out + number.digits.substr(0, point) + "." + number.digits.substr(point);
}

/// UTC with three decimals, half up at the fourth.
std::string canonical_time(Instant at)
{
    using namespace std::chrono;
    return to_iso(Instant{floor<milliseconds>(at + microseconds{500})});
}

struct ShortName {
    std::string_view name;
    std::string_view ai;
};

constexpr std::array short_names{
    ShortName{"gtin", "01"},   ShortName{"itip", "8006"},  ShortName{"cpid", "8010"}, ShortName{"gln", "414"},
    ShortName{"party", "417"}, ShortName{"gsrnp", "8017"}, ShortName{"gsrn", "8018"}, ShortName{"gcn", "255"},
    ShortName{"sscc", "00"},   ShortName{"gdti", "253"},   ShortName{"ginc", "401"},  ShortName{"gsin", "402"},
    ShortName{"grai", "8003"}, ShortName{"giai", "8004"},  ShortName{"cpv", "22"},    ShortName{"lot", "10"},
    ShortName{"ser", "21"},
};

std::vector<std::string_view> split(std::string_view text, char mark)
{
    std::vector<std::string_view> parts;
    while (true) {
        auto const at = text.find(mark);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

/// The path in today's spelling: short names become AIs, a GTIN of 8, 12 or 13 digits gets its zeros.
std::string modern_link(std::string_view uri)
{
    constexpr std::size_t host = 2; // of "https:", "", "host"
    auto parts = split(uri.substr(0, uri.find_first_of("?#")), '/');
    std::string out{parts.front()};
    for (std::size_t i = 1; i < parts.size(); ++i) {
        // Names and values take turns up to the end; a value may read like a name.
        bool const is_name = i > host && (parts.size() - i) % 2 == 0;
        auto const known = std::ranges::find(short_names, parts[i], &ShortName::name);
        if (is_name && known != short_names.end()) parts[i] = known->ai;
        auto const size = parts[i].size();
        bool const short_gtin = !is_name && parts[i - 1] == "01" && (size == 8 || size == 12 || size == 13) &&
                                std::ranges::all_of(parts[i], is_digit);
        out.append("/").append(short_gtin ? 14 - size : 0, '0').append(parts[i]);
    }
    return out;
}

/// The characters that EPC URNs leave alone stay as they are; the published vectors have them so.
std::string escape_value(std::string_view value)
{
    constexpr std::string_view left_alone = "!'()*+,:;=-._~";
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (char const c : value) {
        bool const plain = is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           left_alone.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out.append({'%', hex[byte >> 4U], hex[byte & 15U]});
    }
    return out;
}

/// Key and finest qualifier; a variant (AI 22) does not make a thing another one.
std::string constrained_link(std::span<gs1::AiValue const> path)
{
    std::string out{gs1::canonical_base};
    out.append("/").append(path.front().ai).append("/").append(escape_value(path.front().value));
    auto const& finest = path.back();
    if (path.size() > 1 && finest.ai != "22")
        out.append("/").append(finest.ai).append("/").append(escape_value(finest.value));
    return out;
}

/// A wrong check digit or a character too many does not keep a link from being one; a wrong path does.
bool is_link_fault(gs1::Fault const& fault) { return fault.key.starts_with("link."); }

/// The members of a sensor element in the order of the standard.
constexpr std::array<std::string_view, 8> metadata_order{
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"};
constexpr std::array<std::string_view, 23> report_order{"type",
                                                        "exception",
                                                        "deviceID",
                                                        "deviceMetadata",
                                                        "rawData",
                                                        "dataProcessingMethod",
                                                        "time",
                                                        "microorganism",
                                                        "chemicalSubstance",
                                                        "value",
                                                        "component",
                                                        "stringValue",
                                                        "booleanValue",
                                                        "hexBinaryValue",
                                                        "uriValue",
                                                        "minValue",
                                                        "maxValue",
                                                        "meanValue",
                                                        "sDev",
                                                        "percRank",
                                                        "percValue",
                                                        "uom",
                                                        "coordinateReferenceSystem"};

std::string join_sorted(std::vector<std::string>& parts)
{
    std::ranges::sort(parts);
    std::string out;
    for (auto const& part : parts) out += part;
    return out;
}

class PreHash {
public:
    PreHash(Event const& event, HashVersion version)
        : event_{event}, context_{event.context ? *event.context : standard_names()}, inline_{version ==
                                                                                              HashVersion::cbv_2_1}
    {
    }

    std::string text()
    {
        out_.reserve(2048);
        out_.append("eventType=").append(name_of(event_.type));
        out_.append("eventTime=").append(canonical_time(event_.event_time.at));
        out_.append("eventTimeZoneOffset=").append(event_.offset_text);
        put_things();
        put("action", name_of(event_.action));
        put("transformationID", event_.transformation_id);
        put_word("bizStep", Vocabulary::biz_step, event_.biz_step);
        put_word("disposition", Vocabulary::disposition, event_.disposition);
        put_persistent_disposition();
        put_place("readPoint", event_.read_point);
        put_place("bizLocation", event_.biz_location);
        put_typed("bizTransactionList", "bizTransaction", Vocabulary::transaction_type, event_.biz_transaction_list);
        put_typed("sourceList", "source", Vocabulary::source_destination_type, event_.source_list);
        put_typed("destinationList", "destination", Vocabulary::source_destination_type, event_.destination_list);
        put_sensors();
        if (!event_.ilmd.empty()) out_.append("ilmd").append(members(event_.ilmd));
        if (!inline_) put_field_extensions();
        out_ += members(event_.extensions);
        return std::move(out_);
    }

private:
    static Context const& standard_names()
    {
        static Context const names;
        return names;
    }

    std::string value(std::string_view text) const
    {
        text = trim(text);
        if (auto web_uri = web_uri_of_urn(text)) return *std::move(web_uri);
        for (std::string_view const prefix : {"cbv", "gs1", "epcis"}) {
            if (text.starts_with(prefix) && text.substr(prefix.size()).starts_with(':')) {
                if (auto const name_space = context_.find_prefix(prefix))
                    return std::string{*name_space}.append(text.substr(prefix.size() + 1));
            }
        }
        if (auto const number = read_number(text)) return write_number(*number);
        return canonical_identifier(text);
    }

    std::string word(Vocabulary vocabulary, std::string_view text) const
    {
        auto const known = recognise(vocabulary, trim(text));
        return known ? spell(vocabulary, known->bare, Spelling::web_uri) : value(text);
    }

    void put(std::string_view name, std::string_view text)
    {
        if (auto const written = value(text); !written.empty()) out_.append(name).append("=").append(written);
    }

    void put_word(std::string_view name, Vocabulary vocabulary, std::string_view text)
    {
        if (!text.empty()) out_.append(name).append("=").append(word(vocabulary, text));
    }

    void put_epcs(std::string_view name, std::vector<std::string> const& list)
    {
        if (list.empty()) return;
        std::vector<std::string> parts;
        parts.reserve(list.size());
        for (auto const& epc : list) parts.push_back("epc=" + value(epc));
        out_.append(name).append(join_sorted(parts));
    }

    void put_quantities(std::string_view name, std::vector<Quantity> const& list)
    {
        if (list.empty()) return;
        std::vector<std::string> parts;
        for (auto const& quantity : list) {
            auto part = "quantityElementepcClass=" + value(quantity.epc_class);
            if (quantity.quantity) part += "quantity=" + canonical_number(quantity.quantity->text);
            if (!quantity.uom.empty()) part += "uom=" + value(quantity.uom);
            parts.push_back(std::move(part));
        }
        out_.append(name).append(join_sorted(parts));
    }

    void put_things()
    {
        put_epcs("epcList", event_.epc_list);
        put("parentID", event_.parent_id);
        put_epcs("inputEPCList", event_.input_epc_list);
        put_epcs("childEPCs", event_.child_epcs);
        put_quantities("quantityList", event_.quantity_list);
        put_quantities("childQuantityList", event_.child_quantity_list);
        put_quantities("inputQuantityList", event_.input_quantity_list);
        put_epcs("outputEPCList", event_.output_epc_list);
        put_quantities("outputQuantityList", event_.output_quantity_list);
    }

    void put_persistent_disposition()
    {
        auto const& both = event_.persistent_disposition;
        if (both.empty()) return;
        out_ += "persistentDisposition";
        for (auto const& [name, list] : {std::pair{"set=", &both.set}, std::pair{"unset=", &both.unset}}) {
            std::vector<std::string> parts;
            for (auto const& text : *list) parts.push_back(name + word(Vocabulary::disposition, text));
            out_ += join_sorted(parts);
        }
    }

    void put_place(std::string_view name, Place const& place)
    {
        if (place.id.empty()) return;
        out_.append(name).append("id=").append(value(place.id));
        if (inline_) out_ += members(place.extensions);
    }

    void put_typed(std::string_view name, std::string_view id_name, Vocabulary vocabulary,
                   std::vector<TypedId> const& list)
    {
        if (list.empty()) return;
        std::vector<std::string> parts;
        for (auto const& id : list) {
            std::string part;
            if (!id.type.empty()) part += "type=" + word(vocabulary, id.type);
            parts.push_back(part.append(id_name).append("=").append(value(id.id)));
        }
        out_.append(name).append(join_sorted(parts));
    }

    /// The standard's members of sensorMetadata or one sensorReport, in the order given.
    std::string sensor_members(json const& object, std::span<std::string_view const> names) const
    {
        std::string out;
        for (auto const name : names) {
            auto const found = object.find(name);
            if (found == object.end()) continue;
            auto const text = scalar(*found);
            if (text.empty()) continue;
            out.append(name).append("=");
            bool const is_time = name == "time" || name == "startTime" || name == "endTime";
            auto const time = is_time ? parse_time(text) : Result<OffsetTime>{};
            if (time)
                out += canonical_time(time->at);
            else if (name == "type")
                out += word(Vocabulary::measurement, text);
            else if (name == "exception")
                out += word(Vocabulary::sensor_alert, text);
            else if (name == "component")
                out += word(Vocabulary::component, text);
            else
                out += value(text);
        }
        return out;
    }

    std::string sensor_element(json const& element) const
    {
        std::string out;
        if (auto const metadata = element.find("sensorMetadata"); metadata != element.end() && metadata->is_object()) {
            auto text = sensor_members(*metadata, metadata_order);
            if (inline_) text += members(extensions_of(*metadata));
            if (!text.empty()) out.append("sensorMetadata").append(text);
        }
        std::vector<std::string> reports;
        for (auto const& report : element.value("sensorReport", json::array())) {
            if (!report.is_object()) continue;
            auto text = sensor_members(report, report_order);
            if (inline_) text += members(extensions_of(report));
            if (!text.empty()) reports.push_back("sensorReport" + text);
        }
        out += join_sorted(reports);
        if (inline_) out += members(extensions_of(element));
        return out;
    }

    void put_sensors()
    {
        std::vector<std::string> parts;
        for (auto const& element : event_.sensor_element_list) {
            if (!element.is_object()) continue;
            if (auto text = sensor_element(element); !text.empty()) parts.push_back("sensorElement" + text);
        }
        if (parts.empty()) return;
        if (inline_) out_ += "sensorElementList";
        out_ += join_sorted(parts);
    }

    /// CBV 2.0: members of others inside standard fields, behind the name of the field.
    void put_field_extensions()
    {
        for (auto const& [name, place] :
             {std::pair{"readPoint", &event_.read_point}, std::pair{"bizLocation", &event_.biz_location}}) {
            if (auto const text = members(place->extensions); !text.empty()) out_.append(name).append(text);
        }
        std::vector<std::string> parts;
        for (auto const& element : event_.sensor_element_list) {
            if (!element.is_object()) continue;
            auto text = nested_extensions("sensorMetadata", element.value("sensorMetadata", json::object()));
            std::vector<std::string> reports;
            for (auto const& report : element.value("sensorReport", json::array()))
                reports.push_back(nested_extensions("sensorReport", report));
            text += join_sorted(reports) + members(extensions_of(element));
            if (!text.empty()) parts.push_back("sensorElement" + text);
        }
        out_ += join_sorted(parts);
    }

    std::string nested_extensions(std::string_view name, json const& object) const
    {
        auto const text = members(extensions_of(object));
        return text.empty() ? std::string{} : std::string{name}.append(text);
    }

    /// The members of a sensor element, its metadata or a report that are not the standard's.
    static json extensions_of(json const& object)
    {
        json out = json::object();
        if (!object.is_object()) return out;
        for (auto const& [name, member] : object.items()) {
            bool const own = std::ranges::find(metadata_order, name) != metadata_order.end() ||
                             std::ranges::find(report_order, name) != report_order.end() || name == "sensorMetadata" ||
                             name == "sensorReport";
            if (!own) out[name] = member;
        }
        return out;
    }

    std::string name(std::string_view written) const
    {
        auto const expanded = context_.expand(written);
        if (!expanded || expanded->name_space.empty()) return std::string{written};
        return std::string{"{"}.append(expanded->name_space).append("}").append(expanded->local);
    }

    static std::string scalar(json const& value)
    {
        if (value.is_string()) return value.get<std::string>();
        if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
        return value.is_number() ? canonical_json(value) : std::string{};
    }

    /// All members of an object of others, sorted.
    std::string members(json const& object, std::size_t depth = 0) const
    {
        std::vector<std::string> parts;
        for (auto const& [key, member] : object.items()) {
            if (key != "rdfs:comment" && key != "comment") add_member(parts, name(key), member, depth);
        }
        return join_sorted(parts);
    }

    void add_member(std::vector<std::string>& parts, std::string const& name, json const& member,
                    std::size_t depth) const
    {
        if (depth > limits::json_depth_max) return;
        if (member.is_array()) {
            for (auto const& item : member) add_member(parts, name, item, depth + 1);
        } else if (member.is_object()) {
            parts.push_back(name + members(member, depth + 1));
        } else {
            auto const text = value(scalar(member));
            parts.push_back(text.empty() ? name : name + "=" + text);
        }
    }

    Event const& event_;
    Context const& context_;
    bool inline_;
    std::string out_;
};

} // namespace

std::string canonical_number(std::string_view text)
{
    auto const number = read_number(trim(text));
    return number ? write_number(*number) : std::string{text};
}

std::string canonical_identifier(std::string_view text)
{
    if (gs1::is_epc_uri(text)) {
        auto const read = gs1::read_epc_uri(text);
        return read && !read->empty() ? constrained_link(*read) : std::string{text};
    }
    if (!text.starts_with("http://") && !text.starts_with("https://")) return std::string{text};
    auto const read = gs1::read_digital_link(modern_link(text));
    if (read.link.path_elements == 0 || std::ranges::any_of(read.faults, is_link_fault)) return std::string{text};
    return constrained_link(read.link.path());
}

std::string pre_hash_string(Event const& event, HashVersion version) { return PreHash{event, version}.text(); }

std::string event_hash(Event const& event, HashVersion version)
{
    return "ni:///sha-256;" + sha256_hex(pre_hash_string(event, version)) +
           (version == HashVersion::cbv_2_0 ? "?ver=CBV2.0" : "?ver=CBV2.1");
}

} // namespace nguon::epcis
