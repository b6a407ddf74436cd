#pragma once

#include "cli/installation.hpp"
#include "core/runtime/endpoint.hpp"

#include <memory>
#include <vector>

namespace nguon::cli {

/// What `nguon serve` is asked for, beyond the settings.
struct ServeOptions {
    InstallationOptions installation = {};
    std::vector<Endpoint> http = {};
    std::vector<Endpoint> https = {};
    std::string public_url = {};
    bool dev = false; // templates from the source tree
};

/// The whole service: built in order, taken down in reverse.
class Application {
public:
    /// Opens the installation and everything that stands on it. Errors: those of load_settings and open_installation,
    /// of certificates and addresses.
    static Result<std::unique_ptr<Application>> build(ServeOptions const& options);
    ~Application();
    Application(Application const&) = delete;
    Application& operator=(Application const&) = delete;

    /// Where it listens, with ports that were chosen.
    std::vector<Endpoint> const& http() const;
    std::vector<Endpoint> const& https() const;

    /// Serves until SIGTERM or SIGINT, then drains: /readyz says no, accepting stops, open requests finish, connector
    /// and scans are written, the database is closed.
    void run();

private:
    class Impl;
    explicit Application(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace nguon::cli
