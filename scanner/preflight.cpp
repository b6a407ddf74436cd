#include "scanner/preflight.hpp"

#include "core/limits.hpp"
#include "scanner/label_layout.hpp"
#include "scanner/symbol_size.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr std::size_t faults_max = 100;
constexpr std::size_t url_bytes_max = 500; // version 17 at level M: more fits on no label
constexpr std::size_t text_bytes_max = 500;
constexpr std::size_t printed_code_length = 12;

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

void check_texts(LabelJob const& job, Preflight& result)
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
    if (!job.made_on) result.warnings.push_back({"/madeOn", "label.made_on_missing", {}});
    if (!job.use_by) result.warnings.push_back({"/useBy", "label.use_by_missing", {}});
    if (job.made_on && job.use_by && *job.use_by < *job.made_on)
        result.faults.push_back({"/useBy", "label.dates_order", {}});
}

void check_counts(LabelJob const& job, Stock const* stock, Preflight& result)
{
    if (stock == nullptr) result.faults.push_back({"/stock", "label.stock_unknown", {job.stock}});
    if (stock != nullptr && (job.start < 1 || job.start > stock->labels_per_sheet()))
        result.faults.push_back({"/start", "label.start", {std::to_string(stock->labels_per_sheet())}});
    if (job.codes.empty()) result.faults.push_back({"/codes", "label.none", {}});
    if (job.copies < 1) result.faults.push_back({"/copies", "label.copies", {}});

    auto const max = limits::labels_per_job_max;
    if (job.codes.size() > max || (job.copies > 0 && job.codes.size() * static_cast<std::size_t>(job.copies) > max))
        result.faults.push_back({"/codes", "label.too_many", {std::to_string(max)}});
}

void check_codes(LabelJob const& job, Preflight& result)
{
    auto insecure = false;
    for (std::size_t i = 0; i < job.codes.size() && result.faults.size() < faults_max; ++i) {
        auto const& code = job.codes[i];
        auto const pointer = fmt::format("/codes/{}", i);
        if (code.url.empty())
            result.faults.push_back({pointer + "/url", "label.url_missing", {}});
        else if (code.url.size() > url_bytes_max)
            result.faults.push_back({pointer + "/url", "label.url_too_long", {std::to_string(url_bytes_max)}});
        else if (!is_printable(code.url))
            result.faults.push_back({pointer + "/url", "label.control_characters", {}});
        if (!is_printed_code(code.printed_code))
            result.faults.push_back({pointer + "/printedCode", "label.printed_code", {}});
        insecure = insecure || code.url.rfind("https://", 0) != 0;
    }
    if (insecure) result.warnings.push_back({"/codes", "label.url_insecure", {}});
}

void check_layout(LabelJob const& job, Stock const& stock, Preflight& result)
{
    auto const modules = largest_symbol(job);
    if (!modules) {
        result.faults.push_back({"/codes", modules.error().key, modules.error().values});
        return;
    }
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)};
    ContextOwner const context{cairo_create(surface.get())};
    TextSetter setter{context.get()};
    auto const layout = lay_out(job, stock, *modules, setter);
    result.module_mm = layout.module_mm;
    result.symbol_modules = *modules;
    if (layout.module_mm == 0) {
        result.faults.push_back(
            {"/stock",
             "label.too_small",
             {show_mm(layout.module_mm_possible), show_mm(module_mm_smallest), std::to_string(*modules)}});
        return;
    }
    if (layout.lot_overflow) result.faults.push_back({"/lot", "label.lot_overflow", {}});
    if (layout.name_shortened) result.warnings.push_back({"/productName", "label.name_shortened", {}});
    if (layout.organization_left_out) result.warnings.push_back({"/organization", "label.organization_left_out", {}});
    if (layout.module_mm < module_mm_retail)
        result.warnings.push_back(
            {"/stock", "label.module_small", {show_mm(layout.module_mm), show_mm(module_mm_retail)}});
}

} // namespace

Preflight preflight(LabelJob const& job)
{
    Preflight result;
    auto const* stock = find_stock(job.stock);
    check_counts(job, stock, result);
    check_texts(job, result);
    check_codes(job, result);
    if (!result.ok()) return result;

    result.labels = static_cast<int>(job.codes.size()) * job.copies;
    auto const places = result.labels + job.start - 1;
    result.sheets = (places + stock->labels_per_sheet() - 1) / stock->labels_per_sheet();
    check_layout(job, *stock, result);
    return result;
}

} // namespace nguon::scanner
