#include "scanner/zxing_result.hpp"

#include "scanner/qr_bits.hpp"

namespace nguon::scanner {

std::string text_of(ZXing::Result const& read)
{
    auto text = read.text();
    if (read.symbologyIdentifier() != "]Q3") return text;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    auto const& codewords = read.rawBytes();
#pragma GCC diagnostic pop
    auto whole = read_gs1_qr_bits({reinterpret_cast<char const*>(codewords.data()), codewords.size()}, read.ecLevel());
    return whole ? *std::move(whole) : text;
}

} // namespace nguon::scanner
