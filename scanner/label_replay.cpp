#include "scanner/label_replay.hpp"

#include "core/bytes.hpp"
#include "scanner/bitmap_parts.hpp"
#include "scanner/label_bitmap.hpp"
#include "scanner/label_painter.hpp"
#include "scanner/symbol_proof.hpp"

#include <algorithm>
#include <cmath>

namespace nguon::scanner {

namespace {

constexpr std::uint8_t white = 0xFF;

/// A page as a reader sees it: eight bits a sample, 0 is black.
struct GreyPage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> samples = {};
};

GreyPage to_grey(Bitmap const& bitmap)
{
    GreyPage page{bitmap.width, bitmap.height, {}};
    page.samples.reserve(static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height));
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x) page.samples.push_back(bitmap.dark(x, y) ? 0 : white);
    return page;
}

/// Vectors as a printer of that resolution rasterizes them.
class VectorReplay {
public:
    VectorReplay(LabelJob const& job, LabelNeeds const& needs, LabelOutput const& output)
        : dots_per_mm_{output.printer.dpi / mm_per_inch}, surface_{cairo_image_surface_create(
                                                              CAIRO_FORMAT_A8, dots(job.stock.page_width),
                                                              dots(job.stock.page_height))},
          context_{cairo_create(surface_.get())},
          painter_{scaled(),
                   job,
                   needs,
                   output,
                   output.format == LabelFormat::svg ? SymbolStyle::rectangles : SymbolStyle::mask,
                   InkStyle::alpha}
    {
    }

    Result<GreyPage> draw(LabelPage const& page, int sheets)
    {
        cairo_save(context_.get());
        cairo_set_operator(context_.get(), CAIRO_OPERATOR_CLEAR);
        cairo_paint(context_.get());
        cairo_restore(context_.get());
        if (auto const drawn = painter_.draw(page, sheets); !drawn) return drawn.error();
        return picture();
    }

private:
    int dots(double mm) const { return static_cast<int>(std::lround(mm * dots_per_mm_)); }

    cairo_t* scaled()
    {
        cairo_scale(context_.get(), dots_per_mm_, dots_per_mm_);
        return context_.get();
    }

    Result<GreyPage> picture() const
    {
        auto* const surface = surface_.get();
        cairo_surface_flush(surface);
        auto const* const covered = cairo_image_surface_get_data(surface);
        if (covered == nullptr) return internal("no memory for a sample sheet");
        GreyPage page{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), {}};
        auto const stride = static_cast<std::ptrdiff_t>(cairo_image_surface_get_stride(surface));
        page.samples.reserve(static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height));
        for (int y = 0; y < page.height; ++y)
            std::transform(covered + y * stride, covered + y * stride + page.width, std::back_inserter(page.samples),
                           [](std::uint8_t alpha) { return static_cast<std::uint8_t>(white - alpha); });
        return page;
    }

    double dots_per_mm_;
    SurfaceOwner surface_;
    ContextOwner context_;
    SheetPainter painter_;
};

/// Reads every label of a page in its own part of the picture.
Status read_labels(GreyPage const& picture, LabelPage const& page, LabelJob const& job, LabelNeeds const& needs,
                   LabelOutput const& output)
{
    Placing const placing{output.printer};
    auto const dots = [&](double mm) { return static_cast<int>(std::lround(mm * output.printer.dpi / mm_per_inch)); };
    for (std::size_t i = 0; i < page.labels.size(); ++i) {
        auto const place = page.place_of(i);
        auto const left = job.stock.label_left(place);
        auto const top = job.stock.label_top(place);
        auto const x = std::clamp(dots(placing.x(left)), 0, picture.width - 1);
        auto const y = std::clamp(dots(placing.y(top)), 0, picture.height - 1);
        auto const right = std::min(dots(placing.x(left + job.stock.label_width)), picture.width);
        auto const bottom = std::min(dots(placing.y(top + job.stock.label_height)), picture.height);
        GreyView const label{picture.samples.data() + static_cast<std::ptrdiff_t>(y) * picture.width + x, right - x,
                             bottom - y, picture.width};
        auto const failed = [&] {
            return invalid("label.sample_failed", {std::to_string(page.number), std::to_string(place + 1)});
        };
        if (read_printed(info(job.design).symbology, label) != page.labels[i].url) return failed();
        if (needs.ean_13 && read_printed(Symbology::ean_13, label) != needs.ean_13->text) return failed();
    }
    return Done{};
}

} // namespace

std::vector<int> sample_sheets(std::string_view job_id, int sheets)
{
    std::vector<int> chosen{1};
    if (sheets > 2) {
        auto const digest = sha256(job_id);
        auto const number = static_cast<unsigned char>(digest[0]) * 65'536 +
                            static_cast<unsigned char>(digest[1]) * 256 + static_cast<unsigned char>(digest[2]);
        chosen.push_back(2 + number % (sheets - 2));
    }
    if (sheets > 1) chosen.push_back(sheets);
    return chosen;
}

Status replay(LabelJob const& job, LabelPages& pages, LabelNeeds const& needs, LabelOutput const& output,
              std::vector<int> const& sheets)
{
    std::optional<VectorReplay> vectors;
    std::optional<BitmapPainter> bitmaps;
    if (has_dots(output.format))
        bitmaps.emplace(job, needs, output);
    else
        vectors.emplace(job, needs, output);
    for (auto const sheet : sheets) {
        auto const page = pages.read(sheet);
        if (!page) return page.error();
        Result<GreyPage> picture;
        if (vectors) {
            picture = vectors->draw(*page, pages.count());
        } else {
            auto const bitmap = bitmaps->draw(*page, pages.count());
            picture = bitmap ? Result<GreyPage>{to_grey(*bitmap)} : Result<GreyPage>{bitmap.error()};
        }
        if (!picture) return picture.error();
        if (auto const read = read_labels(*picture, *page, job, needs, output); !read) return read;
    }
    return Done{};
}

} // namespace nguon::scanner
