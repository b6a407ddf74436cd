#include "scanner/label_pdf.hpp"

#include "scanner/label_layout.hpp"
#include "scanner/preflight.hpp"
#include "scanner/symbol_proof.hpp"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double footer_from_bottom = 6.6; // mm: above the strip that office printers leave blank
constexpr double footer_text_size = 2.3;
constexpr double ruler_length = 100;
constexpr double rule_thickness = 0.12;
constexpr double specimen_grey = 0.80; // readers take it for white

/// What Cairo's callback needs.
struct Output {
    ByteSink const& sink;
    bool refused = false;
};

cairo_status_t write_bytes(void* closure, unsigned char const* data, unsigned length)
{
    auto& output = *static_cast<Output*>(closure);
    if (!output.refused && !output.sink({reinterpret_cast<char const*>(data), length})) output.refused = true;
    return output.refused ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

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

/// Draws the sheets of one job. Lengths are millimetres throughout: the context is scaled once.
class SheetPainter {
public:
    SheetPainter(cairo_t* context, LabelJob const& job, Stock const& stock, int sheets, int symbol_modules)
        : context_{context}, job_{job}, stock_{stock}, sheets_{sheets}, setter_{context}, layout_{lay_out(
                                                                                              job, stock,
                                                                                              symbol_modules, setter_)}
    {
    }

    /// Draws all labels, a page after the other.
    Status draw()
    {
        auto const total = static_cast<int>(job_.codes.size()) * job_.copies;
        auto const per_sheet = stock_.labels_per_sheet();
        auto place = job_.start - 1;
        auto first = 0;
        for (int sheet = 1; first < total; ++sheet, place = 0) {
            auto const count = std::min(total - first, per_sheet - place);
            if (auto const drawn = draw_sheet(sheet, place, first, count); !drawn) return drawn;
            first += count;
        }
        return Done{};
    }

private:
    Status draw_sheet(int sheet, int place, int first, int count)
    {
        cairo_save(context_);
        cairo_scale(context_, points_per_mm, points_per_mm);
        for (int i = 0; i < count; ++i) {
            auto const column = (place + i) % stock_.columns;
            auto const row = (place + i) / stock_.columns;
            cairo_save(context_);
            cairo_translate(context_, stock_.margin_left + column * stock_.pitch_x,
                            stock_.margin_top + row * stock_.pitch_y);
            auto const drawn = draw_label(code_of(first + i));
            cairo_restore(context_);
            if (!drawn) return drawn;
        }
        draw_footer(sheet, first, count);
        cairo_restore(context_);
        cairo_show_page(context_);
        if (cairo_status(context_) == CAIRO_STATUS_WRITE_ERROR) return unavailable("label.sink");
        if (auto const status = cairo_status(context_); status != CAIRO_STATUS_SUCCESS)
            return internal(cairo_status_to_string(status));
        return Done{};
    }

    LabelCode const& code_of(int label) const { return job_.codes[static_cast<std::size_t>(label / job_.copies)]; }

    Status draw_label(LabelCode const& code)
    {
        if (job_.specimen) draw_specimen();
        if (auto const drawn = draw_symbol(code.url); !drawn) return drawn;
        ink(0);
        for (auto const& text : layout_.texts) draw_text(text, text.text);
        draw_text(layout_.printed_code, group_code(code.printed_code));
        cairo_rectangle(context_, layout_.rule_x, layout_.rule_y, layout_.rule_width, rule_thickness);
        cairo_fill(context_);
        return Done{};
    }

    void draw_text(PlacedText const& placed, std::string_view text)
    {
        setter_.draw(placed.x, placed.y, text, placed.style);
    }

    /// The labels of a lot share one symbol: it is drawn, proved and embedded once.
    Status draw_symbol(std::string const& url)
    {
        if (!mask_ || url != mask_url_) {
            auto const modules = encode_qr(url, job_.ecc_level);
            if (!modules) return modules.error();
            if (modules->width > layout_.symbol_modules) return internal("a symbol is larger than the largest");
            mask_ = to_mask(*modules);
            mask_url_ = url;
            // The proof reads the bitmap that goes into the file, not the one it was made from.
            if (auto const proved = prove_qr(from_mask(mask_.get()), url); !proved) return proved;
        }
        auto const side = cairo_image_surface_get_width(mask_.get()) * layout_.module_mm;
        auto const inset = (layout_.symbol_side - side) / 2;
        PatternOwner const pattern{cairo_pattern_create_for_surface(mask_.get())};
        cairo_pattern_set_filter(pattern.get(), CAIRO_FILTER_NEAREST);
        cairo_save(context_);
        cairo_translate(context_, layout_.symbol_x + inset, layout_.symbol_y + inset);
        cairo_scale(context_, layout_.module_mm, layout_.module_mm);
        ink(0);
        cairo_mask(context_, pattern.get());
        cairo_restore(context_);
        return Done{};
    }

    /// The word lies under the whole label, from corner to corner.
    void draw_specimen()
    {
        auto const width = stock_.label_width;
        auto const height = stock_.label_height;
        cairo_save(context_);
        cairo_rectangle(context_, 0, 0, width, height);
        cairo_clip(context_);
        cairo_translate(context_, width / 2, height / 2);
        cairo_rotate(context_, -std::atan2(height, width));
        TextStyle const style{.size = height * 0.48, .weight = Weight::black, .letter_spacing = height * 0.06};
        auto const size = setter_.measure(job_.words.specimen, style);
        ink(specimen_grey);
        setter_.draw(-size.width / 2, -size.height / 2, job_.words.specimen, style);
        cairo_restore(context_);
    }

    /// A ruler that shows whether the printer kept the size, and what this sheet is.
    void draw_footer(int sheet, int first, int count)
    {
        auto const y = stock_.page_height - footer_from_bottom;
        auto x = std::max(stock_.margin_left, 6.0);
        ink(0);
        TextStyle const style{.size = footer_text_size, .condensed = true};
        auto const text_y = y - footer_text_size * 1.05;
        x += setter_.draw(x, text_y, job_.words.print_at_full_size, style).width + 3;
        draw_ruler(x, y);

        auto const right = stock_.page_width - std::max(stock_.margin_left, 6.0);
        auto const left = x + ruler_length + 6;
        TextStyle const about{
            .size = footer_text_size, .condensed = true, .align = Align::right, .width = right - left};
        auto text = fmt::format("{} · {} {}/{}", job_.id, job_.words.sheet, sheet, sheets_);
        auto const& from = code_of(first).printed_code;
        auto const& to = code_of(first + count - 1).printed_code;
        auto const range = from == to ? group_code(from) : group_code(from) + " – " + group_code(to);
        setter_.draw(left, text_y - footer_text_size * 0.62, text, about);
        setter_.draw(left, text_y + footer_text_size * 0.62, range, about);
    }

    void draw_ruler(double x, double y)
    {
        cairo_set_line_width(context_, 0.15);
        cairo_move_to(context_, x, y);
        cairo_line_to(context_, x + ruler_length, y);
        for (int mm = 0; mm <= static_cast<int>(ruler_length); mm += 5) {
            auto const tick = mm % 50 == 0 ? 2.2 : mm % 10 == 0 ? 1.4 : 0.8;
            cairo_move_to(context_, x + mm, y + (mm == 0 ? 0.075 : 0));
            cairo_line_to(context_, x + mm, y - tick);
        }
        cairo_stroke(context_);
        TextStyle const style{.size = 1.8, .condensed = true};
        setter_.draw(x + 0.5, y - 2.9, "0", style);
        setter_.draw(x + 50.5, y - 2.9, "50", style);
        auto const end = setter_.measure("100 mm", style);
        setter_.draw(x + ruler_length - 0.5 - end.width, y - 2.9, "100 mm", style);
    }

    void ink(double grey) { cairo_set_source_rgb(context_, grey, grey, grey); }

    cairo_t* context_;
    LabelJob const& job_;
    Stock const& stock_;
    int sheets_;
    TextSetter setter_;
    LabelLayout layout_;
    SurfaceOwner mask_ = {};
    std::string mask_url_ = {};
};

Error refusal(Preflight const& checked)
{
    for (auto const& fault : checked.faults)
        if (fault.key == "label.too_small") return invalid(fault.key, fault.values);
    return invalid_fields(checked.faults);
}

} // namespace

Status draw_label_pdf(LabelJob const& job, ByteSink const& sink)
{
    auto const checked = preflight(job);
    if (!checked.ok()) return refusal(checked);
    auto const& stock = *find_stock(job.stock);

    Output output{sink};
    SurfaceOwner const surface{cairo_pdf_surface_create_for_stream(
        write_bytes, &output, stock.page_width * points_per_mm, stock.page_height * points_per_mm)};
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                   fmt::format("{} – {}", job.product_name, job.id).c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Nguồn");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_iso(job.created).c_str());
    Status drawn = Done{};
    {
        ContextOwner const context{cairo_create(surface.get())};
        SheetPainter painter{context.get(), job, stock, checked.sheets, checked.symbol_modules};
        drawn = painter.draw();
    }
    cairo_surface_finish(surface.get());
    if (!drawn) return drawn;
    if (output.refused) return unavailable("label.sink");
    if (auto const status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
        return internal(cairo_status_to_string(status));
    return Done{};
}

Result<std::string> draw_label_pdf(LabelJob const& job)
{
    std::string bytes;
    ByteSink const sink = [&bytes](std::string_view piece) {
        bytes.append(piece);
        return true;
    };
    if (auto const drawn = draw_label_pdf(job, sink); !drawn) return drawn.error();
    return bytes;
}

} // namespace nguon::scanner
