#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

/// Messages between a worker pool and its processes: a length in four bytes, least significant first, then the bytes.
namespace nguon::worker_socket {

/// Where a worker finds its socket.
inline constexpr int descriptor = 3;

enum class Outcome { done, closed, timed_out, too_large };

using Deadline = std::chrono::steady_clock::time_point;

/// The pool's side: waits no longer than `deadline`.
Outcome send_message(int socket, std::string_view message, Deadline deadline);
Outcome receive_message(int socket, std::string& message, std::size_t bytes_max, Deadline deadline);

/// The worker's side: waits without end and uses no system calls but read and write.
Outcome write_message(int socket, std::string_view message);
Outcome read_message(int socket, std::string& message, std::size_t bytes_max);

} // namespace nguon::worker_socket
