#pragma once

#include "core/runtime/clock.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "db/database.hpp"

#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

/// DIR/control.sock: how a command reaches the process that serves the installation. One JSON line each way; only the
/// same user and root are answered.
namespace nguon::cli {

class ControlSocket {
public:
    /// Errors: "control.socket" {path}.
    static Result<std::unique_ptr<ControlSocket>> open(net::any_io_executor executor, std::filesystem::path data,
                                                       db::Database& database, CpuPool& cpu_pool, Clock const& clock);
    ~ControlSocket();
    ControlSocket(ControlSocket const&) = delete;
    ControlSocket& operator=(ControlSocket const&) = delete;

    void close();

private:
    class Impl;
    explicit ControlSocket(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}
    std::shared_ptr<Impl> impl_;
};

/// Asks the serving process of `data`. Errors: "control.nobody" when none answers, and those of the command.
Result<nlohmann::json> ask_serving_process(std::filesystem::path const& data, nlohmann::json const& request);

} // namespace nguon::cli
