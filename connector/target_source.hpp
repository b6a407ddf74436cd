#pragma once

#include "connector/engine.hpp"
#include "connector/file_drop.hpp"
#include "connector/target.hpp"
#include "core/http/client.hpp"
#include "db/targets.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace nguon::connector {

namespace net = boost::asio;

/// One portal with what it takes to reach it.
struct ConnectorTarget {
    std::unique_ptr<Target> target = {};
    db::targets::Target row = {}; // `since` is when the connector begins
    std::shared_ptr<tls::ContextSlot> tls = {};
    std::shared_ptr<FileDrop> files = {};              // instead of `tls`, for a target that takes files
    Duration files_kept = std::chrono::hours{24 * 90}; // after their receipts were stored
    http::ClientLimits limits = {};
    EngineSettings engine = {};
};

using TargetList = std::vector<std::shared_ptr<ConnectorTarget>>;

/// Portals that administrators connect and disconnect while the connector runs. Used on the connector's strand only.
class TargetSource {
public:
    struct Change {
        bool list = false;                     // other portals or settings: the exchange begins anew
        std::vector<std::string> swapped = {}; // portals whose new connections take another certificate from now on
    };

    virtual ~TargetSource() = default;

    /// Looks for changes; cheap when there are none. The portals of before stay usable by those who hold them.
    virtual net::awaitable<Change> look() = 0;
    virtual TargetList targets() const = 0;

    /// Takes up again what an earlier connector was trying for an administrator when it ended.
    virtual net::awaitable<void> begin() = 0;
    /// Tries what administrators ask for until nothing is left. One at a time; may be cancelled.
    virtual net::awaitable<void> run_checks() = 0;
};

} // namespace nguon::connector
