#include "scanner/calibration.hpp"

#include "scanner/bitmap_parts.hpp"
#include "scanner/label_placing.hpp"
#include "scanner/png_file.hpp"
#include "scanner/printer_language.hpp"
#include "scanner/svg_file.hpp"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nguon::scanner {

namespace {

constexpr double sheet_cross = 20;
constexpr double sheet_ruler_x_max = 150;
constexpr double sheet_ruler_y_max = 200;
constexpr double sheet_right_margin = 20;
constexpr double roll_cross = 5;
constexpr double roll_ruler_max = 100;
constexpr double roll_right_margin = 1.5;
constexpr double cross_arm = 4;
constexpr double line_width = 0.15;
constexpr double reading_range = 25; // mm beyond where the cross belongs
constexpr double ruler_range = 0.10; // share of a ruler's length
constexpr double paper_padding = 3;  // around the explanation
constexpr double sheet_text_size = 3.2;
constexpr double roll_text_size = 1.9;
constexpr int covered_min = 0x60;

double whole_step(double length, double step) { return std::max(step, std::floor(length / step) * step); }

/// The origin of the readings on the page: of a roll the first label.
double origin_x(Stock const& stock) { return stock.is_roll() ? stock.margin_left : 0; }

class CalibrationPainter {
public:
    CalibrationPainter(cairo_t* context, Stock const& stock, PrinterProfile const& printer)
        : context_{context}, stock_{stock}, printer_{printer}, marks_{calibration_marks(stock)}, setter_{context}
    {
    }

    void draw()
    {
        cairo_save(context_);
        cairo_translate(context_, printer_.offset_x, printer_.offset_y);
        cairo_scale(context_, printer_.scale_x, printer_.scale_y);
        cairo_set_source_rgb(context_, 0, 0, 0);
        cairo_set_line_width(context_, line_width);
        for (int place = 0; place < stock_.labels_per_sheet(); ++place) draw_outline(place);
        cairo_translate(context_, origin_x(stock_), 0);
        draw_cross();
        draw_ticks(marks_.ruler_x, true);
        draw_ticks(marks_.ruler_y, false);
        stock_.is_roll() ? draw_roll_text() : draw_sheet_text();
        cairo_restore(context_);
    }

private:
    void draw_outline(int place)
    {
        auto const x = stock_.label_left(place);
        auto const y = stock_.label_top(place);
        if (stock_.outline == LabelOutline::round)
            cairo_arc(context_, x + stock_.label_width / 2, y + stock_.label_height / 2, stock_.label_width / 2, 0,
                      2 * std::numbers::pi);
        else
            cairo_rectangle(context_, x, y, stock_.label_width, stock_.label_height);
        cairo_stroke(context_);
    }

    void draw_cross()
    {
        auto const x = marks_.cross_x;
        auto const y = marks_.cross_y;
        cairo_set_line_width(context_, 2 * line_width);
        cairo_move_to(context_, x - cross_arm, y);
        cairo_line_to(context_, x + cross_arm, y);
        cairo_move_to(context_, x, y - cross_arm);
        cairo_line_to(context_, x, y + cross_arm);
        cairo_stroke(context_);
        cairo_set_line_width(context_, line_width);
    }

    /// A ruler from the cross, a tick a millimetre, a number every ten.
    void draw_ticks(double length, bool across)
    {
        TextStyle const style{.size = stock_.is_roll() ? 1.5 : 2.4, .condensed = true};
        auto const at = [&](double along, double aside) {
            return across ? std::pair{marks_.cross_x + along, marks_.cross_y - aside}
                          : std::pair{marks_.cross_x - aside, marks_.cross_y + along};
        };
        auto const line = [&](std::pair<double, double> from, std::pair<double, double> to) {
            cairo_move_to(context_, from.first, from.second);
            cairo_line_to(context_, to.first, to.second);
        };
        line(at(0, 0), at(length, 0));
        for (int mm = 1; mm <= static_cast<int>(length); ++mm)
            line(at(mm, 0), at(mm, mm % 10 == 0 ? 2.4 : mm % 5 == 0 ? 1.7 : 1.0));
        cairo_stroke(context_);
        for (int mm = 10; mm <= static_cast<int>(length); mm += 10) {
            auto const number = std::to_string(mm);
            auto const size = setter_.measure(number, style);
            auto const [x, y] = at(mm, 2.6);
            setter_.draw(across ? x - size.width / 2 : x - size.width, across ? y - size.height : y - size.height / 2,
                         number, style);
        }
    }

    void draw_sheet_text()
    {
        auto const& m = marks_;
        std::vector<std::string> const lines{
            "Tờ căn chỉnh máy in – " + stock_.name_vi,
            "1. In tờ này ở cỡ 100 %, không chọn “vừa trang”.",
            fmt::format("2. Dùng thước đo từ mép TRÁI của giấy đến tâm dấu +. Đúng ra là {:g} mm. Ghi số đo vào ô x.",
                        m.cross_x),
            fmt::format("3. Đo từ mép TRÊN của giấy đến tâm dấu +. Đúng ra là {:g} mm. Ghi số đo vào ô y.", m.cross_y),
            fmt::format("4. Nếu tem lệch dần về cuối tờ: đo thêm thước ngang (đúng ra dài {:g} mm) và thước dọc "
                        "(đúng ra dài {:g} mm), tính từ tâm dấu +.",
                        m.ruler_x, m.ruler_y),
            "5. Nhập các số đó vào trang Máy in của Nguồn rồi in lại tờ này: các khung phải trùng với mép tem."};
        auto const left = m.cross_x + 12;
        auto const width = std::min(120.0, stock_.page_width - left - 15);
        auto y = m.cross_y + 14;
        TextStyle style{.size = sheet_text_size, .weight = Weight::bold, .width = width, .lines_max = 4};
        std::vector<double> heights;
        double total = 0;
        for (auto const& line : lines) {
            heights.push_back(setter_.measure(line, style).height + 1.5);
            total += heights.back();
        }
        cairo_set_source_rgb(context_, 1, 1, 1);
        cairo_rectangle(context_, left - paper_padding, y - paper_padding, width + 2 * paper_padding,
                        total + 2 * paper_padding);
        cairo_fill_preserve(context_);
        cairo_set_source_rgb(context_, 0, 0, 0);
        cairo_stroke(context_);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            setter_.draw(left, y, lines[i], style);
            style.weight = Weight::regular;
            y += heights[i];
        }
    }

    void draw_roll_text()
    {
        auto const left = marks_.cross_x + 2.5;
        auto const scale = std::clamp(stock_.label_height / 25, 1.0, 2.0);
        TextStyle const style{.size = roll_text_size * scale,
                              .condensed = true,
                              .width = stock_.label_width - left - roll_right_margin - stock_.edge_x,
                              .lines_max = 5};
        auto const text =
            fmt::format("Đo từ mép trái và mép trên của tem đến tâm dấu +. Đúng ra: x = {:g} mm, y = {:g} mm.",
                        marks_.cross_x, marks_.cross_y);
        setter_.draw(left, marks_.cross_y + 2, text, style);
    }

    cairo_t* context_;
    Stock const& stock_;
    PrinterProfile const& printer_;
    CalibrationMarks marks_;
    TextSetter setter_;
};

cairo_status_t append(void* closure, unsigned char const* data, unsigned length)
{
    static_cast<std::string*>(closure)->append(reinterpret_cast<char const*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

Result<std::string> draw_svg(Stock const& stock, PrinterProfile const& printer)
{
    SvgFile svg{stock.page_width, stock.page_height};
    CalibrationPainter{svg.context(), stock, printer}.draw();
    return svg.finish();
}

Result<std::string> draw_pdf(Stock const& stock, PrinterProfile const& printer, Instant created)
{
    std::string bytes;
    SurfaceOwner const surface{cairo_pdf_surface_create_for_stream(append, &bytes, stock.page_width * points_per_mm,
                                                                   stock.page_height * points_per_mm)};
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_iso(created).c_str());
    {
        ContextOwner const context{cairo_create(surface.get())};
        cairo_scale(context.get(), points_per_mm, points_per_mm);
        CalibrationPainter{context.get(), stock, printer}.draw();
    }
    cairo_surface_finish(surface.get());
    if (auto const status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
        return internal(cairo_status_to_string(status));
    return bytes;
}

Result<Bitmap> draw_bitmap(Stock const& stock, PrinterProfile const& printer)
{
    auto const dots_per_mm = printer.dpi / mm_per_inch;
    auto const width = static_cast<int>(std::lround(stock.page_width * dots_per_mm));
    auto const height = static_cast<int>(std::lround(stock.page_height * dots_per_mm));
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)};
    {
        ContextOwner const context{cairo_create(surface.get())};
        cairo_set_source_rgb(context.get(), 1, 1, 1);
        cairo_paint(context.get());
        cairo_scale(context.get(), dots_per_mm, dots_per_mm);
        CalibrationPainter{context.get(), stock, printer}.draw();
    }
    cairo_surface_flush(surface.get());
    auto const* const samples = cairo_image_surface_get_data(surface.get());
    if (samples == nullptr) return internal("no memory for a calibration sheet");
    auto const stride = static_cast<std::ptrdiff_t>(cairo_image_surface_get_stride(surface.get()));
    Bitmap bitmap{width, height};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            if (0xFF - samples[y * stride + 4 * x] >= covered_min) bitmap.blacken(x, y);
    return bitmap;
}

void check_reading(std::vector<FieldError>& faults, char const* pointer, double value, double least, double most)
{
    if (!(value >= least && value <= most)) // so that NaN is refused
        faults.push_back({pointer, "calibration.reading", {show_mm(least), show_mm(most)}});
}

/// What the printer does with a length, and where it puts the page's origin, undone.
struct Axis {
    double scale = 1;
    double offset = 0;
};

Axis mend(Axis const& now, double cross, double read, double ruler, std::optional<double> read_ruler)
{
    auto const printer_scale = read_ruler ? *read_ruler / (ruler * now.scale) : 1 / now.scale;
    auto const printer_offset = read - printer_scale * (now.scale * cross + now.offset);
    return {1 / printer_scale, -printer_offset / printer_scale};
}

} // namespace

CalibrationMarks calibration_marks(Stock const& stock)
{
    if (stock.is_roll()) {
        auto const cross_x = std::max(roll_cross, std::ceil(stock.edge_x) + 2);
        auto const room_x = stock.label_width - cross_x - roll_right_margin - stock.edge_x;
        auto const room_y = stock.label_height - roll_cross - roll_right_margin;
        return {cross_x, roll_cross, std::min(whole_step(room_x, 5), roll_ruler_max),
                std::min(whole_step(room_y, 5), roll_ruler_max)};
    }
    return {sheet_cross, sheet_cross,
            std::min(whole_step(stock.page_width - sheet_cross - sheet_right_margin, 10), sheet_ruler_x_max),
            std::min(whole_step(stock.page_height - sheet_cross - sheet_right_margin, 10), sheet_ruler_y_max)};
}

Result<PrinterProfile> calibrate(Stock const& stock, PrinterProfile const& printer, CalibrationReading const& reading)
{
    auto const marks = calibration_marks(stock);
    std::vector<FieldError> faults;
    check_reading(faults, "/x", reading.x, 0, marks.cross_x + reading_range);
    check_reading(faults, "/y", reading.y, 0, marks.cross_y + reading_range);
    auto const ruler = [&faults](char const* pointer, std::optional<double> read, double length) {
        if (read) check_reading(faults, pointer, *read, length * (1 - ruler_range), length * (1 + ruler_range));
    };
    ruler("/ruler_x", reading.ruler_x, marks.ruler_x);
    ruler("/ruler_y", reading.ruler_y, marks.ruler_y);
    if (!faults.empty()) return invalid_fields(std::move(faults));

    auto const origin = origin_x(stock);
    auto const x = mend({printer.scale_x, printer.offset_x}, origin + marks.cross_x, origin + reading.x, marks.ruler_x,
                        reading.ruler_x);
    auto const y = mend({printer.scale_y, printer.offset_y}, marks.cross_y, reading.y, marks.ruler_y, reading.ruler_y);
    auto mended = printer;
    mended.scale_x = x.scale;
    mended.offset_x = x.offset;
    mended.scale_y = y.scale;
    mended.offset_y = y.offset;
    if (!printer_faults(mended).empty()) return invalid("calibration.beyond");
    return mended;
}

Result<std::string> draw_calibration(Stock const& stock, LabelOutput const& output, Instant created)
{
    auto faults = stock_faults(stock);
    for (auto& fault : printer_faults(output.printer)) faults.push_back(std::move(fault));
    if (!faults.empty()) return invalid_fields(std::move(faults));
    if (output.format == LabelFormat::pdf) return draw_pdf(stock, output.printer, created);
    if (output.format == LabelFormat::svg) return draw_svg(stock, output.printer);
    auto const language = language_of(output.format);
    if (language && !stock.is_roll()) return invalid("label.format_needs_roll", {std::string{to_name(output.format)}});
    auto const bitmap = draw_bitmap(stock, output.printer);
    if (!bitmap) return bitmap.error();
    if (!language) return write_png(*bitmap, output.printer.dpi / mm_per_inch);
    return printer_label(*language, stock, output.printer, *bitmap, 1);
}

} // namespace nguon::scanner
