#include "scanner/picture.hpp"

#include "core/limits.hpp"
#include "scanner/picture_codecs.hpp"
#include "tests/scanner/support.hpp"

#include <gtest/gtest.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <random>

namespace nguon::scanner {
namespace {

using namespace testing;

/// Light from left to right, colour from top to bottom.
Picture a_photo(int width, int height)
{
    auto picture = blank_picture(width, height, Colors::rgb);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            auto* pixel = picture.row(y) + 3 * x;
            pixel[0] = static_cast<std::uint8_t>(x * 255 / width);
            pixel[1] = static_cast<std::uint8_t>(y * 255 / height);
            pixel[2] = 90;
        }
    return picture;
}

std::string u32(std::uint32_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}

std::string png_chunk(std::string const& type, std::string const& data)
{
    auto const body = type + data;
    auto const crc = crc32(0, reinterpret_cast<Bytef const*>(body.data()), static_cast<uInt>(body.size()));
    return u32(static_cast<std::uint32_t>(data.size())) + body + u32(static_cast<std::uint32_t>(crc));
}

std::string deflate(std::string const& bytes)
{
    auto size = compressBound(bytes.size());
    std::string packed(size, '\0');
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<Bytef const*>(bytes.data()),
              bytes.size(), 9);
    packed.resize(size);
    return packed;
}

/// A black PNG of 1 bit a pixel: any size in a few kilobytes.
std::string thin_png(std::uint32_t width, std::uint32_t height, bool with_data)
{
    auto bytes =
        "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", u32(width) + u32(height) + std::string{"\x01\x00\x00\x00\x00", 5});
    if (with_data)
        bytes += png_chunk("IDAT", deflate(std::string((std::size_t{width} + 7) / 8 * height + height, '\0')));
    return bytes + png_chunk("IEND", {});
}

/// `jpeg` with an EXIF block that holds nothing but the orientation.
std::string with_orientation(std::string jpeg, int orientation)
{
    std::string tiff{"MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00", 19};
    tiff += static_cast<char>(orientation);
    tiff += std::string(6, '\0');
    auto const body = std::string{"Exif\0\0", 6} + tiff;
    auto const length = body.size() + 2;
    std::string segment{"\xFF\xE1"};
    segment += static_cast<char>(length >> 8);
    segment += static_cast<char>(length & 0xFF);
    return jpeg.insert(2, segment + body);
}

std::string key_of(std::string_view bytes)
{
    auto const read = read_picture(bytes, Colors::rgb, 640);
    return read ? "" : read.error().key;
}

TEST(Picture, ReadsItsThreeFormats)
{
    auto const photo = a_photo(300, 200);
    for (auto const& bytes : {*encode_jpeg(photo, 1 << 20), *encode_png(photo), *encode_webp(photo, 90)}) {
        auto const read = read_picture(bytes, Colors::rgb);
        ASSERT_TRUE(read.ok()) << read.error().key;
        EXPECT_EQ(read->width, 300);
        EXPECT_EQ(read->height, 200);
        auto const* pixel = read->row(100) + 3 * 150;
        EXPECT_NEAR(pixel[0], 127, 8);
        EXPECT_NEAR(pixel[1], 127, 8);
        EXPECT_NEAR(pixel[2], 90, 8);
        auto const grey = read_picture(bytes, Colors::grey);
        ASSERT_TRUE(grey.ok());
        EXPECT_NEAR(grey->row(100)[150], to_luma(127, 127, 90), 10);
    }
}

TEST(Picture, RefusesOtherFilesByTheirFirstBytes)
{
    for (auto const& bytes : std::vector<std::string>{"", "x", "GIF89a" + std::string(100, ' '), "%PDF-1.7", "<svg/>",
                                                      std::string(5000, '\0'), "RIFF....WAVEfmt "})
        EXPECT_EQ(key_of(bytes), "picture.format") << bytes.substr(0, 8);
}

TEST(Picture, RefusesPicturesThatEndEarly)
{
    auto const photo = add_noise(a_photo(160, 120), 20);
    for (auto const& bytes : {*encode_jpeg(photo, 1 << 20), *encode_png(photo), *encode_webp(photo, 80)}) {
        for (std::size_t length = 12; length + 12 < bytes.size(); length += std::max<std::size_t>(1, bytes.size() / 97))
            EXPECT_EQ(key_of(std::string_view{bytes}.substr(0, length)), "picture.broken")
                << length << " of " << bytes.size();
    }
}

TEST(Picture, SurvivesDamageAnywhere)
{
    std::mt19937 chance{7};
    auto const photo = add_noise(a_photo(160, 120), 20);
    for (auto const& good : {*encode_jpeg(photo, 1 << 20), *encode_png(photo), *encode_webp(photo, 80)})
        for (int round = 0; round < 400; ++round) {
            auto bytes = good;
            for (int hit = 0; hit < 3; ++hit) bytes[chance() % bytes.size()] = static_cast<char>(chance());
            auto const read = read_picture(bytes, round % 2 == 0 ? Colors::grey : Colors::rgb, round % 3 * 40);
            if (read) {
                EXPECT_LE(read->samples.size(), limits::picture_pixels_max * 3);
            }
        }
}

TEST(Picture, RefusesTooManyPixelsByTheHeader)
{
    auto const side = limits::picture_side_max;
    EXPECT_EQ(key_of(thin_png(side + 1, 1, false)), "picture.too_large");
    EXPECT_EQ(key_of(thin_png(1, side + 1, false)), "picture.too_large");
    EXPECT_EQ(key_of(thin_png(10'000, 4'001, false)), "picture.too_large");
    EXPECT_EQ(key_of(thin_png(0xFFFF'FFFF, 0xFFFF'FFFF, false)), "picture.too_large");
    EXPECT_EQ(key_of(thin_png(0, 10, false)), "picture.broken");
    EXPECT_EQ(key_of(thin_png(10'000, 4'000, false)), "picture.broken"); // allowed, but there is no data
    auto jpeg = *encode_jpeg(a_photo(64, 64), 1 << 20);
    auto const frame = jpeg.find("\xFF\xC0");
    ASSERT_NE(frame, std::string::npos);
    jpeg.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_EQ(key_of(jpeg), "picture.too_large");
}

TEST(Picture, RefusesTooManyBytes)
{
    auto bytes = *encode_png(a_photo(64, 64));
    bytes.resize(limits::picture_bytes_max, ' ');
    EXPECT_EQ(key_of(bytes), ""); // what follows the picture is nobody's business
    bytes += ' ';
    EXPECT_EQ(key_of(bytes), "picture.too_large");
}

TEST(Picture, ReadsTheLargestThinPicture)
{
    // 40 megapixels in some kilobytes: as large as the limits allow.
    auto const bytes = thin_png(16'384, 2'441, true);
    EXPECT_LT(bytes.size(), 64'000U);
    auto const read = read_picture(bytes, Colors::grey, 1600);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->width, 1639); // a tenth, rounded up
    EXPECT_EQ(read->height, 245);
}

TEST(Picture, IsTurnedUprightAsItsExifSays)
{
    // Bright top left quarter; where it must be found when the block says 1 … 8.
    auto stored = blank_picture(64, 32, Colors::rgb, 20);
    for (int y = 0; y < 16; ++y) std::fill_n(stored.row(y), 32 * 3, static_cast<std::uint8_t>(230));
    auto const jpeg = *encode_jpeg(stored, 1 << 20);
    struct Case {
        int orientation;
        bool right;
        bool below;
    };
    for (auto const& [orientation, right, below] : {Case{1, false, false},
                                                    {2, true, false},
                                                    {3, true, true},
                                                    {4, false, true},
                                                    {5, false, false},
                                                    {6, true, false},
                                                    {7, true, true},
                                                    {8, false, true},
                                                    {9, false, false},
                                                    {0, false, false}}) {
        auto const read = read_picture(with_orientation(jpeg, orientation), Colors::grey);
        ASSERT_TRUE(read.ok());
        auto const swaps = orientation >= 5 && orientation <= 8;
        EXPECT_EQ(read->width, swaps ? 32 : 64) << orientation;
        EXPECT_EQ(read->height, swaps ? 64 : 32) << orientation;
        auto const x = read->width / 4 + (right ? read->width / 2 : 0);
        auto const y = read->height / 4 + (below ? read->height / 2 : 0);
        EXPECT_GT(read->row(y)[x], 200) << orientation;
        EXPECT_LT(read->row(read->height - 1 - y)[read->width - 1 - x], 60) << orientation;
    }
}

TEST(Picture, OrientationReaderSurvivesNonsense)
{
    std::mt19937 chance{11};
    for (int round = 0; round < 2000; ++round) {
        std::string tiff = round % 2 == 0 ? "II*" : "MM";
        for (auto length = chance() % 60; length > 0; --length) tiff += static_cast<char>(chance());
        auto const orientation = exif_orientation(tiff);
        EXPECT_GE(orientation, 1);
        EXPECT_LE(orientation, 8);
    }
}

TEST(Picture, LeavesOutDetailOnlyDownToTheWantedEdge)
{
    auto const photo = a_photo(1000, 400);
    for (auto const& bytes : {*encode_jpeg(photo, 1 << 20), *encode_png(photo), *encode_webp(photo, 80)})
        for (auto const wanted : {100, 124, 125, 126, 333, 499, 500, 501, 999, 1000, 1001}) {
            auto const read = read_picture(bytes, Colors::grey, wanted);
            ASSERT_TRUE(read.ok());
            EXPECT_GE(read->width, std::min(wanted, 1000)) << wanted;
            EXPECT_LT(read->width, 2 * wanted) << wanted;
        }
}

TEST(Picture, DownscaleKeepsTheMean)
{
    auto checks = blank_picture(301, 203, Colors::grey);
    for (int y = 0; y < checks.height; ++y)
        for (int x = 0; x < checks.width; ++x) checks.row(y)[x] = (x + y) % 2 == 0 ? 255 : 0;
    auto const small = downscale(checks, 100);
    EXPECT_EQ(small.width, 100);
    EXPECT_EQ(small.height, 67);
    for (auto const sample : small.samples) EXPECT_NEAR(sample, 127, 20);
    EXPECT_EQ(downscale(checks, 301).samples, checks.samples);
    EXPECT_EQ(downscale(blank_picture(5000, 1, Colors::grey), 10).height, 1);
}

TEST(Picture, LaysTransparentPartsOnWhite)
{
    std::vector<std::uint8_t> const clear(32 * 32 * 4, 0);
    std::uint8_t* output = nullptr;
    auto const size = WebPEncodeLosslessRGBA(clear.data(), 32, 32, 32 * 4, &output);
    auto const read = read_picture({reinterpret_cast<char const*>(output), size}, Colors::grey);
    WebPFree(output);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->row(16)[16], 255);
}

TEST(Photos, HaveTheirSizesAndNoMetadata)
{
    auto const jpeg = with_orientation(*encode_jpeg(add_noise(a_photo(3000, 2000), 60), 10 << 20), 6);
    auto const photos = make_photos(jpeg);
    ASSERT_TRUE(photos.ok()) << photos.error().key;
    EXPECT_EQ(std::pair(photos->webp_small.width, photos->webp_small.height), std::pair(320, 480));
    EXPECT_EQ(std::pair(photos->webp_large.width, photos->webp_large.height), std::pair(853, 1280));
    EXPECT_LE(photos->jpeg.bytes.size(), 1U << 20);
    for (auto const* photo : {&photos->webp_small, &photos->webp_large, &photos->jpeg}) {
        auto const header = read_picture_header(photo->bytes);
        ASSERT_TRUE(header.ok());
        EXPECT_EQ(static_cast<int>(header->width), photo->width);
        EXPECT_EQ(static_cast<int>(header->height), photo->height);
        EXPECT_EQ(header->orientation, 1);
        EXPECT_EQ(photo->bytes.find("Exif"), std::string::npos);
    }
}

TEST(Photos, AreNeverEnlarged)
{
    auto const photos = make_photos(*encode_png(a_photo(200, 100)));
    ASSERT_TRUE(photos.ok());
    EXPECT_EQ(photos->webp_small.width, 200);
    EXPECT_EQ(photos->webp_large.width, 200);
    EXPECT_EQ(photos->jpeg.width, 200);
}

TEST(Photos, JpegGivesUpQualityThenSize)
{
    auto const noise = add_noise(blank_picture(600, 600, Colors::rgb, 128), 127);
    auto const free = *encode_jpeg(noise, 10 << 20);
    auto const tight = *encode_jpeg(noise, free.size() / 2);
    EXPECT_LE(tight.size(), free.size() / 2);
    EXPECT_EQ(read_picture_header(tight)->width, 600U);
    auto const tighter = *encode_jpeg(noise, free.size() / 20);
    EXPECT_LE(tighter.size(), free.size() / 20);
    EXPECT_LT(read_picture_header(tighter)->width, 600U);
}

} // namespace
} // namespace nguon::scanner
