#include "scanner/drawing.hpp"

#include <cmath>

namespace nguon::scanner {

namespace {

PangoWeight to_pango(Weight weight)
{
    switch (weight) {
    case Weight::regular:
        return PANGO_WEIGHT_NORMAL;
    case Weight::medium:
        return PANGO_WEIGHT_MEDIUM;
    case Weight::bold:
        return PANGO_WEIGHT_BOLD;
    case Weight::black:
        return PANGO_WEIGHT_HEAVY;
    }
    return PANGO_WEIGHT_NORMAL;
}

PangoAlignment to_pango(Align align)
{
    switch (align) {
    case Align::left:
        return PANGO_ALIGN_LEFT;
    case Align::center:
        return PANGO_ALIGN_CENTER;
    case Align::right:
        return PANGO_ALIGN_RIGHT;
    }
    return PANGO_ALIGN_LEFT;
}

int to_units(double length) { return static_cast<int>(std::lround(length * PANGO_SCALE)); }

} // namespace

TextSetter::TextSetter(cairo_t* context) : context_{context}, layout_{pango_cairo_create_layout(context)}
{
    std::unique_ptr<cairo_font_options_t, CairoRelease> const options{cairo_font_options_create()};
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    auto* pango = pango_layout_get_context(layout_.get());
    pango_cairo_context_set_font_options(pango, options.get());
    pango_cairo_context_set_resolution(pango, 72); // one point is one unit of the context
    pango_context_set_round_glyph_positions(pango, FALSE);
    pango_context_set_language(pango, pango_language_from_string("vi"));
}

TextSize TextSetter::set(std::string_view text, TextStyle const& style)
{
    auto* layout = layout_.get();
    std::unique_ptr<PangoFontDescription, CairoRelease> const font{pango_font_description_new()};
    pango_font_description_set_family_static(font.get(), style.condensed ? "Roboto Condensed,Roboto,DejaVu Sans"
                                                                         : "Roboto,DejaVu Sans");
    pango_font_description_set_weight(font.get(), to_pango(style.weight));
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font.get());

    PangoAttrList* attributes = pango_attr_list_new();
    if (style.letter_spacing != 0)
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(to_units(style.letter_spacing)));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);

    auto const wraps = style.width > 0;
    pango_layout_set_width(layout, wraps ? to_units(style.width) : -1);
    pango_layout_set_height(layout, -std::max(style.lines_max, 1));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, wraps ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_alignment(layout, to_pango(style.align));
    pango_layout_set_line_spacing(layout, static_cast<float>(style.line_spacing));
    pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));

    PangoRectangle extents{};
    pango_layout_get_extents(layout, nullptr, &extents);
    return {static_cast<double>(extents.width) / PANGO_SCALE, static_cast<double>(extents.height) / PANGO_SCALE,
            pango_layout_get_line_count(layout), pango_layout_is_ellipsized(layout) != FALSE,
            static_cast<double>(pango_layout_get_baseline(layout)) / PANGO_SCALE};
}

TextSize TextSetter::measure(std::string_view text, TextStyle const& style) { return set(text, style); }

TextSize TextSetter::draw(double x, double y, std::string_view text, TextStyle const& style)
{
    auto const size = set(text, style);
    cairo_move_to(context_, x, y);
    pango_cairo_show_layout(context_, layout_.get());
    return size;
}

TextSize TextSetter::outline(double x, double y, std::string_view text, TextStyle const& style)
{
    auto const size = set(text, style);
    cairo_move_to(context_, x, y);
    pango_cairo_layout_path(context_, layout_.get());
    return size;
}

} // namespace nguon::scanner

#if defined(__SANITIZE_ADDRESS__)
/// Pango and Fontconfig keep their font caches (bounded; measured over 2,000 jobs) until the process ends.
extern "C" char const* __lsan_default_suppressions() { return "leak:libfontconfig\nleak:libpango\n"; }
#endif
