#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Bytes travel as `std::string`: SQLite, OpenSSL and the sockets all take them so.
namespace nguon {

/// 32 raw bytes.
std::string sha256(std::string_view bytes);

/// Lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of what comes piece by piece.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 const&) = delete;
    Sha256& operator=(Sha256 const&) = delete;

    void add(std::string_view bytes);
    /// 64 lower-case hexadecimal digits. Once, when everything was added.
    std::string hex();

private:
    void* context_;
};

/// RFC 4648 §5 without padding.
std::string to_base64url(std::string_view bytes);

/// RFC 4648 §4 with padding.
std::string to_base64(std::string_view bytes);

/// Errors: "encoding.hex" when a character is no hexadecimal digit or their number is odd.
Result<std::string> from_hex(std::string_view text);

/// Takes either alphabet of RFC 4648 §4–5, padded or not. Errors: "encoding.base64".
Result<std::string> from_base64(std::string_view text);

/// Keyed digest, 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// `count` bytes of the operating system's random source; a failing source stops the program.
std::string random_bytes(std::size_t count);

/// Compares secrets in a time that depends on the length only.
bool equal_constant_time(std::string_view a, std::string_view b);

} // namespace nguon
