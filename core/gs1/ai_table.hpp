#pragma once

#include "core/gs1/linters.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

/// All application identifiers of the GS1 syntax dictionary as constant data.
namespace nguon::gs1 {

/// The edition of the dictionary that the table states.
inline constexpr std::string_view ai_table_edition = "2026-01-27";

inline constexpr std::size_t ai_value_chars_max = 90;

/// A run of characters inside a value. Only the last component of a format varies in length, and no component after
/// an optional one is required.
struct Component {
    Charset charset = Charset::digits;
    std::uint8_t length_min = 1;
    std::uint8_t length_max = 1;
    bool optional = false;
    std::array<Rule, 3> rules = {}; // Rule::none fills the rest
};

/// One application identifier, or several that differ in the last digit only.
struct AiEntry {
    std::string_view first = {};
    std::string_view last = {};
    std::span<Component const> format = {};
    bool predefined_length = false; // no FNC1 behind it
    bool link_attribute = false;    // may stand in the query of a Digital Link
    bool link_key = false;          // primary key of a Digital Link
    std::string_view title = {};

    std::size_t length_min() const;
    std::size_t length_max() const;
};

/// The whole table, ordered by the text of the AI.
std::span<AiEntry const> ai_table();

/// The entry of exactly this AI, or nullptr.
AiEntry const* find_ai(std::string_view ai);

/// How many digits the AI at the front of `text` has; its first two digits decide, for unknown AIs too. 0 when `text`
/// does not start with that many digits.
std::size_t ai_length(std::string_view text);

/// The length of AI and value together when the first two digits of the AI fix it (GS1 General Specifications, table
/// of element strings with predefined length), else 0.
std::size_t predefined_length(std::string_view ai);

/// The qualifiers that may follow `key` in the path of a Digital Link, in order; a key has up to two alternative
/// sequences and either may be empty.
using QualifierSequence = std::span<std::string_view const>;
std::span<QualifierSequence const> qualifier_sequences(std::string_view key);

/// What is wrong with one component of a value.
struct ValueFault {
    Rule rule = Rule::none;
    std::size_t offset = 0; // in the value
    std::size_t length = 0;
};

/// The faults of one value, at most one for each component; no memory is allocated.
struct ValueFaults {
    std::array<ValueFault, 8> list = {};
    std::size_t count = 0;

    bool empty() const { return count == 0; }
    std::span<ValueFault const> all() const { return {list.data(), count}; }
    void add(ValueFault fault)
    {
        if (count < list.size()) list[count++] = fault;
    }
};

/// Checks length, characters and component rules of a value.
ValueFaults check_value(AiEntry const& entry, std::string_view value);

} // namespace nguon::gs1
