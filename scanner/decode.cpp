#include "scanner/decode.hpp"

#include "scanner/busy_parts.hpp"
#include "scanner/read_symbols.hpp"
#include "scanner/symbol_area.hpp"
#include "scanner/treatments.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nguon::scanner {

namespace {

constexpr int read_edge = 4096;         // what is read of a photograph: 12 megapixels whole
constexpr int first_pixels = 2'600'000; // so many are looked at as they are, of more a smaller copy
constexpr int first_edge = 1600;
constexpr int second_edge = 1000;
constexpr int part_edge = 1200;
constexpr int enlarge_below = 700;
constexpr std::size_t parts_max = 3;
constexpr std::size_t more_parts_max = 8;
constexpr std::size_t crowd = 2; // where two symbols are, more are likely
constexpr double as_busy = 0.5;  // as what was read: there may be another symbol
constexpr int band_margin = 20;
constexpr double diagonal = 45;
constexpr double half_diagonal = 22.5;
constexpr double cylinder_radii[] = {0.6, 0.8};

View first_view(View const& whole)
{
    auto const fits = whole.picture.width <= first_pixels / whole.picture.height;
    return fits ? whole : shrunk(whole, first_edge);
}

/// One search in one picture: what was found, and how long it may go on.
class Search {
public:
    Search(Picture grey, SearchOptions const& options)
        : whole_{std::move(grey)}, base_{first_view(whole_)}, databar_{options.databar}, time_{options.time}
    {
    }

    FoundCodes run()
    {
        look_first();
        if (codes_.empty())
            search_on();
        else
            look_for_more();
        return {std::move(codes_), time_.was_over()};
    }

private:
    /// Most pictures show one symbol, clearly: so much is read of each, and only where there is nothing yet DataBar,
    /// which takes as long as the others together.
    void look_first()
    {
        read(base_, {true, true, false, false, 1}, Threshold::local, Trust::clean);
        if (codes_.empty() && databar_) read(base_, {false, false, true, false, 1}, Threshold::local, Trust::clean);
    }

    void read(View const& view, Kinds const& kinds, Threshold threshold, Trust trust)
    {
        for (auto const& symbol : read_symbols(view.picture, kinds, threshold, trust, time_))
            add(symbol, to_whole(view, symbol.area));
    }

    void add(ReadSymbol const& symbol, Area const& area)
    {
        for (std::size_t i = 0; i < codes_.size(); ++i)
            if (codes_[i].identifier == symbol.identifier && codes_[i].text == symbol.text && overlap(areas_[i], area))
                return;
        if (codes_.size() >= limits::picture_symbols_max) return;
        DecodedCode code{symbol.symbology, symbol.identifier, symbol.text, {}};
        std::transform(area.begin(), area.end(), code.corners.begin(), [](Spot spot) {
            return PixelPoint{static_cast<int>(std::lround(spot.x)), static_cast<int>(std::lround(spot.y))};
        });
        codes_.push_back(std::move(code));
        areas_.push_back(area);
    }

    // All that follow are true when the search ends: something more was found, or the time is over.

    bool look(View const& view, Threshold threshold = Threshold::local)
    {
        return look_for({true, true, databar_, true}, view, threshold);
    }

    bool look_for_bars(View const& view) { return look_for({false, true, databar_, true}, view, Threshold::local); }

    bool look_for(Kinds const& kinds, View const& view, Threshold threshold)
    {
        if (time_.is_over()) return true;
        auto const before = codes_.size();
        read(view, kinds, threshold, Trust::coaxed);
        return codes_.size() > before;
    }

    /// Nothing was seen at first sight.
    bool search_on()
    {
        if (look(with_picture(base_, inverted(base_.picture)))) return true; // ZXing 1.4 never reads white on black
        auto const small = shrunk(base_, second_edge);
        if (look(small, Threshold::global)) return true;

        std::vector<View> parts;
        for (auto const& part : busy_parts(whole_.picture, parts_max)) parts.push_back(as_part(whole_, part.box));
        for (auto const& part : parts)
            if (look_closely(part)) return true;
        if (look_treated(base_) || look_turned(small)) return true;
        if (is_shrunk() && look(whole_)) return true;
        return std::any_of(parts.begin(), parts.end(), [&](View const& part) { return look_unrolled(part); });
    }

    bool is_shrunk() const { return whole_.long_edge() > base_.long_edge(); }

    /// Only where there is a second symbol the picture is worth another look as a whole: it shows a sheet of labels.
    void look_for_more()
    {
        if (codes_.size() < crowd) look_at_busy_parts();
        if (codes_.size() < crowd) return;
        look(first_view(rest()));
        look_at_busy_parts();
    }

    /// The picture without what was read in it.
    View rest() const
    {
        auto view = whole_;
        for (auto const& area : areas_) blank_area(view.picture, area);
        return view;
    }

    /// What is as busy as a symbol that was read may be another one.
    void look_at_busy_parts()
    {
        auto least = 255.0;
        for (auto const& area : areas_)
            least = std::min(least, as_busy * busyness(whole_.picture, box_of(area, whole_.picture)));
        auto const is_crowd = codes_.size() >= crowd;
        auto const view = rest();
        for (auto const& part : busy_parts(view.picture, more_parts_max)) {
            if (part.busyness < least) continue;
            auto const close = shrunk(part_of(view, part.box), part_edge);
            if (look(close) || !is_crowd) continue;
            static_cast<void>(look(close, Threshold::global) || look(with_picture(close, smoothed(close.picture))) ||
                              look(with_picture(close, inverted(close.picture))));
        }
    }

    /// A part in as much detail as helps.
    static View as_part(View const& view, Box const& box)
    {
        auto part = shrunk(part_of(view, box), part_edge);
        return part.long_edge() < enlarge_below ? enlarged(part) : part;
    }

    /// Everything that is cheap in a small picture.
    bool look_closely(View const& part)
    {
        auto const dark = with_picture(part, inverted(part.picture));
        return look(part) || look(part, Threshold::global) || look_in_bands(part) || look_treated(part) ||
               look_turned(part) || look(dark) || look(with_picture(dark, even_lighting(dark.picture))) ||
               look(with_picture(dark, smoothed(smoothed(dark.picture))), Threshold::global);
    }

    /// Symbols above or below text.
    bool look_in_bands(View const& part)
    {
        auto const boxes = cut_at_quiet_rows(part.picture);
        return std::any_of(boxes.begin(), boxes.end(),
                           [&](Box const& box) { return look(with_margin(part_of(part, box), band_margin)); });
    }

    bool look_treated(View const& view)
    {
        auto const& picture = view.picture;
        return look(with_picture(view, even_lighting(picture))) ||
               look(with_picture(view, smoothed(stretched(picture)))) ||
               look(with_picture(view, smoothed(smoothed(picture))), Threshold::global) ||
               look(with_picture(view, sharpened(picture))) || look(with_picture(view, darkened(picture))) ||
               look(with_picture(view, lightened(picture))) ||
               look(with_picture(view, sharpened(smoothed(picture))), Threshold::global);
    }

    /// Linear symbols are read along rows and columns only.
    bool look_turned(View const& view)
    {
        auto const slanted = turned(view, diagonal);
        return look_for_bars(slanted) || look_for_bars(with_picture(slanted, sharpened(slanted.picture))) ||
               look_for_bars(turned(view, half_diagonal)) || look_for_bars(turned(view, -half_diagonal));
    }

    /// Around bottles and tins modules become narrow towards the sides.
    bool look_unrolled(View const& view)
    {
        for (bool const upright : {true, false})
            for (auto const radius : cylinder_radii)
                if (look(unrolled(view, upright, radius))) return true;
        return false;
    }

    View whole_;
    View base_;
    bool databar_;
    SearchTime time_;
    std::vector<DecodedCode> codes_ = {};
    std::vector<Area> areas_ = {}; // of the codes, in the whole picture
};

} // namespace

FoundCodes find_codes(Picture grey, SearchOptions const& options)
{
    if (grey.colors != Colors::grey || grey.width < 1 || grey.height < 1) return {};
    return Search{std::move(grey), options}.run();
}

Result<FoundCodes> decode_codes(std::string_view bytes, SearchOptions const& options)
{
    SearchTime const time{options.time}; // reading a large file takes its part of it
    auto const header = read_picture_header(bytes);
    if (!header) return header.error();
    auto read = read_picture(bytes, Colors::grey, read_edge);
    if (!read) return read.error();
    auto picture = downscale(*std::move(read), read_edge);

    auto const width = header->orientation >= 5 ? header->height : header->width;
    auto const scale = static_cast<double>(width) / picture.width;
    auto found = find_codes(std::move(picture), {options.databar, time.left()});
    for (auto& code : found.codes)
        for (auto& corner : code.corners)
            corner = {static_cast<int>(std::lround(corner.x * scale)), static_cast<int>(std::lround(corner.y * scale))};
    return found;
}

} // namespace nguon::scanner
