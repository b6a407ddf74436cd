#pragma once

#include "core/http/client.hpp"
#include "core/http/framing_guard.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nguon::http {

/// Reads one answer, fed as it comes; pure. An answer is whole only when its own framing says so.
class AnswerReader {
public:
    enum class State { more, complete, failed };

    AnswerReader(bool for_head, std::size_t header_bytes_max, std::size_t body_bytes_max);

    /// What follows a whole answer stays untouched and makes the connection useless; see `leftover`.
    void feed(std::string_view bytes);
    /// The connection ended; `orderly` says that TLS or TCP closed it as it should.
    void feed_end(bool orderly);

    State state() const { return state_; }
    ClientFault fault() const { return fault_; }
    bool header_done() const { return header_done_; }
    bool started() const { return started_; }
    /// When its first byte came.
    std::chrono::steady_clock::time_point started_at() const { return started_at_; }
    /// Whether the connection can carry another request.
    bool keeps_alive() const { return keep_alive_ && leftover_ == 0; }
    /// Status, headers and body are set.
    ClientResponse& response() { return response_; }

private:
    enum class Framing { none, length, chunked, until_end };

    void take_head();
    bool parse_head(std::string_view head);
    bool choose_framing();
    void take_body(std::string_view bytes);
    void fail(ClientFault fault);

    bool for_head_;
    std::size_t header_bytes_max_;
    std::size_t body_bytes_max_;
    State state_ = State::more;
    ClientFault fault_ = ClientFault::malformed;
    bool started_ = false;
    std::chrono::steady_clock::time_point started_at_ = {};
    bool header_done_ = false;
    bool keep_alive_ = false;
    std::string head_;
    std::size_t head_bytes_ = 0;
    std::size_t leftover_ = 0;
    Framing framing_ = Framing::none;
    std::uint64_t length_ = 0;
    ChunkReader chunks_;
    ClientResponse response_;
};

} // namespace nguon::http
