#include "core/gs1/epc_uri.hpp"

#include "core/fold.hpp"
#include "core/gs1/ai_table.hpp"
#include "core/gs1/check_digit.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"

#include <algorithm>
#include <charconv>

namespace nguon::gs1 {
namespace {

constexpr std::string_view id_head = "urn:epc:id:";
constexpr std::string_view class_head = "urn:epc:class:";
constexpr std::string_view pattern_head = "urn:epc:idpat:";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// How the digits of prefix and reference become the key.
enum class Key {
    indicator_first, // first digit of the reference, prefix, rest of the reference, check digit
    zero_first,      // 0, prefix, reference, check digit
    check_last,      // prefix, reference, check digit
    plain,           // prefix, reference as it is
};

/// One scheme of EPC URIs (TDS 2.1 §6). `digits` counts prefix and reference together; 0 where the reference is text.
struct Scheme {
    std::string_view name;
    std::string_view ai;
    Key key;
    std::size_t digits;
    std::string_view serial_ai;     // where the last part goes; empty when the URI ends with the reference
    bool serial_inside = false;     // the last part is the end of the key's own value
    bool has_pattern = false;       // the same with ".*" names the class
    std::string_view class_ai = {}; // lgtin: the last part names a lot of a class
};

constexpr Scheme schemes[] = {
    {"sgtin", "01", Key::indicator_first, 13, "21", false, true},
    {"upui", "01", Key::indicator_first, 13, "235", false, true},
    {"lgtin", "01", Key::indicator_first, 13, "10", false, false, "10"},
    {"sscc", "00", Key::indicator_first, 17, ""},
    {"sgln", "414", Key::check_last, 12, "254"},
    {"pgln", "417", Key::check_last, 12, ""},
    {"grai", "8003", Key::zero_first, 12, "8003", true, true},
    {"gdti", "253", Key::check_last, 12, "253", true, true},
    {"sgcn", "255", Key::check_last, 12, "255", true, true},
    {"gsrn", "8018", Key::check_last, 17, ""},
    {"gsrnp", "8017", Key::check_last, 17, ""},
    {"gsin", "402", Key::check_last, 16, ""},
    {"giai", "8004", Key::plain, 0, ""},
    {"ginc", "401", Key::plain, 0, ""},
    {"cpi", "8010", Key::plain, 0, "8011", false, true},
    {"itip", "8006", Key::indicator_first, 13, "21", false, true},
};

Error part_error(std::string_view uri, std::string_view part)
{
    return invalid("epc.part", {excerpt(uri, 120), excerpt(part)});
}

/// Cuts at the first `count - 1` dots; a serial may hold dots itself. Fewer parts when there are fewer dots.
std::vector<std::string_view> split_parts(std::string_view text, std::size_t count)
{
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < count) {
        auto const dot = text.find('.');
        if (dot == std::string_view::npos) break;
        parts.push_back(text.substr(0, dot));
        text.remove_prefix(dot + 1);
    }
    parts.push_back(text);
    return parts;
}

std::size_t part_count(Scheme const& scheme)
{
    std::size_t const pieces = scheme.name == "itip" ? 2 : 0;
    return 2 + pieces + (scheme.serial_ai.empty() ? 0 : 1);
}

/// The value of the key from company prefix and reference.
std::string join_key(Scheme const& scheme, std::string_view prefix, std::string_view reference)
{
    std::string key;
    switch (scheme.key) {
    case Key::plain:
        return std::string{prefix} + std::string{reference};
    case Key::indicator_first:
        key = std::string{reference.substr(0, 1)} + std::string{prefix} + std::string{reference.substr(1)};
        break;
    case Key::zero_first:
    case Key::check_last:
        key = std::string{prefix} + std::string{reference};
        break;
    }
    key += check_digit(key);
    return scheme.key == Key::zero_first ? "0" + key : key;
}

bool is_prefix(std::string_view text)
{
    return text.size() >= CompanyPrefixTable::length_min && text.size() <= CompanyPrefixTable::length_max &&
           all_digits(text);
}

/// The elements of the parts behind "urn:epc:…:scheme:".
Result<std::vector<AiValue>> join_elements(std::string_view uri, Scheme const& scheme, bool pattern,
                                           std::vector<std::string_view> const& parts)
{
    auto const prefix = parts[0];
    auto const reference = percent_decode(parts[1]);
    if (!reference) return reference.error();
    if (!is_prefix(prefix)) return part_error(uri, prefix);
    bool const numeric = scheme.digits > 0;
    if (numeric && (prefix.size() + reference->size() != scheme.digits || !all_digits(*reference))) {
        return part_error(uri, parts[1]);
    }
    auto key = join_key(scheme, prefix, *reference);
    if (scheme.name == "itip") key += std::string{parts[2]} + std::string{parts[3]};

    std::vector<AiValue> elements;
    elements.push_back({std::string{scheme.ai}, std::move(key)});
    if (scheme.serial_ai.empty()) return elements;
    if (pattern) return parts.back() == "*" ? Result<std::vector<AiValue>>{elements} : part_error(uri, parts.back());

    auto serial = percent_decode(parts.back());
    if (!serial) return serial.error();
    if (serial->empty()) return part_error(uri, parts.back());
    // TDS §6.3.3: extension 0 of a location stands for the location itself.
    if (scheme.name == "sgln" && *serial == "0") return elements;
    if (scheme.serial_inside)
        elements.back().value += *serial;
    else
        elements.push_back({std::string{scheme.serial_ai}, *std::move(serial)});
    return elements;
}

/// A serial as part of a URN: what the URN syntax or the scheme gives a meaning to is escaped (TDS §6.3.1).
std::string escape_part(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (std::string_view{"\"%&/<>?#"}.find(c) != std::string_view::npos)
            out += percent_encode({&c, 1});
        else
            out += c;
    }
    return out;
}

/// The scheme that names this path, and whether as instance, lot or class.
struct Form {
    Scheme const* scheme = nullptr;
    std::string_view head;
    std::string serial; // as it stands in the URI; empty when the URI ends with the reference
};

Scheme const* find_scheme(std::string_view name)
{
    auto const* const found =
        std::find_if(std::begin(schemes), std::end(schemes), [name](auto const& s) { return s.name == name; });
    return found == std::end(schemes) ? nullptr : found;
}

Form trade_item_form(std::span<AiValue const> path)
{
    if (auto const* const serial = find_value(path, "21")) return {find_scheme("sgtin"), id_head, escape_part(*serial)};
    if (auto const* const tpx = find_value(path, "235")) return {find_scheme("upui"), id_head, escape_part(*tpx)};
    if (find_value(path, "22") != nullptr) return {};
    if (auto const* const lot = find_value(path, "10")) return {find_scheme("lgtin"), class_head, escape_part(*lot)};
    return {find_scheme("sgtin"), pattern_head, "*"};
}

/// Keys whose serial is the end of their own value: `digits` is what comes before it.
Form inside_form(std::string_view name, std::string_view value, std::size_t digits)
{
    if (value.size() == digits) return {find_scheme(name), pattern_head, "*"};
    return {find_scheme(name), id_head, escape_part(value.substr(digits))};
}

Form piece_form(std::span<AiValue const> path)
{
    if (auto const* const serial = find_value(path, "21")) return {find_scheme("itip"), id_head, escape_part(*serial)};
    if (path.size() > 1) return {};
    return {find_scheme("itip"), pattern_head, "*"};
}

Form find_form(std::span<AiValue const> path)
{
    auto const& [ai, value] = path.front();
    bool const alone = path.size() == 1;
    if (ai == "01") return trade_item_form(path);
    if (ai == "8006") return piece_form(path);
    if (ai == "8003") return inside_form("grai", value, 14);
    if (ai == "253") return inside_form("gdti", value, 13);
    if (ai == "255") return inside_form("sgcn", value, 13);
    if (ai == "414") {
        auto const* const extension = find_value(path, "254");
        if (extension == nullptr && !alone) return {};
        return {find_scheme("sgln"), id_head, extension == nullptr ? "0" : escape_part(*extension)};
    }
    if (ai == "8010") {
        auto const* const serial = find_value(path, "8011");
        if (serial == nullptr) return {find_scheme("cpi"), pattern_head, "*"};
        return {find_scheme("cpi"), id_head, escape_part(*serial)};
    }
    if (!alone) return {};
    for (auto const& scheme : schemes) {
        if (scheme.ai == ai) return {&scheme, id_head, {}};
    }
    return {};
}

/// The reference behind the company prefix, as it stands in the URI. `digits`: key without leading zero, piece numbers,
/// check digit and serial.
std::string reference_of(Scheme const& scheme, std::string_view digits, std::size_t prefix_length)
{
    if (scheme.key == Key::plain) return escape_part(digits.substr(prefix_length));
    if (scheme.key != Key::indicator_first) return std::string{digits.substr(prefix_length)};
    return std::string{digits.substr(0, 1)} + std::string{digits.substr(1 + prefix_length)};
}

/// Where the company prefix starts in the value of a key.
std::size_t prefix_at(std::string_view ai) { return ai == "00" || ai == "01" || ai == "8003" || ai == "8006" ? 1 : 0; }

} // namespace

Status CompanyPrefixTable::add(std::string_view leading, std::size_t length)
{
    if (leading.empty() || leading.size() > length_max || !all_digits(leading)) {
        return invalid("prefix.digits", {excerpt(leading)});
    }
    // Decree 37/2026: the prefixes of Viet Nam have 7, 8, 9, 10 or 12 digits with 893 in front.
    bool const vietnamese = leading.starts_with("893");
    bool const given_out =
        vietnamese ? length >= 7 && length <= 12 && length != 11 : length >= length_min && length <= length_max;
    if (!given_out || leading.size() > length) {
        return invalid("prefix.length", {std::string{leading}, std::to_string(length)});
    }
    lengths_.insert_or_assign(std::string{leading}, length);
    return Done{};
}

Result<CompanyPrefixTable> CompanyPrefixTable::parse(std::string_view text)
{
    CompanyPrefixTable table;
    std::vector<FieldError> faults;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        auto const space = std::min(line.find(' '), line.size());
        auto const count = line.substr(std::min(space + 1, line.size()));
        std::size_t length = 0;
        auto const [stop, fault] = std::from_chars(count.data(), count.data() + count.size(), length);
        Status status = invalid("prefix.line", {excerpt(line)});
        if (fault == std::errc{} && stop == count.data() + count.size())
            status = table.add(line.substr(0, space), length);
        if (!status) faults.push_back({std::to_string(number), status.error().key, status.error().values});
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return table;
}

std::optional<std::size_t> CompanyPrefixTable::length_of(std::string_view digits) const
{
    for (auto size = std::min(digits.size(), length_max); size > 0; --size) {
        auto const found = lengths_.find(digits.substr(0, size));
        if (found != lengths_.end()) return found->second;
    }
    return std::nullopt;
}

bool is_epc_uri(std::string_view text)
{
    return text.starts_with(id_head) || text.starts_with(class_head) || text.starts_with(pattern_head);
}

Result<std::vector<AiValue>> read_epc_uri(std::string_view uri)
{
    constexpr std::size_t bytes_max = 512;
    if (uri.size() > bytes_max || !is_epc_uri(uri)) return invalid("epc.syntax", {excerpt(uri, 120)});
    bool const pattern = uri.starts_with(pattern_head);
    bool const is_class = uri.starts_with(class_head);
    auto rest = uri.substr((pattern ? pattern_head : is_class ? class_head : id_head).size());
    auto const colon = rest.find(':');
    if (colon == std::string_view::npos) return invalid("epc.syntax", {excerpt(uri, 120)});
    auto const name = rest.substr(0, colon);
    auto const* const scheme = find_scheme(name);
    bool const fits = scheme != nullptr && (is_class ? !scheme->class_ai.empty() : scheme->class_ai.empty()) &&
                      (!pattern || scheme->has_pattern);
    if (!fits) return invalid("epc.scheme", {excerpt(name)});
    auto const parts = split_parts(rest.substr(colon + 1), part_count(*scheme));
    if (parts.size() != part_count(*scheme)) return invalid("epc.syntax", {excerpt(uri, 120)});
    auto elements = join_elements(uri, *scheme, pattern, parts);
    if (!elements) return elements;
    if (auto const faults = check_elements(*elements); !faults.empty()) return to_error(faults);
    return elements;
}

Result<std::string> epc_to_digital_link(std::string_view uri)
{
    auto const elements = read_epc_uri(uri);
    if (!elements) return elements.error();
    return to_canonical_path(*elements);
}

Result<std::string> to_epc_uri(std::span<AiValue const> path, std::size_t prefix_length)
{
    if (path.empty()) return invalid("epc.no_urn", {""});
    if (auto const faults = check_elements(path); !faults.empty()) return to_error(faults);
    auto const form = find_form(path);
    if (form.scheme == nullptr) return invalid("epc.no_urn", {path.front().ai});
    auto const& scheme = *form.scheme;
    std::string_view digits = path.front().value;
    if (scheme.key == Key::zero_first) digits.remove_prefix(1);
    if (scheme.digits > 0) digits = digits.substr(0, scheme.digits);
    auto const at = scheme.key == Key::indicator_first ? 1U : 0U;
    bool const fits = prefix_length >= CompanyPrefixTable::length_min &&
                      prefix_length <= CompanyPrefixTable::length_max && at + prefix_length <= digits.size() &&
                      all_digits(digits.substr(at, prefix_length));
    if (!fits) return invalid("epc.prefix_length", {std::to_string(prefix_length)});

    std::string out{form.head};
    out.append(scheme.name).append(":").append(digits.substr(at, prefix_length));
    out.append(".").append(reference_of(scheme, digits, prefix_length));
    if (scheme.name == "itip") {
        auto const piece = std::string_view{path.front().value}.substr(14);
        out.append(".").append(piece.substr(0, 2)).append(".").append(piece.substr(2, 2));
    }
    if (!form.serial.empty()) out.append(".").append(form.serial);
    return out;
}

Result<std::string> to_epc_uri(std::span<AiValue const> path, CompanyPrefixTable const& prefixes)
{
    auto const part = company_prefix_part(path);
    auto const length = prefixes.length_of(part);
    if (!length) return invalid("epc.prefix_unknown", {excerpt(part)});
    return to_epc_uri(path, *length);
}

std::string_view company_prefix_part(std::span<AiValue const> path)
{
    if (path.empty()) return {};
    std::string_view const value = path.front().value;
    return value.substr(std::min(prefix_at(path.front().ai), value.size()));
}

} // namespace nguon::gs1
