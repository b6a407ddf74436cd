#pragma once

#include "core/http/listener.hpp"
#include "core/result.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/endpoint.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <nlohmann/json_fwd.hpp>

/// A stand-in for the national portal, whose official guide is not public: its own program, its own store, its own
/// reading of the interface. It shares no code with the connector.
namespace nguon::practice_portal {

namespace net = boost::asio;

struct PortalSettings {
    std::filesystem::path data_dir = {};  // holds ledger.jsonl
    std::filesystem::path certs_dir = {}; // ca.pem, portal.pem, portal.key, receipt.key
    Endpoint listen = {};
    std::filesystem::path script = {}; // faults; empty: it behaves
    std::string client_id = {};        // empty: whoever has a certificate may sign in
    std::string client_secret = {};
    std::chrono::seconds token_life{900};
    std::string capture_token = {};      // Bearer that EPCIS captures must show; empty: the certificate is enough
    std::filesystem::path drop_dir = {}; // with outgoing/ and incoming/; empty: no files are taken
    std::filesystem::path drop_key = {}; // PEM of the key that bundles are signed with
};

/// Mutual TLS; resources below /gwdev/tochuc/v5, what it has of them at /DoiSoat there, pictures at /HinhAnh,
/// catalogues below /DanhMuc (those of `data_dir`/catalogues.json in place of the sample), sign-in at /sso/token,
/// EPCIS 2.0 capture below /epcis, and GET /ledger for checks from outside. With `drop_dir` it takes bundles of files
/// too.
class PracticePortal {
public:
    /// Opens the ledger. Errors: those of Ledger::open, ReceiptSigner::load, tls::make_server_context, FaultPlan::read,
    /// DropDesk::open, and "portal.data_dir" {directory}.
    static Result<std::unique_ptr<PracticePortal>> open(net::any_io_executor executor, PortalSettings settings,
                                                        Clock const& clock);
    ~PracticePortal();
    PracticePortal(PracticePortal const&) = delete;
    PracticePortal& operator=(PracticePortal const&) = delete;

    /// The bound address. Errors: those of http::Listener::listen_tls.
    Result<Endpoint> start();
    /// Finishes open requests.
    net::awaitable<void> stop();
    /// Ends as a kill would: nothing more is answered.
    void abort();

    /// What GET /ledger answers.
    nlohmann::json ledger() const;
    /// Loses the newest confirmed record, as after a restore of an old copy.
    void forget_newest();
    /// Changes what it holds under a key; false when it has none.
    bool alter(std::string const& key);
    /// A record entered at the portal itself, by its GTIN or tax code; its number.
    std::string enter_by_hand(std::string const& type, std::string const& value);

private:
    class Impl;
    explicit PracticePortal(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

} // namespace nguon::practice_portal
