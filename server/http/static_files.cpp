#include "server/http/static_files.hpp"

#include "core/bytes.hpp"
#include "core/limits.hpp"
#include "server/http/accept.hpp"
#include "server/http/compress.hpp"
#include "server/http/respond.hpp"

#include <array>
#include <stdexcept>

namespace nguon::server {
namespace {

constexpr std::string_view public_css_name = "public.css";
constexpr std::size_t hash_chars = 16;
constexpr std::string_view packed_ending = ".br"; // of a file that was compressed when the program was built

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> media_types{{
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".webp", "image/webp"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".txt", "text/plain; charset=utf-8"},
    {".json", "application/json"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
}};

std::string_view media_type_of(std::string_view path)
{
    for (auto const& [ending, type] : media_types) {
        if (path.ends_with(ending)) return type;
    }
    return "application/octet-stream";
}

http::SharedBytes if_smaller(std::string packed, std::size_t plain_size)
{
    if (packed.size() >= plain_size) return nullptr;
    return std::make_shared<std::string const>(std::move(packed));
}

} // namespace

StaticFiles::StaticFiles(std::span<EmbeddedFile const> files)
{
    for (auto const& embedded : files) {
        if (embedded.path.ends_with(packed_ending)) continue;
        bool const sheet = embedded.path.ends_with(".css");
        auto bytes = sheet ? shorten_css(embedded.bytes) : std::string{embedded.bytes};
        if (embedded.path == public_css_name) {
            public_css_hash_ = "'sha256-" + to_base64(sha256(bytes)) + "'";
            public_css_ = bytes;
        }
        File file;
        file.media_type = media_type_of(embedded.path);
        file.hash = sha256_hex(bytes).substr(0, hash_chars);
        file.etag = make_etag(bytes);
        file.url = "/static/" + file.hash + "/" + std::string{embedded.path};
        if (is_compressible(file.media_type) && bytes.size() >= limits::compress_bytes_min) {
            file.brotli = if_smaller(compress_brotli(bytes, 11), bytes.size());
            file.gzip = if_smaller(compress_gzip(bytes, 9), bytes.size());
        }
        file.plain = std::make_shared<std::string const>(std::move(bytes));
        files_.emplace(embedded.path, std::move(file));
    }
    for (auto const& embedded : files) {
        if (!embedded.path.ends_with(packed_ending)) continue;
        auto const plain = files_.find(embedded.path.substr(0, embedded.path.size() - packed_ending.size()));
        if (plain != files_.end()) plain->second.brotli = std::make_shared<std::string const>(embedded.bytes);
    }
}

std::string const& StaticFiles::url(std::string_view name) const
{
    auto const found = files_.find(name);
    if (found == files_.end()) throw std::logic_error{"no static file " + std::string{name}};
    return found->second.url;
}

http::Response StaticFiles::answer(Request const& request, std::string_view hash, std::string_view name) const
{
    auto const found = files_.find(name);
    if (found == files_.end()) return text_response(404, "");
    auto const& file = found->second;
    if (matches_etag(request.header("If-None-Match"), file.etag)) return not_modified(file.etag);

    http::Response response;
    response.header("Content-Type", std::string{file.media_type});
    response.header("ETag", file.etag);
    // A page of before an upgrade may still ask with the former hash; it gets the file of today, unkept.
    response.header("Cache-Control", hash == file.hash ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.brotli || file.gzip) response.header("Vary", "Accept-Encoding");
    auto const accepted = request.header("Accept-Encoding");
    if (file.brotli && accepts_encoding(accepted, "br")) {
        response.header("Content-Encoding", "br");
        response.body = file.brotli;
    } else if (file.gzip && accepts_encoding(accepted, "gzip")) {
        response.header("Content-Encoding", "gzip");
        response.body = file.gzip;
    } else {
        response.body = file.plain;
    }
    return response;
}

std::string shorten_css(std::string_view css)
{
    constexpr std::string_view tight = "{};,>"; // no space is needed on either side of these
    std::string out;
    bool space = false;
    while (!css.empty()) {
        if (css.starts_with("/*")) {
            auto const end = css.find("*/", 2);
            css.remove_prefix(end == std::string_view::npos ? css.size() : end + 2);
            continue;
        }
        char const c = css.front();
        if (c == '"') { // what stands in quotes stays as it is
            auto const end = std::min(css.find('"', 1), css.size() - 1) + 1;
            if (space && !out.empty() && out.back() != ':' && tight.find(out.back()) == std::string_view::npos)
                out += ' ';
            out += css.substr(0, end);
            css.remove_prefix(end);
            space = false;
            continue;
        }
        css.remove_prefix(1);
        if (c == ' ' || c == '\n' || c == '\t') {
            space = true;
            continue;
        }
        bool const needed = space && !out.empty() && tight.find(c) == std::string_view::npos &&
                            tight.find(out.back()) == std::string_view::npos && out.back() != ':';
        if (needed) out += ' ';
        if (c == '}' && !out.empty() && out.back() == ';') out.pop_back();
        out += c;
        space = false;
    }
    return out;
}

} // namespace nguon::server
