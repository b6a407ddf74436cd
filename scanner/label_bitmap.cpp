#include "scanner/label_bitmap.hpp"

#include "scanner/bitmap_parts.hpp"
#include "scanner/label_footer.hpp"
#include "scanner/symbol_proof.hpp"

#include <algorithm>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double rule_thickness = 0.12;
constexpr int specimen_raster = 3; // one dot in nine looks grey, and is too fine to trouble a reader
constexpr int text_covered_min = 0x70;
constexpr double footer_strip = 13; // mm

/// Of one label at the printer's resolution.
SurfaceOwner label_surface(LabelJob const& job, PrinterProfile const& printer)
{
    auto const side = [&](double mm, double scale) {
        return std::max(1, static_cast<int>(std::ceil(mm * scale * printer.dpi / mm_per_inch)));
    };
    return SurfaceOwner{cairo_image_surface_create(CAIRO_FORMAT_A8, side(job.stock.label_width, printer.scale_x),
                                                   side(job.stock.label_height, printer.scale_y))};
}

ContextOwner mm_context(cairo_surface_t* surface, PrinterProfile const& printer)
{
    ContextOwner context{cairo_create(surface)};
    auto const dots = printer.dpi / mm_per_inch;
    cairo_scale(context.get(), dots * printer.scale_x, dots * printer.scale_y);
    return context;
}

void clear(cairo_t* context)
{
    cairo_save(context);
    cairo_set_operator(context, CAIRO_OPERATOR_CLEAR);
    cairo_paint(context);
    cairo_restore(context);
}

void blacken(Bitmap& bitmap, int left, int top, int width, int height)
{
    for (int y = std::max(0, top); y < std::min(bitmap.height, top + height); ++y)
        for (int x = std::max(0, left); x < std::min(bitmap.width, left + width); ++x) bitmap.blacken(x, y);
}

} // namespace

BitmapPainter::BitmapPainter(LabelJob const& job, LabelNeeds const& needs, LabelOutput const& output)
    : job_{job}, needs_{needs}, printer_{output.printer}, dots_per_mm_{output.printer.dpi / mm_per_inch},
      surface_{label_surface(job, printer_)}, context_{mm_context(surface_.get(), printer_)}, setter_{context_.get()},
      layout_{lay_out(job, needs, grid_of(output), setter_)}, module_dots_{static_cast<int>(std::lround(
                                                                  layout_.module_mm / grid_of(output).dot_mm))}
{
    if (layout_.ean) ean_dots_ = static_cast<int>(std::lround(layout_.ean->module_mm / grid_of(output).dot_mm));
    shared_ = shared_part();
}

int BitmapPainter::dots_x(double mm) const
{
    return static_cast<int>(std::lround(mm * printer_.scale_x * dots_per_mm_));
}

int BitmapPainter::dots_y(double mm) const
{
    return static_cast<int>(std::lround(mm * printer_.scale_y * dots_per_mm_));
}

BitmapPainter::Area BitmapPainter::area_of(int place) const
{
    Placing const placing{printer_};
    auto const& stock = job_.stock;
    return {static_cast<int>(std::lround(placing.x(stock.label_left(place)) * dots_per_mm_)),
            static_cast<int>(std::lround(placing.y(stock.label_top(place)) * dots_per_mm_)), shared_.width,
            shared_.height};
}

Bitmap BitmapPainter::text_bitmap() { return to_bitmap(surface_.get(), text_covered_min); }

/// Everything but symbol and code.
Bitmap BitmapPainter::shared_part()
{
    clear(context_.get());
    cairo_set_source_rgba(context_.get(), 0, 0, 0, 1);
    for (auto const& text : layout_.texts) setter_.draw(text.x, text.y, text.text, text.style);
    auto label = text_bitmap();
    if (layout_.rule_width > 0) // drawn by hand: a line between two rows of dots would vanish
        blacken(label, dots_x(layout_.rule_x), dots_y(layout_.rule_y), dots_x(layout_.rule_width),
                std::max(1, dots_y(rule_thickness)));
    if (layout_.ean) paste(label, rasterize(*layout_.ean, ean_dots_), dots_x(layout_.ean_x), dots_y(layout_.ean_y));
    if (job_.specimen) add_specimen(label);
    return label;
}

/// The word from corner to corner in fine dots, but not under the symbols.
void BitmapPainter::add_specimen(Bitmap& label) const
{
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_A8, label.width, label.height)};
    auto const context = mm_context(surface.get(), printer_);
    // Beside the symbol, where there is room, because under it nothing of the word would be left.
    auto const left = layout_.rule_width > 0 ? layout_.rule_x : 0;
    auto const width = job_.stock.label_width - left;
    auto const height = job_.stock.label_height;
    auto const side = std::min(width, height);
    cairo_translate(context.get(), left + width / 2, height / 2);
    cairo_rotate(context.get(), -std::atan2(height, width));
    TextSetter setter{context.get()};
    TextStyle const style{.size = side * 0.48, .weight = Weight::black, .letter_spacing = side * 0.06};
    auto const size = setter.measure(job_.words.specimen, style);
    setter.draw(-size.width / 2, -size.height / 2, job_.words.specimen, style);

    auto const word = to_bitmap(surface.get());
    auto const within = [](double at, double from, double length) { return at >= from && at < from + length; };
    for (int y = 0; y < label.height; y += specimen_raster)
        for (int x = 0; x < label.width; x += specimen_raster) {
            auto const mm_x = x / (dots_per_mm_ * printer_.scale_x);
            auto const mm_y = y / (dots_per_mm_ * printer_.scale_y);
            auto const in_symbol = within(mm_x, layout_.symbol_x, layout_.symbol_side) &&
                                   within(mm_y, layout_.symbol_y, layout_.symbol_side);
            auto const in_ean = layout_.ean && mm_x >= layout_.ean_x && mm_y >= layout_.ean_y;
            if (word.dark(x, y) && !in_symbol && !in_ean) label.blacken(x, y);
        }
}

void BitmapPainter::add_code(Bitmap& label, LabelCode const& code)
{
    auto const placed = fitted_code(layout_, job_, code.printed_code, setter_);
    clear(context_.get());
    cairo_set_source_rgba(context_.get(), 0, 0, 0, 1);
    setter_.draw(placed.x, placed.y, placed.text, placed.style);
    paste(label, text_bitmap(), 0, 0);
}

Status BitmapPainter::draw_modules(std::string const& url)
{
    if (url == drawn_url_) return Done{};
    auto drawn = draw_symbol({info(job_.design).symbology, url, {}, false}, job_.ecc_level);
    if (!drawn) return drawn.error();
    if (std::max(drawn->modules.width, drawn->modules.height) > layout_.symbol_modules)
        return internal("a symbol is larger than the largest");
    modules_ = std::move(drawn->modules);
    drawn_url_ = url;
    return Done{};
}

void BitmapPainter::add_symbol(Bitmap& label)
{
    auto const left = dots_x(layout_.symbol_x) + (layout_.symbol_modules - modules_.width) * module_dots_ / 2 +
                      layout_.quiet_modules * module_dots_;
    auto const top = dots_y(layout_.symbol_y) + (layout_.symbol_modules - modules_.height) * module_dots_ / 2 +
                     layout_.quiet_modules * module_dots_;
    for (int y = 0; y < modules_.height; ++y)
        for (int x = 0; x < modules_.width;) {
            auto end = x;
            while (end < modules_.width && modules_.dark(end, y)) ++end;
            if (end > x)
                blacken(label, left + x * module_dots_, top + y * module_dots_, (end - x) * module_dots_, module_dots_);
            x = std::max(end, x + 1);
        }
}

/// Reads the symbol of one label with its quiet zone out of the page.
Status BitmapPainter::prove_symbol(Bitmap const& page, Area const& area, std::string const& url,
                                   DotSize const& modules) const
{
    auto const smaller_x = (layout_.symbol_modules - modules.width) * module_dots_ / 2;
    auto const smaller_y = (layout_.symbol_modules - modules.height) * module_dots_ / 2;
    auto const symbol =
        crop(page, area.x + dots_x(layout_.symbol_x) + smaller_x, area.y + dots_y(layout_.symbol_y) + smaller_y,
             (modules.width + 2 * layout_.quiet_modules) * module_dots_,
             (modules.height + 2 * layout_.quiet_modules) * module_dots_);
    return prove_bitmap({info(job_.design).symbology, url, {}, false}, symbol);
}

Status BitmapPainter::prove_barcode(Bitmap const& page, Area const& area) const
{
    if (!layout_.ean) return Done{};
    auto const& ean = *layout_.ean;
    auto const picture =
        crop(page, area.x + dots_x(layout_.ean_x), area.y + dots_y(layout_.ean_y),
             static_cast<int>(std::ceil(ean.width * ean_dots_)), static_cast<int>(std::ceil(ean.height * ean_dots_)));
    return prove_bitmap(*needs_.ean_13, symbol_part(ean, picture, ean_dots_));
}

Status BitmapPainter::prove(Bitmap const& page, LabelPage const& labels)
{
    for (std::size_t i = 0; i < labels.labels.size(); ++i) {
        auto const area = area_of(labels.place_of(i));
        auto const& url = labels.labels[i].url;
        if (auto const proved = prove_symbol(page, area, url, sizes_[i]); !proved) return proved;
        if (auto const proved = prove_barcode(page, area); !proved) return proved;
        if (url != proved_url_) ++proved_;
        proved_url_ = url;
    }
    return Done{};
}

void BitmapPainter::add_footer(Bitmap& bitmap, LabelPage const& page, int sheets) const
{
    if (!has_footer(job_.stock)) return;
    auto const top = std::max(0.0, job_.stock.page_height - footer_strip);
    auto const height = static_cast<int>(footer_strip * dots_per_mm_);
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_A8, bitmap.width, height)};
    auto const context = mm_context(surface.get(), printer_);
    cairo_translate(context.get(), printer_.offset_x, printer_.offset_y - top);
    TextSetter setter{context.get()};
    draw_footer(context.get(), setter, job_, page, sheets);
    paste(bitmap, to_bitmap(surface.get(), text_covered_min), 0, bitmap.height - height);
}

Result<Bitmap> BitmapPainter::draw(LabelPage const& page, int sheets)
{
    Bitmap bitmap{static_cast<int>(std::lround(job_.stock.page_width * dots_per_mm_)),
                  static_cast<int>(std::lround(job_.stock.page_height * dots_per_mm_))};
    sizes_.clear();
    Bitmap label;
    for (std::size_t i = 0; i < page.labels.size(); ++i) {
        auto const& code = page.labels[i];
        if (auto const drawn = draw_modules(code.url); !drawn) return drawn.error();
        sizes_.push_back({modules_.width, modules_.height});
        label = shared_;
        add_symbol(label);
        add_code(label, code);
        auto const area = area_of(page.place_of(i));
        paste(bitmap, label, area.x, area.y);
    }
    add_footer(bitmap, page, sheets);
    if (auto const proved = prove(bitmap, page); !proved) return proved.error();
    return bitmap;
}

} // namespace nguon::scanner
