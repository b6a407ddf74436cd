#include "server/http/router.hpp"

#include "core/http/uri.hpp"

#include <algorithm>
#include <cassert>
#include <map>

namespace nguon::server {
namespace {

/// "/01/{gtin}/" -> "01", "{gtin}": one slash at the end does not count, so that "/console/" is "/console".
std::vector<std::string_view> split_path(std::string_view path)
{
    std::vector<std::string_view> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return segments;
    while (true) {
        auto const end = path.find('/');
        segments.push_back(path.substr(0, end));
        if (end == std::string_view::npos) return segments;
        path.remove_prefix(end + 1);
    }
}

} // namespace

/// One segment of the pattern tree.
struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> parameter;
    std::vector<Route const*> routes; // that end here
    std::vector<Route const*> rest;   // that take everything below here

    Node& child(std::string_view segment)
    {
        auto& slot = segment.starts_with('{') ? parameter : fixed[std::string{segment}];
        if (!slot) slot = std::make_unique<Node>();
        return *slot;
    }

    static Route const* of(std::vector<Route const*> const& routes, Method method)
    {
        auto const found = std::ranges::find(routes, method, &Route::method);
        return found == routes.end() ? nullptr : *found;
    }

    /// The first list of routes on the way (fixed before parameter before rest) that `takes`.
    template <typename Takes>
    std::vector<Route const*> const* find(std::span<std::string_view const> segments, Takes const& takes) const
    {
        if (segments.empty()) {
            if (takes(routes)) return &routes;
            return nullptr;
        }
        if (auto const next = fixed.find(segments.front()); next != fixed.end()) {
            if (auto const* found = next->second->find(segments.subspan(1), takes)) return found;
        }
        if (parameter && !segments.front().empty()) {
            if (auto const* found = parameter->find(segments.subspan(1), takes)) return found;
        }
        return takes(rest) ? &rest : nullptr;
    }
};

Router::Router(std::span<Route const> routes) : routes_{routes.begin(), routes.end()}, root_{std::make_unique<Node>()}
{
    for (auto const& route : routes_) {
        assert(route.pattern.starts_with('/') && route.handler != nullptr);
        assert(route.method != Method::head && route.method != Method::options);
        Node* node = root_.get();
        auto* end = &node->routes;
        for (auto const segment : split_path(route.pattern)) {
            assert(end != &node->rest); // nothing comes after {rest...}
            assert(!segment.empty() && segment.starts_with('{') == segment.ends_with('}'));
            if (segment.ends_with("...}")) {
                end = &node->rest;
                continue;
            }
            node = &node->child(segment);
            end = &node->routes;
        }
        assert(Node::of(*end, route.method) == nullptr);
        end->push_back(&route);
    }
}

Router::~Router() = default;

Router::Match Router::find(Method method, std::string_view path) const
{
    auto const wanted = method == Method::head ? Method::get : method;
    auto const segments = split_path(path);
    Match match;
    auto const takes_method = [&](auto const& routes) { return Node::of(routes, wanted) != nullptr; };
    auto const takes_any = [](auto const& routes) { return !routes.empty(); };

    auto const* found = root_->find(segments, takes_method);
    if (found == nullptr) {
        auto const* others = root_->find(segments, takes_any);
        if (others == nullptr) return match;
        for (auto const* route : *others) {
            match.allowed.push_back(route->method);
            if (route->method == Method::get) match.allowed.push_back(Method::head);
        }
        match.allowed.push_back(Method::options);
        return match;
    }
    match.route = Node::of(*found, wanted);

    auto const pattern = split_path(match.route->pattern);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        auto const part = pattern[i];
        if (!part.starts_with('{')) continue;
        if (part.ends_with("...}")) {
            auto const begin = i < segments.size() ? segments[i].data() : path.data() + path.size();
            match.params.emplace_back(part.substr(1, part.size() - 5), std::string{begin, path.data() + path.size()});
            break;
        }
        auto value = http::percent_decode(segments[i]);
        if (!value) match.bad_escape = true;
        match.params.emplace_back(part.substr(1, part.size() - 2), std::move(value).value_or(""));
    }
    return match;
}

http::BodyLimits Router::body_limits(Method method, std::string_view path) const
{
    auto const segments = split_path(path);
    auto const* found = root_->find(segments, [&](auto const& routes) { return Node::of(routes, method) != nullptr; });
    // A path that nobody serves may carry a small body: it is read and answered with 404 or 405.
    if (found == nullptr) return {limits::body_bytes_default, limits::body_time};
    auto const& body = Node::of(*found, method)->body;
    return {body.reads == BodyKind::Reads::nothing ? limits::body_bytes_default : body.bytes_max, body.time};
}

std::string allow_text(std::span<Method const> methods)
{
    std::string out;
    for (auto const method : methods) {
        if (!out.empty()) out += ", ";
        out += http::to_text(method);
    }
    return out;
}

} // namespace nguon::server
