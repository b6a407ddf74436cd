#pragma once

#include "core/http/client.hpp"
#include "core/runtime/metrics.hpp"
#include "core/signed_note.hpp"
#include "db/database.hpp"

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace nguon::connector {

namespace net = boost::asio;

/// Who countersigns the delivery log outside this machine.
struct WitnessSettings {
    http::Url url = {}; // in front of /add-checkpoint
    std::shared_ptr<tls::ContextSlot> tls = {};
    NoteVerifier key;
};
/// `authority`: PEM of who signed its certificate, empty for the system's. Errors: "witness.url" {url}, "witness.key"
/// when the key is no cosigner's, those of tls::make_client_context.
Result<WitnessSettings> make_witness_settings(std::string const& url, std::string const& key,
                                              std::filesystem::path const& authority);

/// Shows every newest checkpoint to the witness and keeps its cosignature beneath the note. A witness that remembers
/// another history says so in log and metrics: then somebody has rewritten this log.
class Cosigner {
public:
    Cosigner(net::any_io_executor executor, WitnessSettings const& settings, db::Database& database, Metrics* metrics,
             std::int64_t epoch);

    /// Until `stop`; looks every minute, and when `timer` is cancelled.
    net::awaitable<void> run(net::steady_timer& timer);
    void stop() { stopping_ = true; }

private:
    struct Offer {
        std::uint64_t size = 0;
        std::string note = {};
        std::string body = {}; // of the request; empty: the note bears the cosignature already
    };
    net::awaitable<void> show_newest();
    net::awaitable<Result<Offer>> prepare();
    /// True when the witness knows another size and should be asked once more.
    net::awaitable<bool> offer(Offer const& offer);
    net::awaitable<void> keep(Offer const& offer, std::string_view lines);
    void complain(std::string const& what);

    WitnessSettings const& settings_;
    db::Database& database_;
    Metrics* metrics_;
    std::int64_t epoch_;
    http::Client client_;
    std::uint64_t known_ = 0; // size that the witness has signed for
    bool stopping_ = false;
};

} // namespace nguon::connector
