#pragma once

#include <cstddef>

/// What an import from a sheet does not go beyond. Names end in their unit.
namespace nguon::limits {

inline constexpr std::size_t import_lines_max = 500; // one transaction, during which a SQLite writer serves nobody else

} // namespace nguon::limits
