#include "core/gs1/check_code.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/gs1/link_reader.hpp"

#include <algorithm>
#include <cstring>

namespace nguon::gs1 {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t identifier_bytes = 3;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// True when the text can be read at all; otherwise says why.
bool has_usable_size(std::string_view text, Verdict& verdict)
{
    if (text.empty()) verdict.fault(Rule::no_data, 0);
    if (text.size() > code_bytes_max) verdict.fault(Rule::code_too_long, code_bytes_max);
    return verdict.valid();
}

/// Adds the GTIN of an EAN, UPC or ITF-14 symbol, whose digits as they were read stand at `position`.
void add_gtin(std::string_view digits, std::size_t position, std::size_t length, Verdict& verdict)
{
    if (!all_digits(digits)) return verdict.fault(Rule::gtin_digits, position, length, "01");
    if (!is_gtin_length(digits.size())) return verdict.fault(Rule::gtin_length, position, length, "01");
    char const right = check_digit(digits.substr(0, digits.size() - 1));
    if (digits.back() != right) {
        return verdict.fault(Rule::gtin_check, position, length, "01", static_cast<unsigned char>(right));
    }
    verdict.add("01", fill_gtin(digits, verdict), position, position, length);
}

/// Where the next AI in brackets starts at or behind `from`; the size of the text when there is none.
std::size_t next_bracket(std::string_view text, std::size_t from)
{
    auto const bracket = std::min(text.find('(', from), text.size());
    auto const escape = from < bracket ? text.substr(from, bracket - from).find('\\') : npos;
    if (escape == npos) return bracket;
    for (auto i = from + escape; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '(')
            return i;
    }
    return text.size();
}

/// The value without the backslashes before its brackets.
std::string_view without_escapes(std::string_view raw, Verdict& verdict)
{
    if (std::memchr(raw.data(), '\\', raw.size()) == nullptr) return raw;
    auto const room = verdict.scratch(raw.size());
    if (room.empty()) return raw;
    std::size_t used = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\\' && raw.substr(i + 1).starts_with('(')) ++i;
        room[used++] = raw[i];
    }
    verdict.shrink_scratch(room.size() - used);
    return {room.data(), used};
}

/// The digits of the AI in brackets at `at`; empty when none of two to four digits stands there.
std::string_view bracketed_ai(std::string_view text, std::size_t at)
{
    if (at >= text.size() || text[at] != '(') return {};
    for (std::size_t digits = 0; digits <= 4; ++digits) {
        auto const i = at + 1 + digits;
        if (i >= text.size()) return {};
        if (text[i] == ')') return digits >= 2 ? text.substr(at + 1, digits) : std::string_view{};
        if (!is_digit(text[i])) return {};
    }
    return {};
}

void read_bracketed_text(std::string_view text, Verdict& verdict)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const ai = bracketed_ai(text, at);
        if (ai.empty()) {
            verdict.fault(Rule::syntax, at);
            at = next_bracket(text, at + 1);
            continue;
        }
        auto const value_at = at + ai.size() + 2;
        auto const end = next_bracket(text, value_at);
        auto const raw = text.substr(value_at, end - value_at);
        auto const value = with_leading_zeros(ai, without_escapes(raw, verdict), value_at, verdict);
        if (!verdict.add(ai, value, at + 1, value_at, raw.size())) return;
        at = end;
    }
}

/// Brackets that a reader put around the AIs of scan data without escaping those of the values: only a known AI in
/// brackets starts an element.
void read_raw_brackets(std::string_view text, std::size_t at, Verdict& verdict)
{
    verdict.note(Rewritten::brackets, at, text.substr(at, 4), "");
    while (at < text.size()) {
        auto const ai = bracketed_ai(text, at);
        if (ai.empty()) return verdict.fault(Rule::syntax, at);
        auto const value_at = at + ai.size() + 2;
        auto end = value_at;
        while (end < text.size() && find_ai(bracketed_ai(text, end)) == nullptr) ++end;
        if (!verdict.add(ai, text.substr(value_at, end - value_at), at + 1, value_at, end - value_at)) return;
        at = end;
    }
}

/// Finds the separators of a text one after the other.
class Separators {
public:
    explicit Separators(std::string_view text) : text_{text} {}

    /// The first at or behind `at`, which must not go back; the size of the text when there is none.
    std::size_t next(std::size_t at)
    {
        if (fnc1_ < at || !looked_) fnc1_ = std::min(text_.find(group_separator, at), text_.size());
        if (caret_ < at || !looked_) caret_ = std::min(text_.find('^', at), text_.size());
        looked_ = true;
        return std::min(fnc1_, caret_);
    }

private:
    std::string_view text_;
    std::size_t fnc1_ = 0;
    std::size_t caret_ = 0;
    bool looked_ = false;
};

/// The elements from `at` to the end of the text.
void read_elements(std::string_view text, std::size_t at, Verdict& verdict)
{
    Separators separators{text};
    while (at < text.size()) {
        auto const separator = separators.next(at);
        auto const length = ai_length(text.substr(at));
        if (length == 0) {
            verdict.fault(Rule::syntax, at);
            at = separator + 1;
            continue;
        }
        auto const ai = text.substr(at, length);
        auto const value_at = at + length;
        // The table of predefined lengths ends a value, else the next separator does.
        auto const fixed = predefined_length(ai);
        auto const end = fixed == 0 ? separator : std::min(separator, at + fixed);
        if (!verdict.add(ai, text.substr(value_at, end - value_at), at, value_at, end - value_at)) return;
        at = end == separator ? end + 1 : end;
    }
}

/// Reads an element string from `at` on, perhaps with a separator in front.
void read_from_start(std::string_view text, std::size_t at, Verdict& verdict)
{
    if (at < text.size() && is_separator(text[at])) ++at;
    if (at == text.size()) return verdict.fault(Rule::no_data, at);
    read_elements(text, at, verdict);
}

/// EAN and UPC: digits, perhaps an add-on of two or five digits, perhaps a composite component behind "|".
void read_retail(std::string_view text, Verdict& verdict)
{
    auto const identifier = text.substr(0, identifier_bytes);
    auto const bar = text.find('|');
    auto number = text.substr(identifier_bytes, bar == npos ? bar : bar - identifier_bytes);
    if (identifier == "]E3") number = number.substr(0, number.find(' ') == 12 ? 12 : 13);
    // Eight digits of ]E0 are UPC-E, whose zeros are suppressed; those of ]E4 are EAN-8, a number of its own.
    char expanded[12];
    bool const upc_e = identifier != "]E4" && expand_upc_e(number, expanded);
    // A reader may leave zeros out that ISO/IEC 15424 wants.
    auto const right = std::size_t{identifier == "]E4" ? 8U : 13U};
    bool const short_upc = verdict.options().tolerant || verdict.options().lenient;
    if (number.size() == right || (short_upc && number.size() == 12 && right == 13)) {
        add_gtin(number, identifier_bytes, number.size(), verdict);
    } else if (short_upc && upc_e) {
        add_gtin({expanded, sizeof expanded}, identifier_bytes, number.size(), verdict);
    } else {
        verdict.fault(Rule::symbol_digits, identifier_bytes, number.size(), "01", right);
    }
    if (bar == npos) return;
    auto const composite = text.substr(bar + 1);
    if (!composite.starts_with("]e0") && !composite.starts_with("]e1")) return verdict.fault(Rule::syntax, bar);
    read_elements(text, bar + 1 + identifier_bytes, verdict);
}

/// The fourteen digits of an ITF symbol.
void read_case_code(std::string_view text, Verdict& verdict)
{
    auto const digits = text.substr(identifier_bytes);
    if (digits.size() == gtin_digits) return add_gtin(digits, identifier_bytes, digits.size(), verdict);
    verdict.fault(Rule::symbol_digits, identifier_bytes, digits.size(), "01", gtin_digits);
}

enum class Carrier { elements, retail, case_code, plain, unknown };

Carrier carrier_of(std::string_view identifier)
{
    struct Known {
        std::string_view identifier;
        Carrier carrier;
    };
    constexpr Known known[] = {
        {"]C1", Carrier::elements}, {"]e0", Carrier::elements},  {"]e1", Carrier::elements}, {"]e2", Carrier::elements},
        {"]d2", Carrier::elements}, {"]d5", Carrier::elements},  {"]d8", Carrier::elements}, {"]Q3", Carrier::elements},
        {"]Q5", Carrier::elements}, {"]J1", Carrier::elements},  {"]E0", Carrier::retail},   {"]E3", Carrier::retail},
        {"]E4", Carrier::retail},   {"]I1", Carrier::case_code}, {"]A0", Carrier::plain},    {"]C0", Carrier::plain},
        {"]E1", Carrier::plain},    {"]E2", Carrier::plain},     {"]I0", Carrier::plain},    {"]J0", Carrier::plain},
        {"]Q0", Carrier::plain},    {"]Q1", Carrier::plain},     {"]Q2", Carrier::plain},    {"]Q4", Carrier::plain},
        {"]d0", Carrier::plain},    {"]d1", Carrier::plain},     {"]d4", Carrier::plain},    {"]d7", Carrier::plain},
    };
    for (auto const& one : known) {
        if (one.identifier == identifier) return one.carrier;
    }
    return Carrier::unknown;
}

void read_element_text(std::string_view text, std::size_t at, Verdict& verdict)
{
    if (at < text.size() && text[at] == '(') return read_raw_brackets(text, at, verdict);
    read_from_start(text, at, verdict);
}

void read_form(std::string_view text, std::size_t at, Verdict& verdict);

void read_plain_carrier(std::string_view text, Verdict& verdict)
{
    auto const data = text.substr(identifier_bytes);
    if (has_link_scheme(data)) return read_link(identifier_bytes, verdict);
    if (!verdict.options().lenient || data.empty() || data.front() == ']') {
        return verdict.fault(Rule::symbology_plain, 0, identifier_bytes);
    }
    verdict.note(Rewritten::plain_carrier, 0, text.substr(0, identifier_bytes), "");
    read_form(text, identifier_bytes, verdict);
}

void read_scan(std::string_view text, Verdict& verdict)
{
    verdict.set_form(Form::scan_data);
    auto const identifier = text.substr(0, identifier_bytes);
    switch (carrier_of(identifier)) {
    case Carrier::elements:
        return read_element_text(text, identifier_bytes, verdict);
    case Carrier::retail:
        return read_retail(text, verdict);
    case Carrier::case_code:
        return read_case_code(text, verdict);
    case Carrier::plain:
        return read_plain_carrier(text, verdict);
    case Carrier::unknown:
        return verdict.fault(Rule::symbology_unknown, 0, identifier.size());
    }
}

/// True when a whole SSCC or GTIN with its AI and the right check digit stands at the front: hardly by chance.
bool starts_with_key(std::string_view data)
{
    constexpr std::size_t sscc_digits = 18;
    auto const digits = data.starts_with("00") ? sscc_digits : data.starts_with("01") ? gtin_digits : 0;
    return digits > 0 && data.size() >= 2 + digits && data.size() != sscc_digits &&
           has_check_digit(data.substr(2, digits));
}

/// Digits, or text that starts like an element string, without any sign of FNC1.
void read_bare(std::string_view text, std::size_t at, Verdict& verdict)
{
    auto const data = text.substr(at);
    if (all_digits(data) && is_gtin_length(data.size())) {
        verdict.set_form(Form::digits);
        return add_gtin(data, at, data.size(), verdict);
    }
    if (ai_length(data) == 0) return verdict.fault(Rule::unknown_form, at, data.size());
    if (!verdict.options().lenient && !starts_with_key(data)) return verdict.fault(Rule::no_start, at);
    verdict.set_form(Form::element_string);
    constexpr std::size_t sscc_digits = 18;
    if (data.size() == sscc_digits && has_check_digit(data)) {
        verdict.note(Rewritten::start, at, data, "(00)");
        verdict.add("00", data, at, at, data.size());
        return;
    }
    verdict.note(Rewritten::start, at, "", "^");
    read_elements(text, at, verdict);
}

/// Finds out what stands from `at` on.
void read_form(std::string_view text, std::size_t at, Verdict& verdict)
{
    auto const data = text.substr(at);
    if (data.front() == '(' && at == 0) {
        verdict.set_form(Form::bracketed);
        return read_bracketed_text(text, verdict);
    }
    if (data.front() == '(') return read_raw_brackets(text, at, verdict);
    if (has_link_scheme(data)) return read_link(at, verdict);
    bool const separated = data.find(group_separator) != npos || data.find('^') != npos;
    if (!separated || (!is_separator(data.front()) && ai_length(data) == 0)) return read_bare(text, at, verdict);
    verdict.set_form(Form::element_string);
    read_from_start(text, at, verdict);
}

} // namespace

void check_code(std::string_view text, CheckOptions const& options, Verdict& verdict)
{
    verdict.begin(text, options);
    if (!has_usable_size(text, verdict)) return;
    if (text.front() == ']')
        read_scan(text, verdict);
    else
        read_form(text, 0, verdict);
    verdict.finish();
}

void check_bracketed(std::string_view text, CheckOptions const& options, Verdict& verdict)
{
    verdict.begin(text, options);
    verdict.set_form(Form::bracketed);
    if (!has_usable_size(text, verdict)) return;
    read_bracketed_text(text, verdict);
    verdict.finish();
}

void check_element_string(std::string_view text, CheckOptions const& options, Verdict& verdict)
{
    verdict.begin(text, options);
    verdict.set_form(Form::element_string);
    if (!has_usable_size(text, verdict)) return;
    read_from_start(text, 0, verdict);
    verdict.finish();
}

void check_scan_data(std::string_view text, CheckOptions const& options, Verdict& verdict)
{
    verdict.begin(text, options);
    if (!has_usable_size(text, verdict)) return;
    read_scan(text, verdict);
    verdict.finish();
}

} // namespace nguon::gs1
