#include "core/bytes.hpp"
#include "scanner/label_layout.hpp"
#include "scanner/label_replay.hpp"
#include "scanner/printer_language.hpp"
#include "tests/scanner/support.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>

namespace nguon::scanner {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<PrintedRow> read_rows(LabelFormat format, std::string_view bytes)
{
    if (format == LabelFormat::zpl) return read_zpl(bytes);
    return format == LabelFormat::tspl ? read_tspl(bytes) : read_epl(bytes);
}

constexpr LabelFormat languages[] = {LabelFormat::zpl, LabelFormat::tspl, LabelFormat::epl};

LabelOutput printer_of(LabelFormat format, int dpi = 203)
{
    LabelOutput output;
    output.format = format;
    output.printer.dpi = dpi;
    return output;
}

/// Labels whose address is short enough for every roll.
LabelSample short_links(std::string const& stock, int count)
{
    auto sample = a_label_job(stock, count);
    if (sample.job.stock.wants_short_link())
        for (auto& code : sample.codes) code.url = "https://nguon.laichau.gov.vn/t/" + code.printed_code;
    return sample;
}

std::vector<Picture> labels_of(std::vector<PrintedRow> const& rows, Stock const& stock, int dpi)
{
    std::vector<Picture> labels;
    for (auto const& row : rows)
        for (int place = 0; place < stock.columns; ++place)
            labels.push_back(label_of(to_picture(row.bitmap), stock, place, dpi));
    return labels;
}

std::vector<std::string> urls_of(LabelSample const& sample)
{
    std::vector<std::string> urls;
    for (auto const& code : sample.codes) urls.push_back(code.url);
    return urls;
}

TEST(PrinterLabels, AreAllReadByAForeignDecoderOnEveryRoll)
{
    for (auto const& stock : stocks()) {
        if (!stock.is_roll()) continue;
        for (auto const dpi : printer_resolutions())
            for (auto const format : languages) {
                auto const sample = short_links(stock.id, 3 * stock.columns);
                auto const bytes = draw(sample, printer_of(format, dpi));
                ASSERT_TRUE(bytes.ok()) << stock.id << dpi << bytes.error().key << bytes.error().log_text;
                auto const rows = read_rows(format, *bytes);
                ASSERT_EQ(rows.size(), 3U);
                EXPECT_EQ(read_with_zbar(labels_of(rows, stock, dpi)), urls_of(sample))
                    << stock.id << ' ' << dpi << ' ' << to_name(format);
            }
    }
}

TEST(PrinterLabels, OfDataMatrixAreReadByAForeignDecoder)
{
    for (auto const* stock : {"roll-30x20", "roll-35x22-2", "roll-50x30"})
        for (auto const dpi : {203, 300}) {
            auto sample = short_links(stock, 2);
            sample.job.design = LabelDesign::datamatrix;
            auto const bytes = draw(sample, printer_of(LabelFormat::zpl, dpi));
            ASSERT_TRUE(bytes.ok()) << bytes.error().key;
            auto const labels = labels_of(read_zpl(*bytes), sample.job.stock, dpi);
            for (std::size_t i = 0; i < sample.codes.size(); ++i)
                EXPECT_EQ(read_with_dmtx(labels[i]), sample.codes[i].url) << stock << ' ' << dpi;
        }
}

TEST(PrinterLabels, WithABarcodeForTillsAreReadByAForeignDecoder)
{
    for (auto const* stock : {"roll-70x50", "roll-100x150"})
        for (auto const dpi : {203, 300}) {
            auto sample = a_label_job(stock, 1);
            sample.job.design = LabelDesign::qr_ean13;
            auto const bytes = draw(sample, printer_of(LabelFormat::epl, dpi));
            ASSERT_TRUE(bytes.ok()) << stock << bytes.error().key << bytes.error().fields.at(0).key;
            auto const labels = labels_of(read_epl(*bytes), sample.job.stock, dpi);
            EXPECT_THAT(read_with_zbar(labels), ElementsAre(sample.codes[0].url));
            EXPECT_THAT(read_with_zbar(labels, "ean13"), ElementsAre(sample.job.gtin));
        }
}

TEST(PrinterLabels, SayTheSameInEveryLanguage)
{
    auto const sample = a_label_job("roll-50x30", 2);
    auto const zpl = read_zpl(*draw(sample, printer_of(LabelFormat::zpl)));
    auto const tspl = read_tspl(*draw(sample, printer_of(LabelFormat::tspl)));
    auto const epl = read_epl(*draw(sample, printer_of(LabelFormat::epl)));
    ASSERT_EQ(zpl.size(), 2U);
    for (std::size_t i = 0; i < zpl.size(); ++i) {
        EXPECT_EQ(zpl[i].bitmap, tspl.at(i).bitmap);
        EXPECT_EQ(zpl[i].bitmap, epl.at(i).bitmap);
    }
}

TEST(PrinterLabels, ComeWithTheStocksAndThePrintersSettings)
{
    auto sample = a_label_job("roll-50x30", 1);
    auto output = printer_of(LabelFormat::zpl);
    output.printer.darkness = 10;
    output.printer.speed = 4;
    auto const settings = [&](LabelFormat format) {
        output.format = format;
        return read_rows(format, *draw(sample, output)).at(0).settings;
    };
    EXPECT_EQ(settings(LabelFormat::zpl), "~SD20\n^XA\n^MNY^PW400^LL240^LH0,0^LS0\n^PR4\n");
    EXPECT_EQ(settings(LabelFormat::tspl), "SIZE 50.00 mm,30.00 mm\r\nGAP 2.00 mm,0 mm\r\nSPEED 4\r\nDENSITY 10\r\n"
                                           "DIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n");
    EXPECT_EQ(settings(LabelFormat::epl), "\nN\nq400\nQ240,16\nS6\nD10\n");

    sample.job.stock.feed_mark = FeedMark::black_mark;
    output.printer.darkness.reset();
    output.printer.speed.reset();
    EXPECT_EQ(settings(LabelFormat::zpl), "^XA\n^MNM^PW400^LL240^LH0,0^LS0\n");
    EXPECT_THAT(settings(LabelFormat::tspl), HasSubstr("BLINE 2.00 mm,0 mm\r\nDIRECTION"));
    EXPECT_EQ(settings(LabelFormat::epl), "\nN\nq400\nQ240,B16\n");

    sample.job.stock.feed_mark = FeedMark::continuous;
    EXPECT_THAT(settings(LabelFormat::zpl), HasSubstr("^MNN"));
    EXPECT_THAT(settings(LabelFormat::tspl), HasSubstr("GAP 0.00 mm,0 mm"));
    EXPECT_THAT(settings(LabelFormat::epl), HasSubstr("Q240,0\n"));
}

TEST(PrinterLabels, SendCopiesOfARowOnce)
{
    auto sample = a_label_job("roll-50x30", 1);
    sample.job.copies = 500;
    for (auto const format : languages) {
        auto const rows = read_rows(format, *draw(sample, printer_of(format)));
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].copies, 500);
    }
    // Two in a row: the last row has one label, and the first begins at the second place.
    sample = short_links("roll-35x22-2", 1);
    sample.job.copies = 10;
    sample.job.start = 2;
    auto const rows = read_tspl(*draw(sample, printer_of(LabelFormat::tspl)));
    std::vector<int> copies;
    for (auto const& row : rows) copies.push_back(row.copies);
    EXPECT_THAT(copies, ElementsAre(1, 4, 1));
    auto const first = labels_of({rows[0]}, sample.job.stock, 203);
    EXPECT_TRUE(std::all_of(first[0].samples.begin(), first[0].samples.end(), [](auto s) { return s == 255; }));
    EXPECT_EQ(read_with_zbar({first[1]}).at(0), sample.codes[0].url);
}

TEST(PrinterLabels, MoveByThePrintersOffset)
{
    auto const sample = a_label_job("roll-50x30", 1);
    auto output = printer_of(LabelFormat::tspl);
    auto const before = read_tspl(*draw(sample, output)).at(0).bitmap;
    output.printer.offset_x = 0.375; // three dots
    output.printer.offset_y = -0.25; // two
    auto const after = read_tspl(*draw(sample, output)).at(0).bitmap;
    for (int y = 2; y < before.height; ++y)
        for (int x = 0; x + 3 < before.width; ++x)
            ASSERT_EQ(before.dark(x, y), after.dark(x + 3, y - 2)) << x << ',' << y;
}

TEST(PrinterLabels, MarkSpecimensOutsideTheSymbols)
{
    auto sample = a_label_job("roll-60x40", 1);
    auto const plain = read_epl(*draw(sample, printer_of(LabelFormat::epl))).at(0).bitmap;
    sample.job.specimen = true;
    auto const marked = read_epl(*draw(sample, printer_of(LabelFormat::epl))).at(0).bitmap;
    auto const black = [](Bitmap const& bitmap) {
        auto count = 0;
        for (int y = 0; y < bitmap.height; ++y)
            for (int x = 0; x < bitmap.width; ++x) count += bitmap.dark(x, y) ? 1 : 0;
        return count;
    };
    EXPECT_GT(black(marked), black(plain) + 300);
    EXPECT_EQ(read_with_zbar({to_picture(marked)}).at(0), sample.codes[0].url);
}

TEST(PrinterLabels, CompressedRowsAreReadBack)
{
    std::mt19937 chance{20261122};
    for (int round = 0; round < 300; ++round) {
        Bitmap bitmap{static_cast<int>(1 + chance() % 900), static_cast<int>(1 + chance() % 12)};
        auto const kind = chance() % 4;
        for (auto& byte : bitmap.bits)
            byte = static_cast<std::uint8_t>(kind == 0   ? chance()
                                             : kind == 1 ? 0xFF
                                             : kind == 2 ? (chance() % 8 == 0 ? chance() : 0)
                                                         : 0);
        auto const field = "^XA^FO0,0" + zpl_graphic_field(bitmap) + "^FS\n^XZ\n";
        EXPECT_EQ(read_zpl(field).at(0).bitmap.bits, bitmap.bits);
    }
}

TEST(LabelFile, SaysWhatWasWritten)
{
    auto const sample = a_label_job("a4-24", 30);
    ListedCodes codes{sample.codes};
    std::string bytes;
    std::vector<std::size_t> done;
    auto const facts = write_labels(
        sample.job, codes, {},
        [&](std::string_view piece) {
            bytes.append(piece);
            return true;
        },
        [&](std::size_t now, std::size_t all) {
            EXPECT_EQ(all, 30U);
            done.push_back(now);
            return true;
        });
    ASSERT_TRUE(facts.ok());
    EXPECT_EQ(facts->labels, 30U);
    EXPECT_EQ(facts->sheets, 2U);
    EXPECT_EQ(facts->bytes, bytes.size());
    EXPECT_EQ(facts->sha256, sha256_hex(bytes));
    EXPECT_EQ(facts->symbols_proved, 30U);
    EXPECT_THAT(facts->sheets_replayed, ElementsAre(1, 2));
    EXPECT_EQ(done.back(), 30U);
}

TEST(LabelFile, IsCancelledInTheMiddle)
{
    for (auto const* stock : {"a4-65", "roll-50x30"}) {
        auto const sample = a_label_job(stock, 300);
        ListedCodes codes{sample.codes};
        std::size_t last = 0;
        auto const written = write_labels(
            sample.job, codes, printer_of(sample.job.stock.is_roll() ? LabelFormat::zpl : LabelFormat::pdf),
            [](std::string_view) { return true; },
            [&](std::size_t now, std::size_t) {
                last = now;
                return now < 100;
            });
        ASSERT_FALSE(written.ok());
        EXPECT_EQ(written.error().key, "label.cancelled");
        EXPECT_LT(last, 200U);
    }
}

/// Notes how many codes it is asked for at once.
class CountingCodes : public ListedCodes {
public:
    using ListedCodes::ListedCodes;

    Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) override
    {
        sizes.push_back(count);
        return ListedCodes::read(first, count);
    }

    std::vector<std::size_t> sizes = {};
};

TEST(LabelFile, PullsCodesInPieces)
{
    auto const sample = a_label_job("roll-30x20", 1200);
    auto job = sample.job;
    auto codes = sample.codes;
    for (auto& code : codes) code.url = "https://nguon.vn/t/" + code.printed_code;
    CountingCodes source{codes};
    ASSERT_TRUE(write_labels(job, source, printer_of(LabelFormat::zpl), [](std::string_view) { return true; }).ok());
    EXPECT_LE(*std::max_element(source.sizes.begin(), source.sizes.end()), codes_per_read);
    EXPECT_LE(source.sizes.size(), 8U); // preflight, three pieces, three samples
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/// Codes that are made when they are asked for.
class EndlessCodes : public LabelCodeSource {
public:
    explicit EndlessCodes(std::size_t count) : count_{count} {}

    std::size_t count() const override { return count_; }
    Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) override
    {
        std::vector<LabelCode> codes;
        for (auto i = first; i < first + count; ++i) {
            auto const code = fmt::format("AB7K{:08}", i);
            codes.push_back({"https://nguon.vn/t/" + code, code});
        }
        return codes;
    }
    std::string dearest_url() const override { return scanner::dearest_url("https://nguon.vn/t/", 12, true); }

private:
    std::size_t count_;
};

double resident_mib()
{
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

TEST(LabelFile, NeedsNoMoreMemoryForMoreLabels)
{
    // The benchmark does the same with a hundred thousand (tests/bench/labels.cpp).
    auto const job = a_label_job("roll-30x20", 0).job;
    auto const most_mib = [&](std::size_t labels) {
        EndlessCodes codes{labels};
        auto most = 0.0;
        EXPECT_TRUE(write_labels(
                        job, codes, printer_of(LabelFormat::zpl), [](std::string_view) { return true; },
                        [&](std::size_t, std::size_t) {
                            most = std::max(most, resident_mib());
                            return true;
                        })
                        .ok());
        return most;
    };
    auto const few = most_mib(500);
    EXPECT_LT(most_mib(5'000), few + 4);
}
#endif

TEST(LabelFile, RefusesAFaultyCodeInTheMiddleOfAJob)
{
    auto sample = a_label_job("a4-65", 650);
    sample.codes[400].printed_code = "short";
    auto const drawn = draw(sample);
    ASSERT_FALSE(drawn.ok());
    EXPECT_THAT(keys(drawn.error().fields), ElementsAre("/codes/400/printedCode label.printed_code"));
}

TEST(LabelFile, DrawsOneLabelByItself)
{
    auto const sample = a_label_job("a4-65", 65);
    for (auto const format : {LabelFormat::pdf, LabelFormat::zpl}) {
        auto output = printer_of(format, 300);
        output.one_label = true;
        auto const bytes = draw(sample, output);
        ASSERT_TRUE(bytes.ok());
        auto const picture =
            format == LabelFormat::pdf ? rasterize(*bytes, 300).at(0) : to_picture(read_zpl(*bytes).at(0).bitmap);
        EXPECT_NEAR(picture.width, 38.1 / 25.4 * 300, 8);
        EXPECT_THAT(read_with_zbar({picture}), ElementsAre(sample.codes[0].url));
    }
}

TEST(LabelFile, PicturesShowOneSheet)
{
    auto sample = a_label_job("a4-24", 30);
    auto output = printer_of(LabelFormat::png, 300);
    output.sheet = 2;
    auto const png = draw(sample, output);
    ASSERT_TRUE(png.ok());
    auto const page = *read_picture(*png, Colors::grey);
    EXPECT_EQ(page.width, 2480);
    std::vector<Picture> labels;
    std::vector<std::string> expected;
    for (int place = 0; place < 6; ++place) {
        labels.push_back(label_of(page, sample.job.stock, place, 300));
        expected.push_back(sample.codes[static_cast<std::size_t>(24 + place)].url);
    }
    EXPECT_EQ(read_with_zbar(labels), expected);

    output.format = LabelFormat::svg;
    auto const svg = draw(sample, output);
    ASSERT_TRUE(svg.ok());
    EXPECT_THAT(*svg, HasSubstr("width=\"210mm\" height=\"297mm\""));
    nguon::testing::TempDir const dir;
    write_file(dir.path() / "in.svg", *svg);
    auto const run = run_tool(fmt::format("rsvg-convert -d 300 -p 300 {0}/in.svg -o {0}/out.png", dir.path().string()));
    ASSERT_EQ(run.status, 0);
    auto const drawn = *read_picture(read_file(dir.path() / "out.png"), Colors::grey);
    labels.clear();
    for (int place = 0; place < 6; ++place) labels.push_back(label_of(drawn, sample.job.stock, place, 300));
    EXPECT_EQ(read_with_zbar(labels), expected);
}

TEST(LabelFile, GivesTheSameBytesInEveryFormat)
{
    auto const sample = a_label_job("roll-60x40", 3);
    for (auto const format :
         {LabelFormat::pdf, LabelFormat::svg, LabelFormat::png, LabelFormat::zpl, LabelFormat::tspl, LabelFormat::epl})
        EXPECT_EQ(*draw(sample, printer_of(format)), *draw(sample, printer_of(format))) << to_name(format);
}

TEST(LabelReplay, ChoosesTheFirstTheLastAndOneOfTheJob)
{
    EXPECT_THAT(sample_sheets("a", 1), ElementsAre(1));
    EXPECT_THAT(sample_sheets("a", 2), ElementsAre(1, 2));
    EXPECT_THAT(sample_sheets("a", 3), ElementsAre(1, 2, 3));
    auto const chosen = sample_sheets("a", 1000);
    EXPECT_EQ(chosen, sample_sheets("a", 1000));
    EXPECT_NE(chosen, sample_sheets("b", 1000));
    EXPECT_GT(chosen[1], 1);
    EXPECT_LT(chosen[1], 1000);
}

/// A store that goes away after preflight and the first piece.
class FailingCodes : public ListedCodes {
public:
    using ListedCodes::ListedCodes;

    Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) override
    {
        auto read = ListedCodes::read(first, count);
        if (++times > 2) return unavailable("storage.busy");
        return read;
    }

    int times = 0;
};

TEST(LabelReplay, EndsTheJobWhenTheSourceFails)
{
    auto const sample = a_label_job("a4-65", 600);
    FailingCodes source{sample.codes};
    auto const written = write_labels(sample.job, source, {}, [](std::string_view) { return true; });
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().key, "storage.busy");
}

TEST(LabelReplay, NamesTheLabelThatCannotBeRead)
{
    // Preflight would have refused it: the fifth column lies beyond the paper.
    auto const sample = a_label_job("a4-65", 65);
    ListedCodes codes{sample.codes};
    auto const needs = *label_needs(sample.job, codes);
    LabelPages pages{sample.job, codes};
    LabelOutput output;
    EXPECT_TRUE(replay(sample.job, pages, needs, output, {1}).ok());
    output.printer.offset_x = 30;
    auto const replayed = replay(sample.job, pages, needs, output, {1});
    ASSERT_FALSE(replayed.ok());
    EXPECT_EQ(replayed.error().key, "label.sample_failed");
    EXPECT_THAT(replayed.error().values, ElementsAre("1", "5"));
}

TEST(Reprint, IsMarkedOnLabelsAndSheets)
{
    auto sample = a_label_job("a4-24", 2);
    auto const text = [&] {
        nguon::testing::TempDir const dir;
        write_file(dir.path() / "in.pdf", *draw(sample));
        return run_tool(fmt::format("pdftotext -layout {}/in.pdf -", dir.path().string())).output;
    };
    EXPECT_THAT(text(), ::testing::Not(HasSubstr("in lại")));
    sample.job.reprint = 2;
    EXPECT_THAT(text(), HasSubstr("AB7K 0000 0000 R2"));
    EXPECT_THAT(text(), HasSubstr("in lại lần 2"));
    sample.job.reprint = 100;
    EXPECT_THAT(keys(check(sample).faults), ElementsAre("/reprint label.reprint"));
}

} // namespace
} // namespace nguon::scanner
