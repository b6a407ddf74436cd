#include "scanner/printer_language.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr int zpl_darkness_factor = 2; // ~SD counts to 30
// EPL's codes of speed on desktop printers (EPL2 Programmer's Manual, command S), inches a second.
constexpr std::array<double, 6> epl_speeds{1.0, 1.5, 2.0, 2.5, 3.5, 4.0};

int to_dots(double mm, PrinterProfile const& printer)
{
    return static_cast<int>(std::lround(mm * printer.dpi / mm_per_inch));
}

void append_count(std::string& out, int count)
{
    for (; count >= 400; count -= 400) out += 'z';
    if (count >= 20) out += static_cast<char>('g' + count / 20 - 1);
    if (count % 20 != 0) out += static_cast<char>('G' + count % 20 - 1);
}

/// A row's digits with repeat counts; what fills its end is one sign.
void append_row(std::string& out, std::string_view digits)
{
    auto const last = digits.back();
    auto end = digits.size();
    if (last == '0' || last == 'F') {
        end = digits.find_last_not_of(last);
        end = end == std::string_view::npos ? 0 : end + 1;
    }
    for (std::size_t i = 0; i < end;) {
        auto const next = std::min(digits.find_first_not_of(digits[i], i), end);
        auto const count = static_cast<int>(next - i);
        if (count > 2)
            append_count(out, count);
        else if (count == 2)
            out += digits[i];
        out += digits[i];
        i = next;
    }
    if (end < digits.size()) out += last == '0' ? ',' : '!';
}

std::string hex_row(Bitmap const& bitmap, int y)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string row;
    row.reserve(2 * bitmap.row_bytes());
    for (std::size_t i = 0; i < bitmap.row_bytes(); ++i) {
        row += digits[bitmap.row(y)[i] >> 4];
        row += digits[bitmap.row(y)[i] & 0x0F];
    }
    return row;
}

/// TSPL and EPL print where a bit is 0.
std::string inverted_bytes(Bitmap const& bitmap)
{
    std::string bytes;
    bytes.reserve(bitmap.bits.size());
    auto const rest = bitmap.width % 8;
    for (int y = 0; y < bitmap.height; ++y) {
        for (std::size_t i = 0; i < bitmap.row_bytes(); ++i) bytes += static_cast<char>(~bitmap.row(y)[i]);
        // Bits beyond the width are white too.
        if (rest != 0) bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | (0xFF >> rest));
    }
    return bytes;
}

std::string zpl_label(Stock const& stock, PrinterProfile const& printer, Bitmap const& bitmap, int copies)
{
    std::string out;
    if (printer.darkness) out += fmt::format("~SD{:02}\n", *printer.darkness * zpl_darkness_factor);
    auto const media = stock.feed_mark == FeedMark::gap ? 'Y' : stock.feed_mark == FeedMark::black_mark ? 'M' : 'N';
    out += fmt::format("^XA\n^MN{}^PW{}^LL{}^LH0,0^LS0\n", media, bitmap.width, bitmap.height);
    if (printer.speed) out += fmt::format("^PR{}\n", *printer.speed);
    return out + fmt::format("^FO0,0{}^FS\n^PQ{}\n^XZ\n", zpl_graphic_field(bitmap), copies);
}

std::string tspl_label(Stock const& stock, PrinterProfile const& printer, Bitmap const& bitmap, int copies)
{
    auto out = fmt::format("SIZE {:.2f} mm,{:.2f} mm\r\n", stock.page_width, stock.page_height);
    auto const feed = stock.feed_mark == FeedMark::continuous ? 0 : stock.gap_y();
    out += fmt::format("{} {:.2f} mm,0 mm\r\n", stock.feed_mark == FeedMark::black_mark ? "BLINE" : "GAP", feed);
    if (printer.speed) out += fmt::format("SPEED {}\r\n", *printer.speed);
    if (printer.darkness) out += fmt::format("DENSITY {}\r\n", *printer.darkness);
    out += fmt::format("DIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,{},{},0,", bitmap.row_bytes(), bitmap.height);
    return out + inverted_bytes(bitmap) + fmt::format("\r\nPRINT {},1\r\n", copies);
}

std::string epl_label(Stock const& stock, PrinterProfile const& printer, Bitmap const& bitmap, int copies)
{
    auto const gap = to_dots(stock.gap_y(), printer);
    auto out = fmt::format("\nN\nq{}\n", bitmap.width);
    if (stock.feed_mark == FeedMark::continuous)
        out += fmt::format("Q{},0\n", bitmap.height);
    else
        out += fmt::format("Q{},{}{}\n", bitmap.height, stock.feed_mark == FeedMark::black_mark ? "B" : "", gap);
    if (printer.speed) {
        std::size_t code = 1;
        while (code < epl_speeds.size() && epl_speeds[code] <= *printer.speed) ++code;
        out += fmt::format("S{}\n", code);
    }
    if (printer.darkness) out += fmt::format("D{}\n", *printer.darkness);
    out += fmt::format("GW0,0,{},{},", bitmap.row_bytes(), bitmap.height);
    return out + inverted_bytes(bitmap) + fmt::format("\nP{}\n", copies);
}

} // namespace

std::string zpl_graphic_field(Bitmap const& bitmap)
{
    auto field = fmt::format("^GFA,{0},{0},{1},\n", bitmap.bits.size(), bitmap.row_bytes());
    std::string above;
    for (int y = 0; y < bitmap.height; ++y) {
        auto row = hex_row(bitmap, y);
        if (row == above) {
            field += ':';
        } else {
            append_row(field, row);
            above = std::move(row);
        }
        field += '\n';
    }
    return field;
}

std::string printer_label(PrinterLanguage language, Stock const& stock, PrinterProfile const& printer,
                          Bitmap const& bitmap, int copies)
{
    switch (language) {
    case PrinterLanguage::zpl:
        return zpl_label(stock, printer, bitmap, copies);
    case PrinterLanguage::tspl:
        return tspl_label(stock, printer, bitmap, copies);
    case PrinterLanguage::epl:
        return epl_label(stock, printer, bitmap, copies);
    }
    return {};
}

} // namespace nguon::scanner
