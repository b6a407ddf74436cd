#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "db/connection.hpp"

#include <nlohmann/json_fwd.hpp>

namespace nguon::server::app {

/// What proves one delivery without us: the record as it was frozen, the bytes that were sent, the portal's receipt,
/// the delivery log's entry and its way to a signed root. `nguon verify --proof` checks it anywhere. Errors: not_found
/// "delivery.unknown" (also of another organization), conflict "delivery_log.not_yet" when it has not been delivered,
/// or no checkpoint covers it yet.
Result<nlohmann::json> make_proof(db::Connection& c, OrganizationId const& org, std::string const& target,
                                  std::int64_t outbox_seq);

/// Whether `make_proof` has something to prove with: a receipt, and a signed root that covers it.
bool has_proof(db::Connection& c, std::string const& target, std::int64_t outbox_seq);

} // namespace nguon::server::app
