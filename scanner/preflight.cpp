#include "scanner/preflight.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/limits.hpp"
#include "scanner/label_layout.hpp"
#include "scanner/label_pages.hpp"
#include "scanner/label_placing.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr std::size_t faults_max = 100;
constexpr std::size_t codes_looked_at = 200; // the others are checked as they are drawn
constexpr std::size_t url_bytes_max = 500;   // version 17 at level M: more fits on no label
constexpr std::size_t text_bytes_max = 500;
constexpr std::size_t printed_code_length = 12;
constexpr int reprint_max = 99;
constexpr double office_printer_margin = 3; // mm that most office printers leave blank
constexpr double overlap_tolerance = 0.01;
constexpr double placing_tolerance = 0.05;

constexpr std::array<std::string_view, 6> format_names{"pdf", "svg", "png", "zpl", "tspl", "epl"};

/// UTF-8 without control characters, which neither paper nor Pango knows.
bool is_printable(std::string_view text)
{
    return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) != FALSE &&
           std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_printed_code(std::string_view code)
{
    return code.size() == printed_code_length && std::all_of(code.begin(), code.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

/// The trade item number in the path of an address, when there is one.
std::string_view gtin_in(std::string_view url)
{
    constexpr std::string_view key = "/01/";
    constexpr std::size_t digits = 14;
    auto const found = url.find(key);
    if (found == std::string_view::npos) return {};
    auto const number = url.substr(found + key.size());
    auto const end = std::min(number.find_first_of("/?#"), number.size());
    if (end != digits || number.find_first_not_of("0123456789") < digits) return {};
    return number.substr(0, digits);
}

void check_texts(LabelJob const& job, PreflightFacts const& facts, Preflight& result)
{
    auto check = [&](std::string_view pointer, std::string const& text, char const* missing) {
        if (text.empty() && missing != nullptr) result.faults.push_back({std::string{pointer}, missing, {}});
        if (!is_printable(text) || text.size() > text_bytes_max)
            result.faults.push_back({std::string{pointer}, "label.control_characters", {}});
    };
    check("/productName", job.product_name, "label.name_missing");
    check("/lot", job.lot, "label.lot_missing");
    check("/organization", job.organization, nullptr);
    check("/id", job.id, nullptr);
    check("/text", job.own_text, nullptr);
    if (!job.made_on && job.shows(LabelField::made_on))
        result.warnings.push_back({"/madeOn", "label.made_on_missing", {}});
    if (!job.use_by && job.shows(LabelField::use_by)) result.warnings.push_back({"/useBy", "label.use_by_missing", {}});
    if (job.made_on && job.use_by && *job.use_by < *job.made_on)
        result.faults.push_back({"/useBy", "label.dates_order", {}});
    if (job.use_by && facts.today && *job.use_by < *facts.today)
        result.warnings.push_back({"/useBy", "label.use_by_past", {}});
}

void check_gtin(LabelJob const& job, Preflight& result)
{
    if (job.gtin.empty()) {
        if (info(job.design).has_ean13) result.faults.push_back({"/gtin", "label.gtin_missing", {}});
        return;
    }
    if (auto const gtin = gs1::read_gtin(job.gtin); !gtin)
        result.faults.push_back({"/gtin", gtin.error().key, gtin.error().values});
}

void check_counts(LabelJob const& job, LabelCodeSource const& codes, LabelOutput const& output, Preflight& result)
{
    auto const places = job.stock.labels_per_sheet();
    if (job.start < 1 || job.start > places)
        result.faults.push_back({"/start", "label.start", {std::to_string(places)}});
    if (codes.count() == 0) result.faults.push_back({"/codes", "label.none", {}});
    if (job.copies < 1) result.faults.push_back({"/copies", "label.copies", {}});
    if (job.reprint < 0 || job.reprint > reprint_max)
        result.faults.push_back({"/reprint", "label.reprint", {std::to_string(reprint_max)}});

    auto const max = limits::labels_per_job_max;
    if (codes.count() > max || (job.copies > 0 && codes.count() * static_cast<std::size_t>(job.copies) > max))
        result.faults.push_back({"/codes", "label.too_many", {std::to_string(max)}});
    if (language_of(output.format) && !job.stock.is_roll())
        result.faults.push_back({"/stock", "label.format_needs_roll", {std::string{to_name(output.format)}}});
}

void check_codes(LabelCodeSource& codes, Preflight& result)
{
    auto const read = codes.read(0, std::min(codes.count(), codes_looked_at));
    if (!read) {
        result.faults.push_back({"/codes", read.error().key, read.error().values});
        return;
    }
    auto insecure = false;
    for (std::size_t i = 0; i < read->size() && result.faults.size() < faults_max; ++i) {
        auto const& code = (*read)[i];
        for (auto& fault : code_faults(code, i)) result.faults.push_back(std::move(fault));
        insecure = insecure || code.url.rfind("https://", 0) != 0;
    }
    if (insecure) result.warnings.push_back({"/codes", "label.url_insecure", {}});
}

void check_facts(PreflightFacts const& facts, Preflight& result)
{
    if (facts.codes_void > 0)
        result.faults.push_back({"/codes", "label.codes_void", {std::to_string(facts.codes_void)}});
    if (facts.codes_inactive > 0)
        result.warnings.push_back({"/codes", "label.codes_inactive", {std::to_string(facts.codes_inactive)}});
    if (facts.host_reachable == false) result.warnings.push_back({"/codes", "label.host_unreachable", {}});
    if (!facts.expired_certificates.empty())
        result.warnings.push_back({"/certificates",
                                   "label.certificate_expired",
                                   {fmt::format("{}", fmt::join(facts.expired_certificates, ", "))}});
}

struct Box {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
};

bool overlap(Box const& a, Box const& b)
{
    return a.left < b.right - overlap_tolerance && b.left < a.right - overlap_tolerance &&
           a.top < b.bottom - overlap_tolerance && b.top < a.bottom - overlap_tolerance;
}

Box box_of(PlacedText const& placed, TextSetter& setter)
{
    auto const size = setter.measure(placed.text, placed.style);
    auto left = placed.x;
    if (placed.style.width > 0 && placed.style.align == Align::center) left += (placed.style.width - size.width) / 2;
    return {left, placed.y, left + size.width, placed.y + size.height};
}

/// Neither text nor barcode stands in the symbol's quiet zone, and nothing reaches into the blank edges.
bool is_clear(LabelLayout const& layout, Stock const& stock, TextSetter& setter)
{
    Box const symbol{layout.symbol_x, layout.symbol_y, layout.symbol_x + layout.symbol_side,
                     layout.symbol_y + layout.symbol_side};
    if (layout.ean) {
        auto const& ean = *layout.ean;
        Box const bars{layout.ean_x, layout.ean_y, layout.ean_x + ean.width * ean.module_mm,
                       layout.ean_y + ean.height * ean.module_mm};
        if (overlap(symbol, bars)) return false;
        for (auto const& text : layout.texts)
            if (overlap(bars, box_of(text, setter))) return false;
    }
    for (auto const& text : layout.texts)
        if (overlap(symbol, box_of(text, setter))) return false;
    return symbol.left >= stock.edge_x - overlap_tolerance && symbol.top >= stock.edge_y - overlap_tolerance &&
           symbol.bottom <= stock.label_height - stock.edge_y + overlap_tolerance;
}

/// Where offset and scale move the labels of the corners.
void check_placing(LabelJob const& job, LabelOutput const& output, Preflight& result)
{
    auto const& stock = job.stock;
    auto const last = stock.labels_per_sheet() - 1;
    Placing const placing{output.printer};
    auto const left = placing.x(stock.label_left(0) + stock.edge_x);
    auto const top = placing.y(stock.label_top(0) + stock.edge_y);
    auto const right = stock.page_width - placing.x(stock.label_left(last) + stock.label_width - stock.edge_x);
    auto const bottom = stock.page_height - placing.y(stock.label_top(last) + stock.label_height - stock.edge_y);
    auto const least = std::min({left, top, right, bottom});
    if (least < -placing_tolerance)
        result.faults.push_back({"/printer", "label.off_page", {show_mm(-least)}});
    else if (!stock.is_roll() && least < office_printer_margin)
        result.warnings.push_back({"/printer", "label.unprintable_margin", {show_mm(office_printer_margin)}});
    if (!stock.is_roll() && !has_footer(stock)) result.warnings.push_back({"/stock", "label.no_footer", {}});
}

void check_layout(LabelJob const& job, LabelCodeSource const& codes, LabelOutput const& output, Preflight& result)
{
    auto const needs = label_needs(job, codes);
    if (!needs) {
        result.faults.push_back({"/codes", needs.error().key, needs.error().values});
        return;
    }
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)};
    ContextOwner const context{cairo_create(surface.get())};
    TextSetter setter{context.get()};
    auto const grid = grid_of(output);
    auto const layout = lay_out(job, *needs, grid, setter);
    result.module_mm = layout.module_mm;
    result.symbol_modules = needs->symbol_modules;
    result.symbol_mm = layout.symbol_side;
    if (grid.dot_mm > 0) result.module_dots = static_cast<int>(std::lround(layout.module_mm / grid.dot_mm));
    if (layout.module_mm == 0) {
        result.faults.push_back(
            {"/stock",
             "label.too_small",
             {show_mm(layout.module_mm_possible), show_mm(module_mm_smallest), std::to_string(needs->symbol_modules)}});
        return;
    }
    if (layout.ean_left_out) result.faults.push_back({"/stock", "label.ean_no_room", {}});
    if (layout.lot_overflow) result.faults.push_back({"/lot", "label.lot_overflow", {}});
    for (auto const& line : layout.lines_without_room)
        result.faults.push_back({"/lines", "label.line_overflow", {line}});
    if (!is_clear(layout, job.stock, setter)) result.faults.push_back({"/stock", "label.quiet_zone", {}});
    if (layout.name_shortened) result.warnings.push_back({"/productName", "label.name_shortened", {}});
    if (layout.organization_left_out) result.warnings.push_back({"/organization", "label.organization_left_out", {}});
    if (layout.module_mm < module_mm_retail - 1e-9)
        result.warnings.push_back(
            {"/stock", "label.module_small", {show_mm(layout.module_mm), show_mm(module_mm_retail)}});
}

void add_under(std::string_view pointer, std::vector<FieldError> faults, Preflight& result)
{
    for (auto& fault : faults) {
        fault.pointer.insert(0, pointer);
        result.faults.push_back(std::move(fault));
    }
}

} // namespace

std::string_view to_name(LabelFormat format) { return format_names[static_cast<std::size_t>(format)]; }

Result<LabelFormat> find_label_format(std::string_view name)
{
    auto const found = std::find(format_names.begin(), format_names.end(), name);
    if (found == format_names.end()) return invalid("label.format_unknown", {std::string{name}});
    return static_cast<LabelFormat>(found - format_names.begin());
}

bool has_dots(LabelFormat format) { return format != LabelFormat::pdf && format != LabelFormat::svg; }

std::optional<PrinterLanguage> language_of(LabelFormat format)
{
    switch (format) {
    case LabelFormat::zpl:
        return PrinterLanguage::zpl;
    case LabelFormat::tspl:
        return PrinterLanguage::tspl;
    case LabelFormat::epl:
        return PrinterLanguage::epl;
    default:
        return {};
    }
}

LabelFormat format_of(PrinterLanguage language)
{
    switch (language) {
    case PrinterLanguage::tspl:
        return LabelFormat::tspl;
    case PrinterLanguage::epl:
        return LabelFormat::epl;
    default:
        return LabelFormat::zpl;
    }
}

std::vector<FieldError> code_faults(LabelCode const& code, std::size_t place)
{
    std::vector<FieldError> faults;
    auto const pointer = fmt::format("/codes/{}", place);
    if (code.url.empty())
        faults.push_back({pointer + "/url", "label.url_missing", {}});
    else if (code.url.size() > url_bytes_max)
        faults.push_back({pointer + "/url", "label.url_too_long", {std::to_string(url_bytes_max)}});
    else if (!is_printable(code.url))
        faults.push_back({pointer + "/url", "label.control_characters", {}});
    else if (auto const gtin = gtin_in(code.url); !gtin.empty() && !gs1::has_check_digit(gtin))
        faults.push_back({pointer + "/url", "label.url_check_digit", {std::string{gtin}}});
    if (!is_printed_code(code.printed_code)) faults.push_back({pointer + "/printedCode", "label.printed_code", {}});
    return faults;
}

Preflight preflight(LabelJob const& wanted, LabelCodeSource& codes, LabelOutput const& output,
                    PreflightFacts const& facts)
{
    Preflight result;
    add_under("/stock", stock_faults(wanted.stock), result);
    add_under("/printer", printer_faults(output.printer), result);
    if (!result.ok()) return result;
    auto const job = output.one_label ? trial_of(wanted) : wanted;
    check_counts(job, codes, output, result);
    check_texts(job, facts, result);
    check_gtin(job, result);
    if (codes.count() > 0) check_codes(codes, result);
    check_facts(facts, result);
    if (!result.ok()) return result;

    LabelPages const pages{job, codes};
    result.labels = output.one_label ? 1 : static_cast<int>(pages.labels());
    result.sheets = output.one_label ? 1 : pages.count();
    auto const one_sheet = output.format == LabelFormat::svg || output.format == LabelFormat::png;
    if (one_sheet && (output.sheet < 1 || output.sheet > result.sheets))
        result.faults.push_back({"/sheet", "label.sheet", {std::to_string(result.sheets)}});
    check_placing(job, output, result);
    check_layout(job, codes, output, result);
    return result;
}

} // namespace nguon::scanner
