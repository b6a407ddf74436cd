#pragma once

#include "core/http/framing_guard.hpp"
#include "core/http/message.hpp"
#include "core/limits.hpp"
#include "core/runtime/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace nguon::http {

/// All limits of a connection; the defaults are those of core/limits.hpp, tests take shorter ones.
struct SessionLimits {
    FramingLimits framing = {};
    std::chrono::milliseconds header_time = limits::header_time;
    std::chrono::milliseconds handshake_time = limits::handshake_time;
    std::chrono::milliseconds body_grace_time = limits::body_grace_time;
    std::uint64_t transfer_bytes_per_second_min = limits::transfer_bytes_per_second_min;
    std::chrono::milliseconds handler_time = limits::handler_time;
    std::chrono::milliseconds response_time = limits::response_time; // one answer of up to 64 KiB
    std::chrono::milliseconds keep_alive_time = limits::keep_alive_time;
    std::chrono::milliseconds keep_alive_busy_time = limits::keep_alive_busy_time; // above 80 % of connections_max
    std::size_t requests_max = limits::requests_per_connection_max;
    std::size_t connections_max = limits::connections_max;
    std::chrono::milliseconds drain_time = limits::drain_time;
    std::chrono::milliseconds close_time = std::chrono::seconds{2}; // for the other side to read a last answer
    std::size_t body_memory_bytes = limits::body_memory_bytes;
    std::uint64_t dropped_body_bytes_max = limits::dropped_body_bytes_max;
};

/// What happened to one request, for the access log.
struct AccessRecord {
    std::string request_id = {};
    std::string method = {}; // empty when the head was refused
    std::string path = {};   // without query, which may hold personal data
    std::string peer = {};
    bool secure = false;
    unsigned status = 0; // 0: the client left before an answer
    std::uint64_t request_bytes = 0;
    std::uint64_t response_bytes = 0;
    std::chrono::microseconds duration = {};
    std::string refusal = {}; // the framing fault or limit that was hit: "transfer_encoding", "body_too_large", …
};

/// A request that the session itself refuses, before or instead of the handler.
struct Refusal {
    unsigned status = 400;
    std::string key = {}; // "http.transfer_encoding", "http.body_too_large", "http.timeout", "internal"
    std::string request_id = {};
    Request const* request = nullptr; // as far as it was read; nullptr when its head was refused
};

struct SessionOptions {
    SessionLimits limits = {};
    BodyPolicy body_policy = {};          // empty: limits::body_bytes_default for every path
    std::filesystem::path spool_dir = {}; // of bodies above body_memory_bytes; empty: the system's temporary folder
    KeptAnswers kept_answers = {};        // asked first, about requests without a body
    NextExecutor next_executor = {};      // empty: a strand of the listener's executor for each connection
    std::function<void(AccessRecord const&)> on_access = {};
    std::function<Response(Refusal const&)> refuse = {}; // empty: `refusal_response`
    Metrics* metrics = nullptr;
};

/// application/problem+json with English title and Vietnamese detail.
Response refusal_response(Refusal const& refusal);

/// The title of a status: "Not Found".
std::string_view reason_phrase(unsigned status);

} // namespace nguon::http
