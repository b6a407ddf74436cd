#include "scanner/svg_file.hpp"

#include <cairo/cairo-svg.h>
#include <fmt/format.h>

namespace nguon::scanner {

namespace {

// Cairo rounds the outlines of letters to 1/64 of its unit.
constexpr double units_per_mm = 20;

cairo_status_t append(void* closure, unsigned char const* data, unsigned length)
{
    static_cast<std::string*>(closure)->append(reinterpret_cast<char const*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

/// Replaces from the first `begin` up to and with the next `end`; nothing when there is none.
void replace(std::string& text, std::string_view begin, std::string_view end, std::string_view with)
{
    auto const from = text.find(begin);
    if (from == std::string::npos) return;
    auto const to = text.find(end, from + begin.size());
    if (to != std::string::npos) text.replace(from, to + end.size() - from, with);
}

} // namespace

SvgFile::SvgFile(double width_mm, double height_mm)
    : width_{width_mm}, height_{height_mm}, surface_{cairo_svg_surface_create_for_stream(
                                                append, &bytes_, width_mm * units_per_mm, height_mm * units_per_mm)},
      context_{cairo_create(surface_.get())}
{
    cairo_scale(context_.get(), units_per_mm, units_per_mm);
}

Result<std::string> SvgFile::finish()
{
    context_.reset();
    cairo_surface_finish(surface_.get());
    if (auto const status = cairo_surface_status(surface_.get()); status != CAIRO_STATUS_SUCCESS)
        return internal(cairo_status_to_string(status));
    replace(bytes_, " width=\"", "\" height=\"", fmt::format(" width=\"{:g}mm\" height=\"", width_));
    replace(bytes_, "mm\" height=\"", "\"", fmt::format("mm\" height=\"{:g}mm\"", height_));
    replace(bytes_, " id=\"surface", "\"", ""); // a number that counts the surfaces of this process
    return std::move(bytes_);
}

} // namespace nguon::scanner
