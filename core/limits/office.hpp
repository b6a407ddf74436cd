#pragma once

#include <chrono>
#include <cstddef>

/// Limits of the documents that an office sends and files.
namespace nguon::limits {

inline constexpr std::size_t pdf_queue_max = 4;         // documents that wait for LibreOffice
inline constexpr std::chrono::seconds pdf_time_max{20}; // one document, its program's start included
inline constexpr std::size_t pdf_bytes_max = 32U * 1024 * 1024;

} // namespace nguon::limits
