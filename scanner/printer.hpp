#pragma once

#include "core/result.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nguon::scanner {

/// What label printers understand. Labels go to them as pictures, so that every printer prints Vietnamese.
enum class PrinterLanguage {
    zpl,
    tspl,
    epl,
};

/// One printer of somebody: what it does wrong, and how it is set.
struct PrinterProfile {
    double offset_x = 0; // mm by which everything is moved to the right
    double offset_y = 0; // mm downwards
    double scale_x = 1;  // about the page's top left corner
    double scale_y = 1;
    int dpi = 203;                    // 203, 300 or 600; of an office printer what sample sheets are replayed at
    std::optional<int> darkness = {}; // 0 … 15; none: as the printer is set
    std::optional<int> speed = {};    // inches a second, 1 … 14; none: as the printer is set
    PrinterLanguage language = PrinterLanguage::zpl;

    bool operator==(PrinterProfile const&) const = default;
};

inline constexpr double mm_per_inch = 25.4;
inline constexpr double printer_offset_max = 20; // mm either way: more is another stock
inline constexpr double printer_scale_min = 0.95;
inline constexpr double printer_scale_max = 1.05;
inline constexpr int printer_darkness_max = 15;
inline constexpr int printer_speed_max = 14;

std::span<int const> printer_resolutions();

std::string_view to_name(PrinterLanguage language);

/// Error: "printer.language_unknown" {name}.
Result<PrinterLanguage> find_printer_language(std::string_view name);

/// Every member that no printer has: "printer.range" {least, most}, "printer.dpi". Pointers are the members' names.
std::vector<FieldError> printer_faults(PrinterProfile const& printer);

} // namespace nguon::scanner
