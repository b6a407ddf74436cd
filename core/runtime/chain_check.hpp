#pragma once

#include "core/result.hpp"
#include "core/runtime/tls.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Looks at a client certificate before it is used, so that no portal has to be asked what is wrong with it.
namespace nguon::tls {

/// The certificates of an uploaded file (PEM, DER, or PKCS#7 in either), as PEM: the one of `key` first, each followed
/// by its issuer, the rest left out. Errors: "chain.too_large" {KiB max}, "chain.unreadable", "chain.holds_key" when
/// somebody sends the private key along, "chain.too_many" {max}, "chain.key_mismatch" when none is of `key`.
Result<std::string> read_chain(std::string_view file, std::string_view key);

/// The certificates of authorities in a PEM text. Errors: "chain.authority_unreadable".
Result<std::vector<CertificateInfo>> read_authorities(std::string_view pem);

/// Whether the PEM text is a public Ed25519 key. Errors: "chain.receipt_key".
Status check_receipt_key(std::string_view pem);

struct ChainRules {
    std::string authority =
        {}; // PEM: where the chain must end; empty: the system's authorities, or a root in the chain
    bool practice_host = false; // certificates of the development authority will do
    Instant now = {};
};

struct ChainReport {
    CertificateInfo own = {};
    std::vector<Error> faults = {}; // all that were found; empty: it is good

    bool good() const { return faults.empty(); }
};

/// Judges a chain of `read_chain`. Faults: "chain.unreadable", "chain.key_unreadable", "chain.key_mismatch",
/// "chain.untrusted" {reason}, "chain.not_for_clients", "chain.is_authority", "chain.expired" {date},
/// "chain.not_yet" {time}, "chain.weak_key" {subject}, "chain.weak_signature" {subject}, "chain.practice".
ChainReport check_chain(std::string_view chain, std::string_view key, ChainRules const& rules);

} // namespace nguon::tls
