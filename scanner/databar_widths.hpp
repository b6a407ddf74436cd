#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// The arithmetic that the characters of all DataBar symbols share (ISO/IEC 24724): a character's value is the
/// place of its element widths among all permitted ones in order.
namespace nguon::scanner::databar {

/// The widths of the runs of equal modules, the first and the last included.
std::vector<int> run_lengths(std::vector<bool> const& modules);

/// One group of characters: how many modules its odd elements have together, their widest, the widest of the even
/// ones, the values of the even elements, and the group's first value.
struct Group {
    int odd_modules = 0;
    int odd_widest = 0;
    int even_widest = 0;
    int even_values = 0;
    int first_value = 0;
    int end_value = 0;
};

/// Whether odd or even elements must contain a narrow one, which keeps the reader's edge decisions apart.
enum class NeedsNarrow {
    odd,
    even,
};

/// The value of a character of 8 or 14 elements; nothing when no group has such widths.
std::optional<int> character_value(std::span<int const> widths, std::span<Group const> groups, NeedsNarrow narrow);

} // namespace nguon::scanner::databar
