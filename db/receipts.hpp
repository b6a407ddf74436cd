#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// The portals' answers, raw, stored in the same transaction as the state `delivered`. A portal that signs nothing
/// leaves `key_id` and `signature` empty; then `body` holds its whole answer, and the connection's certificate and the
/// time stand beside it.
namespace nguon::db::receipts {

struct Receipt {
    std::string portal_id = {};
    Instant accepted_at = {};
    std::string payload_sha256 = {}; // the digest of the bytes that were sent, which a signature covers
    std::string key_id = {};
    std::string signature = {};
    std::string body = {}; // the receipt as it came
    std::string peer_certificate_sha256 = {};
    Instant received_at = {};

    bool operator==(Receipt const&) const = default;
};

/// Keeps the first receipt of a delivery, for which the delivery log answers. What a portal forgot and then took again
/// adds the later receipt beside it; false then.
bool insert(Connection& c, std::string const& target, std::int64_t outbox_seq, Receipt const& receipt);

/// Errors: not_found "receipt.unknown", also when the record belongs to another organization.
Result<Receipt> find(Connection& c, OrganizationId const& org, std::string const& target, std::int64_t outbox_seq);

} // namespace nguon::db::receipts
