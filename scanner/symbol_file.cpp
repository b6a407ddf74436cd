#include "scanner/symbol_file.hpp"

#include "scanner/png_file.hpp"
#include "scanner/printer_language.hpp"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr int png_dots_min = 4;
constexpr int png_side_max = 4'096; // of a picture whose modules are larger than that allows, the density is less
constexpr double png_dots_per_mm = 600 / 25.4;
constexpr int vector_proof_dots = 4;
constexpr int zpl_width_max = 4'800; // eight inches at 600 dpi

cairo_status_t append_bytes(void* closure, unsigned char const* data, unsigned length)
{
    static_cast<std::string*>(closure)->append(reinterpret_cast<char const*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

/// The outlines of the texts as an SVG path.
std::string text_outlines(SymbolPicture const& picture)
{
    // Unbounded: Cairo leaves out the glyphs beyond a surface's edges.
    SurfaceOwner const surface{cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nullptr)};
    ContextOwner const context{cairo_create(surface.get())};
    TextSetter setter{context.get()};
    each_text(picture, setter, [&](std::string const& text, double x, double y, TextStyle const& style) {
        setter.outline(x, y, text, style);
    });
    std::unique_ptr<cairo_path_t, decltype(&cairo_path_destroy)> const path{cairo_copy_path(context.get()),
                                                                            cairo_path_destroy};
    std::string out;
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        auto const* const data = path->data + i;
        auto add = [&](char command, int points) {
            out += command;
            for (int p = 1; p <= points; ++p)
                out += fmt::format("{}{:.3f} {:.3f}", p == 1 ? "" : " ", data[p].point.x, data[p].point.y);
        };
        switch (data->header.type) {
        case CAIRO_PATH_MOVE_TO:
            add('M', 1);
            break;
        case CAIRO_PATH_LINE_TO:
            add('L', 1);
            break;
        case CAIRO_PATH_CURVE_TO:
            add('C', 3);
            break;
        case CAIRO_PATH_CLOSE_PATH:
            out += 'z';
            break;
        }
    }
    return out;
}

/// "7" or "69.242": no more digits than the drawing needs.
std::string number(double value)
{
    auto text = fmt::format("{:.3f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string write_svg(SymbolPicture const& picture)
{
    auto svg = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.3f}mm\" height=\"{:.3f}mm\""
                           " viewBox=\"0 0 {} {}\">\n"
                           "<rect width=\"{}\" height=\"{}\" fill=\"#fff\"/>\n"
                           "<path shape-rendering=\"crispEdges\" fill=\"#000\" d=\"",
                           picture.width * picture.module_mm, picture.height * picture.module_mm, number(picture.width),
                           number(picture.height), number(picture.width), number(picture.height));
    for (auto const& bar : picture.bars) {
        auto const width = number(bar.width);
        svg += fmt::format("M{} {}h{}v{}h-{}z", number(bar.x), number(bar.y), width, number(bar.height), width);
    }
    svg += "\"/>\n";
    if (!picture.texts.empty()) svg += "<path fill=\"#000\" d=\"" + text_outlines(picture) + "\"/>\n";
    return svg + "</svg>\n";
}

Result<std::string> write_pdf(SymbolPicture const& picture, Instant created)
{
    auto const unit = picture.module_mm * points_per_mm;
    std::string bytes;
    SurfaceOwner const surface{
        cairo_pdf_surface_create_for_stream(append_bytes, &bytes, picture.width * unit, picture.height * unit)};
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_iso(created).c_str());
    {
        ContextOwner const context{cairo_create(surface.get())};
        cairo_scale(context.get(), unit, unit);
        for (auto const& bar : picture.bars) cairo_rectangle(context.get(), bar.x, bar.y, bar.width, bar.height);
        cairo_fill(context.get());
        TextSetter setter{context.get()};
        each_text(picture, setter, [&](std::string const& text, double x, double y, TextStyle const& style) {
            setter.draw(x, y, text, style);
        });
    }
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return internal("pdf cannot be written");
    return bytes;
}

/// One graphic field: nothing of the data is read as a command by the printer.
std::string write_zpl(Bitmap const& bitmap) { return "^XA\n^FO0,0" + zpl_graphic_field(bitmap) + "^FS\n^XZ\n"; }

/// The whole dots of a module on this printer: rounded up, or down where the next is too large.
Result<int> printer_dots(SymbolOrder const& order, SymbolSize const& size)
{
    constexpr double tolerance = 1e-6;
    auto const dots_per_mm = order.dpi / mm_per_inch;
    auto const up = static_cast<int>(std::ceil(size.module_mm * dots_per_mm - tolerance));
    for (auto const dots : {up, up - 1})
        if (dots >= 1 && dots / dots_per_mm <= size.rule.module_max + tolerance &&
            dots / dots_per_mm >= size.rule.module_min - tolerance)
            return dots;
    return invalid("symbol.dots", {std::string{to_name(order.data.symbology)}, std::to_string(order.dpi),
                                   show_mm(size.rule.module_min), show_mm(size.rule.module_max)});
}

int png_dots(SymbolPicture const& picture)
{
    auto const wanted = static_cast<int>(std::lround(picture.module_mm * png_dots_per_mm));
    auto const most = static_cast<int>(png_side_max / std::max(picture.width, picture.height));
    return std::max(png_dots_min, std::min(wanted, most));
}

Result<SymbolFile> write_bitmap(SymbolOrder const& order, SymbolPicture const& picture, int dots,
                                SymbolProver const& prover)
{
    auto const bitmap = rasterize(picture, dots);
    if (auto const proved = prover.prove(order.data, symbol_part(picture, bitmap, dots), dots); !proved)
        return proved.error();
    if (order.format == SymbolFormat::zpl) return SymbolFile{write_zpl(bitmap), picture.module_mm};
    auto png = write_png(bitmap, dots / picture.module_mm);
    if (!png) return png.error();
    return SymbolFile{*std::move(png), picture.module_mm};
}

/// Proves the rectangles of which no bitmap is written.
Status prove_vectors(SymbolData const& data, SymbolPicture const& picture, SymbolProver const& prover)
{
    auto const bitmap = rasterize_symbol(picture, vector_proof_dots);
    return prover.prove(data, symbol_part(picture, bitmap, vector_proof_dots), vector_proof_dots);
}

Result<SymbolFile> write_vectors(SymbolOrder const& order, SymbolPicture const& picture, SymbolProver const& prover)
{
    if (auto const proved = prove_vectors(order.data, picture, prover); !proved) return proved.error();
    if (order.format == SymbolFormat::svg) return SymbolFile{write_svg(picture), picture.module_mm};
    auto pdf = write_pdf(picture, order.created);
    if (!pdf) return pdf.error();
    return SymbolFile{*std::move(pdf), picture.module_mm};
}

} // namespace

Result<SymbolFile> write_symbol(SymbolOrder const& order, SymbolProver const& prover)
{
    auto const drawn = draw_symbol(order.data, order.ecc_level);
    if (!drawn) return drawn.error();
    auto size = choose_size(order.data, *drawn, order.size);
    if (!size) return size.error();
    if (order.format != SymbolFormat::zpl) {
        auto const picture = lay_out_symbol(order.data, *drawn, *size, order.with_text);
        if (order.format == SymbolFormat::png) return write_bitmap(order, picture, png_dots(picture), prover);
        return write_vectors(order, picture, prover);
    }

    auto const dots = printer_dots(order, *size);
    if (!dots) return dots.error();
    auto on_printer = order.size;
    on_printer.module_mm = *dots * mm_per_inch / order.dpi;
    size = choose_size(order.data, *drawn, on_printer);
    if (!size) return size.error();
    auto const picture = lay_out_symbol(order.data, *drawn, *size, order.with_text);
    if (picture.width * *dots > zpl_width_max) {
        auto const mm_per_dot = mm_per_inch / order.dpi;
        return invalid("symbol.too_wide",
                       {std::string{to_name(order.data.symbology)}, show_mm(picture.width * *dots * mm_per_dot),
                        show_mm(zpl_width_max * mm_per_dot)});
    }
    return write_bitmap(order, picture, *dots, prover);
}

Result<Modules> draw_proved_matrix(SymbolData const& data, EccLevel level, SymbolProver const& prover)
{
    auto drawn = draw_symbol(data, level);
    if (!drawn) return drawn.error();
    auto const size = choose_size(data, *drawn, {});
    if (!size) return size.error();
    auto const picture = lay_out_symbol(data, *drawn, *size, false);
    if (auto const proved = prove_vectors(data, picture, prover); !proved) return proved.error();
    return std::move(drawn->modules);
}

} // namespace nguon::scanner
