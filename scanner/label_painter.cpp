#include "scanner/label_painter.hpp"

#include "scanner/label_footer.hpp"
#include "scanner/symbol_proof.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double rule_thickness = 0.12;
constexpr double specimen_grey = 0.80; // readers take it for white
constexpr int ean_proof_dots = 3;

/// Cairo keeps the bits of an A1 row in 32-bit words of the machine's order.
std::uint32_t* a1_row(cairo_surface_t* surface, int y)
{
    return reinterpret_cast<std::uint32_t*>(cairo_image_surface_get_data(surface) +
                                            static_cast<std::ptrdiff_t>(cairo_image_surface_get_stride(surface)) * y);
}

constexpr std::uint32_t a1_bit(int x)
{
    if constexpr (std::endian::native == std::endian::little) return 1U << (x % 32);
    return 0x8000'0000U >> (x % 32);
}

SurfaceOwner to_mask(Modules const& modules)
{
    SurfaceOwner mask{cairo_image_surface_create(CAIRO_FORMAT_A1, modules.width, modules.height)};
    cairo_surface_flush(mask.get());
    for (int y = 0; y < modules.height; ++y)
        for (int x = 0; x < modules.width; ++x)
            if (modules.dark(x, y)) a1_row(mask.get(), y)[x / 32] |= a1_bit(x);
    cairo_surface_mark_dirty(mask.get());
    return mask;
}

Modules from_mask(cairo_surface_t* mask)
{
    Modules modules{cairo_image_surface_get_width(mask), cairo_image_surface_get_height(mask), {}};
    for (int y = 0; y < modules.height; ++y)
        for (int x = 0; x < modules.width; ++x)
            modules.cells.push_back((a1_row(mask, y)[x / 32] & a1_bit(x)) != 0 ? 1 : 0);
    return modules;
}

void add_rectangles(cairo_t* context, Modules const& modules)
{
    for (int y = 0; y < modules.height; ++y)
        for (int x = 0; x < modules.width;) {
            auto end = x;
            while (end < modules.width && modules.dark(end, y)) ++end;
            if (end > x) cairo_rectangle(context, x, y, end - x, 1);
            x = std::max(end, x + 1);
        }
}

LabelLayout lay_out_for(cairo_t* context, LabelJob const& job, LabelNeeds const& needs, LabelOutput const& output)
{
    TextSetter setter{context};
    return lay_out(job, needs, grid_of(output), setter);
}

} // namespace

SheetPainter::SheetPainter(cairo_t* context, LabelJob const& job, LabelNeeds const& needs, LabelOutput const& output,
                           SymbolStyle symbols, InkStyle ink)
    : context_{context}, job_{job}, needs_{needs}, printer_{output.printer}, symbols_{symbols}, ink_{ink},
      setter_{context}, layout_{lay_out_for(context, job, needs, output)}
{
}

Status SheetPainter::draw(LabelPage const& page, int sheets)
{
    if (auto const proved = prove_ean(); !proved) return proved;
    cairo_save(context_);
    cairo_translate(context_, printer_.offset_x, printer_.offset_y);
    cairo_scale(context_, printer_.scale_x, printer_.scale_y);
    Status drawn = Done{};
    for (std::size_t i = 0; i < page.labels.size() && drawn; ++i) {
        auto const place = page.place_of(i);
        cairo_save(context_);
        cairo_translate(context_, job_.stock.label_left(place), job_.stock.label_top(place));
        drawn = draw_label(page.labels[i]);
        cairo_restore(context_);
    }
    if (drawn && has_footer(job_.stock)) {
        ink(0);
        draw_footer(context_, setter_, job_, page, sheets);
    }
    cairo_restore(context_);
    return drawn;
}

/// All labels have the same barcode for tills.
Status SheetPainter::prove_ean()
{
    if (ean_proved_ || !layout_.ean) return Done{};
    auto const bitmap = rasterize_symbol(*layout_.ean, ean_proof_dots);
    auto const proved = prove_bitmap(*needs_.ean_13, symbol_part(*layout_.ean, bitmap, ean_proof_dots));
    ean_proved_ = proved.ok();
    return proved;
}

Status SheetPainter::draw_label(LabelCode const& code)
{
    if (job_.specimen) draw_specimen();
    if (auto const drawn = draw_symbol(code.url); !drawn) return drawn;
    ink(0);
    for (auto const& text : layout_.texts) draw_text(text);
    draw_text(fitted_code(layout_, job_, code.printed_code, setter_));
    if (layout_.rule_width > 0) {
        cairo_rectangle(context_, layout_.rule_x, layout_.rule_y, layout_.rule_width, rule_thickness);
        cairo_fill(context_);
    }
    if (layout_.ean) draw_ean();
    return Done{};
}

void SheetPainter::draw_text(PlacedText const& placed) { setter_.draw(placed.x, placed.y, placed.text, placed.style); }

/// The labels of a lot share one symbol: it is drawn, proved and embedded once.
Status SheetPainter::draw_symbol(std::string const& url)
{
    if (url != drawn_url_) {
        SymbolData const data{info(job_.design).symbology, url, {}, false};
        auto drawn = scanner::draw_symbol(data, job_.ecc_level);
        if (!drawn) return drawn.error();
        if (std::max(drawn->modules.width, drawn->modules.height) > layout_.symbol_modules)
            return internal("a symbol is larger than the largest");
        modules_ = std::move(drawn->modules);
        if (symbols_ == SymbolStyle::mask) {
            mask_ = to_mask(modules_);
            modules_ = from_mask(mask_.get()); // the proof reads what goes into the file, not what it was made from
        }
        if (auto const proved = prove_matrix(modules_, data); !proved) return proved;
        ++proved_;
        drawn_url_ = url;
    }
    paint_symbol();
    return Done{};
}

void SheetPainter::paint_symbol()
{
    auto const module = layout_.module_mm;
    cairo_save(context_);
    cairo_translate(context_, layout_.symbol_x + (layout_.symbol_side - modules_.width * module) / 2,
                    layout_.symbol_y + (layout_.symbol_side - modules_.height * module) / 2);
    cairo_scale(context_, module, module);
    ink(0);
    if (symbols_ == SymbolStyle::mask) {
        PatternOwner const pattern{cairo_pattern_create_for_surface(mask_.get())};
        cairo_pattern_set_filter(pattern.get(), CAIRO_FILTER_NEAREST);
        cairo_mask(context_, pattern.get());
    } else {
        add_rectangles(context_, modules_);
        cairo_fill(context_);
    }
    cairo_restore(context_);
}

void SheetPainter::draw_ean()
{
    auto const& ean = *layout_.ean;
    cairo_save(context_);
    cairo_translate(context_, layout_.ean_x, layout_.ean_y);
    cairo_scale(context_, ean.module_mm, ean.module_mm);
    for (auto const& bar : ean.bars) cairo_rectangle(context_, bar.x, bar.y, bar.width, bar.height);
    cairo_fill(context_);
    each_text(ean, setter_, [this](std::string const& text, double x, double y, TextStyle const& style) {
        setter_.draw(x, y, text, style);
    });
    cairo_restore(context_);
}

/// The word lies under the whole label, from corner to corner.
void SheetPainter::draw_specimen()
{
    auto const width = job_.stock.label_width;
    auto const height = job_.stock.label_height;
    auto const side = std::min(width, height);
    cairo_save(context_);
    cairo_rectangle(context_, 0, 0, width, height);
    cairo_clip(context_);
    cairo_translate(context_, width / 2, height / 2);
    cairo_rotate(context_, -std::atan2(height, width));
    TextStyle const style{.size = side * 0.48, .weight = Weight::black, .letter_spacing = side * 0.06};
    auto const size = setter_.measure(job_.words.specimen, style);
    ink(specimen_grey);
    setter_.draw(-size.width / 2, -size.height / 2, job_.words.specimen, style);
    cairo_restore(context_);
}

void SheetPainter::ink(double grey)
{
    if (ink_ == InkStyle::alpha)
        cairo_set_source_rgba(context_, 0, 0, 0, 1 - grey);
    else
        cairo_set_source_rgb(context_, grey, grey, grey);
}

} // namespace nguon::scanner
