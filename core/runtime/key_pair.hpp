#pragma once

#include "core/result.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Key pairs that are made here and never leave, and the requests by which an authority certifies them.
namespace nguon::tls {

enum class KeyKind { ec_p256, rsa_3072 };

/// "ec-p256", "rsa-3072"
std::string_view to_text(KeyKind kind);
std::optional<KeyKind> read_key_kind(std::string_view text);

/// A new private key, PKCS#8 in PEM. RSA takes most of a second: not on an I/O thread.
std::string make_private_key(KeyKind kind);

/// Whom a certificate is to name. Each part is cut at 64 characters, which X.520 allows.
struct RequestSubject {
    std::string province = {};     // ST
    std::string organization = {}; // O
    std::string name = {};         // CN
};

/// A PKCS#10 request in PEM for a client certificate of that key, country VN, signed with SHA-256. Errors:
/// "chain.key_unreadable" when `key` is no private key.
Result<std::string> make_certificate_request(std::string_view key, RequestSubject const& subject);

} // namespace nguon::tls
