#include "scanner/symbol_data.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/read_code.hpp"

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr std::size_t gs1_128_chars_max = 48; // separators counted, the leading FNC1 not
constexpr std::size_t code_128_chars_max = 80;

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_printable_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string named(Symbology symbology) { return std::string{to_name(symbology)}; }

/// The UPC-E number of a GTIN-12; empty when its zeros cannot be suppressed. Each last digit stands for one way of
/// suppressing, and at most one gives the number back.
std::string to_upc_e(std::string_view gtin12)
{
    auto const manufacturer = gtin12.substr(1, 5);
    auto const item = gtin12.substr(6, 5);
    auto const whole = [&](std::string_view six) {
        std::string digits{gtin12.substr(0, 1)};
        digits += six;
        digits += gtin12.back();
        return gs1::upc_e_to_upc_a(digits) == gtin12 ? digits : std::string{};
    };
    auto const joined = [](std::initializer_list<std::string_view> parts) {
        std::string out;
        for (auto const part : parts) out += part;
        return out;
    };
    for (auto const& six :
         {joined({manufacturer.substr(0, 2), item.substr(2), manufacturer.substr(2, 1)}),
          joined({manufacturer.substr(0, 3), item.substr(3), "3"}),
          joined({manufacturer.substr(0, 4), item.substr(4), "4"}), joined({manufacturer, item.substr(4)})})
        if (auto digits = whole(six); !digits.empty()) return digits;
    return {};
}

/// The digits that a symbol for trade items carries.
Result<std::string> trade_item_digits(Symbology symbology, std::string const& gtin14)
{
    auto const wrong_length = [&](std::string_view digits) {
        return invalid("symbol.gtin_length",
                       {std::string{gs1::short_gtin(gtin14)}, named(symbology), std::string{digits}});
    };
    bool const is_gtin8 = gtin14.starts_with("000000");
    switch (symbology) {
    case Symbology::ean_13:
        if (is_gtin8 || !gtin14.starts_with('0')) return wrong_length("13");
        return gtin14.substr(1);
    case Symbology::ean_8:
        if (!is_gtin8) return wrong_length("8");
        return gtin14.substr(6);
    case Symbology::upc_a:
        if (is_gtin8 || !gtin14.starts_with("00")) return wrong_length("12");
        return gtin14.substr(2);
    case Symbology::upc_e: {
        if (is_gtin8 || !gtin14.starts_with("00")) return wrong_length("12");
        auto digits = to_upc_e(std::string_view{gtin14}.substr(2));
        if (digits.empty()) return invalid("symbol.not_zero_suppressible", {gtin14.substr(2)});
        return digits;
    }
    case Symbology::databar_limited:
        if (gtin14.front() > '1') return invalid("symbol.limited_indicator", {gtin14});
        return gtin14;
    default:
        return gtin14;
    }
}

/// GS1 data in any spelling.
Result<std::vector<gs1::AiValue>> read_elements(Symbology symbology, std::string_view code)
{
    // Eight digits of UPC-E look like a GTIN-8.
    if (symbology == Symbology::upc_e)
        if (auto const upc_a = gs1::upc_e_to_upc_a(code); gs1::has_check_digit(upc_a))
            return std::vector{gs1::AiValue{"01", "00" + upc_a}};
    auto read = gs1::read_code(code);
    if (read.kind == gs1::CodeKind::printed_code || read.kind == gs1::CodeKind::other_link)
        return invalid("symbol.needs_gs1", {named(symbology)});
    if (!read.valid()) return gs1::to_error(read.faults);
    return std::move(read.elements);
}

Result<SymbolData> read_trade_item(Symbology symbology, std::string_view code)
{
    auto elements = read_elements(symbology, code);
    if (!elements) return elements.error();
    if (elements->size() != 1 || elements->front().ai != "01") return invalid("symbol.only_gtin", {named(symbology)});
    auto digits = trade_item_digits(symbology, elements->front().value);
    if (!digits) return digits.error();
    return SymbolData{symbology, *std::move(digits), *std::move(elements), false};
}

Result<SymbolData> read_element_data(Symbology symbology, std::string_view code)
{
    auto elements = read_elements(symbology, code);
    if (!elements) return elements.error();
    auto text = gs1::to_element_string(*elements, gs1::group_separator).substr(1);
    if (symbology == Symbology::gs1_128 && text.size() > gs1_128_chars_max)
        return invalid("symbol.data_too_long", {named(symbology), std::to_string(gs1_128_chars_max)});
    return SymbolData{symbology, std::move(text), *std::move(elements), false};
}

Result<SymbolData> read_code_128(std::string_view code)
{
    auto const symbology = Symbology::code_128;
    if (!is_ascii(code)) return invalid("symbol.ascii_only", {named(symbology)});
    if (code.size() > code_128_chars_max)
        return invalid("symbol.data_too_long", {named(symbology), std::to_string(code_128_chars_max)});
    return SymbolData{symbology, std::string{code}, {}, false};
}

Result<SymbolData> read_text_data(Symbology symbology, std::string_view code, std::string_view link_base)
{
    if (symbology == Symbology::code_128) return read_code_128(code);
    SymbolData data{symbology, std::string{code}, {}, false};
    if (code.starts_with('(')) {
        auto reading = gs1::read_bracketed(code);
        if (!reading.valid()) return data; // text that happens to begin with a bracket
        auto link = gs1::to_digital_link(reading.elements, link_base);
        if (!link) return link.error();
        return SymbolData{symbology, *std::move(link), std::move(reading.elements), true};
    }
    if (!gs1::looks_like_digital_link(code)) return data;
    auto reading = gs1::read_digital_link(code);
    if (!reading.valid()) return data; // an address with a path that only looks so
    data.elements = std::move(reading.link.elements);
    data.digital_link = true;
    return data;
}

/// "1 89 38501 23456 8"
std::string grouped_itf(std::string_view digits)
{
    std::string out;
    for (std::size_t const count : {1, 2, 5, 5, 1}) {
        if (!out.empty()) out += ' ';
        out += digits.substr(0, count);
        digits.remove_prefix(count);
    }
    return out;
}

} // namespace

Result<SymbolData> read_symbol_data(Symbology symbology, std::string_view code, std::string_view link_base)
{
    if (code.empty()) return invalid("symbol.empty");
    switch (info(symbology).content) {
    case Content::gtin:
        return read_trade_item(symbology, code);
    case Content::elements:
        return read_element_data(symbology, code);
    case Content::text:
        return read_text_data(symbology, code, link_base);
    }
    return invalid("symbol.empty");
}

std::vector<std::string> interpretation(SymbolData const& data)
{
    switch (data.symbology) {
    case Symbology::ean_13:
    case Symbology::ean_8:
    case Symbology::upc_a:
    case Symbology::upc_e:
        return {};
    case Symbology::itf_14:
        return {grouped_itf(data.text)};
    case Symbology::code_128:
        return is_printable_ascii(data.text) ? std::vector<std::string>{data.text} : std::vector<std::string>{};
    default:
        break;
    }
    std::vector<std::string> pieces;
    for (auto const& element : data.elements) pieces.push_back("(" + element.ai + ") " + element.value);
    return pieces;
}

} // namespace nguon::scanner
