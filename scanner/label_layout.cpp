#include "scanner/label_layout.hpp"

#include <algorithm>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double edge = 0.5; // a sheet is never cut or fed exactly
constexpr double text_edge = 1.3;
constexpr double symbol_width_share = 0.5;
constexpr double code_line_factor = 1.25;
constexpr double line_factor = 1.22;
constexpr double design_height = 21.2; // the label on which the text sizes below were chosen
constexpr double scale_max = 2.4;
constexpr double name_shrink_max = 0.75;
constexpr double value_size_min = 1.8;

/// Sizes in mm; 1 mm is 2.83 points.
struct TextSizes {
    explicit TextSizes(double label_height)
        : scale{std::clamp(label_height / design_height, 1.0, scale_max)}, name{2.75 * scale}, data{2.15 * scale},
          organization{1.85 * scale}, code{std::min(2.1 * scale, 4.0)}
    {
    }

    double scale;
    double name;
    double data;
    double organization;
    double code;
};

/// Letters, digits and signs of QR's alphanumeric mode; anything else makes the code larger.
bool is_alphanumeric(std::string_view text)
{
    return text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == std::string_view::npos;
}

/// One caption with its value: "NSX  01/02/2026".
struct DataLine {
    std::string caption;
    std::string value;
};

std::vector<DataLine> data_lines(LabelJob const& job)
{
    std::vector<DataLine> lines{{job.words.lot, job.lot}};
    if (job.made_on) lines.push_back({job.words.made_on, to_vietnamese(*job.made_on)});
    if (job.use_by) lines.push_back({job.words.use_by, to_vietnamese(*job.use_by)});
    return lines;
}

/// Captions stand under each other and so do values. Returns the height below the last line.
double place_data(LabelJob const& job, LabelLayout& layout, TextSizes const& sizes, double x, double y, double width,
                  TextSetter& setter)
{
    auto const lines = data_lines(job);
    TextStyle const caption{.size = sizes.data, .condensed = true};
    double caption_width = 0;
    for (auto const& line : lines) caption_width = std::max(caption_width, setter.measure(line.caption, caption).width);
    auto const value_x = x + caption_width + 0.5 * sizes.data;
    auto const value_width = width - (value_x - x);

    for (auto const& line : lines) {
        TextStyle value{.size = sizes.data, .weight = Weight::medium, .condensed = true};
        while (value.size > value_size_min && setter.measure(line.value, value).width > value_width) value.size -= 0.05;
        auto height = sizes.data * line_factor;
        if (setter.measure(line.value, value).width > value_width) { // a long lot goes on in a second line
            value.width = value_width;
            value.lines_max = 2;
            auto const size = setter.measure(line.value, value);
            layout.lot_overflow = layout.lot_overflow || size.shortened;
            height = std::max(height, size.height + 0.2 * sizes.data);
        }
        layout.texts.push_back({line.caption, x, y, caption});
        // A value in smaller letters keeps the baseline of its caption.
        layout.texts.push_back({line.value, value_x, y + 0.93 * (sizes.data - value.size), value});
        y += height;
    }
    return y;
}

void place_texts(LabelJob const& job, Stock const& stock, LabelLayout& layout, TextSetter& setter)
{
    TextSizes const sizes{stock.label_height};
    auto const x = layout.symbol_x + layout.symbol_side + 0.2;
    auto const width = stock.label_width - text_edge - x;
    auto const bottom = stock.label_height - text_edge;
    auto y = text_edge;

    TextStyle name{.size = sizes.name,
                   .weight = Weight::bold,
                   .condensed = true,
                   .width = width,
                   .lines_max = 2,
                   .line_spacing = 0.95};
    auto named = setter.measure(job.product_name, name);
    // A long name is better small than cut.
    for (; named.shortened && name.size > sizes.name * name_shrink_max; named = setter.measure(job.product_name, name))
        name.size *= 0.96;
    layout.name_shortened = named.shortened;
    layout.texts.push_back({job.product_name, x, y, name});
    y += named.height + 0.35 * sizes.scale;

    layout.rule_x = x;
    layout.rule_y = y;
    layout.rule_width = width;
    y += 0.4 * sizes.scale;
    y = place_data(job, layout, sizes, x, y, width, setter);
    if (y > bottom + 0.3) layout.lot_overflow = true;

    if (job.organization.empty()) return;
    TextStyle organization{.size = sizes.organization, .condensed = true, .width = width, .lines_max = 2};
    auto size = setter.measure(job.organization, organization);
    auto const room = stock.label_height - edge - y;
    layout.organization_left_out = size.shortened || size.height > room;
    if (layout.organization_left_out) return;
    layout.texts.push_back({job.organization, x,
                            std::min(stock.label_height - text_edge - size.height + 0.4, y + room - size.height),
                            organization});
}

} // namespace

Result<int> largest_symbol(LabelJob const& job)
{
    if (job.codes.empty()) return 0;
    // What all texts begin with, then the longest and dearest end that any of them has: a symbol mixes modes, so its
    // size depends on the letters and not only on their number.
    std::string_view common = job.codes.front().url;
    auto plain = true;
    std::size_t longest = 0;
    for (auto const& code : job.codes) {
        auto const differs = std::mismatch(common.begin(), common.end(), code.url.begin(), code.url.end()).first;
        common = common.substr(0, static_cast<std::size_t>(differs - common.begin()));
        longest = std::max(longest, code.url.size());
    }
    for (auto const& code : job.codes)
        plain = plain && is_alphanumeric(std::string_view{code.url}.substr(common.size()));
    auto const dearest = std::string{common} + std::string(longest - common.size(), plain ? 'A' : 'a');
    auto const modules = encode_qr(dearest, job.ecc_level);
    if (!modules) return modules.error();
    return modules->width;
}

LabelLayout lay_out(LabelJob const& job, Stock const& stock, int symbol_modules, TextSetter& setter)
{
    TextSizes const sizes{stock.label_height};
    auto const code_line = sizes.code * code_line_factor;
    auto const total_modules = symbol_modules + 2 * info(Symbology::qr).quiet_zone.left;
    auto const room = std::min(stock.label_height - 2 * edge - code_line, stock.label_width * symbol_width_share);

    LabelLayout layout;
    layout.symbol_modules = symbol_modules;
    layout.module_mm_possible = std::min(std::floor(room / total_modules * 1000) / 1000, module_mm_largest);
    if (layout.module_mm_possible < module_mm_smallest) return layout;

    layout.module_mm = layout.module_mm_possible;
    layout.symbol_side = total_modules * layout.module_mm;
    layout.symbol_x = edge;
    layout.symbol_y = (stock.label_height - layout.symbol_side - code_line) / 2;
    layout.printed_code = {{},
                           layout.symbol_x,
                           layout.symbol_y + layout.symbol_side,
                           {.size = sizes.code,
                            .weight = Weight::medium,
                            .condensed = true,
                            .align = Align::center,
                            .width = layout.symbol_side,
                            .letter_spacing = 0.03 * sizes.code}};
    place_texts(job, stock, layout, setter);
    return layout;
}

std::string group_code(std::string_view code)
{
    std::string grouped;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i != 0 && i % 4 == 0) grouped += ' ';
        grouped += code[i];
    }
    return grouped;
}

} // namespace nguon::scanner
