#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/tls.hpp"
#include "db/deliveries.hpp"
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

constexpr double disk_free_ratio_min = 0.10;
constexpr int certificate_days_min = 14;

/// One thing that was looked at.
struct Finding {
    bool good = true;
    std::string what = {};
    std::string detail = {};
};

Finding look_at_disk(std::filesystem::path const& data)
{
    std::error_code failed;
    auto const space = std::filesystem::space(data, failed);
    if (failed) return {false, "disk", data.string() + ": " + failed.message()};
    auto const ratio = static_cast<double>(space.available) / static_cast<double>(space.capacity);
    return {ratio >= disk_free_ratio_min, "disk", std::to_string(space.available / (1024 * 1024)) + " MiB free"};
}

Finding look_at_certificate(std::string const& name, std::filesystem::path const& file)
{
    auto const info = tls::read_certificate(file);
    if (!info) return {false, name, file.string() + " cannot be read"};
    auto const days = std::chrono::floor<std::chrono::days>(info->not_after - SystemClock{}.now()).count();
    return {days >= certificate_days_min, name,
            std::to_string(days) + " days left" + (info->development ? ", development certificate" : "")};
}

Result<std::vector<Finding>> look_at_records(db::Connection& c)
{
    std::vector<Finding> out;
    auto const installation = db::installation::find(c);
    if (!installation) return std::vector<Finding>{{false, "installation", "not set up: run nguon seed"}};
    out.push_back({true, "installation", installation->id + ", printed codes carry " + installation->public_url});
    out.push_back(
        {true, "records",
         std::to_string(db::versions::count(c)) + " versions, " + std::to_string(db::events::count(c)) + " events"});
    for (auto const& state : db::targets::states(c))
        out.push_back({state.state == "working" || state.state == "paused", "target " + state.target,
                       state.state + (state.detail.empty() ? "" : ": " + state.detail)});
    if (db::targets::is_paused(c)) out.push_back({false, "synchronisation", "paused"});
    return out;
}

Result<std::vector<Finding>> examine(InstallationOptions const& options)
{
    auto const settings = load_settings(options);
    if (!settings) return settings.error();
    std::vector<Finding> findings{look_at_disk(options.data)};
    if (!settings->tls.certificate.empty())
        findings.push_back(look_at_certificate("https certificate", settings->tls.certificate));
    for (auto const& target : settings->targets)
        if (!target.certificate.empty())
            findings.push_back(look_at_certificate("certificate for " + target.name, target.certificate));
    db::DatabaseSettings wanted;
    wanted.data_dir = options.data;
    wanted.postgres_url = settings->database.url;
    wanted.read_only = true;
    auto const database = db::Database::open(wanted);
    if (!database) return database.error();
    auto records = (*database)->read_now([](db::Connection& c) { return look_at_records(c); });
    if (!records) return records;
    findings.insert(findings.end(), records->begin(), records->end());
    return findings;
}

int examine_and_print(InstallationOptions const& options, bool as_json)
{
    auto const findings = examine(options);
    if (!findings) return fail(findings.error());
    bool all_good = true;
    for (auto const& finding : *findings) {
        all_good = all_good && finding.good;
        if (as_json)
            std::cout << ordered_json{{"ok", finding.good}, {"what", finding.what}, {"detail", finding.detail}}.dump()
                      << '\n';
        else
            std::cout << (finding.good ? "ok    " : "FAULT ") << finding.what << ": " << finding.detail << '\n';
    }
    return all_good ? 0 : 1;
}

} // namespace

void add_doctor(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<InstallationOptions>();
    auto const as_json = std::make_shared<bool>(false);
    auto* command = app.add_subcommand("doctor", "what is wrong with an installation, on one page");
    options->add_to(*command);
    command->add_flag("--json", *as_json, "one JSON object a line");
    command->callback(
        [options, as_json, &run] { run = [options, as_json] { return examine_and_print(*options, *as_json); }; });
}

} // namespace nguon::cli
