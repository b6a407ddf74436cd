#pragma once

#include "connector/target_source.hpp"
#include "core/runtime/clock.hpp"
#include "core/sealed.hpp"
#include "db/connections.hpp"
#include "db/database.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nguon::connector {

struct PortalConnectionOptions {
    std::string public_url = {};              // in front of the addresses of pictures
    std::vector<std::string> configured = {}; // names that the configuration has; they win
};

/// The portals that administrators connect in the browser. One that cannot be used says so in its row and does not keep
/// the others from working.
class PortalConnections final : public TargetSource {
public:
    /// `sealer` may be null: then no connection has its key.
    PortalConnections(db::Database& database, Clock const& clock, std::shared_ptr<Sealer const> sealer,
                      PortalConnectionOptions options);

    net::awaitable<Change> look() override;
    TargetList targets() const override;
    net::awaitable<void> begin() override;
    net::awaitable<void> run_checks() override;

private:
    struct Served {
        db::connections::LiveRevision revision = {};
        std::shared_ptr<ConnectorTarget> target = {}; // null: it cannot be used
    };
    /// What a connection is made of, as read in one transaction.
    struct Stored {
        db::connections::PortalConnection connection = {};
        std::optional<db::connections::Certificate> certificate = {};
    };

    net::awaitable<Result<Stored>> load(std::string target, std::string slot);
    Result<tls::ContextPtr> make_context(Stored const& stored) const;
    Result<ConnectorTarget> make(Stored const& stored) const;
    /// Makes or changes what is served under this revision; true when the list is another one then.
    net::awaitable<bool> serve(db::connections::LiveRevision revision, Change& change);
    /// Keeps what is wrong, or that nothing is, for the administrators.
    net::awaitable<void> note_problem(db::connections::PortalConnection connection, Error const* problem);
    net::awaitable<void> forget_old();
    net::awaitable<void> run_check(db::connections::Check check);

    db::Database& database_;
    Clock const& clock_;
    std::shared_ptr<Sealer const> sealer_;
    PortalConnectionOptions options_;
    std::map<std::string, Served> served_;
    Instant forgotten_at_ = {}; // old key pairs
};

} // namespace nguon::connector
