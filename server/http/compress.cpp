#include "server/http/compress.hpp"

#include <stdexcept>

#include <brotli/encode.h>
#include <zlib.h>

namespace nguon::server {

std::string compress_brotli(std::string_view bytes, int quality)
{
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
    std::size_t size = out.size();
    auto const* in = reinterpret_cast<std::uint8_t const*>(bytes.data());
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    if (BrotliEncoderCompress(quality, 18, BROTLI_MODE_TEXT, bytes.size(), in, &size, to) == BROTLI_FALSE) {
        throw std::runtime_error{"brotli failed"};
    }
    out.resize(size);
    return out;
}

std::string compress_gzip(std::string_view bytes, int level)
{
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error{"zlib failed"};
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib reads only
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int const status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) throw std::runtime_error{"zlib failed"};
    return out;
}

bool is_compressible(std::string_view media_type)
{
    auto const type = media_type.substr(0, media_type.find(';'));
    return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
           type == "application/json" || type == "application/xml" || type == "application/javascript";
}

} // namespace nguon::server
