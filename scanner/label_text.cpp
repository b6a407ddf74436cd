#include "scanner/label_text.hpp"

#include <cmath>

namespace nguon::scanner {

namespace {

constexpr double line_factor = 1.22;
constexpr double name_shrink_max = 0.75;
constexpr double value_size_min = 1.6;
constexpr double shrink_step = 0.96;
constexpr double column_shrink_max = 0.72;
constexpr double overflow_tolerance = 0.3; // the last line's descent may stand in the edge
constexpr double own_shrink_max = 0.75;
constexpr double own_size_min = 1.4; // mm: smaller letters are not read on thermal paper
constexpr double small_factor = 0.82;
constexpr double large_factor = 1.3;

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

/// A line that somebody chose, before it has a place.
struct OwnLine {
    std::string text = {};
    TextStyle style = {};
};

std::string own_text_of(LabelJob const& job, LabelField field)
{
    auto const dated = [](std::string const& caption, std::optional<Date> const& date) {
        return date ? caption + " " + to_vietnamese(*date) : std::string{};
    };
    switch (field) {
    case LabelField::name:
        return job.product_name;
    case LabelField::lot:
        return job.words.lot + " " + job.lot;
    case LabelField::made_on:
        return dated(job.words.made_on, job.made_on);
    case LabelField::use_by:
        return dated(job.words.use_by, job.use_by);
    case LabelField::organization:
        return job.organization;
    case LabelField::text:
        return job.own_text;
    }
    return {};
}

/// The usual letters of a field, larger or smaller as somebody wants them.
TextStyle own_style_of(LabelLine const& line, TextSizes const& sizes)
{
    TextStyle style{.size = sizes.data, .weight = Weight::medium, .condensed = true, .line_spacing = 0.95};
    if (line.field == LabelField::name) {
        style.size = sizes.name;
        style.weight = Weight::bold;
    }
    if (line.field == LabelField::organization) {
        style.size = sizes.organization;
        style.weight = Weight::regular;
    }
    bool const is_date = line.field == LabelField::made_on || line.field == LabelField::use_by;
    style.lines_max = is_date ? 1 : 2;
    if (line.size == LineSize::small) style.size *= small_factor;
    if (line.size == LineSize::large) style.size *= large_factor;
    return style;
}

/// Lines of which there is nothing to say, as of a date that nobody gave, take no room.
std::vector<OwnLine> own_lines(LabelJob const& job, TextSizes const& sizes)
{
    std::vector<OwnLine> out;
    for (auto const& line : job.lines)
        if (auto text = own_text_of(job, line.field); !text.empty())
            out.push_back({std::move(text), own_style_of(line, sizes)});
    return out;
}

/// Makes the letters smaller until the line fits into its width, within reason.
TextSize fit_own(OwnLine& line, TextSetter& setter)
{
    auto const least = std::max(line.style.size * own_shrink_max, own_size_min);
    auto size = setter.measure(line.text, line.style);
    for (; size.shortened && line.style.size * shrink_step >= least; size = setter.measure(line.text, line.style))
        line.style.size *= shrink_step;
    return size;
}

/// Below a symbol letters are a little smaller than beside one.
TextSizes column_sizes(double scale)
{
    TextSizes sizes;
    sizes.name = 2.5 * scale;
    sizes.data = 2.1 * scale;
    sizes.organization = 1.9 * scale;
    return sizes;
}

} // namespace

double half_width(Stock const& stock, double margin, double top, double bottom)
{
    auto const half = stock.label_width / 2 - margin;
    if (stock.outline == LabelOutline::rectangle) return half;
    auto const middle = stock.label_height / 2;
    auto const far = std::max(std::abs(top - middle), std::abs(bottom - middle));
    return far >= half ? 0 : std::sqrt(half * half - far * far);
}

PlacedText code_place(double size, double x, double y, double width)
{
    TextStyle style{.size = size, .weight = Weight::medium, .condensed = true, .letter_spacing = 0.03 * size};
    style.width = width;
    return {{}, x, y, style};
}

void TextBlock::place()
{
    if (!job.lines.empty()) return place_own();
    auto const y = place_data(place_name(top));
    if (y > bottom - 0.8 + overflow_tolerance) layout.lot_overflow = true;
    place_organization(y);
}

void TextBlock::place_own()
{
    auto y = top;
    for (auto& line : own_lines(job, sizes)) {
        line.style.width = width;
        auto const size = fit_own(line, setter);
        auto const height = std::max(size.height, line.style.size * line_factor);
        if (size.shortened || y + height > bottom + overflow_tolerance) layout.lines_without_room.push_back(line.text);
        layout.texts.push_back({line.text, left, y, line.style});
        y += height;
    }
}

double TextBlock::place_name(double y)
{
    TextStyle name{.size = sizes.name,
                   .weight = Weight::bold,
                   .condensed = true,
                   .width = width,
                   .lines_max = 2,
                   .line_spacing = 0.95};
    auto named = setter.measure(job.product_name, name);
    // A long name is better small than cut.
    for (; named.shortened && name.size > sizes.name * name_shrink_max; named = setter.measure(job.product_name, name))
        name.size *= shrink_step;
    layout.name_shortened = named.shortened;
    layout.texts.push_back({job.product_name, left, y, name});
    y += named.height + 0.35 * sizes.scale;

    layout.rule_x = left;
    layout.rule_y = y;
    layout.rule_width = width;
    return y + 0.4 * sizes.scale;
}

/// Captions stand under each other and so do values. Returns the height below the last line.
double TextBlock::place_data(double y)
{
    auto const lines = data_lines(job);
    TextStyle const caption{.size = sizes.data, .condensed = true};
    double caption_width = 0;
    for (auto const& line : lines) caption_width = std::max(caption_width, setter.measure(line.caption, caption).width);
    auto const value_x = left + caption_width + 0.5 * sizes.data;
    auto const value_width = width - (value_x - left);

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
        layout.texts.push_back({line.caption, left, y, caption});
        // A value in smaller letters keeps the baseline of its caption.
        layout.texts.push_back({line.value, value_x, y + 0.93 * (sizes.data - value.size), value});
        y += height;
    }
    return y;
}

void TextBlock::place_organization(double y)
{
    if (job.organization.empty()) return;
    TextStyle organization{.size = sizes.organization, .condensed = true, .width = width, .lines_max = 2};
    auto const size = setter.measure(job.organization, organization);
    auto const room = bottom - y;
    layout.organization_left_out = size.shortened || size.height > room;
    if (layout.organization_left_out) return;
    auto const lowest = bottom - 0.8 - size.height + 0.4;
    layout.texts.push_back({job.organization, left, std::min(lowest, y + room - size.height), organization});
}

TextColumn::TextColumn(LabelJob const& job, Stock const& stock, LabelLayout& layout, TextSetter& setter, double scale,
                       double margin)
    : stock_{stock}, layout_{layout}, setter_{setter}, margin_{margin}
{
    auto const width = 2 * half_width(stock, margin, stock.label_height / 2, stock.label_height / 2);
    auto const sizes = column_sizes(scale);
    if (!job.lines.empty()) {
        add_own(job, sizes, width);
        return;
    }
    TextStyle name{
        .size = sizes.name, .weight = Weight::bold, .condensed = true, .align = Align::center, .line_spacing = 0.95};
    name.width = 0.92 * width; // it stands near a round label's middle, but not in it
    name.lines_max = 2;
    add(job.product_name, name, true);
    TextStyle const data{.size = sizes.data, .weight = Weight::medium, .condensed = true, .align = Align::center};
    for (auto const& line : data_lines(job)) add(line.caption + " " + line.value, data, false);
    if (job.organization.empty()) return;
    if (stock.outline == LabelOutline::round) {
        layout.organization_left_out = true; // the rim leaves no room below the dates
        return;
    }
    TextStyle const organization{.size = sizes.organization, .condensed = true, .align = Align::center};
    add(job.organization, organization, true);
}

void TextColumn::add_own(LabelJob const& job, TextSizes const& sizes, double width)
{
    own_ = true;
    for (auto& line : own_lines(job, sizes)) {
        line.style.align = Align::center;
        line.style.width = 0.92 * width;
        add(std::move(line.text), line.style, false);
    }
}

void TextColumn::add(std::string text, TextStyle style, bool may_shorten)
{
    auto height = style.size * line_factor;
    if (style.lines_max > 1) height = std::max(height, setter_.measure(text, style).height);
    height_ += height;
    lines_.push_back({std::move(text), style, height, may_shorten});
}

void TextColumn::note_shortened(Line const& line)
{
    if (own_)
        layout_.lines_without_room.push_back(line.text);
    else if (line.may_shorten)
        layout_.name_shortened = true;
    else
        layout_.lot_overflow = true;
}

double TextColumn::place(double y)
{
    for (auto const& line : lines_) {
        auto style = line.style;
        style.width = 2 * half_width(stock_, margin_, y, y + line.height);
        auto const shrunk = line.style.size * column_shrink_max;
        auto size = setter_.measure(line.text, style);
        for (; size.shortened && style.size > shrunk; size = setter_.measure(line.text, style))
            style.size *= shrink_step;
        if (size.shortened) note_shortened(line);
        layout_.texts.push_back({line.text, stock_.label_width / 2 - style.width / 2, y, style});
        y += line.height;
    }
    return y;
}

} // namespace nguon::scanner
