#include "cli/installation.hpp"

#include "cli/commands.hpp"
#include "core/files.hpp"
#include "core/runtime/clock.hpp"
#include "db/installation.hpp"
#include "server/app/catalogues.hpp"
#include "server/web/embedded.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>

namespace nguon::cli {
namespace {

/// An installation knows what it is from its first moment; catalogues are renewed with the program.
Status prepare(db::Database& database, Settings const& settings)
{
    auto work = [&](db::Connection& c) -> Status {
        if (!db::installation::find(c)) {
            db::installation::Installation fresh;
            fresh.id = new_uuid();
            fresh.province_code = settings.province.code;
            fresh.public_url = settings.serve.public_url;
            fresh.created_at = SystemClock{}.now();
            db::installation::insert(c, fresh);
        }
        return server::app::load_catalogues(c);
    };
    return database.write_now(work);
}

} // namespace

void InstallationOptions::add_to(CLI::App& command)
{
    command.add_option("--data", data, "data directory")->capture_default_str();
    command.add_option("--config", config, "settings (TOML); default DIR/nguon.toml");
    command.add_option("--database", database, "postgres://… instead of SQLite in the data directory");
}

namespace {

/// The password goes where libpq and its tools look for one that the address does not say; on no command line.
Status offer_password(DatabaseConfig const& database)
{
    auto const password = read_secret(database.password_file);
    if (!password) return password.error();
    if (!password->empty()) ::setenv("PGPASSWORD", password->c_str(), 1);
    return Done{};
}

} // namespace

Result<Settings> load_settings(InstallationOptions const& options)
{
    auto file = options.config;
    std::error_code ignored;
    if (file.empty() && std::filesystem::exists(options.data / "nguon.toml", ignored))
        file = options.data / "nguon.toml";
    auto settings = nguon::load_settings(file.empty() ? std::nullopt : std::optional{file}, nguon_environment());
    if (!settings) return settings;
    if (!options.database.empty()) settings->database.url = options.database;
    if (auto const offered = offer_password(settings->database); !offered) return offered.error();
    return settings;
}

Result<std::unique_ptr<db::Database>> open_installation(InstallationOptions const& options, Settings const& settings)
{
    db::DatabaseSettings wanted;
    wanted.data_dir = options.data;
    wanted.postgres_url = settings.database.url;
    wanted.readers = static_cast<int>(settings.database.readers);
    wanted.writers = static_cast<int>(settings.database.writers);
    auto database = db::Database::open(wanted);
    if (!database) return database;
    if (auto prepared = prepare(**database, settings); !prepared) return prepared.error();
    return database;
}

Result<std::unique_ptr<db::Database>> open_to_read(InstallationOptions const& options, Settings const& settings)
{
    std::error_code ignored;
    if (settings.database.url.empty() && !std::filesystem::exists(options.data / "nguon.db", ignored))
        return Error{ErrorCode::not_found, "storage.missing", {options.data.string()}, {}, {}};
    db::DatabaseSettings wanted;
    wanted.data_dir = options.data;
    wanted.postgres_url = settings.database.url;
    wanted.read_only = true;
    return db::Database::open(wanted);
}

server::Locale const& sentences()
{
    static server::Locale const locale = [] {
        auto loaded = server::Locale::load(embedded::locale());
        if (!loaded) std::abort(); // part of the program: a test loads it
        return *std::move(loaded);
    }();
    return locale;
}

int fail(Error const& error)
{
    auto const& locale = sentences();
    std::cerr << "nguon: " << locale.text("vi", error.key, error.values) << '\n'
              << "nguon: " << locale.text("en", error.key, error.values) << '\n';
    for (auto const& fault : error.fields)
        std::cerr << "  " << fault.pointer << ": " << locale.text("en", fault.key, fault.values) << '\n';
    if (!error.log_text.empty()) std::cerr << "  " << error.log_text << '\n';
    return 1;
}

} // namespace nguon::cli
