#include "core/http/client.hpp"

#include "core/http/answer_reader.hpp"
#include "core/http/client_fault.hpp"
#include "core/http/stream.hpp"
#include "core/runtime/suspend.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <optional>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace nguon::http {
namespace {

using Clock = std::chrono::steady_clock;
using Tcp = net::ip::tcp;
using boost::system::error_code;

constexpr auto completion = net::as_tuple(net::use_awaitable);
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr auto late_answer_time = std::chrono::seconds{2};

struct Resolved {
    error_code error = {};
    std::vector<Tcp::endpoint> endpoints = {};
};

/// Asks for addresses and gives up after `time`, though the system's resolver cannot be interrupted.
net::awaitable<Resolved> resolve(net::any_io_executor executor, Url const& url, std::chrono::milliseconds time)
{
    struct Race {
        explicit Race(net::any_io_executor const& e) : resolver{e}, timer{e} {}
        Tcp::resolver resolver;
        net::steady_timer timer;
        Finish<Resolved> finish;

        void settle(Resolved result)
        {
            if (!finish) return;
            timer.cancel();
            resolver.cancel();
            std::exchange(finish, {})(std::move(result));
        }
    };
    error_code not_ip;
    auto const address = net::ip::make_address(url.host, not_ip);
    if (!not_ip) {
        Resolved known;
        known.endpoints.emplace_back(address, url.port);
        co_return known;
    }
    auto race = std::make_shared<Race>(executor);
    std::function<void(Finish<Resolved>)> start = [race, time, host = url.host, port = url.port](auto finish) {
        race->finish = std::move(finish);
        race->timer.expires_after(time);
        race->timer.async_wait([race](error_code cancelled) {
            if (!cancelled) race->settle(Resolved{net::error::timed_out, {}});
        });
        race->resolver.async_resolve(host, std::to_string(port), [race](error_code error, auto const& results) {
            Resolved resolved{error, {}};
            for (auto const& result : results) resolved.endpoints.push_back(result.endpoint());
            race->settle(std::move(resolved));
        });
    };
    co_return co_await suspend<Resolved>(std::move(start));
}

/// A peer that vanished without a word is noticed within half a minute.
void watch_peer(Tcp::socket& socket)
{
    auto const fd = socket.native_handle();
    auto const set = [fd](int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30'000);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

/// Whether a kept connection has been closed, or has something to say that nobody asked for.
bool is_stale(Tcp::socket& socket)
{
    char byte = 0;
    auto const got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool may_repeat(ClientRequest const& request)
{
    return request.method == Method::get || request.method == Method::head || request.headers.has("Idempotency-Key");
}

} // namespace

class Client::Impl {
public:
    Impl(net::any_io_executor e, Url u, std::shared_ptr<tls::ContextSlot> t, ClientLimits l)
        : executor{std::move(e)}, url{std::move(u)}, tls{std::move(t)}, limits{l}
    {
    }

    struct Line {
        StreamPtr stream = {};
        tls::CertificateInfo peer = {};
        Instant handshake_at = {};
        Clock::time_point opened = {};
        Clock::time_point idle_since = {};
        unsigned generation = 0;
        bool reused = false;
    };
    using Opened = std::variant<Line, ClientFailure>;

    net::awaitable<ClientAnswer> send(ClientRequest request);
    net::awaitable<Opened> open(Clock::time_point deadline);
    void close();

    net::any_io_executor executor;
    Url url;
    std::shared_ptr<tls::ContextSlot> tls;
    ClientLimits limits;

private:
    std::optional<Line> take_idle();
    void keep(Line line);
    std::string head_of(ClientRequest const& request) const;
    net::awaitable<std::optional<ClientFailure>> exchange(Stream& stream, ClientRequest const& request,
                                                          AnswerReader& reader, Clock::time_point deadline);
    net::awaitable<Stream::Transfer> write(Stream& stream, std::string_view bytes, Clock::time_point deadline);
    net::awaitable<error_code> read(Stream& stream, AnswerReader& reader, Clock::time_point deadline);

    std::vector<Line> idle_;
    unsigned generation_ = 0;
};

net::awaitable<ClientAnswer> Client::Impl::send(ClientRequest request)
{
    // A target with a space or a line end is a bug of the caller; it would write a head of its own.
    assert(request.target.starts_with('/') && request.target.find_first_of(" \r\n\t") == std::string::npos);
    auto const deadline = Clock::now() + limits.total_time;
    for (bool again = false;; again = true) {
        Line line;
        auto idle = again ? std::nullopt : take_idle();
        if (idle) {
            line = *std::move(idle);
        } else {
            auto opened = co_await open(deadline);
            if (auto* const failure = std::get_if<ClientFailure>(&opened)) co_return std::move(*failure);
            line = std::get<Line>(std::move(opened));
        }
        AnswerReader reader{request.method == Method::head, limits.header_bytes_max, limits.body_bytes_max};
        auto const started = Clock::now();
        auto failure = co_await exchange(*line.stream, request, reader, deadline);
        if (!failure) {
            auto response = std::move(reader.response());
            response.peer = line.peer;
            response.handshake_at = line.handshake_at;
            response.first_byte_time =
                std::chrono::duration_cast<std::chrono::microseconds>(reader.started_at() - started);
            if (reader.keeps_alive()) {
                keep(std::move(line));
            } else {
                line.stream->abort();
            }
            co_return response;
        }
        line.stream->abort();
        bool const was_closed = failure->fault == ClientFault::reset && !reader.started();
        if (line.reused && was_closed && may_repeat(request)) continue;
        co_return *std::move(failure);
    }
}

net::awaitable<Client::Impl::Opened> Client::Impl::open(Clock::time_point deadline)
{
    auto const resolved = co_await resolve(executor, url, limits.resolve_time);
    if (resolved.error == net::error::timed_out) co_return ClientFailure{ClientFault::timeout, "resolve", false};
    if (resolved.error || resolved.endpoints.empty()) {
        co_return ClientFailure{ClientFault::resolve, resolved.error.message(), false};
    }
    bool const local = std::ranges::all_of(resolved.endpoints, [](auto const& e) { return e.address().is_loopback(); });
    if (!url.secure && !local) co_return ClientFailure{ClientFault::connect, "http is for this machine only", false};
    Line line;
    line.generation = generation_;
    line.opened = Clock::now();
    Tcp::socket socket{executor};
    line.stream = url.secure ? make_tls_stream(std::move(socket), tls->get()) : make_plain_stream(std::move(socket));
    auto& stream = *line.stream;
    if (auto* const ssl = stream.ssl()) tls::expect_host(ssl, url.host);

    stream.set_deadline(std::min(deadline, Clock::now() + limits.connect_time));
    auto const [refused, endpoint] = co_await net::async_connect(stream.socket(), resolved.endpoints, completion);
    if (stream.expired()) co_return ClientFailure{ClientFault::timeout, "connect", false};
    if (refused) co_return ClientFailure{ClientFault::connect, refused.message(), false};
    watch_peer(stream.socket());

    stream.set_deadline(std::min(deadline, Clock::now() + limits.handshake_time));
    auto const error = co_await stream.handshake(false);
    if (error) co_return classify(stream, error, false);
    line.handshake_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    if (auto* const ssl = stream.ssl()) line.peer = tls::peer_certificate(ssl);
    co_return line;
}

std::optional<Client::Impl::Line> Client::Impl::take_idle()
{
    while (!idle_.empty()) {
        auto line = std::move(idle_.back());
        idle_.pop_back();
        auto const now = Clock::now();
        bool const fresh = now - line.idle_since < limits.idle_time && now - line.opened < limits.age_time;
        if (fresh && !line.stream->aborted() && !is_stale(line.stream->socket())) {
            line.reused = true;
            return line;
        }
        line.stream->abort();
    }
    return std::nullopt;
}

void Client::Impl::keep(Line line)
{
    if (line.generation != generation_) return line.stream->abort();
    line.idle_since = Clock::now();
    // The stream's own timer closes what is never asked for again.
    line.stream->on_expiry([stream = line.stream.get()] { stream->abort(); });
    line.stream->set_deadline(line.idle_since + limits.idle_time);
    idle_.push_back(std::move(line));
}

void Client::Impl::close()
{
    ++generation_;
    for (auto& line : idle_) line.stream->abort();
    idle_.clear();
}

std::string Client::Impl::head_of(ClientRequest const& request) const
{
    auto head = std::string{to_text(request.method)} + " " + request.target + " HTTP/1.1\r\nHost: " + url.authority();
    for (auto const& [name, value] : request.headers) head.append("\r\n").append(name).append(": ").append(value);
    bool const has_body = request.method != Method::get && request.method != Method::head;
    if (has_body) head += "\r\nContent-Length: " + std::to_string(request.body.size());
    return head += "\r\n\r\n";
}

/// Sends the request and reads into `reader`. Nothing when the answer is whole.
net::awaitable<std::optional<ClientFailure>> Client::Impl::exchange(Stream& stream, ClientRequest const& request,
                                                                    AnswerReader& reader, Clock::time_point deadline)
{
    stream.on_expiry({});
    auto const message = head_of(request) + request.body;
    auto const written = co_await write(stream, message, deadline);
    auto error = written.error;
    if (!stream.expired()) {
        // A server may answer and close before it has read everything: 413, or the alert that refuses our certificate.
        if (error) deadline = std::min(deadline, Clock::now() + late_answer_time);
        error = co_await read(stream, reader, deadline);
    }
    if (error && !stream.expired()) reader.feed_end(error == net::error::eof);
    if (reader.state() == AnswerReader::State::complete) co_return std::nullopt;

    auto failure = classify(stream, error, true);
    if (failure.fault == ClientFault::reset && reader.state() == AnswerReader::State::failed) {
        failure.fault = reader.fault();
        if (!error) failure.detail = "the answer breaks the rules of HTTP or our limits";
    }
    failure.maybe_received = written.bytes > 0;
    co_return failure;
}

net::awaitable<Stream::Transfer> Client::Impl::write(Stream& stream, std::string_view bytes, Clock::time_point deadline)
{
    Stream::Transfer all;
    while (!bytes.empty() && !all.error) {
        auto const piece = bytes.substr(0, piece_bytes);
        bytes.remove_prefix(piece.size());
        stream.set_deadline(std::min(deadline, Clock::now() + limits.stall_time));
        auto const one = co_await stream.write(piece);
        all.bytes += one.bytes;
        all.error = one.error;
    }
    co_return all;
}

/// Reads until the answer is whole or has failed; the error is that of the stream.
net::awaitable<error_code> Client::Impl::read(Stream& stream, AnswerReader& reader, Clock::time_point deadline)
{
    auto const sent = Clock::now();
    std::string piece(16 * 1024, '\0');
    while (reader.state() == AnswerReader::State::more) {
        auto const patience = reader.started() ? Clock::now() + limits.stall_time : sent + limits.first_byte_time;
        stream.set_deadline(std::min(deadline, patience));
        auto const room = net::buffer(piece);
        auto const transfer = co_await stream.read_some(room);
        reader.feed(std::string_view{piece}.substr(0, transfer.bytes));
        if (transfer.bytes == 0) co_return transfer.error;
    }
    co_return error_code{};
}

Client::Client(net::any_io_executor executor, Url base, std::shared_ptr<tls::ContextSlot> tls, ClientLimits limits)
    : impl_{std::make_shared<Impl>(std::move(executor), std::move(base), std::move(tls), limits)}
{
}

Client::~Client() { impl_->close(); }

net::awaitable<ClientAnswer> Client::send(ClientRequest request)
{
    auto const impl = impl_;
    co_return co_await impl->send(std::move(request));
}

net::awaitable<std::variant<tls::CertificateInfo, ClientFailure>> Client::probe(std::chrono::milliseconds patience)
{
    auto const impl = impl_;
    auto opened = co_await impl->open(Clock::now() + impl->limits.total_time);
    if (auto* const failure = std::get_if<ClientFailure>(&opened)) co_return std::move(*failure);
    auto& line = std::get<Impl::Line>(opened);
    if (patience.count() > 0) {
        std::array<char, 64> unasked{};
        line.stream->set_deadline(Clock::now() + patience);
        auto const room = net::buffer(unasked);
        auto const heard = co_await line.stream->read_some(room);
        if (heard.error && !line.stream->expired()) {
            auto failure = classify(*line.stream, heard.error, true);
            // That it hangs up on somebody who says nothing is its right.
            if (failure.fault == ClientFault::tls_identity) co_return failure;
        }
    }
    co_await line.stream->close_gently(std::chrono::milliseconds{500});
    co_return std::move(line.peer);
}

void Client::close() { impl_->close(); }

} // namespace nguon::http
