#pragma once

#include <cstddef>

/// Limits of what an enterprise keeps for its labels.
namespace nguon::limits {

inline constexpr std::size_t printers_max = 50; // of one organization
inline constexpr std::size_t measured_stocks_max = 50;
inline constexpr std::size_t label_designs_max = 50;
inline constexpr std::size_t label_text_chars_max = 120; // of a line of somebody's own

} // namespace nguon::limits
