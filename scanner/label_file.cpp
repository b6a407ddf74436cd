#include "scanner/label_file.hpp"

#include "core/sha256_stream.hpp"
#include "scanner/label_bitmap.hpp"
#include "scanner/label_painter.hpp"
#include "scanner/label_replay.hpp"
#include "scanner/png_file.hpp"
#include "scanner/printer_language.hpp"
#include "scanner/svg_file.hpp"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>

namespace nguon::scanner {

namespace {

constexpr std::size_t labels_between_reports = 50;

/// Counts and digests what leaves.
class Output {
public:
    explicit Output(ByteSink const& sink) : sink_{sink} {}

    bool write(std::string_view bytes)
    {
        if (refused_ || !sink_(bytes)) {
            refused_ = true;
            return false;
        }
        count_ += bytes.size();
        digest_.add(bytes);
        return true;
    }

    bool refused() const { return refused_; }
    std::size_t count() const { return count_; }
    std::string sha256() { return digest_.hex(); }

private:
    ByteSink const& sink_;
    Sha256Stream digest_;
    std::size_t count_ = 0;
    bool refused_ = false;
};

cairo_status_t write_bytes(void* closure, unsigned char const* data, unsigned length)
{
    auto& output = *static_cast<Output*>(closure);
    return output.write({reinterpret_cast<char const*>(data), length}) ? CAIRO_STATUS_SUCCESS
                                                                       : CAIRO_STATUS_WRITE_ERROR;
}

/// Writes the pages of one job, whatever the format.
class JobWriter {
public:
    JobWriter(LabelJob const& job, LabelPages& pages, LabelNeeds const& needs, LabelOutput const& wanted,
              Output& output, LabelProgress const& progress)
        : job_{job}, pages_{pages}, needs_{needs}, wanted_{wanted}, output_{output}, progress_{progress},
          sheets_{pages.count()}
    {
    }

    Status write()
    {
        switch (wanted_.format) {
        case LabelFormat::pdf:
            return write_pdf();
        case LabelFormat::svg:
            return write_svg();
        case LabelFormat::png:
            return write_png_sheet();
        default:
            return write_for_printer(*language_of(wanted_.format));
        }
    }

    std::size_t labels() const { return labels_; }
    std::size_t sheets_written() const { return sheets_written_; }
    std::size_t symbols_proved() const { return proved_; }

private:
    Status write_pdf()
    {
        SurfaceOwner const surface{cairo_pdf_surface_create_for_stream(
            write_bytes, &output_, job_.stock.page_width * points_per_mm, job_.stock.page_height * points_per_mm)};
        cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                       fmt::format("{} – {}", job_.product_name, job_.id).c_str());
        cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Nguồn");
        cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_iso(job_.created).c_str());
        Status drawn = Done{};
        {
            ContextOwner const context{cairo_create(surface.get())};
            cairo_scale(context.get(), points_per_mm, points_per_mm);
            SheetPainter painter{context.get(), job_, needs_, wanted_, SymbolStyle::mask, InkStyle::color};
            for (int sheet = 1; sheet <= sheets_ && drawn; ++sheet) {
                drawn = draw_sheet(painter, sheet);
                if (!drawn) break;
                cairo_show_page(context.get());
                drawn = state_of(cairo_status(context.get()));
            }
            proved_ = painter.symbols_proved();
        }
        return finish(surface.get(), std::move(drawn));
    }

    Status write_svg()
    {
        SvgFile svg{job_.stock.page_width, job_.stock.page_height};
        cairo_set_source_rgb(svg.context(), 1, 1, 1);
        cairo_paint(svg.context());
        {
            SheetPainter painter{svg.context(), job_, needs_, wanted_, SymbolStyle::rectangles, InkStyle::color};
            if (auto const drawn = draw_sheet(painter, wanted_.sheet); !drawn) return drawn;
            proved_ = painter.symbols_proved();
        }
        auto const bytes = svg.finish();
        if (!bytes) return bytes.error();
        return send(*bytes);
    }

    Status draw_sheet(SheetPainter& painter, int sheet)
    {
        auto const page = pages_.read(sheet);
        if (!page) return page.error();
        if (auto const drawn = painter.draw(*page, sheets_); !drawn) return drawn;
        return report(*page);
    }

    Status finish(cairo_surface_t* surface, Status drawn)
    {
        cairo_surface_finish(surface);
        if (!drawn) return drawn;
        return state_of(cairo_surface_status(surface));
    }

    Status state_of(cairo_status_t status) const
    {
        if (output_.refused()) return unavailable("label.sink");
        if (status != CAIRO_STATUS_SUCCESS) return internal(cairo_status_to_string(status));
        return Done{};
    }

    Status write_png_sheet()
    {
        auto const page = pages_.read(wanted_.sheet);
        if (!page) return page.error();
        BitmapPainter painter{job_, needs_, wanted_};
        auto const bitmap = painter.draw(*page, sheets_);
        if (!bitmap) return bitmap.error();
        proved_ = painter.symbols_proved();
        auto const png = write_png(*bitmap, painter.dots_per_mm());
        if (!png) return png.error();
        if (auto const written = send(*png); !written) return written;
        return report(*page);
    }

    /// Rows of the same labels are sent once with their number.
    Status write_for_printer(PrinterLanguage language)
    {
        BitmapPainter painter{job_, needs_, wanted_};
        LabelPage last;
        Bitmap bitmap;
        auto copies = 0;
        auto const send_last = [&] {
            return send(printer_label(language, job_.stock, wanted_.printer, bitmap, copies));
        };
        for (int sheet = 1; sheet <= sheets_; ++sheet) {
            auto page = pages_.read(sheet);
            if (!page) return page.error();
            if (copies > 0 && same_labels(*page, last)) {
                ++copies;
            } else {
                if (copies > 0)
                    if (auto const sent = send_last(); !sent) return sent;
                auto drawn = painter.draw(*page, sheets_);
                if (!drawn) return drawn.error();
                bitmap = *std::move(drawn);
                copies = 1;
            }
            if (auto const reported = report(*page); !reported) return reported;
            last = *std::move(page);
        }
        proved_ = painter.symbols_proved();
        return send_last();
    }

    static bool same_labels(LabelPage const& a, LabelPage const& b)
    {
        return a.place == b.place && std::equal(a.labels.begin(), a.labels.end(), b.labels.begin(), b.labels.end(),
                                                [](LabelCode const& x, LabelCode const& y) {
                                                    return x.url == y.url && x.printed_code == y.printed_code;
                                                });
    }

    Status send(std::string_view bytes)
    {
        if (!output_.write(bytes)) return unavailable("label.sink");
        return Done{};
    }

    Status report(LabelPage const& page)
    {
        labels_ += page.labels.size();
        ++sheets_written_;
        unreported_ += page.labels.size();
        if (!progress_ || (unreported_ < labels_between_reports && labels_ < pages_.labels())) return Done{};
        unreported_ = 0;
        if (!progress_(labels_, pages_.labels())) return conflict("label.cancelled");
        return Done{};
    }

    LabelJob const& job_;
    LabelPages& pages_;
    LabelNeeds const& needs_;
    LabelOutput const& wanted_;
    Output& output_;
    LabelProgress const& progress_;
    int sheets_;
    std::size_t labels_ = 0;
    std::size_t sheets_written_ = 0;
    std::size_t proved_ = 0;
    std::size_t unreported_ = 0;
};

Error refusal(Preflight const& checked)
{
    for (auto const& fault : checked.faults)
        if (fault.key == "label.too_small") return invalid(fault.key, fault.values);
    return invalid_fields(checked.faults);
}

/// The first code of a job, for one label by itself.
class FirstCode : public LabelCodeSource {
public:
    explicit FirstCode(LabelCodeSource& all) : all_{all} {}

    std::size_t count() const override { return std::min<std::size_t>(all_.count(), 1); }
    Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) override
    {
        return all_.read(first, count);
    }
    std::string dearest_url() const override { return all_.dearest_url(); }

private:
    LabelCodeSource& all_;
};

Result<LabelFacts> write_checked(LabelJob const& job, LabelCodeSource& codes, LabelOutput const& wanted,
                                 ByteSink const& sink, LabelProgress const& progress)
{
    auto const needs = label_needs(job, codes);
    if (!needs) return needs.error();
    LabelPages pages{job, codes};
    Output output{sink};
    JobWriter writer{job, pages, *needs, wanted, output, progress};
    if (auto const written = writer.write(); !written) return written.error();

    LabelFacts facts{writer.labels(), writer.sheets_written(), output.count(),
                     output.sha256(), writer.symbols_proved(), {}};
    auto const one_sheet = wanted.format == LabelFormat::svg || wanted.format == LabelFormat::png;
    facts.sheets_replayed = one_sheet ? std::vector{wanted.sheet} : sample_sheets(job.id, pages.count());
    if (auto const read = replay(job, pages, *needs, wanted, facts.sheets_replayed); !read) return read.error();
    return facts;
}

} // namespace

Result<LabelFacts> write_labels(LabelJob const& job, LabelCodeSource& codes, LabelOutput const& output,
                                ByteSink const& sink, LabelProgress const& progress)
{
    auto const checked = preflight(job, codes, output);
    if (!checked.ok()) return refusal(checked);
    if (!output.one_label) return write_checked(job, codes, output, sink, progress);
    auto trial = trial_of(job);
    trial.copies = 1;
    FirstCode first{codes};
    return write_checked(trial, first, output, sink, progress);
}

Result<std::string> draw_labels(LabelJob const& job, LabelCodeSource& codes, LabelOutput const& output)
{
    std::string bytes;
    ByteSink const sink = [&bytes](std::string_view piece) {
        bytes.append(piece);
        return true;
    };
    auto const facts = write_labels(job, codes, output, sink);
    if (!facts) return facts.error();
    return bytes;
}

} // namespace nguon::scanner
