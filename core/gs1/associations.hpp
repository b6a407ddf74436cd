#pragma once

#include "core/gs1/ai_table.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// Which AIs must come together and which must not (General Specifications §4.14), by edition of the table.
namespace nguon::gs1 {

/// A set of rows of the table, one bit a row.
struct RowSet {
    std::array<std::uint64_t, 4> words = {};

    constexpr void add(std::size_t row) { words[row / 64] |= std::uint64_t{1} << row % 64; }
    constexpr bool contains(std::size_t row) const { return (words[row / 64] >> row % 64 & 1U) != 0; }
    constexpr bool meets(RowSet const& other) const
    {
        return ((words[0] & other.words[0]) | (words[1] & other.words[1]) | (words[2] & other.words[2]) |
                (words[3] & other.words[3])) != 0;
    }
};

/// One demand of an AI: one of several others, or one of several groups.
struct Demand {
    std::string_view text = {}; // "01 02 8006+21 31nn": alternatives, "+" joins what must come together
    RowSet any = {};            // the alternatives that are one AI or pattern

    bool exists() const { return !text.empty(); }
};

struct Associations {
    std::array<Demand, 2> demands = {}; // each must be met
    RowSet excludes = {};
};

/// What the edition says of the AIs of this row.
Associations const& associations(std::size_t row, Edition edition);

/// True when what is present meets the demand.
bool is_met(Demand const& demand, RowSet const& present);

/// "(01), (02), (8006)+(21), (31nn)": for messages.
std::string to_text(Demand const& demand);

} // namespace nguon::gs1
