#pragma once

#include "core/http/framing_guard.hpp"
#include "core/http/message.hpp"
#include "core/http/session.hpp"
#include "core/http/stream.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/cancellation_signal.hpp>

namespace nguon::http {

/// What the connections of one listener share.
struct SessionShared {
    SessionShared(Handler h, SessionOptions o);

    Handler handler;
    SessionOptions options;
    std::atomic<std::size_t> connections = 0;

    // Null without metrics.
    Counter* requests = nullptr;
    Gauge* open = nullptr;
    Counter* handshake_failures = nullptr;
    Counter* refused_connections = nullptr;
    Histogram* times = nullptr;
};

/// One connection: a coroutine that reads requests, has them answered and writes the answers, one after the other.
/// All but `in_request` happens on the strand of the stream.
class Connection {
public:
    Connection(std::shared_ptr<SessionShared> shared, StreamPtr stream, Peer peer);

    /// Serves until either side ends; the connection is closed afterwards.
    net::awaitable<void> run();

    /// Ends after the request that is being answered, at once when there is none.
    void begin_drain();
    /// Cancels the handler that runs and closes.
    void cancel();
    bool in_request() const { return in_request_.load(); }

    net::any_io_executor executor() { return stream_->executor(); }

private:
    using Clock = std::chrono::steady_clock;
    enum class Next { keep, close };

    net::awaitable<bool> shake_hands();
    net::awaitable<Next> serve_one(std::size_t served);
    net::awaitable<bool> await_first_byte(std::size_t served);
    net::awaitable<bool> read_head(FramingGuard& guard, std::size_t served);
    net::awaitable<bool> fill(std::size_t bytes_max);
    net::awaitable<Next> answer(FramingGuard const& guard, std::size_t served);
    std::optional<Response> find_kept(FramingGuard const& guard, Request const& request) const;
    net::awaitable<std::optional<Refusal>> take_body(FramingGuard const& guard, Request& request);
    net::awaitable<std::optional<Refusal>> read_body(FramingGuard const& guard, Request& request);
    net::awaitable<void> drop_body(std::uint64_t length, std::chrono::milliseconds longest);
    std::chrono::milliseconds body_time(std::uint64_t bytes, std::chrono::milliseconds longest) const;
    net::awaitable<Response> handle(Request const& request);

    net::awaitable<Next> refuse(unsigned status, std::string key, Request const* request = nullptr);
    net::awaitable<Next> send(Response response, bool is_head, bool http_1_1, bool keep);
    net::awaitable<bool> send_body(Response& response, std::string head, bool chunked);
    net::awaitable<bool> send_file(FileRange range);
    net::awaitable<bool> send_generated(Generator generator, bool chunked);
    net::awaitable<bool> write_some(std::string_view bytes);

    void begin_record();
    void end_record();
    bool wants_keep_alive(FramingGuard const& guard, Headers const& headers, std::size_t served) const;

    std::shared_ptr<SessionShared> shared_;
    SessionLimits const& limits_;
    StreamPtr stream_;
    Peer peer_;
    std::string input_; // came, not read yet
    net::cancellation_signal cancel_;
    bool idle_ = false;
    bool draining_ = false;
    std::atomic<bool> in_request_ = false;

    // Of the request that is being served.
    AccessRecord record_;
    Clock::time_point arrived_;
};

} // namespace nguon::http
