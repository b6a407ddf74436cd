#pragma once

#include "core/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Refuses messages that two programs could read in two ways, before any parser sees them (RFC 9112 §11.1–11.2).
/// Pure and incremental: no sockets, no Beast.
namespace nguon::http {

/// Why a message is refused; each has a name for log and metrics, a status and closes the connection.
enum class FramingFault {
    request_line,      // not METHOD SP TARGET SP HTTP/x.y CRLF; HTTP/0.9
    version,           // neither HTTP/1.0 nor HTTP/1.1
    method_unknown,    // not one of ours
    method_forbidden,  // TRACE, CONNECT
    target_characters, // control, space, "#", byte above 0x7E
    target_form,       // neither /path nor * (OPTIONS) nor http(s)://HOST/path
    target_too_long,   // limits::target_bytes_max
    header_too_long,   // limits::header_bytes_max
    header_too_many,   // limits::header_lines_max
    bare_cr,
    bare_lf,
    header_fold,  // obsolete line folding
    header_name,  // empty, not a token, space before the colon, no colon
    header_value, // control character
    host_missing,
    host_repeated,
    host_malformed,
    host_mismatch,         // absolute-form target with another authority
    transfer_encoding,     // anything but one "chunked"
    transfer_encoding_1_0, // chunked in HTTP/1.0
    length_with_encoding,  // Content-Length and Transfer-Encoding
    length_repeated,
    length_malformed,
    body_on_get, // GET or HEAD with a body
    upgrade,     // h2c
    chunk_size,
    chunk_extension, // too long, or with a control character
    chunk_framing,   // no CRLF after chunk data
    trailer,         // trailer fields
};

/// "transfer_encoding"
std::string_view to_text(FramingFault fault);
/// 400, 405, 414, 431, 501 or 505
unsigned to_status(FramingFault fault);

/// How the body that follows a header is framed.
enum class BodyFraming { none, length, chunked };

/// Limits of one message head; a struct so that tests choose small ones.
struct FramingLimits {
    std::size_t header_bytes_max = limits::header_bytes_max; // request line, fields and the empty line
    std::size_t header_lines_max = limits::header_lines_max; // fields
    std::size_t target_bytes_max = limits::target_bytes_max;
};

/// Reads one message head. After `complete` the accessors hold; after `refused` only `fault`.
class FramingGuard {
public:
    enum class State { more, complete, refused };

    explicit FramingGuard(FramingLimits limits = {}) : limits_{limits} {}

    /// Takes the next bytes and says how many of them belong to the head; never more than one head.
    std::size_t feed(std::string_view bytes);
    State state() const { return state_; }
    FramingFault fault() const { return fault_; }
    /// True once a byte has come.
    bool started() const { return !head_.empty(); }

    /// The head as it came, with the empty line.
    std::string const& head() const { return head_; }
    std::string_view method() const { return method_; }
    /// As it came.
    std::string_view target() const { return target_; }
    /// Path and query: the target without scheme and authority.
    std::string_view origin_target() const { return origin_target_; }
    bool http_1_1() const { return http_1_1_; }
    BodyFraming framing() const { return framing_; }
    std::uint64_t content_length() const { return content_length_; }

private:
    std::size_t take_piece(std::string_view bytes);
    void take_line(std::string_view line);
    void take_request_line(std::string_view line);
    void take_target(std::string_view target);
    void take_field(std::string_view line);
    void take_framing_field(std::string_view name, std::string_view value);
    void finish();
    void refuse(FramingFault fault);

    FramingLimits limits_;
    State state_ = State::more;
    FramingFault fault_ = FramingFault::request_line;
    std::string head_;
    std::size_t line_start_ = 0;
    std::size_t lines_ = 0;
    std::string method_;
    std::string target_;
    std::string origin_target_;
    std::string target_authority_;
    std::string host_;
    bool http_1_1_ = false;
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_encoding_ = false;
    std::uint64_t content_length_ = 0;
    BodyFraming framing_ = BodyFraming::none;
};

/// Reads a chunked body strictly: no trailers, short extensions without control characters, sizes of at most 15 digits.
class ChunkReader {
public:
    enum class State { more, complete, refused };

    /// Takes bytes, appends what they hold of the body to `body`, and says how many belong to this body.
    std::size_t feed(std::string_view bytes, std::string& body);
    State state() const { return state_; }
    FramingFault fault() const { return fault_; }

private:
    enum class At { size, extension, size_lf, data, data_cr, data_lf, end_cr, end_lf };

    void take(char c);
    void refuse(FramingFault fault);

    State state_ = State::more;
    FramingFault fault_ = FramingFault::chunk_size;
    At at_ = At::size;
    unsigned digits_ = 0;
    std::uint64_t left_ = 0;
    std::size_t extension_bytes_ = 0; // of the whole body
};

} // namespace nguon::http
