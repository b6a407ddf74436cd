#include "core/gs1/digital_link.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "core/gs1/check_code.hpp"
#include "core/gs1/link_reader.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// How a resolver reads: what it must put up with is no fault.
constexpr CheckOptions as_resolver{.associations = false, .tolerant = true};

std::string decoded(std::string_view text, bool escaped)
{
    return escaped ? percent_decode(text, true).value_or(std::string{text}) : std::string{text};
}

LinkReading to_link_reading(Verdict const& verdict)
{
    LinkReading out{{}, to_faults(verdict), edition_name(verdict.edition())};
    out.link.base = verdict.stem();
    out.link.elements = to_elements(verdict.elements());
    out.link.path_elements = verdict.path_elements();
    for (auto const& [name, value, escaped] : verdict.parameters()) {
        out.link.parameters.emplace_back(decoded(name, escaped), decoded(value, escaped));
    }
    return out;
}

void append_encoded(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char const c : text) {
        if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        ((out += '%') += digits[byte >> 4U]) += digits[byte & 15U];
    }
}

void append_element(std::string& out, char before, Element const& element, char between)
{
    (out += before).append(element.ai);
    append_encoded(out += between, element.value);
}

std::string write_link(std::string_view base, std::span<Element const> path, std::span<Element const> attributes)
{
    while (base.ends_with('/')) base.remove_suffix(1);
    std::string out;
    out.reserve(128);
    out = base;
    for (auto const& element : path) append_element(out, '/', element, '/');
    char separator = '?';
    for (auto const& element : attributes) {
        append_element(out, separator, element, '=');
        separator = '&';
    }
    return out;
}

std::string write_sorted(ElementList& ordered, std::size_t path)
{
    auto const attributes = ordered.list().subspan(path);
    std::sort(attributes.begin(), attributes.end(), [](auto const& a, auto const& b) { return a.ai < b.ai; });
    return write_link(canonical_base, ordered.list().first(path), attributes);
}

} // namespace

LinkReading read_digital_link(std::string_view uri)
{
    Verdict verdict;
    auto options = as_resolver;
    options.compressed = false;
    check_digital_link(uri, options, verdict);
    return to_link_reading(verdict);
}

LinkReading read_digital_link_path(std::string_view path, std::string_view query)
{
    std::string target{path};
    if (!query.empty()) target.append("?").append(query);
    Verdict verdict;
    check_link_path(target, as_resolver, verdict);
    return to_link_reading(verdict);
}

Result<DigitalLink> parse_digital_link(std::string_view uri)
{
    auto reading = read_digital_link(uri);
    if (!reading.valid()) return to_error(reading.faults);
    return std::move(reading.link);
}

bool looks_like_digital_link(std::string_view uri)
{
    bool const one_case = uri.starts_with("http") || uri.starts_with("HTTP");
    if (!one_case || !has_link_scheme(uri) || uri.size() > link_bytes_max) return false;
    auto const end = std::min(uri.find_first_of("?#"), uri.size());
    auto at = uri.find('/', uri.find("//") + 2);
    while (at < end) {
        auto const next = std::min(uri.find('/', at + 1), end);
        auto const* const entry = find_ai(uri.substr(at + 1, next - at - 1));
        if (entry != nullptr && entry->link_key && next < end) return true;
        at = next;
    }
    return false;
}

Result<std::string> to_digital_link(std::span<AiValue const> elements, std::string_view base)
{
    ElementList ordered;
    auto const path = order_link(elements, ordered);
    if (!path) return path.error();
    return write_link(base, ordered.list().first(*path), ordered.list().subspan(*path));
}

Result<std::string> to_canonical_link(std::span<AiValue const> elements)
{
    ElementList ordered;
    auto const path = order_link(elements, ordered);
    if (!path) return path.error();
    return write_sorted(ordered, *path);
}

std::string write_canonical_link(Verdict const& verdict)
{
    ElementList ordered;
    for (auto const& element : verdict.elements()) ordered.add(element);
    return write_sorted(ordered, verdict.path_elements());
}

Result<std::string> to_canonical_path(std::span<AiValue const> elements)
{
    ElementList ordered;
    auto const path = order_link(elements, ordered);
    if (!path) return path.error();
    return write_link(canonical_base, ordered.list().first(*path), {});
}

std::string percent_encode(std::string_view text)
{
    std::string out;
    append_encoded(out, text);
    return out;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space)
            out += ' ';
        else if (text[i] != '%')
            out += text[i];
        else {
            auto const escape = text.substr(i, 3);
            auto const byte = escape.size() == 3 ? from_hex(escape.substr(1)) : Result<std::string>{};
            if (!byte || (*byte)[0] == '\0') return invalid("link.escape", {excerpt(escape)});
            out += *byte;
            i += 2;
        }
    }
    return out;
}

} // namespace nguon::gs1
