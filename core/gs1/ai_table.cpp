#include "core/gs1/ai_table.hpp"

#include "core/gs1/ai_rows.hpp"

namespace nguon::gs1 {
namespace {

using rows::is_digit;

constexpr std::string_view of_trade_item[] = {"22", "10", "21"};
constexpr std::string_view of_trade_item_tpx[] = {"235"};
constexpr std::string_view of_location[] = {"254"};
constexpr std::string_view of_identification_scheme[] = {"7040"};
constexpr std::string_view of_payment[] = {"8020"};
constexpr std::string_view of_part[] = {"8011"};
constexpr std::string_view of_service[] = {"8019"};

constexpr QualifierSequence trade_item_sequences[] = {of_trade_item, of_trade_item_tpx};
constexpr QualifierSequence piece_sequences[] = {of_trade_item};
constexpr QualifierSequence location_sequences[] = {of_location, of_identification_scheme};
constexpr QualifierSequence payment_sequences[] = {of_payment};
constexpr QualifierSequence scheme_sequences[] = {of_identification_scheme};
constexpr QualifierSequence part_sequences[] = {of_part};
constexpr QualifierSequence service_sequences[] = {of_service};

constexpr auto sequences_by_row = [] {
    std::array<std::span<QualifierSequence const>, rows::count> made{};
    made[rows::row_of("01")] = trade_item_sequences;
    made[rows::row_of("8006")] = piece_sequences;
    made[rows::row_of("414")] = location_sequences;
    made[rows::row_of("415")] = payment_sequences;
    made[rows::row_of("417")] = made[rows::row_of("8004")] = scheme_sequences;
    made[rows::row_of("8010")] = part_sequences;
    made[rows::row_of("8017")] = made[rows::row_of("8018")] = service_sequences;
    return made;
}();

/// What the first two digits of an AI say: how many digits it has, and the length of AI and value together where the
/// General Specifications fix it (table of element strings with predefined length), else 0.
struct Prefix {
    std::uint8_t digits;
    std::uint8_t predefined;
};

constexpr auto prefixes = [] {
    std::array<Prefix, 100> made{};
    // Not as defaults of the members: GCC 12 leaves those out of parts of constant arrays at -O2.
    for (auto& prefix : made) prefix.digits = 2;
    for (int const prefix : {23, 24, 25, 40, 41, 42, 71}) made[static_cast<std::size_t>(prefix)].digits = 3;
    for (int const prefix : {31, 32, 33, 34, 35, 36, 39, 43, 70, 72, 80, 81, 82}) {
        made[static_cast<std::size_t>(prefix)].digits = 4;
    }
    made[0].predefined = 20;
    for (int const prefix : {1, 2, 3, 41}) made[static_cast<std::size_t>(prefix)].predefined = 16;
    made[4].predefined = 18;
    for (std::size_t prefix = 11; prefix <= 19; ++prefix) made[prefix].predefined = 8;
    made[20].predefined = 4;
    for (std::size_t prefix = 31; prefix <= 36; ++prefix) made[prefix].predefined = 10;
    return made;
}();

/// nullptr when the text does not start with two digits.
Prefix const* prefix_of(std::string_view text)
{
    if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return nullptr;
    return &prefixes[static_cast<std::size_t>((text[0] - '0') * 10 + (text[1] - '0'))];
}

/// base64url may end in "=": at most two, and then three divides the number of characters.
std::size_t check_padding(std::string_view text, std::size_t offset, ValueFaults& faults)
{
    auto const chars = text.find_last_not_of('=') + 1; // npos + 1 is 0
    auto const padding = text.size() - chars;
    if (padding > 2 || (padding > 0 && text.size() % 3 != 0)) faults.add(Rule::padding, offset + chars, padding);
    return chars;
}

void check_component(Component const& component, std::string_view text, std::size_t offset, ValueFaults& faults)
{
    auto const chars = component.charset == Charset::base64url ? check_padding(text, offset, faults) : text.size();
    if (auto const at = find_outside(component.charset, text.substr(0, chars)); at != std::string_view::npos) {
        return faults.add(Rule::characters, offset + at, 1);
    }
    for (Rule const rule : component.rules) {
        if (rule == Rule::none) return;
        if (!keeps(rule, text)) faults.add(rule, offset, text.size());
    }
}

} // namespace

std::span<AiEntry const> ai_table() { return rows::entries; }

AiEntry const* find_ai(std::string_view ai)
{
    auto const row = rows::row_of(ai);
    return row == std::string_view::npos ? nullptr : &rows::entries[row];
}

std::size_t row_of(AiEntry const& entry) { return static_cast<std::size_t>(&entry - rows::entries); }

std::size_t ai_length(std::string_view text)
{
    auto const* const prefix = prefix_of(text);
    if (prefix == nullptr || text.size() < prefix->digits) return 0;
    for (std::size_t i = 2; i < prefix->digits; ++i) {
        if (!is_digit(text[i])) return 0;
    }
    return prefix->digits;
}

std::size_t predefined_length(std::string_view ai)
{
    auto const* const prefix = prefix_of(ai);
    return prefix == nullptr ? 0 : prefix->predefined;
}

std::span<QualifierSequence const> qualifier_sequences(std::string_view key)
{
    auto const row = rows::row_of(key);
    return row == std::string_view::npos ? std::span<QualifierSequence const>{} : sequences_by_row[row];
}

ValueFaults check_value(AiEntry const& entry, std::string_view value)
{
    ValueFaults faults;
    if (value.empty()) {
        faults.add(Rule::empty, 0, 0);
        return faults;
    }
    std::size_t at = 0;
    for (auto const& component : entry.format) {
        auto const rest = value.substr(at);
        if (rest.empty() && component.optional) break;
        if (rest.size() < component.length_min) {
            // Wrong characters first: they say more than the length of what is left.
            auto const outside = find_outside(component.charset, rest);
            if (outside != std::string_view::npos) faults.add(Rule::characters, at + outside, 1);
            faults.add(Rule::too_short, at, rest.size());
            return faults;
        }
        auto const text = rest.substr(0, component.length_max);
        check_component(component, text, at, faults);
        at += text.size();
    }
    if (at < value.size()) faults.add(Rule::too_long, at, value.size() - at);
    return faults;
}

} // namespace nguon::gs1
