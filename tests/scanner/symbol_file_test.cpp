#include "scanner/symbol_file.hpp"

#include "core/gs1/check_digit.hpp"
#include "core/gs1/element_string.hpp"
#include "tests/scanner/support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <regex>

namespace nguon::scanner {
namespace {

using namespace testing;
using std::string_literals::operator""s;

constexpr auto two_elements = "(01)08938501234568(10)LO-7/A";
constexpr auto link = "https://nguon.vn/01/08938501234568/21/AB7KCDEFGH12";

/// One kind, and how zbarimg names it and what it says then. Data Matrix is dmtxread's. No program of Debian reads
/// DataBar Limited or Expanded Stacked: those are left to the proof, and to what others drew (databar_test).
struct Kind {
    Symbology symbology;
    char const* code;
    char const* zbar = nullptr;
    std::string expected = {};
};

std::vector<Kind> kinds()
{
    return {
        {Symbology::qr, link, "qrcode", link},
        {Symbology::gs1_qr, two_elements, "qrcode", "010893850123456810LO-7/A"},
        {Symbology::datamatrix, link},
        {Symbology::gs1_datamatrix, two_elements},
        {Symbology::gs1_datamatrix_rect, two_elements},
        {Symbology::gs1_128, two_elements, "code128", "010893850123456810LO-7/A"},
        {Symbology::itf_14, "18938501234565", "i25", "18938501234565"},
        {Symbology::ean_13, "8938501234568", "ean13", "8938501234568"},
        {Symbology::ean_8, "12345670", "ean8", "12345670"},
        {Symbology::upc_a, "012345678905", "ean13", "0012345678905"},
        {Symbology::upc_e, "04252614", "upce", "04252614"},
        {Symbology::databar_omni, "8938501234568", "databar", "0108938501234568"},
        {Symbology::databar_stacked, "8938501234568", "databar", "0108938501234568"},
        {Symbology::databar_stacked_omni, "8938501234568", "databar", "0108938501234568"},
        {Symbology::databar_limited, "8938501234568"},
        {Symbology::databar_expanded, two_elements, "databar-exp", "010893850123456810LO-7/A"},
        {Symbology::databar_expanded_stacked, two_elements},
        {Symbology::code_128, "LO-7 (A)", "code128", "LO-7 (A)"},
    };
}

SymbolOrder an_order(Symbology symbology, std::string_view code, SymbolFormat format)
{
    SymbolOrder order;
    order.data = *read_symbol_data(symbology, code);
    order.format = format;
    order.created = from_micros(1'795'000'000'000'000);
    return order;
}

Result<SymbolFile> write(Symbology symbology, std::string_view code, SymbolFormat format)
{
    return write_symbol(an_order(symbology, code, format), a_prover());
}

/// A picture on white paper.
Picture on_paper(Picture const& picture)
{
    constexpr int edge = 60;
    return on_ground(picture, picture.width + 2 * edge, picture.height + 2 * edge, 255);
}

/// Black rectangles of an SVG's first path, `scale` pixels a module.
Picture paint_svg(std::string const& svg, int scale)
{
    std::smatch box;
    std::regex_search(svg, box, std::regex{"viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\""});
    auto picture = blank_picture(static_cast<int>(std::ceil(std::stod(box[1]) * scale)),
                                 static_cast<int>(std::ceil(std::stod(box[2]) * scale)), Colors::grey, 255);
    auto const from = svg.find("d=\"");
    auto const path = svg.substr(from, svg.find('"', from + 3) - from);
    static std::regex const bar{"M([0-9.]+) ([0-9.]+)h([0-9.]+)v([0-9.]+)h-"};
    for (std::sregex_iterator it{path.begin(), path.end(), bar}, end; it != end; ++it) {
        auto const at = [&](int group) { return std::stod((*it)[static_cast<std::size_t>(group)]) * scale; };
        for (auto y = std::lround(at(2)); y < std::lround(at(2) + at(4)); ++y)
            for (auto x = std::lround(at(1)); x < std::lround(at(1) + at(3)); ++x)
                picture.row(static_cast<int>(y))[x] = 0;
    }
    return picture;
}

/// What a file looks like on paper.
Picture printed(SymbolFormat format, std::string const& bytes)
{
    switch (format) {
    case SymbolFormat::svg:
        return paint_svg(bytes, 6);
    case SymbolFormat::png:
        return *read_picture(bytes, Colors::grey);
    case SymbolFormat::pdf:
        return rasterize(bytes, 600).at(0);
    case SymbolFormat::zpl:
        return to_picture(read_zpl(bytes).at(0).bitmap);
    }
    return {};
}

TEST(SymbolFile, ForeignDecodersReadEveryKindInEveryFormat)
{
    for (auto const& kind : kinds())
        for (auto const format : {SymbolFormat::svg, SymbolFormat::png, SymbolFormat::pdf, SymbolFormat::zpl}) {
            auto const what = fmt::format("{} {}", to_name(kind.symbology), static_cast<int>(format));
            auto const file = write(kind.symbology, kind.code, format);
            ASSERT_TRUE(file.ok()) << what << " " << file.error().key << " " << file.error().log_text;
            auto const picture = on_paper(printed(format, file->bytes));
            if (kind.zbar != nullptr) {
                EXPECT_EQ(read_with_zbar({picture}, kind.zbar), std::vector{kind.expected}) << what;
            } else if (info(kind.symbology).shape == Shape::matrix) {
                auto const* const expected =
                    kind.symbology == Symbology::datamatrix ? link : "~010893850123456810LO-7/A";
                EXPECT_EQ(read_with_dmtx(picture), expected) << what;
            }
        }
}

TEST(SymbolFile, SvgHasMillimetresAndQuietZone)
{
    auto const text = "https://nguon.vn/t/AB7KCDEFGH12";
    auto const svg = write(Symbology::qr, text, SymbolFormat::svg)->bytes;
    auto const side = draw_qr(text)->width + 8;
    EXPECT_NE(svg.find(fmt::format("width=\"{:.3f}mm\"", side * 0.5)), std::string::npos) << svg;
    EXPECT_NE(svg.find(fmt::format("viewBox=\"0 0 {} {}\"", side, side)), std::string::npos);
    EXPECT_NE(svg.find("M4 4h7v1h-7z"), std::string::npos); // the first row of the upper left finder
}

TEST(SymbolFile, FilesHaveTheSizeThatWasAskedFor)
{
    auto order = an_order(Symbology::ean_13, "8938501234568", SymbolFormat::png);
    order.size.module_mm = 0.4;
    auto const png = read_picture(write_symbol(order, a_prover())->bytes, Colors::grey);
    EXPECT_EQ(png->width, (11 + 95 + 7) * 9); // 0.4 mm are 9 dots of 600 dpi
    order.format = SymbolFormat::pdf;
    auto const pages = rasterize(write_symbol(order, a_prover())->bytes, 300);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_NEAR(pages[0].width, (11 + 95 + 7) * 0.4 / 25.4 * 300, 1.5);
    EXPECT_GT(pages[0].height, (22.85 / 0.33 + 5) * 0.4 / 25.4 * 300);
}

TEST(SymbolFile, APrintersModulesAreWholeDots)
{
    auto order = an_order(Symbology::gs1_128, two_elements, SymbolFormat::zpl);
    EXPECT_NEAR(write_symbol(order, a_prover())->module_mm, 4 * 25.4 / 203, 1e-9); // 0.495 rounded up
    order.dpi = 300;
    EXPECT_NEAR(write_symbol(order, a_prover())->module_mm, 6 * 25.4 / 300, 1e-9);

    auto ean = an_order(Symbology::ean_13, "8938501234568", SymbolFormat::zpl);
    EXPECT_NEAR(write_symbol(ean, a_prover())->module_mm, 3 * 25.4 / 203, 1e-9);
    ean.size.module_mm = 0.66; // six dots would be 0.75 mm
    EXPECT_NEAR(write_symbol(ean, a_prover())->module_mm, 5 * 25.4 / 203, 1e-9);
    ean.size.module_mm = 0.2;
    EXPECT_EQ(write_symbol(ean, a_prover()).error().key, "symbol.module_range");

    auto matrix = an_order(Symbology::gs1_datamatrix, two_elements, SymbolFormat::zpl);
    matrix.size.module_mm = 0.45; // three and four dots are permitted
    EXPECT_NEAR(write_symbol(matrix, a_prover())->module_mm, 4 * 25.4 / 203, 1e-9);

    auto healthcare = an_order(Symbology::gs1_128, two_elements, SymbolFormat::zpl);
    healthcare.size = {"healthcare", 0.495, {}};
    EXPECT_NEAR(write_symbol(healthcare, a_prover())->module_mm, 3 * 25.4 / 203, 1e-9); // down: four are too large

    auto marking = an_order(Symbology::gs1_datamatrix, two_elements, SymbolFormat::zpl);
    marking.size = {"marking", 0.3, {}};
    marking.dpi = 25; // a dot is a millimetre
    EXPECT_EQ(write_symbol(marking, a_prover()).error().key, "symbol.dots");
}

TEST(SymbolFile, TextStandsBelowAndCanBeLeftOut)
{
    for (auto const& kind : kinds()) {
        auto order = an_order(kind.symbology, kind.code, SymbolFormat::svg);
        auto const with = write_symbol(order, a_prover())->bytes;
        order.with_text = false;
        auto const without = write_symbol(order, a_prover())->bytes;
        EXPECT_LT(without.size(), with.size()) << to_name(kind.symbology);
        EXPECT_EQ(without.find("C"), std::string::npos) << to_name(kind.symbology); // no curves, no letters
    }
}

TEST(SymbolFile, NoElementIsPartedAndNoneReachesTheBars)
{
    auto const data = *read_symbol_data(Symbology::gs1_datamatrix,
                                        "(01)08938501234568(10)ABCDEFGHIJKLMNOPQRST(17)271231(21)ABCDEFGHIJKLMNOPQRST");
    auto const drawn = *draw_symbol(data);
    auto const size = *choose_size(data, drawn, {});
    auto const picture = lay_out_symbol(data, drawn, size);
    ASSERT_GE(picture.texts.size(), 3U);
    for (auto const& text : picture.texts) {
        EXPECT_TRUE(text.text.starts_with('(')) << text.text;
        EXPECT_GT(text.baseline_y - text.size * 0.75, picture.symbol.y + picture.symbol.height);
        EXPECT_LT(text.baseline_y, picture.height);
    }
}

TEST(SymbolFile, GuardBarsDescendBetweenTheDigits)
{
    struct Row {
        Symbology symbology;
        char const* code;
        int guard_bars;
        std::size_t digits;
    };
    for (auto const& row : {Row{Symbology::ean_13, "8938501234568", 6, 13}, Row{Symbology::ean_8, "12345670", 6, 8},
                            Row{Symbology::upc_a, "012345678905", 10, 12}, Row{Symbology::upc_e, "04252614", 5, 8}}) {
        auto const data = *read_symbol_data(row.symbology, row.code);
        auto const drawn = *draw_symbol(data);
        auto const size = *choose_size(data, drawn, {});
        auto const picture = lay_out_symbol(data, drawn, size);
        auto const descending = std::count_if(picture.bars.begin(), picture.bars.end(), [&](ModuleBox const& bar) {
            return std::abs(bar.height - size.bars_modules - 5) < 1e-9;
        });
        EXPECT_EQ(descending, row.guard_bars) << row.code;
        EXPECT_EQ(picture.texts.size(), row.digits) << row.code;
    }
}

TEST(SymbolFile, PdfIsTheSameForTheSameTime)
{
    EXPECT_EQ(write(Symbology::qr, link, SymbolFormat::pdf)->bytes,
              write(Symbology::qr, link, SymbolFormat::pdf)->bytes);
}

TEST(SymbolFile, PdfIsPureBlackVectors)
{
    // Compressed streams: what pdftoppm makes of it has black, white and only edges between.
    auto order = an_order(Symbology::itf_14, "18938501234565", SymbolFormat::pdf);
    order.with_text = false;
    auto const page = rasterize(write_symbol(order, a_prover())->bytes, 1200).at(0);
    auto const grey =
        std::count_if(page.samples.begin(), page.samples.end(), [](auto s) { return s != 0 && s != 255; });
    EXPECT_LT(grey, static_cast<long>(page.samples.size() / 20));
}

TEST(SymbolFile, HugeModulesDoNotMakeHugePictures)
{
    auto order = an_order(Symbology::qr, std::string(2000, 'a'), SymbolFormat::png);
    order.size.module_mm = 20;
    auto const file = write_symbol(order, a_prover());
    ASSERT_TRUE(file.ok());
    EXPECT_LE(read_picture(file->bytes, Colors::grey)->width, 4096);
}

TEST(SymbolProof, RefusesAnotherTextAndDamage)
{
    for (auto const& kind : kinds()) {
        auto const data = *read_symbol_data(kind.symbology, kind.code);
        auto const drawn = *draw_symbol(data);
        auto const picture = lay_out_symbol(data, drawn, *choose_size(data, drawn, {}));
        constexpr int dots = 4;
        auto const bitmap = symbol_part(picture, rasterize(picture, dots), dots);
        EXPECT_TRUE(a_prover().prove(data, bitmap, dots).ok()) << to_name(kind.symbology);

        auto other = data;
        other.text.back() = other.text.back() == '1' ? '2' : '1';
        for (auto& element : other.elements) element.value.back() = element.value.back() == '1' ? '2' : '1';
        auto const refused = a_prover().prove(other, bitmap, dots);
        ASSERT_FALSE(refused.ok()) << to_name(kind.symbology);
        EXPECT_EQ(refused.error().key, "symbol.proof_failed");

        Bitmap const blank{bitmap.width, bitmap.height};
        EXPECT_FALSE(a_prover().prove(data, blank, dots).ok()) << to_name(kind.symbology);
    }
}

TEST(SymbolProof, TellsGs1SymbolsFromPlainOnes)
{
    auto const plain = *read_symbol_data(Symbology::datamatrix, "0108938501234568");
    auto const drawn = *draw_symbol(plain);
    auto const picture = lay_out_symbol(plain, drawn, *choose_size(plain, drawn, {}));
    auto const bitmap = symbol_part(picture, rasterize(picture, 4), 4);
    auto claimed = *read_symbol_data(Symbology::gs1_datamatrix, "(01)08938501234568");
    auto const refused = a_prover().prove(claimed, bitmap, 4);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().log_text, "symbology is ]d1");
}

TEST(SymbolProof, AWorkerThatDiesHarmsNobody)
{
    WorkerPoolOptions options;
    options.program = "/bin/false";
    options.processes = 1;
    WorkerPool pool{options};
    SymbolProver const prover{pool};
    EXPECT_FALSE(write_symbol(an_order(Symbology::databar_omni, "8938501234568", SymbolFormat::svg), prover).ok());
    EXPECT_TRUE(write_symbol(an_order(Symbology::qr, link, SymbolFormat::svg), prover).ok());
}

TEST(SymbolProof, AWorkerRefusesRequestsThatAreNone)
{
    auto const task = symbol_task();
    for (auto const& request : {""s, "b"s, "bxxxx"s, std::string(13, 'b'), "b"s + std::string(400, '\x7F')})
        EXPECT_TRUE(task.answer(request).starts_with('-')) << request.size();
}

/// Valid elements over the characters and lengths that GS1 permits.
std::vector<gs1::AiValue> some_elements(std::mt19937& chance)
{
    static constexpr std::string_view letters =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    auto text = [&](std::size_t longest, std::string_view from) {
        std::string out;
        for (auto count = 1 + chance() % longest; count > 0; --count) out += from[chance() % from.size()];
        return out;
    };
    auto gtin = text(1, "01");
    for (int i = 0; i < 12; ++i) gtin += static_cast<char>('0' + chance() % 10);
    std::vector<gs1::AiValue> elements{{"01", gtin + gs1::check_digit(gtin)}};
    auto const from = chance() % 3 == 0 ? letters.substr(13, 10) : letters;
    if (chance() % 2 == 0) elements.push_back({"17", "271231"});
    if (chance() % 2 == 0) elements.push_back({"10", text(8, from)});
    if (chance() % 3 == 0) elements.push_back({"21", text(8, from)});
    return elements;
}

TEST(SymbolProof, EveryKindSaysWhatItWasGiven)
{
    std::mt19937 chance{20261122};
    for (auto const& kind : symbologies()) {
        if (kind.content != Content::elements) continue;
        auto drawn_ones = 0;
        for (int i = 0; i < 60; ++i) {
            auto const code = gs1::to_bracketed(some_elements(chance));
            auto const data = read_symbol_data(kind.symbology, code);
            ASSERT_TRUE(data.ok()) << code << data.error().key;
            auto const drawn = draw_symbol(*data);
            if (!drawn) {
                EXPECT_EQ(drawn.error().key, "symbol.too_long") << kind.name << code;
                EXPECT_GT(data->text.size(), 35U) << kind.name << code;
                continue;
            }
            ++drawn_ones;
            // With the modules of other uses long GS1-128 symbols are too wide.
            auto const wish = kind.symbology == Symbology::gs1_128 ? SizeWish{"healthcare", 0.25, {}} : SizeWish{};
            auto const picture = lay_out_symbol(*data, *drawn, *choose_size(*data, *drawn, wish));
            auto const bitmap = symbol_part(picture, rasterize_symbol(picture, 3), 3);
            auto const proved = a_prover().prove(*data, bitmap, 3);
            EXPECT_TRUE(proved.ok()) << kind.name << " " << code << " " << proved.error().log_text;
        }
        EXPECT_GT(drawn_ones, 40) << kind.name;
    }
}

TEST(SymbolProof, EveryNumberIsReadBack)
{
    std::mt19937 chance{20261123};
    for (int i = 0; i < 60; ++i) {
        std::string digits = i % 2 == 0 ? "00" : "0";
        while (digits.size() < 13) digits += static_cast<char>('0' + chance() % 10);
        auto const code = "(01)" + digits + gs1::check_digit(digits);
        for (auto const& kind : symbologies()) {
            if (kind.content != Content::gtin) continue;
            auto const data = read_symbol_data(kind.symbology, code);
            if (!data) continue; // another length
            auto const drawn = *draw_symbol(*data);
            auto const picture = lay_out_symbol(*data, drawn, *choose_size(*data, drawn, {}));
            auto const proved = a_prover().prove(*data, symbol_part(picture, rasterize_symbol(picture, 3), 3), 3);
            EXPECT_TRUE(proved.ok()) << kind.name << " " << code;
        }
    }
}

} // namespace
} // namespace nguon::scanner
