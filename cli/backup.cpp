#include "db/backup.hpp"
#include "cli/backup_file.hpp"
#include "cli/child_process.hpp"
#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/runtime/clock.hpp"
#include "db/installation.hpp"
#include "db/reconciliations.hpp"
#include "db/targets.hpp"

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

/// Whether there is an installation of ours to copy.
Status check_source(InstallationOptions const& options, Settings const& settings)
{
    auto const database = open_to_read(options, settings);
    if (!database) return database.error();
    return (*database)->read_now([](db::Connection& c) -> Status {
        if (!db::installation::find(c)) return invalid("backup.empty_installation");
        return Done{};
    });
}

/// A sound SQLite copy. `file` is what the person calls it.
Status check_sound(std::filesystem::path const& copy, std::filesystem::path const& file)
{
    auto const faults = db::check_copy(copy);
    if (!faults) return faults.error();
    if (!faults->empty()) return Error{ErrorCode::invalid, "backup.damaged", {file.string()}, faults->front(), {}};
    return Done{};
}

Result<db::Contents> copy_sqlite(std::filesystem::path const& data, std::filesystem::path const& copy)
{
    if (auto copied = db::backup_sqlite(data, copy); !copied) return copied.error();
    if (auto sound = check_sound(copy, copy); !sound) return sound.error();
    return db::contents_of_copy(copy);
}

Result<db::Contents> copy_postgres(std::string const& url, std::filesystem::path const& copy)
{
    return db::dump_postgres(url, [&](std::string const& snapshot) {
        return run_child(
            {"pg_dump", "--format=custom", "--no-owner", "--snapshot=" + snapshot, "--file=" + copy.string(), url});
    });
}

/// Copies, and says what the copy holds: counted in it, not in the database that others are writing to.
Result<BackupManifest> copy_installation(InstallationOptions const& options, Settings const& settings,
                                         std::filesystem::path const& copy)
{
    bool const from_postgres = !settings.database.url.empty();
    auto const held = from_postgres ? copy_postgres(settings.database.url, copy) : copy_sqlite(options.data, copy);
    if (!held) return held.error();
    BackupManifest manifest;
    manifest.engine = from_postgres ? "postgres" : "sqlite";
    manifest.installation = held->installation;
    manifest.created_at = to_iso(SystemClock{}.now());
    manifest.version = NGUON_VERSION;
    manifest.events = held->events;
    manifest.records = held->records;
    return manifest;
}

int back_up(BackupOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    if (auto const there = check_source(options.installation, *settings); !there) return fail(there.error());
    auto const copy = std::filesystem::path{options.file.string() + ".copy"};
    auto manifest = copy_installation(options.installation, *settings, copy);
    auto const written = manifest ? write_backup(copy, options.file, *std::move(manifest)) : manifest;
    std::error_code ignored;
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

Status compare(Result<db::Contents> const& found, BackupManifest const& manifest, std::filesystem::path const& file)
{
    if (!found) return found.error();
    if (*found == db::Contents{manifest.installation, manifest.events, manifest.records}) return Done{};
    return invalid("backup.damaged", {file.string()});
}

/// A SQLite copy is compared before it takes its place: one that is refused leaves nothing behind.
Status put_in_place(BackupOptions const& options, Settings const& settings, BackupManifest const& manifest,
                    std::filesystem::path const& copy)
{
    bool const to_postgres = !settings.database.url.empty();
    if ((manifest.engine == "postgres") != to_postgres) return invalid("restore.other_engine", {manifest.engine});
    if (to_postgres)
        return run_child({"pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                          "--dbname=" + settings.database.url, copy.string()});
    if (auto sound = check_sound(copy, options.file); !sound) return sound;
    if (auto same = compare(db::contents_of_copy(copy), manifest, options.file); !same) return same;
    std::error_code failed;
    std::filesystem::rename(copy, options.installation.data / "nguon.db", failed);
    if (failed) return Error{ErrorCode::unavailable, "file.cannot_write", {options.installation.data.string()}, {}, {}};
    return Done{};
}

/// After a restore the portals may know more than we do: deliveries wait until everything was compared and an
/// administrator goes on.
Status pause(InstallationOptions const& options, Settings const& settings)
{
    auto const database = open_installation(options, settings);
    if (!database) return database.error();
    auto work = [now = SystemClock{}.now()](db::Connection& c) -> Status {
        db::targets::set_paused(c, true);
        for (auto const& target : db::targets::list(c))
            if (target.enabled) db::reconciliations::ask(c, target.name, "full", "restore", now);
        return Done{};
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

    if (auto const paused = pause(options.installation, *settings); !paused) return fail(paused.error());
    if (auto const& url = settings->database.url; !url.empty())
        if (auto const same = compare(db::contents_of_postgres(url), *manifest, options.file); !same)
            return fail(same.error());
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
