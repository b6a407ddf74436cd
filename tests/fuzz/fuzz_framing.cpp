#include "core/http/answer_reader.hpp"
#include "core/http/framing_guard.hpp"
#include "core/http/request_head.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon::http;

constexpr std::size_t head_bytes_max = 1'000;
constexpr std::size_t body_bytes_max = 2'000;

void check(bool holds)
{
    if (!holds) std::abort();
}

/// Hands `text` on in pieces of `piece` bytes until `take` says that it wants no more.
template <typename Take>
void feed(std::string_view text, std::size_t piece, Take take)
{
    while (!text.empty() && take(text.substr(0, piece))) text.remove_prefix(std::min(piece, text.size()));
}

struct Head {
    FramingGuard guard{{.header_bytes_max = head_bytes_max, .header_lines_max = 8, .target_bytes_max = 200}};
    std::size_t used = 0;
};

Head read_head(std::string_view text, std::size_t piece)
{
    Head head;
    feed(text, piece, [&](std::string_view bytes) {
        head.used += head.guard.feed(bytes);
        return head.guard.state() == FramingGuard::State::more;
    });
    return head;
}

struct Body {
    ChunkReader reader;
    std::string bytes;
    std::size_t used = 0;
};

Body read_body(std::string_view text, std::size_t piece)
{
    Body body;
    feed(text, piece, [&](std::string_view bytes) {
        body.used += body.reader.feed(bytes, body.bytes);
        return body.reader.state() == ChunkReader::State::more;
    });
    return body;
}

/// How the bytes arrive changes nothing.
void check_chunks(std::string_view text)
{
    auto const whole = read_body(text, text.size());
    auto const piecewise = read_body(text, 1);
    check(whole.reader.state() == piecewise.reader.state() && whole.used == piecewise.used);
    check(whole.bytes == piecewise.bytes && whole.bytes.size() <= whole.used);
    if (whole.reader.state() != ChunkReader::State::refused) return;
    check(whole.reader.fault() == piecewise.reader.fault() && to_status(whole.reader.fault()) == 400);
}

/// What the guard lets through has one reading only, and the parser behind it has the same.
void check_request(std::string_view text)
{
    auto const whole = read_head(text, text.size());
    auto const piecewise = read_head(text, 1);
    check(whole.guard.state() == piecewise.guard.state() && whole.used == piecewise.used);
    check(whole.used <= head_bytes_max + 1);
    if (whole.guard.state() == FramingGuard::State::refused) {
        check(whole.guard.fault() == piecewise.guard.fault() && !to_text(whole.guard.fault()).empty());
        return;
    }
    if (whole.guard.state() != FramingGuard::State::complete) return;
    check(whole.guard.head() == text.substr(0, whole.used) && whole.guard.head() == piecewise.guard.head());
    check(whole.guard.head().ends_with("\r\n\r\n"));
    auto const request = parse_request_head(whole.guard);
    if (request) check(request->target == whole.guard.origin_target() && request->target.starts_with(request->path));
    if (whole.guard.framing() == BodyFraming::chunked) check_chunks(text.substr(whole.used));
}

AnswerReader read_answer(std::string_view text, std::size_t piece, bool for_head)
{
    AnswerReader reader{for_head, head_bytes_max, body_bytes_max};
    feed(text, piece, [&](std::string_view bytes) {
        reader.feed(bytes);
        return true;
    });
    reader.feed_end(true);
    return reader;
}

void check_answer(std::string_view text, bool for_head)
{
    auto whole = read_answer(text, text.size(), for_head);
    auto piecewise = read_answer(text, 1, for_head);
    check(whole.state() != AnswerReader::State::more && whole.state() == piecewise.state());
    if (whole.state() != AnswerReader::State::complete) return;
    check(whole.keeps_alive() == piecewise.keeps_alive());
    check(whole.response().status == piecewise.response().status && whole.response().status >= 200);
    check(whole.response().body == piecewise.response().body && whole.response().body.size() <= body_bytes_max);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    check_request(text);
    check_chunks(text);
    check_answer(text, false);
    check_answer(text, true);
    return 0;
}
