#include "core/limits.hpp"
#include "scanner/decode_worker.hpp"
#include "scanner/picture_codecs.hpp"
#include "scanner/qr_bits.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace {

using namespace nguon;
using namespace nguon::scanner;

constexpr int search_edge_max = 200; // searching large pictures is slow and not what is fuzzed

void check(bool holds)
{
    if (!holds) std::abort();
}

void check_size(Picture const& picture)
{
    check(picture.width > 0 && picture.height > 0);
    check(picture.samples.size() == picture.row_bytes() * static_cast<std::size_t>(picture.height));
    check(static_cast<std::uint64_t>(picture.width) * static_cast<std::uint64_t>(picture.height) <=
          limits::picture_pixels_max);
}

void read_everywhere(std::string_view bytes)
{
    auto const header = read_picture_header(bytes);
    if (!header) return check(!header.error().key.empty());
    check(header->width <= limits::picture_side_max && header->height <= limits::picture_side_max);
    check(header->orientation >= 1 && header->orientation <= 8);
    for (auto const colors : {Colors::grey, Colors::rgb})
        for (int const edge : {0, 16}) {
            auto const picture = read_picture(bytes, colors, edge);
            if (picture) check_size(*picture);
            if (picture && colors == Colors::grey && picture->width <= search_edge_max &&
                picture->height <= search_edge_max)
                static_cast<void>(find_codes(*picture));
        }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes{reinterpret_cast<char const*>(data), size};
    read_everywhere(bytes);
    auto const orientation = exif_orientation(bytes);
    check(orientation >= 1 && orientation <= 8);
    for (auto const* level : {"L", "M", "Q", "H"}) static_cast<void>(read_gs1_qr_bits(bytes, level));

    // The parent reads whatever a worker that was taken over may say.
    if (auto const found = read_decode_answer(bytes); found) check(found->codes.size() <= limits::picture_symbols_max);
    static_cast<void>(read_photos_answer(bytes));
    return 0;
}
