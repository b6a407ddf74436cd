#pragma once

#include "connector/target_source.hpp"
#include "core/runtime/clock.hpp"
#include "db/database.hpp"

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

/// What an administrator can try before a portal gets its first record, and at any time later.
namespace nguon::connector {

struct CheckOutcome {
    bool good = false;
    nlohmann::json detail = nlohmann::json::object(); // facts for the page; what failed stands under "error"
};

/// Shakes hands with our certificate and sends not a byte. Detail: {"peer": {"subject", "issuer", "host_names",
/// "not_before", "not_after", "sha256", "spki_sha256", "issuers_spki_sha256"}}.
net::awaitable<CheckOutcome> try_handshake(ConnectorTarget target);

/// Asks for a token where the portal has a sign-in. Detail: {"skew_seconds"}: the portal's clock minus ours.
net::awaitable<CheckOutcome> try_sign_in(ConnectorTarget target, Clock const& clock);

/// The ten oldest records that would go, with the request of each as it would be sent, and the ten oldest that would
/// be held. Sends nothing. Detail: {"ready": [{"type", "id", "version", "name", "organization_id", "method", "path",
/// "body", "hold", "reason"}], "held": […], "ready_count", "held_count"}.
net::awaitable<CheckOutcome> try_dry_run(db::Database& database, ConnectorTarget target, Instant now);

/// Fetches the portal's catalogues and stores them. Detail: {"catalogues": [{"name", "entries", "absent"}]}; "skipped"
/// for a portal that has none.
net::awaitable<CheckOutcome> try_catalogues(db::Database& database, ConnectorTarget target, Clock const& clock);

} // namespace nguon::connector
