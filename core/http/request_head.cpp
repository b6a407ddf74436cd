#include "core/http/request_head.hpp"

#include <algorithm>
#include <optional>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace nguon::http {
namespace {

namespace beast_http = boost::beast::http;

std::optional<Method> to_method(beast_http::verb verb)
{
    switch (verb) {
    case beast_http::verb::get:
        return Method::get;
    case beast_http::verb::head:
        return Method::head;
    case beast_http::verb::post:
        return Method::post;
    case beast_http::verb::put:
        return Method::put;
    case beast_http::verb::patch:
        return Method::patch;
    case beast_http::verb::delete_:
        return Method::delete_;
    case beast_http::verb::options:
        return Method::options;
    default:
        return std::nullopt;
    }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

Result<Request> parse_request_head(FramingGuard const& guard)
{
    beast_http::request_parser<beast_http::empty_body> parser;
    // The guard has the limits; its own must only not be smaller.
    parser.header_limit(static_cast<std::uint32_t>(guard.head().size() + 1));
    parser.body_limit(boost::none);
    boost::system::error_code error;
    parser.put(net::buffer(guard.head()), error);
    if (error || !parser.is_header_done()) return invalid("http.header_malformed", {error.message()});

    auto const method = to_method(parser.get().method());
    if (!method) return invalid("http.header_malformed");
    Request request;
    request.method = *method;
    request.target = guard.origin_target();
    auto const question = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, question);
    request.query = request.target.substr(std::min(question + 1, request.target.size()));
    for (auto const& field : parser.get()) {
        request.headers.add(std::string{field.name_string()}, std::string{field.value()});
    }
    return request;
}

bool equal_fold(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool has_word(std::string_view field, std::string_view word)
{
    while (!field.empty()) {
        auto const comma = std::min(field.find(','), field.size());
        auto piece = field.substr(0, comma);
        field.remove_prefix(std::min(comma + 1, field.size()));
        while (piece.starts_with(' ') || piece.starts_with('\t')) piece.remove_prefix(1);
        while (piece.ends_with(' ') || piece.ends_with('\t')) piece.remove_suffix(1);
        if (equal_fold(piece, word)) return true;
    }
    return false;
}

} // namespace nguon::http
