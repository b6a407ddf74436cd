#pragma once

#include "core/runtime/config.hpp"
#include "db/database.hpp"
#include "server/web/locale.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace nguon::cli {

/// Options that every command on an installation takes.
struct InstallationOptions {
    std::filesystem::path data = "./data";
    std::filesystem::path config = {}; // empty: DIR/nguon.toml, when it is there
    std::string database = {};         // postgres://…; empty: what the settings say

    void add_to(CLI::App& command);
};

/// The settings of file and environment, with `--database` on top. Also hands the password of `[database]
/// password_file` to libpq and the programs it is started with, so call it before any thread is. Errors: those of
/// nguon::load_settings and read_secret.
Result<Settings> load_settings(InstallationOptions const& options);

/// Opens the database of an installation, making it when it is new: data directory, schema, installation row and the
/// state's catalogues. Errors: those of Database::open.
Result<std::unique_ptr<db::Database>> open_installation(InstallationOptions const& options, Settings const& settings);

/// Opens an installation that is there, to read only. Errors: "storage.missing" {data directory}, those of
/// Database::open.
Result<std::unique_ptr<db::Database>> open_to_read(InstallationOptions const& options, Settings const& settings);

/// Every sentence, for what commands say.
server::Locale const& sentences();

} // namespace nguon::cli
