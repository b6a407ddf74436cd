#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

/// Messages as plain values: handlers know nothing of Beast.
namespace nguon::http {

namespace net = boost::asio;

enum class Method { get, head, post, put, patch, delete_, options };

std::string_view to_text(Method method);

/// Header fields in order; names compare without regard to ASCII case.
class Headers {
public:
    /// Appends a field. A value with CR, LF or NUL is a bug of the caller (assert).
    void add(std::string name, std::string value);
    /// Replaces every field of that name.
    void set(std::string name, std::string value);
    void remove(std::string_view name);
    /// The first field of that name, or an empty view.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// A body that came: in memory up to limits::body_memory_bytes, else in a file that is removed with the last copy.
class Body {
public:
    Body() = default;
    explicit Body(std::string bytes) : bytes_{std::move(bytes)}, size_{bytes_.size()} {}
    /// Takes over `file`.
    static Body spooled(std::filesystem::path file, std::uint64_t size);

    std::uint64_t size() const { return size_; }
    bool is_spooled() const { return file_ != nullptr; }
    std::filesystem::path const& file() const { return *file_; }
    /// The bytes; reads the file when spooled. Throws std::runtime_error when the file cannot be read.
    std::string bytes() const;

private:
    std::string bytes_;
    std::shared_ptr<std::filesystem::path const> file_;
    std::uint64_t size_ = 0;
};

/// The other side of the connection.
struct Peer {
    std::string address = {}; // textual IP, without port
    bool secure = false;      // TLS
    bool loopback = false;
    std::string certificate_sha256 = {}; // hexadecimal digest of the client certificate, when one was verified
    std::string certificate_subject = {};
};

struct Request {
    Method method = Method::get;
    std::string target = {}; // as it came: path and query, percent-encoded
    std::string path = {};   // percent-encoded path part
    std::string query = {};  // percent-encoded query part without "?"
    Headers headers = {};
    Body body = {};
    Peer peer = {};
    std::string id = {}; // the request id that logs and answers carry
    std::chrono::steady_clock::time_point arrived = {};

    std::string_view header(std::string_view name) const { return headers.get(name); }
};

/// A stretch of a file.
struct FileRange {
    std::filesystem::path file = {};
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Produces the next piece of the body; empty when it is done. Sent chunked.
using Generator = std::function<net::awaitable<std::string>()>;

using SharedBytes = std::shared_ptr<std::string const>;

struct Response {
    unsigned status = 200;
    Headers headers = {};
    SharedBytes kept_fields = {}; // further fields as they are sent: "Name: value\r\n" each, none of the session's own
    std::variant<std::string, SharedBytes, FileRange, Generator> body = {};
    bool close = false; // close the connection after this answer

    Response& header(std::string name, std::string value) &
    {
        headers.set(std::move(name), std::move(value));
        return *this;
    }
    Response&& header(std::string name, std::string value) &&
    {
        headers.set(std::move(name), std::move(value));
        return std::move(*this);
    }
};

/// Answers one request. May suspend; what it throws becomes a logged 500.
using Handler = std::function<net::awaitable<Response>(Request const& request)>;

/// Answers without waiting what it has ready; nothing for every other request, which then goes to the handler.
using KeptAnswers = std::function<std::optional<Response>(Request const& request)>;

/// The executor of the next connection; nothing else of that connection runs beside what runs there.
using NextExecutor = std::function<net::any_io_executor()>;

/// How a path takes its body, asked before the body is read.
struct BodyLimits {
    std::uint64_t bytes_max = 0;
    std::chrono::seconds time = {};
};
using BodyPolicy = std::function<BodyLimits(Method method, std::string_view path)>;

} // namespace nguon::http
