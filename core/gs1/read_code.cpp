#include "core/gs1/read_code.hpp"

#include "core/fold.hpp"
#include "core/gs1/check_code.hpp"
#include "core/gs1/check_digit.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/epc_uri.hpp"
#include "core/gs1/printed_code.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n"; // the separator U+001D is data
    auto const first = text.find_first_not_of(blanks);
    if (first == npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Fault fault_of(Error const& error, std::string rule) { return {error.key, "", 0, std::move(rule), error.values}; }

Code from_reading(CodeKind kind, Reading reading)
{
    Code code{.kind = kind, .elements = std::move(reading.elements), .faults = std::move(reading.faults)};
    if (!reading.edition.empty()) code.edition = reading.edition;
    if (code.valid()) code.link = to_canonical_link(code.elements).value_or("");
    return code;
}

Code from_printed_code(std::string_view text)
{
    Code code{.kind = CodeKind::printed_code};
    auto read = read_printed_code(text);
    if (read)
        code.printed_code = *std::move(read);
    else
        code.faults.push_back(fault_of(read.error(), "printed_code"));
    return code;
}

/// The host of "https://host:port/…", in lower case and without the port.
std::string host_of(std::string_view uri)
{
    auto const start = uri.find("//") + 2;
    auto const authority = uri.substr(start, std::min(uri.find_first_of("/?#", start), uri.size()) - start);
    auto const bracket = authority.find(']');
    auto const colon = authority.find(':', bracket == npos ? 0 : bracket);
    std::string host{authority.substr(0, colon)};
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return host;
}

/// CODE of an address …/t/CODE; nothing when it is no such address.
std::string_view printed_code_part(std::string_view uri)
{
    auto path = uri.substr(0, uri.find_first_of("?#"));
    while (path.ends_with('/')) path.remove_suffix(1);
    auto const slash = path.rfind('/');
    if (slash == npos || !path.substr(0, slash).ends_with("/t")) return {};
    return path.substr(slash + 1);
}

/// The elements of a compressed Digital Link; invalid when the address is none.
Reading read_compressed(std::string_view uri)
{
    Verdict verdict;
    check_digital_link(uri, {.associations = false, .tolerant = true}, verdict);
    if (verdict.form() != Form::compressed_link) verdict.fault(Rule::link_no_key, 0);
    return to_reading(verdict);
}

Code from_address(std::string_view uri)
{
    Code code;
    if (looks_like_digital_link(uri)) {
        auto reading = read_digital_link(uri);
        code = from_reading(CodeKind::digital_link,
                            {std::move(reading.link.elements), std::move(reading.faults), reading.edition});
    } else if (auto compressed = read_compressed(uri); compressed.valid()) {
        code = from_reading(CodeKind::digital_link, std::move(compressed));
    } else if (auto const printed = printed_code_part(uri); !printed.empty()) {
        code = from_printed_code(printed);
    } else {
        code.kind = CodeKind::other_link;
        code.faults.push_back({"code.other_link", "", 0, "link", {excerpt(host_of(uri))}});
    }
    code.host = host_of(uri);
    return code;
}

bool has_scheme(std::string_view text)
{
    constexpr std::string_view http = "http";
    auto const matches = [](char wanted, char c) { return wanted == c || wanted - 'a' + 'A' == c; };
    if (text.size() < http.size() || !std::equal(http.begin(), http.end(), text.begin(), matches)) return false;
    return text.substr(4).starts_with("://") || text.substr(4).starts_with("s://") ||
           text.substr(4).starts_with("S://");
}

/// "HTTP" and "https" in one case: mixed case is what phones make of a typed address.
std::string with_plain_scheme(std::string_view text)
{
    auto const colon = text.find(':');
    return (colon == 5 ? "https" : "http") + std::string{text.substr(colon)};
}

/// "example.vn/01/…": an address whose scheme nobody types.
bool lacks_scheme(std::string_view text)
{
    auto const slash = text.find('/');
    if (slash == npos || slash == 0) return false;
    auto const host = text.substr(0, slash);
    return host.find('.') != npos && std::all_of(host.begin(), host.end(), [](char c) {
               return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == ':';
           });
}

std::string without_gaps(std::string_view text)
{
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' ' && c != '-'; });
    return out;
}

Code from_digits(std::string const& digits)
{
    bool const is_logistic_unit = digits.size() == 18;
    auto const number = is_logistic_unit ? read_sscc(digits) : read_gtin(digits);
    auto const* const ai = is_logistic_unit ? "00" : "01";
    if (number) return from_reading(CodeKind::barcode_number, {{{ai, *number}}, {}, {}});
    // More digits than any number has: the data of a barcode without its separators.
    constexpr std::size_t element_string_digits_min = 16;
    if (digits.size() >= element_string_digits_min && !is_logistic_unit) {
        auto reading = read_element_string(digits);
        if (reading.valid()) return from_reading(CodeKind::element_string, std::move(reading));
    }
    Code code{.kind = CodeKind::barcode_number};
    code.faults.push_back({number.error().key, ai, 0, "csum", number.error().values});
    return code;
}

/// Text that has no sign of its own: digits, our printed code, or barcode data whose separators got lost.
Code from_plain_text(std::string_view text)
{
    auto const bare = without_gaps(text);
    if (!bare.empty() && std::all_of(bare.begin(), bare.end(), is_digit)) return from_digits(bare);
    if (text.find_first_of("^\x1d") != npos) {
        return from_reading(CodeKind::element_string, read_element_string(text));
    }
    auto printed = from_printed_code(text);
    if (printed.valid()) return printed;
    if (text.starts_with("01") && text.size() > 16) {
        auto reading = read_element_string(text);
        if (reading.valid()) return from_reading(CodeKind::element_string, std::move(reading));
    }
    // Near the length of a printed code: say what is wrong with it rather than that we know nothing.
    auto const chars = count_chars(bare);
    if (chars + 2 >= printed_code_chars && chars <= printed_code_chars + 2) return printed;
    Code code;
    code.faults.push_back({"code.unknown", "", 0, "syntax", {excerpt(text)}});
    return code;
}

Code from_text(std::string_view text)
{
    if (text.starts_with('(')) return from_reading(CodeKind::element_string, read_bracketed(text));
    if (text.starts_with('^') || text.starts_with(group_separator)) {
        return from_reading(CodeKind::element_string, read_element_string(text));
    }
    if (has_scheme(text)) return from_address(with_plain_scheme(text));
    if (is_epc_uri(text)) {
        auto elements = read_epc_uri(text);
        if (elements) return from_reading(CodeKind::epc_uri, {*std::move(elements), {}, {}});
        Code code{.kind = CodeKind::epc_uri};
        code.faults.push_back(fault_of(elements.error(), "epc"));
        return code;
    }
    if (lacks_scheme(text)) return from_address("https://" + std::string{text});
    return from_plain_text(text);
}

} // namespace

Code read_code(std::string_view text)
{
    Code code;
    if (text.size() > code_bytes_max) {
        code.faults.push_back({"code.too_long", "", 0, "syntax", {std::to_string(code_bytes_max)}});
        return code;
    }
    text = trimmed(text);
    if (text.empty()) {
        code.faults.push_back({"code.empty", "", 0, "syntax", {}});
        return code;
    }
    if (!text.starts_with(']')) return from_text(text);
    constexpr std::size_t identifier_bytes = 3;
    if (text.size() > identifier_bytes && has_scheme(text.substr(identifier_bytes))) {
        return from_text(text.substr(identifier_bytes));
    }
    auto reading = read_scan_data(text);
    bool const plain = !reading.valid() && reading.faults.front().key == "gs1.symbology_plain";
    if (!plain) return from_reading(CodeKind::element_string, std::move(reading));
    // An ordinary symbol may hold an address or a printed code as text.
    auto const rest = trimmed(text.substr(identifier_bytes));
    if (!rest.empty()) return from_text(rest);
    code.faults.push_back({"code.empty", "", identifier_bytes, "syntax", {}});
    return code;
}

} // namespace nguon::gs1
