#include "scanner/decode.hpp"

#include "scanner/decode_worker.hpp"
#include "scanner/picture_workers.hpp"
#include "scanner/qr_bits.hpp"
#include "scanner/read_symbols.hpp"
#include "scanner/symbol_picture.hpp"
#include "scanner/treatments.hpp"
#include "tests/scanner/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace nguon::scanner {
namespace {

using namespace testing;
using std::string_literals::operator""s;

std::string const url = "https://nguon.laichau.gov.vn/01/08938501234568/21/AB7KCDEFGH12";

Picture a_qr(int scale, std::string const& text = url) { return paint(*draw_qr(text), scale); }

/// The only code in the picture, "" when there is none or there are several.
std::string only_text(Picture const& picture)
{
    auto const codes = find_codes(picture).codes;
    return codes.size() == 1 ? codes[0].text : "";
}

TEST(Decode, NamesTheSymbologyAsEncodeDoes)
{
    struct Case {
        Picture picture;
        std::string symbology;
        std::string identifier;
        std::string text;
    };
    std::vector<Case> const cases{
        {a_qr(4), "qr", "]Q1", url},
        {paint_linear(Linear::ean13, L"8938501234568", 3, 100), "ean-13", "]E0", "8938501234568"},
        {paint_linear(Linear::code128, L"LOT-2026", 3, 100), "code-128", "]C0", "LOT-2026"},
        {paint_linear(Linear::code128, L"\u00F1010893850123456810ABC\u00F121XYZ", 3, 100), "gs1-128", "]C1",
         "010893850123456810ABC\x1D"
         "21XYZ"},
        {paint_linear(Linear::itf, L"18938501234565", 3, 100), "itf-14", "]I1", "18938501234565"},
    };
    for (auto const& [picture, symbology, identifier, text] : cases) {
        auto const codes = find_codes(picture).codes;
        ASSERT_EQ(codes.size(), 1U) << symbology;
        EXPECT_EQ(codes[0].symbology, symbology);
        EXPECT_EQ(codes[0].identifier.substr(0, 2), identifier.substr(0, 2));
        EXPECT_EQ(codes[0].text, text);
    }
}

TEST(Decode, ReadsEverySizeAndAngle)
{
    for (auto const scale : {2, 3, 5, 9})
        for (auto const angle : {0, 7, 33, 45, 90, 135, 180, 250, 300}) {
            auto const side = 41 * scale * 2;
            EXPECT_EQ(only_text(rotate(on_ground(a_qr(scale), side, side, 200), angle)), url) << scale << " " << angle;
        }
}

TEST(Decode, ReadsWhiteOnBlack) { EXPECT_EQ(only_text(inverted(on_ground(a_qr(4), 600, 500, 240))), url); }

TEST(Decode, ReadsNoisyAndFaintPictures)
{
    auto const clean = on_ground(a_qr(6), 800, 700, 190);
    for (auto const noise : {10, 40, 80}) EXPECT_EQ(only_text(add_noise(clean, noise)), url) << noise;

    auto faint = clean;
    for (auto& sample : faint.samples) sample = static_cast<std::uint8_t>(120 + sample / 16);
    EXPECT_EQ(only_text(add_noise(faint, 2)), url);
}

TEST(Decode, ReadsUnderASteepShadow)
{
    auto picture = on_ground(a_qr(6), 800, 700, 230);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            picture.row(y)[x] = static_cast<std::uint8_t>(picture.row(y)[x] * (40 + 215 * x / picture.width) / 255);
    EXPECT_EQ(only_text(picture), url);
}

TEST(Decode, FindsASmallCodeInALargePhoto)
{
    // 12 megapixels with noise, the code in the middle at 6 pixels a module.
    auto const photo = add_noise(on_ground(a_qr(6), 4000, 3000, 170), 30);
    auto const codes = decode_codes(*encode_jpeg(photo, 9 << 20));
    ASSERT_TRUE(codes.ok()) << codes.error().key;
    ASSERT_EQ(codes->codes.size(), 1U);
    EXPECT_EQ(codes->codes.front().text, url);
    // Corners are those of the photograph, not of any smaller copy: the symbol is 33 modules of 6 pixels.
    auto const& corners = codes->codes.front().corners;
    EXPECT_NEAR(corners[0].x, 2000 - 99, 14);
    EXPECT_NEAR(corners[0].y, 1500 - 99, 14);
    EXPECT_NEAR(corners[2].x, 2000 + 99, 14);
    EXPECT_NEAR(corners[2].y, 1500 + 99, 14);
}

TEST(Decode, FindsSeveralCodesInOnePicture)
{
    auto sheet = blank_picture(1200, 500, Colors::grey, 255);
    std::vector<std::string> expected;
    auto place = [&](Picture const& picture, int left, int top) {
        for (int y = 0; y < picture.height; ++y) std::copy_n(picture.row(y), picture.width, sheet.row(top + y) + left);
    };
    for (int i = 0; i < 3; ++i) {
        expected.push_back(url + std::to_string(i / 2)); // the same label twice is two labels
        place(a_qr(5, expected.back()), 40 + i * 380, 20);
    }
    place(paint_linear(Linear::ean13, L"8938501234568", 2, 120), 40, 260);
    place(paint_linear(Linear::code128, L"LOT-2026", 2, 120), 440, 260);
    place(paint_linear(Linear::ean13, L"8938501234568", 2, 120), 840, 260);
    expected.insert(expected.end(), {"8938501234568", "LOT-2026", "8938501234568"});
    std::vector<std::string> found;
    for (auto const& code : find_codes(sheet).codes) found.push_back(code.text);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected);
}

TEST(Decode, FindsNothingInEmptyPictures)
{
    EXPECT_TRUE(find_codes(blank_picture(1, 1, Colors::grey)).codes.empty());
    EXPECT_TRUE(find_codes(blank_picture(1, 3000, Colors::grey)).codes.empty());
    EXPECT_TRUE(find_codes(add_noise(blank_picture(500, 400, Colors::grey, 128), 100)).codes.empty());
    auto const found = decode_codes(*encode_png(blank_picture(200, 200, Colors::grey, 255)));
    ASSERT_TRUE(found.ok());
    EXPECT_TRUE(found->codes.empty());
    EXPECT_FALSE(found->cut_short);
}

/// Writes bits as QR does.
class BitWriter {
public:
    BitWriter& put(unsigned value, int count)
    {
        for (int bit = count - 1; bit >= 0; --bit) bits_ += (value >> bit & 1U) != 0 ? '1' : '0';
        return *this;
    }
    std::string bytes(std::size_t size) const
    {
        auto bits = bits_;
        bits.resize(size * 8, '0');
        std::string packed;
        for (std::size_t i = 0; i < bits.size(); i += 8)
            packed += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
        return packed;
    }

private:
    std::string bits_;
};

unsigned alphanumeric_pair(char a, char b)
{
    constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    return static_cast<unsigned>(letters.find(a) * 45 + letters.find(b));
}

TEST(QrBits, KeepPerCentSignsOfGs1Symbols)
{
    // FNC1, numeric "0108938501234", alphanumeric "10A%%B%21X" = lot "A%B", separator, serial "X".
    BitWriter bits;
    bits.put(5, 4).put(1, 4).put(13, 10).put(10, 10).put(893, 10).put(850, 10).put(123, 10).put(4, 4);
    bits.put(2, 4).put(10, 9);
    for (auto const* pair : {"10", "A%", "%B", "%2", "1X"}) bits.put(alphanumeric_pair(pair[0], pair[1]), 11);
    bits.put(0, 4);
    auto const text = read_gs1_qr_bits(bits.bytes(28), "M");
    ASSERT_TRUE(text.has_value());
    EXPECT_EQ(*text, "0108938501234"
                     "10A%B\x1D"
                     "21X");
}

TEST(QrBits, UseTheCountWidthsOfTheVersion)
{
    auto const in_group = [](int width, std::size_t size) {
        BitWriter bits;
        bits.put(5, 4).put(4, 4).put(2, width).put('A', 8).put('B', 8).put(0, 4);
        return read_gs1_qr_bits(bits.bytes(size), "M").value_or("");
    };
    EXPECT_EQ(in_group(8, 182), "AB");
    EXPECT_EQ(in_group(16, 216), "AB");
    EXPECT_EQ(in_group(16, 1128), "AB");
}

TEST(QrBits, EndInNothingWhenTheyAreNonsense)
{
    std::mt19937 chance{5};
    for (int round = 0; round < 3000; ++round) {
        std::string bytes;
        for (auto size = chance() % 300; size > 0; --size) bytes += static_cast<char>(chance());
        auto const text = read_gs1_qr_bits(bytes, round % 2 == 0 ? "L" : "H");
        EXPECT_LT(text.value_or("").size(), 8000U);
    }
    EXPECT_FALSE(read_gs1_qr_bits("abc", "X").has_value());
}

TEST(DecodeWorker, AnswersWhatWasAsked)
{
    auto const picture = *encode_png(on_ground(a_qr(4), 400, 300, 200));
    auto const codes = read_decode_answer(answer_picture_request(picture_request(PictureTask::decode, picture)));
    ASSERT_TRUE(codes.ok());
    EXPECT_EQ(codes->codes, decode_codes(picture)->codes);

    auto const photos = read_photos_answer(answer_picture_request(picture_request(PictureTask::photos, picture)));
    ASSERT_TRUE(photos.ok());
    EXPECT_EQ(photos->jpeg.width, 400);
    EXPECT_EQ(photos->webp_small.bytes, make_photos(picture)->webp_small.bytes);
}

TEST(DecodeWorker, RefusesWithTheKeyOfTheFault)
{
    auto const key = [](std::string_view request) {
        return read_decode_answer(answer_picture_request(request)).error().key;
    };
    EXPECT_EQ(key(""), "picture.broken");
    EXPECT_EQ(key("?"), "picture.broken");
    EXPECT_EQ(key("dGIF89a"), "picture.format");
    EXPECT_EQ(key("d\xFF\xD8\xFF"), "picture.broken");
}

TEST(DecodeWorker, ParentBelievesNoMalformedAnswer)
{
    auto const picture = *encode_png(on_ground(a_qr(4), 400, 300, 200));
    for (auto const task : {PictureTask::decode, PictureTask::photos}) {
        auto const good = answer_picture_request(picture_request(task, picture));
        for (std::size_t length = 0; length < good.size(); length += 1 + length / 20) {
            auto const part = std::string_view{good}.substr(0, length);
            EXPECT_FALSE(task == PictureTask::decode ? read_decode_answer(part).ok() : read_photos_answer(part).ok())
                << length;
        }
        EXPECT_FALSE(task == PictureTask::decode ? read_decode_answer(good + "x").ok()
                                                 : read_photos_answer(good + "x").ok());
    }
    EXPECT_FALSE(read_decode_answer("+\x01\x00\x00\x00\xFF\xFF\xFF\xFF"s).ok());
    EXPECT_EQ(read_decode_answer("-\x05\x00\x00\x00<svg>"s).error().key, "picture.broken"); // no key of ours
}

TEST(DecodeWorker, ParentTakesOnlyUtf8AndRealPhotos)
{
    auto const length = [](std::uint8_t size) { return std::string{static_cast<char>(size), 0, 0, 0}; };
    auto const answer = [&](std::string const& text) {
        return "+" + length(0) + length(1) + length(2) + "qr" + length(3) + "]Q1" +
               length(static_cast<std::uint8_t>(text.size())) + text + std::string(32, '\0');
    };
    EXPECT_TRUE(read_decode_answer(answer("Ch\xC3\xA8")).ok());
    EXPECT_FALSE(read_decode_answer(answer("Ch\xE8")).ok());
    EXPECT_TRUE(read_decode_answer(answer("a\0b"s)).ok());
    auto const photo = length(1) + length(1) + length(6) + "<html>";
    EXPECT_FALSE(read_photos_answer("+" + photo + photo + photo).ok());
}

/// The symbol as it is printed, with its text, `dots` pixels a module.
Picture a_print(Symbology symbology, std::string const& code, int dots)
{
    auto const data = *read_symbol_data(symbology, code);
    auto const drawn = *draw_symbol(data);
    auto const bitmap = rasterize(lay_out_symbol(data, drawn, *choose_size(data, drawn, {})), dots);
    auto picture = blank_picture(bitmap.width, bitmap.height, Colors::grey, 255);
    for (int y = 0; y < bitmap.height; ++y)
        for (int x = 0; x < bitmap.width; ++x)
            if (bitmap.dark(x, y)) picture.row(y)[x] = 0;
    return picture;
}

TEST(Decode, KeepsPerCentSignsOfGs1QrCodes)
{
    auto const picture = on_ground(a_print(Symbology::gs1_qr, "(01)08938501234568(10)A%B(21)X%%7", 4), 600, 500, 220);
    auto const codes = find_codes(picture).codes;
    ASSERT_EQ(codes.size(), 1U);
    EXPECT_EQ(codes[0].symbology, "gs1-qr");
    EXPECT_EQ(codes[0].text, "010893850123456810A%B\x1D"
                             "21X%%7");
}

TEST(Decode, ReadsADataMatrixRectangleCloseAboveItsText)
{
    auto const picture =
        on_ground(a_print(Symbology::gs1_datamatrix_rect, "(01)08938501234568(10)LO-7(21)AB7KCDEF", 3), 900, 700, 200);
    EXPECT_EQ(only_text(picture), "010893850123456810LO-7\x1D"
                                  "21AB7KCDEF");
}

TEST(Decode, ReadsEveryDataBar)
{
    for (auto const symbology : {Symbology::databar_omni, Symbology::databar_stacked, Symbology::databar_stacked_omni,
                                 Symbology::databar_limited})
        EXPECT_EQ(only_text(on_ground(a_print(symbology, "08938501234568", 3), 700, 600, 210)), "0108938501234568")
            << to_name(symbology);
    for (auto const symbology : {Symbology::databar_expanded, Symbology::databar_expanded_stacked})
        EXPECT_EQ(only_text(on_ground(a_print(symbology, "(01)08938501234568(10)LO-7(21)K7", 2), 1200, 600, 210)),
                  "010893850123456810LO-7\x1D"
                  "21K7")
            << to_name(symbology);
}

TEST(Decode, TellsWhereALinearSymbolStandsWhole)
{
    auto const codes =
        find_codes(on_ground(paint_linear(Linear::ean13, L"8938501234568", 3, 100), 700, 500, 220)).codes;
    ASSERT_EQ(codes.size(), 1U);
    auto const& corners = codes[0].corners; // 95 modules of 3 pixels in the middle, 100 pixels high
    EXPECT_NEAR(corners[0].x, 350 - 142, 4);
    EXPECT_NEAR(corners[0].y, 250 - 50, 6);
    EXPECT_NEAR(corners[2].x, 350 + 142, 4);
    EXPECT_NEAR(corners[2].y, 250 + 50, 6);
}

TEST(Decode, BelievesAnItfOnlyWithItsCheckDigit)
{
    for (auto const* digits : {L"18938501234566", L"123456"})
        EXPECT_TRUE(find_codes(paint_linear(Linear::itf, digits, 3, 100)).codes.empty());
}

TEST(Decode, EndsWhenItsTimeIsOver)
{
    auto const nothing = add_noise(blank_picture(500, 400, Colors::grey, 128), 100);
    auto const found = find_codes(nothing, {.databar = false, .time = std::chrono::milliseconds{0}});
    EXPECT_TRUE(found.cut_short);
    EXPECT_FALSE(find_codes(a_qr(4), {.databar = false}).cut_short);
    // What is seen at first sight needs no time.
    EXPECT_EQ(find_codes(a_qr(4), {.databar = false, .time = std::chrono::milliseconds{0}}).codes.size(), 1U);
}

TEST(DataBarExpanded, IsTurnedIntoAnElementString)
{
    EXPECT_EQ(from_plain_brackets("(01)08938501234568(10)LO-7(21)K7"), "010893850123456810LO-7\x1D"
                                                                       "21K7");
    EXPECT_EQ(from_plain_brackets("(01)08938501234568(10)A(B)(5)(21)K"), "010893850123456810A(B)(5)\x1D"
                                                                         "21K");
    EXPECT_EQ(from_plain_brackets("no brackets"), "no brackets");
    EXPECT_EQ(from_plain_brackets("(10)open(21"), "10open(21");
}

class SandboxedPictures : public ::testing::Test {
protected:
    SandboxedPictures() : pool_{options()}, workers_{pool_} {}

    static WorkerPoolOptions options()
    {
        WorkerPoolOptions options;
        options.arguments = {"file-worker"};
        options.processes = 1;
        return options;
    }

    WorkerPool pool_;
    PictureWorkers workers_;
};

TEST_F(SandboxedPictures, AreDecodedAndReencoded)
{
    auto const picture = *encode_jpeg(on_ground(a_qr(6), 1600, 1200, 200), 4 << 20);
    auto const codes = workers_.decode_now(picture);
    ASSERT_TRUE(codes.ok()) << codes.error().key;
    EXPECT_EQ(codes->front().text, url);
    auto const photos = workers_.make_photos_now(picture);
    ASSERT_TRUE(photos.ok()) << photos.error().key;
    EXPECT_EQ(photos->webp_large.width, 1280);
}

TEST_F(SandboxedPictures, AnswerCoroutines)
{
    auto const picture = *encode_png(on_ground(a_qr(4), 400, 300, 200));
    Result<std::vector<DecodedCode>> codes;
    Result<Photos> photos;
    net::io_context io;
    auto work = [&]() -> net::awaitable<void> {
        codes = co_await workers_.decode(picture);
        photos = co_await workers_.make_photos(picture);
    };
    net::co_spawn(io, work(), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
    io.run();
    ASSERT_TRUE(codes.ok()) << codes.error().key;
    EXPECT_EQ(codes->front().text, url);
    EXPECT_TRUE(photos.ok());
}

/// A pool whose workers die of searches.
WorkerPoolOptions dying(std::string how)
{
    WorkerPoolOptions options;
    options.arguments = {std::move(how)};
    options.processes = 1;
    return options;
}

TEST(DyingWorkers, CostTheirPictureOneMoreSearch)
{
    WorkerPool pool{dying("dying-worker")};
    PictureWorkers workers{pool};
    auto const picture = *encode_png(on_ground(a_qr(4), 400, 300, 200));
    auto const codes = workers.decode_now(picture);
    ASSERT_TRUE(codes.ok()) << codes.error().key;
    EXPECT_EQ(codes->front().text, url);
    EXPECT_EQ(pool.counters().died, 1U);
    EXPECT_EQ(workers.counters().searched_again, 1U);
}

TEST(DyingWorkers, CostNoMoreThanThat)
{
    WorkerPool pool{dying("dying-worker-always")};
    PictureWorkers workers{pool};
    EXPECT_EQ(workers.decode_now(*encode_png(a_qr(4))).error().key, "picture.broken");
    EXPECT_EQ(pool.counters().died, 2U);
}

TEST_F(SandboxedPictures, CountSearchesThatWereCutShort)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer takes more processor time than a worker may have";
#endif
    // Three places that look like codes and are none.
    auto noise = blank_picture(4000, 3000, Colors::grey, 200);
    auto const patch = add_noise(blank_picture(1000, 1000, Colors::grey, 128), 127);
    for (auto const left : {200, 1500, 2800})
        for (int y = 0; y < patch.height; ++y) std::copy_n(patch.row(y), patch.width, noise.row(1000 + y) + left);
    EXPECT_EQ(workers_.decode_now(*encode_jpeg(noise, 9 << 20)).error().key, "picture.no_code");
    EXPECT_EQ(workers_.counters().cut_short, 1U);
    EXPECT_EQ(pool_.counters().timed_out, 0U);
}

TEST_F(SandboxedPictures, NameTheFaultAndServeOn)
{
    EXPECT_EQ(workers_.decode_now("GIF89a").error().key, "picture.format");
    EXPECT_EQ(workers_.decode_now(std::string(limits::picture_bytes_max + 1, 'x')).error().key, "picture.too_large");
    EXPECT_EQ(workers_.make_photos_now("\xFF\xD8\xFF\xE0").error().key, "picture.broken");
    EXPECT_TRUE(workers_.decode_now(*encode_png(a_qr(4))).ok());
    EXPECT_EQ(pool_.counters().died, 0U);
}

TEST_F(SandboxedPictures, FitTheLargestPhotographIntoTheWorkersMemory)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer takes more memory and processor time than a worker may have";
#endif
    auto const large = *encode_jpeg(blank_picture(8000, 5000, Colors::rgb, 130), 9 << 20);
    auto const photos = workers_.make_photos_now(large);
    ASSERT_TRUE(photos.ok()) << photos.error().key;
    EXPECT_EQ(photos->jpeg.width, 2048);
    auto const png = workers_.make_photos_now(*encode_png(blank_picture(8000, 5000, Colors::rgb, 130)));
    EXPECT_TRUE(png.ok()) << png.error().key;
    EXPECT_EQ(workers_.decode_now(large).error().key, "picture.no_code");
}

} // namespace
} // namespace nguon::scanner
