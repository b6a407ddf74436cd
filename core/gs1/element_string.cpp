#include "core/gs1/element_string.hpp"

#include "core/fold.hpp"
#include "core/gs1/digital_link.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

constexpr CheckOptions values_only{.associations = false, .tolerant = true};

enum class Symbol { elements, ean_13, ean_8, itf_14, link };

struct KnownSymbol {
    std::string_view identifier;
    Symbol symbol;
};

constexpr KnownSymbol symbols[] = {
    {"]C1", Symbol::elements}, {"]e0", Symbol::elements}, {"]d2", Symbol::elements}, {"]Q3", Symbol::elements},
    {"]J1", Symbol::elements}, {"]E0", Symbol::ean_13},   {"]E4", Symbol::ean_8},    {"]I1", Symbol::itf_14},
    {"]d1", Symbol::link},     {"]Q1", Symbol::link},     {"]J0", Symbol::link},
};

/// The digits that a symbol for one GTIN holds; empty when it cannot hold this one.
std::string_view symbol_digits(std::string_view gtin, Symbol symbol)
{
    std::size_t const zeros = symbol == Symbol::ean_8 ? 6 : symbol == Symbol::ean_13 ? 1 : 0;
    auto const front = gtin.substr(0, zeros);
    if (front.find_first_not_of('0') != std::string_view::npos) return {};
    return gtin.substr(zeros);
}

} // namespace

Reading read_bracketed(std::string_view text)
{
    Verdict verdict;
    check_bracketed(text, values_only, verdict);
    return to_reading(verdict);
}

Reading read_element_string(std::string_view text)
{
    Verdict verdict;
    check_element_string(text, values_only, verdict);
    return to_reading(verdict);
}

Reading read_scan_data(std::string_view text)
{
    Verdict verdict;
    check_scan_data(text, values_only, verdict);
    return to_reading(verdict);
}

std::vector<Fault> check_elements(std::span<AiValue const> elements)
{
    Verdict verdict;
    verdict.begin({}, values_only);
    for (auto const& [ai, value] : elements) {
        if (!verdict.add(ai, value, 0, 0, 0)) break;
    }
    verdict.finish();
    return to_faults(verdict);
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

Result<std::string> to_scan_data(std::span<AiValue const> elements, std::string_view identifier)
{
    auto const* const known = std::find_if(std::begin(symbols), std::end(symbols),
                                           [identifier](auto const& one) { return one.identifier == identifier; });
    if (known == std::end(symbols)) return invalid("gs1.symbology_unknown", {excerpt(identifier)});
    std::string out{identifier};
    if (known->symbol == Symbol::elements) return out + to_element_string(elements, group_separator).substr(1);
    if (known->symbol == Symbol::link) {
        auto const link = to_canonical_link(elements);
        if (!link) return link.error();
        return out + *link;
    }
    bool const one_gtin = elements.size() == 1 && elements[0].ai == "01" && elements[0].value.size() == gtin_digits;
    auto const digits = one_gtin ? symbol_digits(elements[0].value, known->symbol) : std::string_view{};
    if (digits.empty()) return invalid("gs1.not_in_symbol", {excerpt(identifier)});
    return out.append(digits);
}

std::vector<std::string> to_printed_lines(std::span<AiValue const> elements, bool titles)
{
    std::vector<std::string> lines;
    for (auto const& [ai, value] : elements) {
        auto const* const entry = find_ai(ai);
        std::string line = titles && entry != nullptr ? std::string{entry->title} + " " : std::string{};
        lines.push_back(line.append("(").append(ai).append(") ").append(value));
    }
    return lines;
}

} // namespace nguon::gs1
