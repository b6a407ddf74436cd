#include "scanner/printer.hpp"

#include "scanner/symbol_size.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace nguon::scanner {

namespace {

constexpr std::array resolutions{203, 300, 600};
constexpr std::array<std::string_view, 3> language_names{"zpl", "tspl", "epl"};

} // namespace

std::span<int const> printer_resolutions() { return resolutions; }

std::string_view to_name(PrinterLanguage language) { return language_names[static_cast<std::size_t>(language)]; }

Result<PrinterLanguage> find_printer_language(std::string_view name)
{
    auto const found = std::find(language_names.begin(), language_names.end(), name);
    if (found == language_names.end()) return invalid("printer.language_unknown", {std::string{name}});
    return static_cast<PrinterLanguage>(found - language_names.begin());
}

std::vector<FieldError> printer_faults(PrinterProfile const& printer)
{
    std::vector<FieldError> faults;
    auto const range = [&faults](char const* pointer, double value, double least, double most) {
        if (!(value >= least && value <= most)) // so that NaN is refused
            faults.push_back({pointer, "printer.range", {show_mm(least), show_mm(most)}});
    };
    range("/offset_x", printer.offset_x, -printer_offset_max, printer_offset_max);
    range("/offset_y", printer.offset_y, -printer_offset_max, printer_offset_max);
    range("/scale_x", printer.scale_x, printer_scale_min, printer_scale_max);
    range("/scale_y", printer.scale_y, printer_scale_min, printer_scale_max);
    if (std::find(resolutions.begin(), resolutions.end(), printer.dpi) == resolutions.end())
        faults.push_back({"/dpi", "printer.dpi", {}});
    if (printer.darkness) range("/darkness", *printer.darkness, 0, printer_darkness_max);
    if (printer.speed) range("/speed", *printer.speed, 1, printer_speed_max);
    return faults;
}

} // namespace nguon::scanner
