#pragma once

#include "connector/target.hpp"
#include "core/ed25519.hpp"
#include "core/result.hpp"
#include "core/runtime/cpu_pool.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace nguon::connector {

namespace net = boost::asio;

/// A directory that serves the engine's requests as a portal would:
///
///     PUT /NAME   the bundle (text of `to_text`) goes out; 202, or 409 when NAME went out with other bytes
///     GET /NAME   200 and the receipt lines that lie there for it, 404 when NAME never went out
///
/// outgoing/  what the portal fetches: content, NAME.manifest.json and, last, NAME.manifest.sig, 64 bytes of Ed25519
///            over the manifest; the portal may take them away
/// incoming/  what the portal leaves: NAME.*.ndjson, each moved into place whole
/// kept/      ours: every bundle as it went out, and NAME.sent once all its files lay in outgoing/
///
/// What is kept and what was left for it goes together, by `forget`, when whoever calls it says that nothing of the
/// bundle is open any more.
///
/// Each file is written under a temporary name, synced, renamed, and its directory synced. A bundle that is kept but
/// not marked as sent (a crash came between) goes out at the next request for it, with the same bytes.
class FileDrop {
public:
    /// Makes what directories are missing. Errors: "target.directory" {directory}, "target.signing_key" {file}.
    static Result<std::shared_ptr<FileDrop>> open(std::filesystem::path const& directory,
                                                  std::filesystem::path const& signing_key);

    /// "file:DIRECTORY"
    std::string const& base_url() const { return base_url_; }

    /// On a thread of its own, because disks are slow. What goes wrong stands in the answer.
    net::awaitable<Answer> send(Request request);
    net::awaitable<Answer> probe();

    /// A bundle that is kept, and the keys of its records.
    struct Kept {
        std::string name = {};
        std::vector<std::string> keys = {};
    };
    /// The next bundles by name behind `after` that were written before `before`. None that cannot be read.
    net::awaitable<std::vector<Kept>> kept_before(Instant before, std::string after, std::size_t count);
    /// Removes bundles from kept/ and what lies for them in incoming/; how many.
    net::awaitable<std::size_t> forget(std::vector<std::string> names);

    /// The same at once.
    Answer send_now(Request const& request) const;
    Answer probe_now() const;
    std::vector<Kept> kept_before_now(Instant before, std::string const& after, std::size_t count) const;
    std::size_t forget_now(std::vector<std::string> const& names) const;

private:
    FileDrop(std::filesystem::path directory, ed25519::PrivateKey key);

    Result<Answer> put(std::string const& name, std::string const& text) const;
    Result<Answer> receipts_of(std::string const& name) const;
    Status publish(std::string const& name, std::string const& text) const;

    std::filesystem::path directory_;
    std::string base_url_;
    ed25519::PrivateKey key_;
    CpuPool thread_{1, 64};
};

} // namespace nguon::connector
