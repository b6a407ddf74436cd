#include "db/backup.hpp"
#include "cli/backup_file.hpp"
#include "cli/child_process.hpp"
#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/runtime/clock.hpp"
#include "db/events.hpp"
#include "db/installation.hpp"
#include "db/targets.hpp"
#include "db/versions.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

using nlohmann::ordered_json;

struct BackupOptions {
    InstallationOptions installation;
    std::filesystem::path file;
};

ordered_json to_json(BackupManifest const& manifest)
{
    return {{"engine", manifest.engine},         {"installation", manifest.installation},
            {"created_at", manifest.created_at}, {"bytes", manifest.bytes},
            {"sha256", manifest.sha256},         {"events", manifest.events},
            {"records", manifest.records}};
}

/// What a copy holds; compared again after it was restored.
Result<BackupManifest> describe(db::Connection& c)
{
    BackupManifest manifest;
    auto const installation = db::installation::find(c);
    if (!installation) return invalid("backup.empty_installation");
    manifest.engine = c.dialect() == db::Dialect::sqlite ? "sqlite" : "postgres";
    manifest.installation = installation->id;
    manifest.created_at = to_iso(SystemClock{}.now());
    manifest.version = NGUON_VERSION;
    manifest.events = db::events::count(c);
    manifest.records = db::versions::count(c);
    return manifest;
}

Result<BackupManifest> describe_installation(InstallationOptions const& options, Settings const& settings)
{
    db::DatabaseSettings wanted;
    wanted.data_dir = options.data;
    wanted.postgres_url = settings.database.url;
    wanted.read_only = true;
    auto const database = db::Database::open(wanted);
    if (!database) return database.error();
    return (*database)->read_now([](db::Connection& c) { return describe(c); });
}

Status copy_installation(InstallationOptions const& options, Settings const& settings,
                         std::filesystem::path const& copy)
{
    if (settings.database.url.empty()) return db::backup_sqlite(options.data, copy);
    return run_child({"pg_dump", "--format=custom", "--no-owner", "--file=" + copy.string(), settings.database.url});
}

int back_up(BackupOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    auto const copy = std::filesystem::path{options.file.string() + ".copy"};
    auto manifest = describe_installation(options.installation, *settings);
    if (!manifest) return fail(manifest.error());
    auto const copied = copy_installation(options.installation, *settings, copy);
    std::error_code ignored;
    if (!copied) {
        std::filesystem::remove(copy, ignored);
        return fail(copied.error());
    }
    if (settings->database.url.empty()) {
        auto const faults = db::check_copy(copy);
        if (!faults) return fail(faults.error());
        if (!faults->empty())
            return fail(Error{ErrorCode::internal, "backup.damaged", {copy.string()}, faults->front(), {}});
    }
    auto const written = write_backup(copy, options.file, *std::move(manifest));
    std::filesystem::remove(copy, ignored);
    if (!written) return fail(written.error());
    std::cout << to_json(*written).dump() << '\n';
    return 0;
}

/// The new place must be empty: a restore never overwrites.
Status check_target(InstallationOptions const& options, Settings const& settings)
{
    std::error_code ignored;
    if (settings.database.url.empty() && std::filesystem::exists(options.data / "nguon.db", ignored))
        return conflict("restore.not_empty", {options.data.string()});
    return Done{};
}

Status put_in_place(BackupOptions const& options, Settings const& settings, BackupManifest const& manifest,
                    std::filesystem::path const& copy)
{
    bool const to_postgres = !settings.database.url.empty();
    if ((manifest.engine == "postgres") != to_postgres) return invalid("restore.other_engine", {manifest.engine});
    if (to_postgres)
        return run_child({"pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                          "--dbname=" + settings.database.url, copy.string()});
    auto const faults = db::check_copy(copy);
    if (!faults) return faults.error();
    if (!faults->empty())
        return Error{ErrorCode::invalid, "backup.damaged", {options.file.string()}, faults->front(), {}};
    std::error_code failed;
    std::filesystem::rename(copy, options.installation.data / "nguon.db", failed);
    if (failed) return Error{ErrorCode::unavailable, "file.cannot_write", {options.installation.data.string()}, {}, {}};
    return Done{};
}

/// After a restore the portals may know more than we do: deliveries wait until an administrator has compared.
Result<BackupManifest> verify_and_pause(InstallationOptions const& options, Settings const& settings)
{
    auto const database = open_installation(options, settings);
    if (!database) return database.error();
    auto work = [](db::Connection& c) -> Result<BackupManifest> {
        db::targets::set_paused(c, true);
        return describe(c);
    };
    return (*database)->write_now(work);
}

int restore(BackupOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    if (auto const empty = check_target(options.installation, *settings); !empty) return fail(empty.error());
    std::error_code failed;
    std::filesystem::create_directories(options.installation.data, failed);
    std::filesystem::permissions(options.installation.data, std::filesystem::perms::owner_all, failed);
    auto const copy = options.installation.data / "restore.copy";
    auto const manifest = unpack_backup(options.file, copy);
    if (!manifest) return fail(manifest.error());
    auto const placed = put_in_place(options, *settings, *manifest, copy);
    std::filesystem::remove(copy, failed);
    if (!placed) return fail(placed.error());

    auto const found = verify_and_pause(options.installation, *settings);
    if (!found) return fail(found.error());
    // The manifest was counted a moment before the copy was taken, while others were writing.
    if (found->events < manifest->events || found->records < manifest->records ||
        found->installation != manifest->installation)
        return fail(invalid("backup.damaged", {options.file.string()}));
    auto out = to_json(*manifest);
    out["synchronisation"] = "paused";
    std::cout << out.dump() << '\n';
    return 0;
}

} // namespace

void add_backup(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<BackupOptions>();
    auto* command = app.add_subcommand("backup", "one file with everything, also while serving; prints what it holds");
    options->installation.add_to(*command);
    command->add_option("-o,--output", options->file, "file to write")->required();
    command->callback([options, &run] { run = [options] { return back_up(*options); }; });
}

void add_restore(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<BackupOptions>();
    auto* command =
        app.add_subcommand("restore", "a backup into an empty place, verified; synchronisation stays paused");
    options->installation.add_to(*command);
    command->add_option("file", options->file, "backup file")->required();
    command->callback([options, &run] { run = [options] { return restore(*options); }; });
}

} // namespace nguon::cli
