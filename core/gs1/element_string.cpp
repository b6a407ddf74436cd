#include "core/gs1/element_string.hpp"

#include "core/fold.hpp"
#include "core/gs1/ai_table.hpp"
#include "core/gs1/check_digit.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

constexpr std::size_t text_bytes_max = 8 * 1024;

bool is_separator(char c) { return c == group_separator || c == '^'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

Fault syntax_fault(std::size_t position)
{
    return {"gs1.syntax", "", position, "syntax", {std::to_string(position + 1)}};
}

/// True when the text can be read at all; otherwise says why.
bool has_usable_size(std::string_view text, std::vector<Fault>& faults)
{
    if (text.empty()) faults.push_back({"gs1.no_data", "", 0, "syntax", {}});
    if (text.size() > text_bytes_max) {
        faults.push_back({"code.too_long", "", 0, "syntax", {std::to_string(text_bytes_max)}});
    }
    return faults.empty();
}

/// The characters that would make the broken part right, where they can be known.
std::string right_characters(Rule rule, std::string_view part)
{
    if (rule == Rule::check_digit && part.size() > 1) return {check_digit(part.substr(0, part.size() - 1))};
    if (rule == Rule::check_pair && part.size() > 2) return check_pair(part.substr(0, part.size() - 2));
    return {};
}

std::vector<std::string> fault_values(AiEntry const& entry, AiValue const& element, ValueFault const& fault)
{
    auto const part = std::string_view{element.value}.substr(fault.offset, fault.length);
    std::vector<std::string> values = {element.ai, excerpt(element.value, ai_value_chars_max)};
    switch (fault.rule) {
    case Rule::too_short:
        values.push_back(std::to_string(entry.length_min()));
        break;
    case Rule::too_long:
        values.push_back(std::to_string(entry.length_max()));
        break;
    case Rule::characters:
        values.push_back(excerpt(first_char(std::string_view{element.value}.substr(fault.offset))));
        break;
    default:
        values.push_back(excerpt(part));
        values.push_back(right_characters(fault.rule, part));
        break;
    }
    return values;
}

void check_repeated(std::span<AiValue const> elements, std::vector<Fault>& faults)
{
    for (std::size_t i = 1; i < elements.size(); ++i) {
        auto const* const first = find_value(elements.first(i), elements[i].ai);
        if (first == nullptr || *first == elements[i].value) continue;
        faults.push_back({"gs1.repeated", elements[i].ai, 0, "repeated", {elements[i].ai}});
    }
}

/// An AI in brackets and what follows it, as they stand in the text.
struct Bracketed {
    AiValue element;
    std::size_t value_at = 0;
    std::size_t end = 0;
};

/// Where the next AI in brackets starts at or behind `from`; the size of the text when there is none.
std::size_t next_bracket(std::string_view text, std::size_t from)
{
    for (auto i = from; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '(')
            return i;
    }
    return text.size();
}

/// Reads "(ai)value" at `at`; false when no AI of two to four digits stands there in brackets.
bool take_bracketed(std::string_view text, std::size_t at, Bracketed& out)
{
    auto const close = text.find(')', at);
    if (text[at] != '(' || close == std::string_view::npos) return false;
    auto const ai = text.substr(at + 1, close - at - 1);
    if (ai.size() < 2 || ai.size() > 4 || !all_digits(ai)) return false;
    out.value_at = close + 1;
    out.end = next_bracket(text, out.value_at);
    out.element = {std::string{ai}, {}};
    for (auto i = out.value_at; i < out.end; ++i) {
        if (text[i] == '\\' && i + 1 < out.end && text[i + 1] == '(') ++i;
        out.element.value += text[i];
    }
    return true;
}

/// Checks an element of bracketed text; every "(" of its value was written with one character more.
void check_bracketed(Bracketed const& read, std::vector<Fault>& faults)
{
    auto const before = faults.size();
    check_element(read.element, read.value_at, faults);
    for (auto i = before; i < faults.size(); ++i) {
        auto const offset = std::min(faults[i].position - read.value_at, read.element.value.size());
        auto const& value = read.element.value;
        faults[i].position += static_cast<std::size_t>(
            std::count(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(offset), '('));
    }
}

/// The end of the value that starts at `at`: the table of predefined lengths decides, else the next separator.
std::size_t value_end(std::string_view text, std::string_view ai, std::size_t at)
{
    auto const separator = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_separator);
    auto const end = static_cast<std::size_t>(separator - text.begin());
    auto const fixed = predefined_length(ai);
    return fixed == 0 ? end : std::min(end, at + fixed - ai.size());
}

/// The elements from `at` to the end of `text`, with their faults.
void read_elements(std::string_view text, std::size_t at, Reading& reading)
{
    while (at < text.size()) {
        auto const length = ai_length(text.substr(at));
        if (length == 0) {
            reading.faults.push_back(syntax_fault(at));
            auto const next = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_separator);
            at = static_cast<std::size_t>(next - text.begin()) + 1;
            continue;
        }
        auto const ai = text.substr(at, length);
        auto const value_at = at + length;
        at = value_end(text, ai, value_at);
        reading.elements.push_back({std::string{ai}, std::string{text.substr(value_at, at - value_at)}});
        check_element(reading.elements.back(), value_at, reading.faults);
        if (at < text.size() && is_separator(text[at])) ++at;
    }
    check_repeated(reading.elements, reading.faults);
}

/// The digits of an EAN, UPC or ITF-14 symbol as (01).
Reading read_number(std::string_view digits, std::size_t position)
{
    Reading reading;
    auto const gtin = read_gtin(digits);
    if (gtin)
        reading.elements.push_back({"01", *gtin});
    else
        reading.faults.push_back({gtin.error().key, "01", position, "csum", gtin.error().values});
    return reading;
}

/// EAN and UPC: digits, perhaps an add-on of two or five digits, perhaps a composite component behind "|".
Reading read_retail(std::string_view text, std::string_view identifier)
{
    constexpr std::size_t at = 3;
    auto const bar = text.find('|');
    auto number = text.substr(at, bar == std::string_view::npos ? bar : bar - at);
    if (identifier == "]E3") number = number.substr(0, number.find(' ') == 12 ? 12 : 13);
    // Eight digits of ]E0 are UPC-E, whose zeros are suppressed; those of ]E4 are EAN-8, a number of its own.
    auto const upc = identifier == "]E4" ? std::string{} : upc_e_to_upc_a(number);
    auto reading = read_number(upc.empty() ? number : std::string_view{upc}, at);
    if (bar == std::string_view::npos) return reading;
    auto const composite = text.substr(bar + 1);
    if (!composite.starts_with("]e0") && !composite.starts_with("]e1")) {
        reading.faults.push_back(syntax_fault(bar));
        return reading;
    }
    read_elements(text, bar + 1 + at, reading);
    return reading;
}

} // namespace

Reading read_bracketed(std::string_view text)
{
    Reading reading;
    if (!has_usable_size(text, reading.faults)) return reading;
    Bracketed read;
    for (std::size_t at = 0; at < text.size();) {
        if (!take_bracketed(text, at, read)) {
            reading.faults.push_back(syntax_fault(at));
            at = next_bracket(text, at + 1);
            continue;
        }
        check_bracketed(read, reading.faults);
        reading.elements.push_back(std::move(read.element));
        at = read.end;
    }
    check_repeated(reading.elements, reading.faults);
    return reading;
}

Reading read_element_string(std::string_view text)
{
    Reading reading;
    if (!has_usable_size(text, reading.faults)) return reading;
    std::size_t const start = is_separator(text.front()) ? 1 : 0;
    if (start == text.size()) reading.faults.push_back({"gs1.no_data", "", start, "syntax", {}});
    read_elements(text, start, reading);
    return reading;
}

Reading read_scan_data(std::string_view text)
{
    Reading reading;
    if (!has_usable_size(text, reading.faults)) return reading;
    auto const identifier = text.substr(0, 3);
    auto const is_one_of = [identifier](std::initializer_list<std::string_view> list) {
        return std::find(list.begin(), list.end(), identifier) != list.end();
    };
    if (is_one_of({"]C1", "]e0", "]e1", "]e2", "]d2", "]d5", "]d8", "]Q3", "]Q5", "]J1"})) {
        constexpr std::size_t identifier_bytes = 3;
        std::size_t start = identifier_bytes;
        if (start < text.size() && is_separator(text[start])) ++start;
        if (start == text.size()) reading.faults.push_back({"gs1.no_data", "", start, "syntax", {}});
        read_elements(text, start, reading);
        return reading;
    }
    if (is_one_of({"]E0", "]E3", "]E4"})) return read_retail(text, identifier);
    if (identifier == "]I1") return read_number(text.substr(3), 3);
    bool const plain = is_one_of({"]C0", "]d1", "]Q1", "]J0", "]I0", "]A0"});
    reading.faults.push_back(
        {plain ? "gs1.symbology_plain" : "gs1.symbology_unknown", "", 0, "symbology", {excerpt(identifier)}});
    return reading;
}

void check_element(AiValue const& element, std::size_t position, std::vector<Fault>& faults)
{
    auto const* const entry = find_ai(element.ai);
    if (entry == nullptr) {
        auto const ai_at = position - std::min(position, element.ai.size());
        faults.push_back({"gs1.ai_unknown", element.ai, ai_at, "ai", {excerpt(element.ai)}});
        return;
    }
    auto const found = check_value(*entry, element.value);
    for (auto const& fault : found.all()) {
        faults.push_back({std::string{rule_key(fault.rule)}, element.ai, position + fault.offset,
                          std::string{rule_name(fault.rule)}, fault_values(*entry, element, fault)});
    }
}

std::vector<Fault> check_elements(std::span<AiValue const> elements)
{
    std::vector<Fault> faults;
    for (auto const& element : elements) check_element(element, 0, faults);
    check_repeated(elements, faults);
    return faults;
}

std::string to_bracketed(std::span<AiValue const> elements)
{
    std::string out;
    for (auto const& [ai, value] : elements) {
        out.append("(").append(ai).append(")");
        for (char const c : value) {
            if (c == '(') out += '\\';
            out += c;
        }
    }
    return out;
}

std::string to_element_string(std::span<AiValue const> elements, char separator)
{
    std::string out(1, separator);
    for (std::size_t i = 0; i < elements.size(); ++i) {
        out.append(elements[i].ai).append(elements[i].value);
        if (i + 1 < elements.size() && predefined_length(elements[i].ai) == 0) out += separator;
    }
    return out;
}

} // namespace nguon::gs1
