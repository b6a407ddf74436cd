#include "core/http/answer_reader.hpp"

#include "core/http/request_head.hpp"

#include <algorithm>
#include <charconv>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace nguon::http {
namespace {

namespace beast_http = boost::beast::http;

std::size_t count_fields(Headers const& headers, std::string_view name)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(headers, [name](auto const& field) { return equal_fold(field.first, name); }));
}

} // namespace

AnswerReader::AnswerReader(bool for_head, std::size_t header_bytes_max, std::size_t body_bytes_max)
    : for_head_{for_head}, header_bytes_max_{header_bytes_max}, body_bytes_max_{body_bytes_max}
{
}

void AnswerReader::feed(std::string_view bytes)
{
    if (!started_ && !bytes.empty()) {
        started_ = true;
        started_at_ = std::chrono::steady_clock::now();
    }
    if (state_ != State::more) {
        leftover_ += bytes.size();
        return;
    }
    if (header_done_) return take_body(bytes);
    head_ += bytes;
    take_head();
}

void AnswerReader::take_head()
{
    while (state_ == State::more && !header_done_) {
        auto const end = head_.find("\r\n\r\n");
        auto const size = end == std::string::npos ? head_.size() : end + 4;
        if (head_bytes_ + size > header_bytes_max_) return fail(ClientFault::too_large);
        if (end == std::string::npos) return;
        // Interim answers (100, 103) count towards the limit, or they could go on for ever.
        head_bytes_ += size;
        if (!parse_head(std::string_view{head_}.substr(0, size))) return fail(ClientFault::malformed);
        head_.erase(0, size);
        if (response_.status == 101) return fail(ClientFault::malformed);
        if (response_.status >= 200) {
            header_done_ = true;
            if (!choose_framing()) return fail(ClientFault::malformed);
        }
    }
    auto const rest = std::exchange(head_, {});
    if (state_ == State::more) return take_body(rest);
    leftover_ += rest.size();
}

bool AnswerReader::parse_head(std::string_view head)
{
    beast_http::response_parser<beast_http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
    parser.body_limit(boost::none);
    boost::system::error_code error;
    parser.put(net::buffer(head), error);
    // An announced body is no fault of the head; everything else is.
    if (error && error != beast_http::error::need_more && !parser.is_header_done()) return false;
    if (!parser.is_header_done()) return false;
    response_.status = parser.get().result_int();
    response_.headers = {};
    for (auto const& field : parser.get()) {
        response_.headers.add(std::string{field.name_string()}, std::string{field.value()});
    }
    keep_alive_ = parser.get().version() == 11 && !has_word(response_.headers.get("Connection"), "close");
    return response_.status >= 100;
}

/// RFC 9112 §6.3, without its lenient cases.
bool AnswerReader::choose_framing()
{
    auto const& headers = response_.headers;
    auto const lengths = count_fields(headers, "Content-Length");
    auto const encodings = count_fields(headers, "Transfer-Encoding");
    if (lengths + encodings > 1) return false;
    if (lengths == 1) {
        auto const text = headers.get("Content-Length");
        auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), length_);
        if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return false;
    }
    if (encodings == 1 && !equal_fold(headers.get("Transfer-Encoding"), "chunked")) return false;

    if (for_head_ || response_.status == 204 || response_.status == 304) {
        framing_ = Framing::none;
    } else if (encodings == 1) {
        framing_ = Framing::chunked;
    } else if (lengths == 1) {
        framing_ = Framing::length;
        if (length_ > body_bytes_max_) fail(ClientFault::too_large);
    } else {
        framing_ = Framing::until_end;
        keep_alive_ = false;
    }
    return true;
}

void AnswerReader::take_body(std::string_view bytes)
{
    auto& body = response_.body;
    switch (framing_) {
    case Framing::none:
        break;
    case Framing::length: {
        auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(length_ - body.size(), bytes.size()));
        body += bytes.substr(0, size);
        bytes.remove_prefix(size);
        if (body.size() < length_) return;
        break;
    }
    case Framing::chunked:
        bytes.remove_prefix(chunks_.feed(bytes, body));
        if (chunks_.state() == ChunkReader::State::refused) return fail(ClientFault::malformed);
        if (body.size() > body_bytes_max_) return fail(ClientFault::too_large);
        if (chunks_.state() == ChunkReader::State::more) return;
        break;
    case Framing::until_end:
        body += bytes;
        if (body.size() > body_bytes_max_) fail(ClientFault::too_large);
        return;
    }
    state_ = State::complete;
    leftover_ += bytes.size();
}

void AnswerReader::feed_end(bool orderly)
{
    if (state_ != State::more) return;
    if (!header_done_) return fail(ClientFault::reset);
    if (framing_ != Framing::until_end || !orderly) return fail(ClientFault::truncated);
    state_ = State::complete;
}

void AnswerReader::fail(ClientFault fault)
{
    if (state_ == State::failed) return;
    state_ = State::failed;
    fault_ = fault;
}

} // namespace nguon::http
