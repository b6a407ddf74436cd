#pragma once

#include <cairo/cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>

/// Owners for Cairo's and Pango's objects, and text in our fonts.
namespace nguon::scanner {

struct CairoRelease {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
    void operator()(cairo_pattern_t* pattern) const { cairo_pattern_destroy(pattern); }
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
    void operator()(PangoContext* context) const { g_object_unref(context); }
};

using SurfaceOwner = std::unique_ptr<cairo_surface_t, CairoRelease>;
using ContextOwner = std::unique_ptr<cairo_t, CairoRelease>;
using PatternOwner = std::unique_ptr<cairo_pattern_t, CairoRelease>;

inline constexpr double points_per_mm = 72.0 / 25.4;

enum class Weight {
    regular,
    medium,
    bold,
    black,
};

enum class Align {
    left,
    center,
    right,
};

/// How a piece of text is set. Lengths are in the units of the Cairo context.
struct TextStyle {
    double size = 10;
    Weight weight = Weight::regular;
    bool condensed = false;
    Align align = Align::left;
    double width = 0;  // wraps there; 0 is one line of any length
    int lines_max = 1; // further text becomes an ellipsis
    double letter_spacing = 0;
    double line_spacing = 0; // factor, 0 is the font's own
};

struct TextSize {
    double width = 0;
    double height = 0;
    int lines = 0;
    bool shortened = false; // does not fit into width and lines
    double baseline = 0;    // of the first line, from the top
};

/// Sets text in Roboto with DejaVu behind it, without hinting, so that a page looks alike at every size.
class TextSetter {
public:
    /// `context` must outlive the setter.
    explicit TextSetter(cairo_t* context);

    TextSize measure(std::string_view text, TextStyle const& style);
    /// Draws with the context's current source; (x, y) is the top left corner.
    TextSize draw(double x, double y, std::string_view text, TextStyle const& style);
    /// The same as outlines: adds them to the context's current path.
    TextSize outline(double x, double y, std::string_view text, TextStyle const& style);

private:
    TextSize set(std::string_view text, TextStyle const& style);

    cairo_t* context_;
    std::unique_ptr<PangoLayout, CairoRelease> layout_;
};

} // namespace nguon::scanner
