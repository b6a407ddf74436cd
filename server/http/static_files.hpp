#pragma once

#include "core/embedded.hpp"
#include "core/http/message.hpp"
#include "server/http/request.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace nguon::server {

struct Services;

/// Style sheets, pictures and scripts: compressed once at start, found under an address with their hash in it, so that
/// browsers keep them for ever. What would take seconds to compress comes with its packed form, NAME.br.
class StaticFiles {
public:
    explicit StaticFiles(std::span<EmbeddedFile const> files);

    /// "/static/3f2a…/app.css"; an unknown name is a bug (throws std::logic_error).
    std::string const& url(std::string_view name) const;

    /// Answers /static/{hash}/{name}: immutable when the hash is right, else to be asked for again.
    http::Response answer(Request const& request, std::string_view hash, std::string_view name) const;

    /// The style sheet of the public pages, without spaces, to stand in the page itself.
    std::string const& public_css() const { return public_css_; }
    /// 'sha256-…' of it, for the Content-Security-Policy.
    std::string const& public_css_hash() const { return public_css_hash_; }

private:
    struct File {
        std::string url = {};
        std::string hash = {};
        std::string etag = {};
        std::string_view media_type = {};
        http::SharedBytes plain = {};
        http::SharedBytes brotli = {}; // null when it saves nothing
        http::SharedBytes gzip = {};
    };

    std::map<std::string, File, std::less<>> files_;
    std::string public_css_;
    std::string public_css_hash_;
};

/// Drops comments and spaces that mean nothing.
std::string shorten_css(std::string_view css);

} // namespace nguon::server
