#pragma once

#include "core/gs1/linters.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

/// All application identifiers of the GS1 General Specifications as constant data.
namespace nguon::gs1 {

/// Editions of the table. AIs and formats are the same in both; which AIs must come together differs.
enum class Edition : std::uint8_t { of_2026_01, of_2026_07 };

inline constexpr Edition current_edition = Edition::of_2026_01;

/// "2026-01-27": what a verdict is recorded with.
constexpr std::string_view edition_name(Edition edition)
{
    return edition == Edition::of_2026_07 ? "2026-07-27" : "2026-01-27";
}

inline constexpr std::string_view ai_table_edition = edition_name(current_edition);

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
    std::string_view needs = {};    // "01 02; 37": demands, see associations.hpp
    std::string_view excludes = {}; // "01 310n": AIs and patterns that must not be there
    std::uint8_t chars_min = 0;
    std::uint8_t chars_max = 0;

    std::size_t length_min() const { return chars_min; }
    std::size_t length_max() const { return chars_max; }
};

/// The whole table, ordered by the text of the AI.
std::span<AiEntry const> ai_table();

/// The entry of exactly this AI, or nullptr.
AiEntry const* find_ai(std::string_view ai);

/// The place of an entry in the table.
std::size_t row_of(AiEntry const& entry);

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
    Rule rule;
    std::size_t offset; // in the value
    std::size_t length;
};

/// The faults of one value; no memory is allocated, and none touched while there is no fault.
class ValueFaults {
public:
    ValueFaults() {} // NOLINT: the list stays as it is until something is put there

    bool empty() const { return count_ == 0; }
    std::span<ValueFault const> all() const { return {list_.data(), count_}; }
    void add(Rule rule, std::size_t offset, std::size_t length)
    {
        if (count_ < list_.size()) list_[count_++] = {rule, offset, length};
    }

private:
    std::array<ValueFault, 16> list_;
    std::size_t count_ = 0;
};

/// Checks length, characters and every component rule of a value.
ValueFaults check_value(AiEntry const& entry, std::string_view value);

} // namespace nguon::gs1
