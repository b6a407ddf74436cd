#pragma once

#include "core/http/message.hpp"
#include "core/limits.hpp"
#include "server/auth/access.hpp"
#include "server/http/request.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::server {

namespace net = boost::asio;
using http::Method;

struct Services;

using RouteHandler = net::awaitable<http::Response> (*)(Services& services, Request const& request);

/// What body a route takes. Form routes are protected against forged requests: see csrf.hpp.
struct BodyKind {
    enum class Reads { nothing, form, open_form, raw };
    Reads reads;
    std::uint64_t bytes_max;
    std::chrono::seconds time;
};

namespace body {

inline constexpr BodyKind none{BodyKind::Reads::nothing, 0, limits::body_time};
/// A form that changes something: `request.form` is read, the CSRF token is checked before the handler runs.
inline constexpr BodyKind form{BodyKind::Reads::form, limits::body_bytes_default, limits::body_time};
inline constexpr BodyKind large_form{BodyKind::Reads::form, limits::form_body_bytes, limits::body_time};
inline constexpr BodyKind photo_form{BodyKind::Reads::form, limits::image_form_bytes, limits::body_time};
inline constexpr BodyKind import_form{BodyKind::Reads::form, limits::import_body_bytes, limits::import_body_time};
/// A form that changes nothing (a look-up by photograph): `request.form` is read, no token is needed.
inline constexpr BodyKind open_photo_form{BodyKind::Reads::open_form, limits::image_form_bytes, limits::body_time};
/// The handler reads `request.body` itself. With a session cookie the CSRF header is needed.
inline constexpr BodyKind json{BodyKind::Reads::raw, limits::body_bytes_default, limits::body_time};
inline constexpr BodyKind bulk_json{BodyKind::Reads::raw, limits::json_body_bytes, limits::body_time};
inline constexpr BodyKind file{BodyKind::Reads::raw, limits::image_body_bytes, limits::body_time};
inline constexpr BodyKind capture{BodyKind::Reads::raw, limits::capture_body_bytes, limits::import_body_time};

} // namespace body

/// One address of the service. `access` has no default.
struct Route {
    Method method;
    std::string_view pattern; // "/01/{gtin}/10/{lot}", "/f/{sha256}", "/8006/{rest...}": all the rest, as it came
    Access access;
    RouteHandler handler;
    BodyKind body = body::none;
};

/// Finds the route of a path. Fixed segments win over parameters, parameters over `{rest...}`.
class Router {
public:
    /// Two routes of one method and shape, or a pattern that is not well-formed, are bugs and stop the program
    /// (assert).
    explicit Router(std::span<Route const> routes);
    ~Router();
    Router(Router const&) = delete;
    Router& operator=(Router const&) = delete;

    struct Match {
        Route const* route = nullptr;                                 // nullptr: no such path, or not this method
        std::vector<std::pair<std::string, std::string>> params = {}; // percent-decoded
        std::vector<Method> allowed = {}; // methods of the path when it exists; with HEAD, OPTIONS
        bool bad_escape = false;          // a parameter is no percent-encoded UTF-8
    };

    /// `path` is percent-encoded and begins with "/". HEAD finds the route of GET.
    Match find(Method method, std::string_view path) const;

    /// For the listener: how large a body this path takes.
    http::BodyLimits body_limits(Method method, std::string_view path) const;

    std::span<Route const> routes() const { return routes_; }

private:
    struct Node;

    std::vector<Route> routes_;
    std::unique_ptr<Node> root_;
};

/// "GET, HEAD, OPTIONS"
std::string allow_text(std::span<Method const> methods);

/// The whole service (server/routes.cpp), in groups so that each reads as a list.
std::vector<Route> all_routes();

} // namespace nguon::server
