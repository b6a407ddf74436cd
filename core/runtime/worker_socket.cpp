#include "core/runtime/worker_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nguon::worker_socket {
namespace {

using Prefix = std::array<char, 4>;

Prefix to_prefix(std::size_t size)
{
    Prefix prefix{};
    for (unsigned i = 0; i < prefix.size(); ++i) prefix[i] = static_cast<char>((size >> (8 * i)) & 255U);
    return prefix;
}

std::size_t from_prefix(Prefix const& prefix)
{
    std::size_t size = 0;
    for (unsigned i = 0; i < prefix.size(); ++i) {
        size |= static_cast<std::size_t>(static_cast<unsigned char>(prefix[i])) << (8 * i);
    }
    return size;
}

Outcome wait_for(int socket, short events, Deadline deadline)
{
    while (true) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return Outcome::timed_out;
        pollfd one{socket, events, 0};
        auto const ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 3'600'000)));
        if (ready > 0) return Outcome::done;
        if (ready < 0 && errno != EINTR) return Outcome::closed;
    }
}

Outcome send_all(int socket, std::string_view bytes, Deadline deadline)
{
    while (!bytes.empty()) {
        auto const ready = wait_for(socket, POLLOUT, deadline);
        if (ready != Outcome::done) return ready;
        auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EINTR && errno != EAGAIN) return Outcome::closed;
    }
    return Outcome::done;
}

Outcome receive_all(int socket, char* bytes, std::size_t size, Deadline deadline)
{
    while (size > 0) {
        auto const ready = wait_for(socket, POLLIN, deadline);
        if (ready != Outcome::done) return ready;
        auto const got = ::recv(socket, bytes, size, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return Outcome::closed;
        if (got > 0) {
            bytes += got;
            size -= static_cast<std::size_t>(got);
        }
    }
    return Outcome::done;
}

Outcome write_all(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const sent = ::write(socket, bytes.data(), bytes.size());
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EINTR) return Outcome::closed;
    }
    return Outcome::done;
}

Outcome read_all(int socket, char* bytes, std::size_t size)
{
    while (size > 0) {
        auto const got = ::read(socket, bytes, size);
        if (got == 0 || (got < 0 && errno != EINTR)) return Outcome::closed;
        if (got > 0) {
            bytes += got;
            size -= static_cast<std::size_t>(got);
        }
    }
    return Outcome::done;
}

} // namespace

Outcome send_message(int socket, std::string_view message, Deadline deadline)
{
    if (message.size() > std::numeric_limits<std::uint32_t>::max()) return Outcome::too_large;
    auto const prefix = to_prefix(message.size());
    auto const sent = send_all(socket, {prefix.data(), prefix.size()}, deadline);
    return sent == Outcome::done ? send_all(socket, message, deadline) : sent;
}

Outcome receive_message(int socket, std::string& message, std::size_t bytes_max, Deadline deadline)
{
    Prefix prefix{};
    auto const got = receive_all(socket, prefix.data(), prefix.size(), deadline);
    if (got != Outcome::done) return got;
    auto const size = from_prefix(prefix);
    if (size > bytes_max) return Outcome::too_large;
    message.resize(size);
    return receive_all(socket, message.data(), size, deadline);
}

Outcome write_message(int socket, std::string_view message)
{
    if (message.size() > std::numeric_limits<std::uint32_t>::max()) return Outcome::too_large;
    auto const prefix = to_prefix(message.size());
    auto const sent = write_all(socket, {prefix.data(), prefix.size()});
    return sent == Outcome::done ? write_all(socket, message) : sent;
}

Outcome read_message(int socket, std::string& message, std::size_t bytes_max)
{
    Prefix prefix{};
    auto const got = read_all(socket, prefix.data(), prefix.size());
    if (got != Outcome::done) return got;
    auto const size = from_prefix(prefix);
    if (size > bytes_max) return Outcome::too_large;
    message.resize(size);
    return read_all(socket, message.data(), size);
}

} // namespace nguon::worker_socket
