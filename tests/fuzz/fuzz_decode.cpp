#include "core/gs1/check_digit.hpp"
#include "scanner/decode_worker.hpp"
#include "scanner/qr_bits.hpp"
#include "scanner/read_limited.hpp"
#include "scanner/read_symbols.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon;
using namespace nguon::scanner;

constexpr int search_edge_max = 120; // searching large pictures is slow and not what is fuzzed
constexpr auto search_time = std::chrono::milliseconds{50};

void check(bool holds)
{
    if (!holds) std::abort();
}

/// A child answers any request, and the parent understands what it says.
void answer_request(std::string_view request)
{
    auto const answer = answer_picture_request(request);
    check(!answer.empty());
    auto const found = read_decode_answer(answer);
    if (!found) return check(found.error().key.starts_with("picture."));
    check(found->codes.size() <= limits::picture_symbols_max);
}

/// A parent believes nothing that is not well-formed.
void read_answer(std::string_view answer)
{
    auto const found = read_decode_answer(answer);
    if (!found) return check(found.error().key.starts_with("picture."));
    check(found->codes.size() <= limits::picture_symbols_max);
    for (auto const& code : found->codes) check(code.symbology.size() <= 64 && code.identifier.size() <= 64);
}

/// The bytes are the pixels of a small picture.
void search(std::string_view bytes)
{
    if (bytes.size() < 2) return;
    auto const width = 1 + static_cast<unsigned char>(bytes.front()) % search_edge_max;
    auto const pixels = bytes.substr(1);
    auto const height = std::min(search_edge_max, static_cast<int>(pixels.size()) / width);
    if (height < 1) return;
    auto picture = blank_picture(width, height, Colors::grey);
    std::copy_n(pixels.begin(), picture.samples.size(), picture.samples.begin());
    for (auto const& symbol : read_limited_symbols(picture))
        check(gs1::has_check_digit(symbol.text.substr(gtin_identifier.size())));
    // DataBar is left out: ZXing 1.4 may abort on it, which is what the worker processes are for.
    for (auto const& code : find_codes(std::move(picture), {.databar = false, .time = search_time}).codes)
        check(!code.text.empty() && !code.symbology.empty());
}

} // namespace

/// The first byte says what the others are: a request to a worker, its answer, the codewords of a GS1 QR code, what
/// ZXing says of DataBar Expanded, or pixels.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0) return 0;
    std::string_view const rest{reinterpret_cast<char const*>(data) + 1, size - 1};
    switch (data[0]) {
    case 'r':
        answer_request(rest);
        break;
    case 'a':
        read_answer(rest);
        break;
    case 'q':
        for (auto const* level : {"L", "M", "Q", "H"})
            if (auto const text = read_gs1_qr_bits(rest, level)) check(text->size() <= 8 * rest.size());
        break;
    case 'b':
        check(from_plain_brackets(rest).size() <= 2 * rest.size());
        break;
    default:
        search(rest);
        break;
    }
    return 0;
}
