#include "cli/commands.hpp"
#include "cli/control_socket.hpp"
#include "cli/doctor_keys.hpp"
#include "cli/installation.hpp"
#include "core/http/listener.hpp"
#include "core/office/pdf.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/disk_watch.hpp"
#include "core/runtime/tls.hpp"
#include "db/deliveries.hpp"
#include "db/events.hpp"
#include "db/installation.hpp"
#include "db/targets.hpp"
#include "db/versions.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

#include <unistd.h>

namespace nguon::cli {
namespace {

namespace net = boost::asio;
using nlohmann::ordered_json;

constexpr int certificate_days_min = 14;

Finding look_at_data(std::filesystem::path const& data)
{
    bool const writable = ::access(data.c_str(), R_OK | W_OK | X_OK) == 0;
    return {writable, "data directory", data.string(), "doctor.data_folder", {data.string()}};
}

Finding look_at_disk(std::filesystem::path const& data)
{
    std::error_code failed;
    auto const space = std::filesystem::space(data, failed);
    if (failed) return {false, "disk", data.string() + ": " + failed.message(), "storage.missing", {data.string()}};
    auto const free = std::to_string(space.available / (1024 * 1024));
    return {level_of({space.available, space.capacity}) < DiskLevel::scarce,
            "disk",
            free + " MiB free",
            "doctor.disk",
            {data.string(), free}};
}

/// Documents stay to be had as DOCX and XLSX without it.
Finding look_at_office()
{
    auto const program = office::find_office_program();
    if (program.empty()) return {false, "PDF of documents", "LibreOffice is missing", "pdf.program_missing"};
    return {true, "PDF of documents", program.string()};
}

/// Only while nobody serves the installation: whoever does has the port.
Finding look_at_address(Endpoint const& endpoint)
{
    net::io_context io;
    auto const nobody = [](http::Request const& request) -> net::awaitable<http::Response> {
        static_cast<void>(request);
        co_return http::Response{};
    };
    http::Listener listener{io.get_executor(), nobody, http::SessionOptions{}};
    auto const bound = listener.listen(endpoint);
    if (bound) return {true, "address", to_text(endpoint) + " is free"};
    return {false, "address", to_text(endpoint), bound.error().key, bound.error().values};
}

Finding look_at_certificate(std::string const& name, std::filesystem::path const& file)
{
    auto const info = tls::read_certificate(file);
    if (!info) return {false, name, file.string() + " cannot be read", "tls.certificate_unreadable", {file.string()}};
    auto const days = std::chrono::floor<std::chrono::days>(info->not_after - SystemClock{}.now()).count();
    return {days >= certificate_days_min,
            name,
            std::to_string(days) + " days left" + (info->development ? ", development certificate" : ""),
            "doctor.certificate",
            {file.string(), std::to_string(days)}};
}

Result<std::vector<Finding>> look_at_records(db::Connection& c, std::filesystem::path const& data)
{
    std::vector<Finding> out;
    auto const installation = db::installation::find(c);
    if (!installation) return std::vector<Finding>{{false, "installation", "not set up", "doctor.not_set_up"}};
    out.push_back({true, "installation", installation->id + ", printed codes carry " + installation->public_url});
    out.push_back(
        {true, "records",
         std::to_string(db::versions::count(c)) + " versions, " + std::to_string(db::events::count(c)) + " events"});
    for (auto const& state : db::targets::states(c))
        out.push_back({state.state == "working" || state.state == "paused", "target " + state.target,
                       state.state + (state.detail.empty() ? "" : ": " + state.detail)});
    if (db::targets::is_paused(c)) out.push_back({false, "synchronisation", "paused", "doctor.paused"});
    for (auto& key : look_at_keys(c, data)) out.push_back(std::move(key));
    return out;
}

Result<std::vector<Finding>> examine(InstallationOptions const& options)
{
    auto const settings = load_settings(options);
    if (!settings) return settings.error();
    std::vector<Finding> findings{look_at_data(options.data), look_at_disk(options.data), look_at_office()};
    auto const asked = ask_serving_process(options.data, nlohmann::json::object());
    bool const served = asked || asked.error().key != "control.nobody";
    for (auto const& endpoints : {settings->serve.http, settings->serve.https})
        for (auto const& endpoint : endpoints)
            if (!served) findings.push_back(look_at_address(endpoint));
    if (!settings->tls.certificate.empty())
        findings.push_back(look_at_certificate("https certificate", settings->tls.certificate));
    for (auto const& target : settings->targets)
        if (!target.certificate.empty())
            findings.push_back(look_at_certificate("certificate for " + target.name, target.certificate));
    auto const database = open_to_read(options, *settings);
    auto const records =
        database ? (*database)->read_now([&options](db::Connection& c) { return look_at_records(c, options.data); })
                 : database.error();
    if (records)
        findings.insert(findings.end(), records->begin(), records->end());
    else
        findings.push_back({false, "database", records.error().log_text, records.error().key, records.error().values});
    return findings;
}

void print_text(Finding const& finding)
{
    std::cout << (finding.good ? "ok    " : "FAULT ") << finding.what << ": " << finding.detail << '\n';
    if (finding.good || finding.advice.empty()) return;
    for (auto const* language : {"vi", "en"})
        std::cout << "      " << sentences().text(language, finding.advice, finding.values) << '\n';
}

void print_json(Finding const& finding)
{
    ordered_json line{{"ok", finding.good}, {"what", finding.what}, {"detail", finding.detail}};
    if (!finding.good && !finding.advice.empty())
        for (auto const* language : {"vi", "en"})
            line["advice"][language] = sentences().text(language, finding.advice, finding.values);
    std::cout << line.dump() << '\n';
}

int examine_and_print(InstallationOptions const& options, bool as_json)
{
    auto const findings = examine(options);
    if (!findings) return fail(findings.error());
    bool all_good = true;
    for (auto const& finding : *findings) {
        all_good = all_good && finding.good;
        if (as_json)
            print_json(finding);
        else
            print_text(finding);
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
