#include "core/http/connection.hpp"

#include "core/bytes.hpp"
#include "core/http/request_head.hpp"
#include "core/http/response_head.hpp"
#include "core/http/spool.hpp"
#include "core/runtime/log.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <system_error>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nguon::http {
namespace {

constexpr std::size_t read_bytes = 8 * 1024;
constexpr std::size_t first_read_bytes = 2 * 1024; // what an idle connection holds; most heads are shorter
constexpr std::size_t write_bytes = 64 * 1024;

/// Sixteen hexadecimal digits that come once in a process and hardly again in another. They name a request and protect
/// nothing, so a counter from a random start, scrambled (splitmix64), does.
std::string next_request_id()
{
    static std::atomic<std::uint64_t> counter = [] {
        std::uint64_t start = 0;
        auto const bytes = random_bytes(sizeof start);
        std::memcpy(&start, bytes.data(), sizeof start);
        return start;
    }();
    auto z = counter.fetch_add(0x9E3779B97F4A7C15, std::memory_order_relaxed);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    z ^= z >> 31;
    return to_hex(std::string_view{reinterpret_cast<char const*>(&z), sizeof z});
}

} // namespace

SessionShared::SessionShared(Handler h, SessionOptions o) : handler{std::move(h)}, options{std::move(o)}
{
    auto* const metrics = options.metrics;
    if (!metrics) return;
    requests = &metrics->counter("nguon_http_requests_total", "Requests whose head was read.");
    open = &metrics->gauge("nguon_http_connections", "Connections that stand now.");
    handshake_failures = &metrics->counter("nguon_http_handshake_failures_total", "TLS handshakes that failed.");
    refused_connections = &metrics->counter("nguon_http_refused_connections_total", "Connections above the limit.");
    times =
        &metrics->histogram("nguon_http_request_seconds", "From the whole head to the whole answer.", time_bounds());
}

Connection::Connection(std::shared_ptr<SessionShared> shared, StreamPtr stream, Peer peer)
    : shared_{std::move(shared)}, limits_{shared_->options.limits}, stream_{std::move(stream)}, peer_{std::move(peer)}
{
}

net::awaitable<void> Connection::run()
{
    // A handler that runs too long is cancelled; reads and writes the stream cancels itself.
    stream_->on_expiry([this] { cancel_.emit(net::cancellation_type::terminal); });
    bool const ready = co_await shake_hands();
    auto next = ready ? Next::keep : Next::close;
    for (std::size_t served = 1; next == Next::keep; ++served) next = co_await serve_one(served);
    in_request_ = false;
    // Between two requests nothing of ours is under way that a reset could overtake.
    co_await stream_->close_gently(idle_ ? std::chrono::milliseconds{0} : limits_.close_time);
    stream_->on_expiry({});
}

void Connection::begin_drain()
{
    draining_ = true;
    if (idle_) stream_->set_deadline(Clock::now());
}

void Connection::cancel()
{
    draining_ = true;
    stream_->abort();
    cancel_.emit(net::cancellation_type::terminal);
}

net::awaitable<bool> Connection::shake_hands()
{
    stream_->set_deadline(Clock::now() + (peer_.secure ? limits_.handshake_time : limits_.header_time));
    if (!peer_.secure) co_return true;
    auto const error = co_await stream_->handshake(true);
    if (error) {
        if (shared_->handshake_failures) shared_->handshake_failures->add();
        log::debug("a TLS handshake failed", {{"peer", peer_.address}, {"reason", error.message()}});
        co_return false;
    }
    auto const certificate = tls::peer_certificate(stream_->ssl());
    peer_.certificate_sha256 = certificate.sha256;
    peer_.certificate_subject = certificate.subject;
    stream_->set_deadline(Clock::now() + limits_.header_time);
    co_return true;
}

net::awaitable<Connection::Next> Connection::serve_one(std::size_t served)
{
    if (input_.empty() && !co_await await_first_byte(served)) co_return Next::close;
    begin_record();
    FramingGuard guard{limits_.framing};
    bool const read = co_await read_head(guard, served);
    auto next = Next::close;
    if (guard.state() == FramingGuard::State::refused) {
        next = co_await refuse(to_status(guard.fault()), std::string{to_text(guard.fault())});
    } else if (read) {
        next = co_await answer(guard, served);
    } else if (stream_->expired()) {
        next = co_await refuse(408, "header_time");
    }
    end_record();
    co_return next;
}

/// Waits between two requests, when nothing is lost if either side ends. Holds a small buffer only meanwhile.
net::awaitable<bool> Connection::await_first_byte(std::size_t served)
{
    idle_ = true;
    if (draining_) co_return false;
    if (input_.capacity() > first_read_bytes) std::string{}.swap(input_);
    if (served > 1) {
        bool const busy = shared_->connections * 5 > limits_.connections_max * 4;
        stream_->set_deadline(Clock::now() + (busy ? limits_.keep_alive_busy_time : limits_.keep_alive_time));
    }
    bool const filled = co_await fill(first_read_bytes);
    idle_ = !filled;
    co_return filled;
}

/// False when the connection ended or the time passed.
net::awaitable<bool> Connection::read_head(FramingGuard& guard, std::size_t served)
{
    // The first head has its time from the connection's start, so that a silent connection gets no more.
    if (served > 1) stream_->set_deadline(arrived_ + limits_.header_time);
    while (true) {
        auto const used = guard.feed(input_);
        input_.erase(0, used);
        if (guard.state() != FramingGuard::State::more) co_return guard.state() == FramingGuard::State::complete;
        if (!co_await fill(read_bytes)) co_return false;
    }
}

/// Reads what there is behind `input_`; false at the end, on errors and when the deadline has passed.
net::awaitable<bool> Connection::fill(std::size_t bytes_max)
{
    auto const old_size = input_.size();
    input_.resize(old_size + bytes_max);
    auto const room = net::buffer(input_.data() + old_size, bytes_max);
    auto const transfer = co_await stream_->read_some(room);
    input_.resize(old_size + transfer.bytes);
    co_return transfer.bytes > 0;
}

net::awaitable<Connection::Next> Connection::answer(FramingGuard const& guard, std::size_t served)
{
    in_request_ = true;
    if (shared_->requests) shared_->requests->add();
    auto parsed = parse_request_head(guard);
    if (!parsed) co_return co_await refuse(400, "header_malformed");
    auto request = *std::move(parsed);
    request.peer = peer_;
    request.id = record_.request_id;
    request.arrived = arrived_;
    record_.method = to_text(request.method);
    record_.path = request.path;
    auto kept = find_kept(guard, request);
    if (!kept) {
        auto const refusal = co_await take_body(guard, request);
        if (refusal && refusal->status == 0) co_return Next::close;
        if (refusal) co_return co_await refuse(refusal->status, refusal->key, &request);
    }
    bool const is_head = request.method == Method::head;
    Response response;
    if (kept) {
        response = *std::move(kept);
    } else {
        response = co_await handle(request);
    }
    bool const keep = wants_keep_alive(guard, request.headers, served) && !response.close;
    request.body = {};
    auto const next = co_await send(std::move(response), is_head, guard.http_1_1(), keep);
    in_request_ = false;
    co_return next;
}

/// What is ready for this request. A waiting body, or the wish to be told to go on, takes the usual way.
std::optional<Response> Connection::find_kept(FramingGuard const& guard, Request const& request) const
{
    auto const& kept = shared_->options.kept_answers;
    if (!kept || guard.framing() != BodyFraming::none || request.headers.has("Expect")) return std::nullopt;
    return kept(request);
}

/// The refusal when the body is not to be had; status 0 when the connection ended.
net::awaitable<std::optional<Refusal>> Connection::take_body(FramingGuard const& guard, Request& request)
{
    std::string fault;
    try {
        auto refusal = co_await read_body(guard, request);
        co_return refusal;
    } catch (std::system_error const& error) {
        fault = error.what();
    }
    log::error("a body could not be spooled", {{"request", request.id}, {"what", fault}});
    co_return Refusal{503, "spool"};
}

/// The same; throws when the disk does not take it.
net::awaitable<std::optional<Refusal>> Connection::read_body(FramingGuard const& guard, Request& request)
{
    auto const& policy = shared_->options.body_policy;
    BodyLimits limits{limits::body_bytes_default, limits::body_time};
    if (policy) limits = policy(request.method, request.path);

    auto const expect = request.headers.get("Expect");
    bool const continues = equal_fold(expect, "100-continue");
    if (!expect.empty() && !continues) co_return Refusal{417, "expectation"};
    if (guard.framing() == BodyFraming::none) co_return std::nullopt;
    if (guard.content_length() > limits.bytes_max) {
        if (!continues) co_await drop_body(guard.content_length(), limits.time);
        co_return Refusal{413, "body_too_large"};
    }
    if (continues && guard.http_1_1() && input_.empty()) {
        stream_->set_deadline(Clock::now() + limits_.body_grace_time);
        if (!co_await write_some("HTTP/1.1 100 Continue\r\n\r\n")) co_return Refusal{0};
    }

    auto const start = Clock::now();
    Spool spool{shared_->options.spool_dir, limits_.body_memory_bytes};
    ChunkReader chunks;
    std::string piece;
    while (true) {
        if (guard.framing() == BodyFraming::chunked) {
            piece.clear();
            input_.erase(0, chunks.feed(input_, piece));
            spool.append(piece);
            if (chunks.state() == ChunkReader::State::refused) {
                co_return Refusal{to_status(chunks.fault()), std::string{to_text(chunks.fault())}};
            }
            if (spool.size() > limits.bytes_max) co_return Refusal{413, "body_too_large"};
            if (chunks.state() == ChunkReader::State::complete) break;
        } else {
            auto const size = std::min<std::uint64_t>(guard.content_length() - spool.size(), input_.size());
            spool.append(std::string_view{input_}.substr(0, static_cast<std::size_t>(size)));
            input_.erase(0, static_cast<std::size_t>(size));
            if (spool.size() == guard.content_length()) break;
        }
        stream_->set_deadline(start + body_time(spool.size(), limits.time));
        if (co_await fill(read_bytes)) continue;
        if (stream_->expired()) co_return Refusal{408, "body_time"};
        co_return Refusal{0};
    }
    record_.request_bytes += spool.size();
    request.body = spool.finish();
    co_return std::nullopt;
}

/// Takes what still comes of a body that is refused, up to a limit: a browser that is not done with sending would say
/// that the connection broke instead of showing the answer.
net::awaitable<void> Connection::drop_body(std::uint64_t length, std::chrono::milliseconds longest)
{
    if (length > limits_.dropped_body_bytes_max) co_return;
    auto const start = Clock::now();
    std::uint64_t dropped = 0;
    while (true) {
        dropped += input_.size();
        input_.clear();
        if (dropped >= length) co_return;
        stream_->set_deadline(start + body_time(dropped, longest));
        if (!co_await fill(read_bytes)) co_return;
    }
}

/// A sender must keep up a mean rate, counted over the whole body; short silences are forgiven.
std::chrono::milliseconds Connection::body_time(std::uint64_t bytes, std::chrono::milliseconds longest) const
{
    auto const earned = std::chrono::seconds{bytes / limits_.transfer_bytes_per_second_min};
    return std::min<std::chrono::milliseconds>(limits_.body_grace_time + earned, longest);
}

net::awaitable<Response> Connection::handle(Request const& request)
{
    stream_->set_deadline(Clock::now() + limits_.handler_time);
    std::string thrown;
    try {
        auto work = shared_->handler(request);
        auto token = net::bind_cancellation_slot(cancel_.slot(), net::use_awaitable);
        auto response = co_await net::co_spawn(stream_->executor(), std::move(work), std::move(token));
        co_return response;
    } catch (std::exception const& error) {
        thrown = error.what();
    } catch (...) {
        thrown = "something that is no std::exception";
    }
    bool const late = stream_->expired();
    record_.refusal = late ? "handler_time" : "exception";
    if (!stream_->aborted()) {
        log::error(late ? "a handler took too long" : "a handler threw",
                   {{"request", request.id}, {"path", request.path}, {"what", thrown}});
    }
    Refusal const refusal{late ? 503U : 500U, late ? "http.timeout" : "internal", request.id, &request};
    auto response = shared_->options.refuse ? shared_->options.refuse(refusal) : refusal_response(refusal);
    co_return response;
}

/// Answers a request that cannot be served and ends the connection, since what follows it may be anything.
net::awaitable<Connection::Next> Connection::refuse(unsigned status, std::string key, Request const* request)
{
    if (auto* const metrics = shared_->options.metrics) {
        metrics->counter("nguon_http_refusals_total", "Requests refused without a handler.", {{"reason", key}}).add();
    }
    record_.refusal = key;
    Refusal const refusal{status, "http." + key, record_.request_id, request};
    auto response = shared_->options.refuse ? shared_->options.refuse(refusal) : refusal_response(refusal);
    co_return co_await send(std::move(response), record_.method == "HEAD", true, false);
}

net::awaitable<Connection::Next> Connection::send(Response response, bool is_head, bool http_1_1, bool keep)
{
    keep = keep && !draining_;
    auto const framing = frame_response(response, http_1_1);
    keep = keep && framing.self_delimited;
    HeadFacts const facts{record_.request_id, http_1_1, keep, framing};
    auto head = response_head(response, facts);
    record_.status = response.status;
    bool sent = false;
    if (is_head || !framing.has_body) {
        sent = co_await write_some(head);
    } else {
        sent = co_await send_body(response, std::move(head), framing.chunked);
    }
    co_return sent&& keep ? Next::keep : Next::close;
}

net::awaitable<bool> Connection::send_body(Response& response, std::string head, bool chunked)
{
    std::string_view whole;
    if (auto const* const text = std::get_if<std::string>(&response.body)) whole = *text;
    if (auto const* const shared = std::get_if<SharedBytes>(&response.body); shared && *shared) whole = **shared;
    // Head and body of a page leave in one segment.
    auto const first = whole.substr(0, write_bytes);
    head += first;
    if (!co_await write_some(head)) co_return false;
    whole.remove_prefix(first.size());
    while (!whole.empty()) {
        auto const piece = whole.substr(0, write_bytes);
        if (!co_await write_some(piece)) co_return false;
        whole.remove_prefix(piece.size());
    }
    if (auto const* const range = std::get_if<FileRange>(&response.body)) co_return co_await send_file(*range);
    if (auto* const generator = std::get_if<Generator>(&response.body)) {
        co_return co_await send_generated(std::move(*generator), chunked);
    }
    co_return true;
}

net::awaitable<bool> Connection::send_file(FileRange range)
{
    std::ifstream in{range.file, std::ios::binary};
    in.seekg(static_cast<std::streamoff>(range.offset));
    std::string piece;
    while (range.size > 0) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(range.size, write_bytes)));
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (!in) {
            // The length is promised already: ending short is the only way to say that something went wrong.
            log::error("a file ended before its announced length", {{"request", record_.request_id}});
            co_return false;
        }
        if (!co_await write_some(piece)) co_return false;
        range.size -= piece.size();
    }
    co_return true;
}

net::awaitable<bool> Connection::send_generated(Generator generator, bool chunked)
{
    while (true) {
        std::string piece;
        try {
            stream_->set_deadline(Clock::now() + limits_.handler_time);
            auto work = generator();
            auto token = net::bind_cancellation_slot(cancel_.slot(), net::use_awaitable);
            piece = co_await net::co_spawn(stream_->executor(), std::move(work), std::move(token));
        } catch (std::exception const& error) {
            log::error("a generated answer was broken off", {{"request", record_.request_id}, {"what", error.what()}});
            record_.refusal = "generator";
            co_return false;
        }
        bool const last = piece.empty();
        if (chunked) piece = last ? "0\r\n\r\n" : to_chunk(piece);
        if (!piece.empty() && !co_await write_some(piece)) co_return false;
        if (last) co_return true;
    }
}

/// Writes a piece of at most about 64 KiB within the response time, which is a rate of 1 KiB/s.
net::awaitable<bool> Connection::write_some(std::string_view bytes)
{
    stream_->set_deadline(Clock::now() + limits_.response_time);
    auto const transfer = co_await stream_->write(bytes);
    record_.response_bytes += transfer.bytes;
    co_return !transfer.error;
}

void Connection::begin_record()
{
    arrived_ = Clock::now();
    record_ = AccessRecord{};
    record_.request_id = next_request_id();
    record_.peer = peer_.address;
    record_.secure = peer_.secure;
}

void Connection::end_record()
{
    in_request_ = false;
    bool const silent = record_.method.empty() && record_.refusal.empty();
    if (silent) return;
    record_.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - arrived_);
    if (shared_->times) shared_->times->observe(std::chrono::duration<double>(record_.duration).count());
    if (shared_->options.on_access) shared_->options.on_access(record_);
}

bool Connection::wants_keep_alive(FramingGuard const& guard, Headers const& headers, std::size_t served) const
{
    if (draining_ || served >= limits_.requests_max) return false;
    auto const connection = headers.get("Connection");
    return guard.http_1_1() ? !has_word(connection, "close") : has_word(connection, "keep-alive");
}

} // namespace nguon::http
