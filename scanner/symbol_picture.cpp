#include "scanner/symbol_picture.hpp"

#include "scanner/bitmap_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr int paper_edge = 1; // where a symbology needs no quiet zone, a picture still shows where it ends
constexpr double guard_descent = 5;
constexpr double text_gap = 1; // at least half a module (General Specifications §5.2.5)
constexpr double bearer_thickness = 2;
constexpr double digit_height = 2.75 / 0.330; // of EAN and UPC at nominal size
constexpr double cap_height_share = 0.711;    // of Roboto's font size
constexpr double bracket_height_share = 0.80; // above the baseline, so too
constexpr double digit_size = digit_height / cap_height_share;
constexpr double outer_digit_share = 0.6; // UPC's first and last digit: four modules wide
constexpr double text_modules = 8;        // font size where it is free, within these limits
constexpr double text_mm_min = 2.4;
constexpr double text_mm_max = 4.2;
constexpr double descender_share = 0.25;
constexpr double line_share = 1.2;
constexpr std::string_view between_elements = "  ";

/// Which modules of an EAN or UPC symbol are its guards, and where its digits stand.
struct DigitLayout {
    std::array<std::pair<int, int>, 3> guards = {}; // first module and the one after the last
    int first_group = 0;                            // index of the first digit below the bars
    std::array<std::pair<int, int>, 2> groups = {}; // first module, number of digits
    double before = 0;                              // centre of the digit before the bars; 0: none
    double after = 0;                               // centre of the digit behind the bars; 0: none
};

DigitLayout const* digit_layout(Symbology symbology)
{
    static constexpr DigitLayout ean_13{{{{0, 3}, {45, 50}, {92, 95}}}, 1, {{{3, 6}, {50, 6}}}, -6.5, 0};
    static constexpr DigitLayout ean_8{{{{0, 3}, {31, 36}, {64, 67}}}, 0, {{{3, 4}, {36, 4}}}, 0, 0};
    static constexpr DigitLayout upc_a{{{{0, 10}, {45, 50}, {85, 95}}}, 1, {{{10, 5}, {50, 5}}}, -5, 100};
    static constexpr DigitLayout upc_e{{{{0, 3}, {45, 51}, {51, 51}}}, 1, {{{3, 6}, {51, 0}}}, -5, 55};
    switch (symbology) {
    case Symbology::ean_13:
        return &ean_13;
    case Symbology::ean_8:
        return &ean_8;
    case Symbology::upc_a:
        return &upc_a;
    case Symbology::upc_e:
        return &upc_e;
    default:
        return nullptr;
    }
}

bool is_guard(DigitLayout const* layout, int module)
{
    return layout != nullptr &&
           std::any_of(layout->guards.begin(), layout->guards.end(), [&](std::pair<int, int> const& guard) {
               return module >= guard.first && module < guard.second;
           });
}

/// The rows' heights in modules.
std::vector<double> row_heights(DrawnSymbol const& drawn, double total)
{
    if (drawn.row_heights.empty()) return std::vector<double>(static_cast<std::size_t>(drawn.modules.height), 1.0);
    auto free = 0;
    for (auto const height : drawn.row_heights) {
        total -= height;
        if (height == 0) ++free;
    }
    std::vector<double> heights;
    for (auto const height : drawn.row_heights) heights.push_back(height == 0 ? total / free : height);
    return heights;
}

class Layouter {
public:
    Layouter(SymbolData const& data, DrawnSymbol const& drawn, SymbolSize const& size)
        : data_{data}, drawn_{drawn}, size_{size}, surface_{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)},
          context_{cairo_create(surface_.get())}, setter_{context_.get()}
    {
        auto const& quiet = info(data.symbology).quiet_zone;
        margin_ = {std::max(quiet.left, paper_edge), std::max(quiet.right, paper_edge), std::max(quiet.top, paper_edge),
                   std::max(quiet.bottom, paper_edge)};
        picture_.module_mm = size.module_mm;
    }

    SymbolPicture lay_out(bool with_text)
    {
        auto const lines = with_text ? lines_of(interpretation(data_)) : std::vector<std::string>{};
        auto const own_width = margin_.left + drawn_.modules.width + margin_.right;
        auto const text_width = widest(lines) + 2 * paper_edge;
        // Whole modules, so that bars stay on the dots.
        auto const shift = std::max(0, static_cast<int>(std::ceil((text_width - own_width) / 2)));
        left_ = margin_.left + shift;
        picture_.width = own_width + 2 * shift;

        auto const* const digits = with_text ? digit_layout(data_.symbology) : nullptr;
        top_ = margin_.top + bearer();
        place_bars();
        bottom_ = top_ + size_.bars_modules;
        auto const& quiet = info(data_.symbology).quiet_zone;
        picture_.symbol = {static_cast<double>(left_ - quiet.left), top_ - quiet.top,
                           static_cast<double>(quiet.left + drawn_.modules.width + quiet.right),
                           quiet.top + size_.bars_modules + quiet.bottom};
        place_bearer_bars();
        bottom_ += bearer();
        picture_.height = bottom_ + margin_.bottom;
        if (digit_layout(data_.symbology) != nullptr) picture_.height += guard_descent;
        if (digits != nullptr) place_digits(*digits);
        place_lines(lines);
        return std::move(picture_);
    }

private:
    double bearer() const { return data_.symbology == Symbology::itf_14 ? bearer_thickness : 0; }

    void place_bars()
    {
        auto const& modules = drawn_.modules;
        auto const* const digits = digit_layout(data_.symbology);
        auto const heights = row_heights(drawn_, size_.bars_modules);
        auto top = top_;
        for (int y = 0; y < modules.height; ++y) {
            auto const height = heights[static_cast<std::size_t>(y)];
            for (int x = 0; x < modules.width;) {
                auto const guard = is_guard(digits, x);
                auto end = x;
                while (end < modules.width && modules.dark(end, y) && is_guard(digits, end) == guard) ++end;
                if (end > x)
                    picture_.bars.push_back({static_cast<double>(left_ + x), top, static_cast<double>(end - x),
                                             height + (guard ? guard_descent : 0)});
                x = std::max(end, x + 1);
            }
            top += height;
        }
    }

    /// They end a scan line that leaves the symbol through its long side, which would read a shorter number.
    void place_bearer_bars()
    {
        if (bearer() == 0) return;
        auto const& box = picture_.symbol;
        picture_.bars.push_back({box.x, top_ - bearer(), box.width, bearer()});
        picture_.bars.push_back({box.x, bottom_, box.width, bearer()});
    }

    void place_digits(DigitLayout const& layout)
    {
        auto const baseline = bottom_ + text_gap + digit_height;
        auto place = [&](char digit, double module, double share) {
            picture_.texts.push_back({std::string(1, digit), left_ + module, baseline, digit_size * share});
        };
        auto const outer_share = data_.symbology == Symbology::ean_13 ? 1.0 : outer_digit_share;
        if (layout.before < 0) place(data_.text.front(), layout.before, outer_share);
        auto next = static_cast<std::size_t>(layout.first_group);
        constexpr double digit_modules = 7;
        for (auto const& [first, count] : layout.groups)
            for (int i = 0; i < count; ++i) place(data_.text[next++], first + digit_modules * (i + 0.5), 1);
        if (layout.after > 0) place(data_.text.back(), layout.after, outer_share);
        picture_.height = std::max(picture_.height, baseline + paper_edge);
    }

    double text_size() const
    {
        return std::clamp(text_modules * size_.module_mm, text_mm_min, text_mm_max) / size_.module_mm;
    }

    double width_of(std::string const& text) { return setter_.measure(text, {.size = text_size()}).width; }

    double widest(std::vector<std::string> const& lines)
    {
        auto most = 0.0;
        for (auto const& line : lines) most = std::max(most, width_of(line));
        return most;
    }

    /// As many elements on a line as the symbol is wide, or the widest of them.
    std::vector<std::string> lines_of(std::vector<std::string> const& pieces)
    {
        auto const room = std::max(static_cast<double>(drawn_.modules.width), widest(pieces));
        std::vector<std::string> lines;
        for (auto const& piece : pieces) {
            auto longer = lines.empty() ? piece : lines.back() + std::string{between_elements} + piece;
            if (!lines.empty() && width_of(longer) <= room)
                lines.back() = std::move(longer);
            else
                lines.push_back(piece);
        }
        return lines;
    }

    void place_lines(std::vector<std::string> const& lines)
    {
        if (lines.empty()) return;
        auto const size = text_size();
        auto baseline = bottom_ + info(data_.symbology).quiet_zone.bottom + text_gap + size * bracket_height_share;
        auto const center = left_ + drawn_.modules.width / 2.0;
        for (auto const& line : lines) {
            picture_.texts.push_back({line, center, baseline, size});
            baseline += size * line_share;
        }
        picture_.height =
            std::max(picture_.height, picture_.texts.back().baseline_y + size * descender_share + paper_edge);
    }

    SymbolData const& data_;
    DrawnSymbol const& drawn_;
    SymbolSize const& size_;
    SurfaceOwner surface_;
    ContextOwner context_;
    TextSetter setter_;
    QuietZone margin_ = {};
    int left_ = 0;      // of the bars
    double top_ = 0;    // so too
    double bottom_ = 0; // of the bars, then of what belongs to them
    SymbolPicture picture_ = {};
};

int to_dots(double modules, int dots) { return static_cast<int>(std::lround(modules * dots)); }

void blacken(Bitmap& bitmap, ModuleBox const& box, int dots)
{
    auto const right = to_dots(box.x + box.width, dots);
    auto const bottom = to_dots(box.y + box.height, dots);
    for (int y = to_dots(box.y, dots); y < bottom; ++y)
        for (int x = to_dots(box.x, dots); x < right; ++x) bitmap.blacken(x, y);
}

/// Text in black and white: what an office printer or a thermal head would make of it.
void blacken_texts(Bitmap& bitmap, SymbolPicture const& picture, int dots)
{
    SurfaceOwner const surface{cairo_image_surface_create(CAIRO_FORMAT_A8, bitmap.width, bitmap.height)};
    {
        ContextOwner const context{cairo_create(surface.get())};
        cairo_scale(context.get(), dots, dots);
        TextSetter setter{context.get()};
        each_text(picture, setter, [&](std::string const& text, double x, double y, TextStyle const& style) {
            setter.draw(x, y, text, style);
        });
    }
    paste(bitmap, to_bitmap(surface.get()), 0, 0);
}

} // namespace

SymbolPicture lay_out_symbol(SymbolData const& data, DrawnSymbol const& drawn, SymbolSize const& size, bool with_text)
{
    return Layouter{data, drawn, size}.lay_out(with_text);
}

Bitmap rasterize_symbol(SymbolPicture const& picture, int dots_per_module)
{
    Bitmap bitmap{std::max(1, static_cast<int>(std::ceil(picture.width * dots_per_module))),
                  std::max(1, static_cast<int>(std::ceil(picture.height * dots_per_module)))};
    for (auto const& bar : picture.bars) blacken(bitmap, bar, dots_per_module);
    return bitmap;
}

Bitmap rasterize(SymbolPicture const& picture, int dots_per_module)
{
    auto bitmap = rasterize_symbol(picture, dots_per_module);
    if (!picture.texts.empty()) blacken_texts(bitmap, picture, dots_per_module);
    return bitmap;
}

Bitmap symbol_part(SymbolPicture const& picture, Bitmap const& bitmap, int dots_per_module)
{
    auto const& box = picture.symbol;
    auto const left = to_dots(box.x, dots_per_module);
    auto const top = to_dots(box.y, dots_per_module);
    return crop(bitmap, left, top, to_dots(box.width, dots_per_module),
                to_dots(box.y + box.height, dots_per_module) - top);
}

} // namespace nguon::scanner
