#include "core/http/request_head.hpp"

#include <algorithm>
#include <optional>

#include <boost/beast/http/basic_parser.hpp>

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

/// Writes what Beast reads straight into our request.
class HeadParser final : public beast_http::basic_parser<true> {
public:
    explicit HeadParser(Request& request) : request_{request} {}

private:
    using Code = boost::system::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(beast_http::verb verb, Text, Text, int, Code& error) override
    {
        auto const method = to_method(verb);
        if (!method) error = beast_http::error::bad_method;
        request_.method = method.value_or(Method::get);
    }
    void on_field_impl(beast_http::field, Text name, Text value, Code&) override
    {
        request_.headers.add(std::string{name}, std::string{value});
    }
    void on_response_impl(int, Text, int, Code&) override {}
    void on_header_impl(Code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
    std::size_t on_body_impl(Text body, Code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override { return body.size(); }
    void on_finish_impl(Code&) override {}

    Request& request_;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

Result<Request> parse_request_head(FramingGuard const& guard)
{
    Request request;
    HeadParser parser{request};
    // The guard has the limits; its own must only not be smaller.
    parser.header_limit(static_cast<std::uint32_t>(guard.head().size() + 1));
    parser.body_limit(boost::none);
    boost::system::error_code error;
    parser.put(net::buffer(guard.head()), error);
    if (error || !parser.is_header_done()) return invalid("http.header_malformed", {error.message()});
    request.target = guard.origin_target();
    auto const question = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, question);
    request.query = request.target.substr(std::min(question + 1, request.target.size()));
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
