#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/files.hpp"
#include "core/office/workbook.hpp"
#include "server/app/trace_forms.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

constexpr mode_t readable = 0644;

struct TraceOptions {
    InstallationOptions installation;
    std::string code;
    std::string direction = "both";
    std::string format = "list";
    std::string language = "vi";
    std::filesystem::path output;
};

std::string formed(TraceOptions const& options, server::app::Trace const& trace, db::genealogy::Direction direction)
{
    auto const& words = sentences();
    if (options.format == "json") return server::app::to_json(trace).dump() + "\n";
    if (options.format == "svg") return server::app::to_picture(words, options.language, trace);
    if (options.format == "xlsx")
        return office::write_sheet(words.text(options.language, "trace.title", std::initializer_list<std::string>{}),
                                   server::app::to_sheet(words, options.language, trace));
    return server::app::to_list(words, options.language, trace, direction);
}

int run_trace(TraceOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    auto const database = open_to_read(options.installation, *settings);
    if (!database) return fail(database.error());
    auto const direction = server::app::direction_from_text(options.direction).value_or(db::genealogy::Direction::both);
    auto work = [&](db::Connection& c) { return server::app::trace_thing(c, nullptr, options.code, direction); };
    auto const trace = (*database)->read_now(work);
    if (!trace) return fail(trace.error());
    auto const text = formed(options, *trace, direction);
    if (options.output.empty()) {
        std::cout << text;
        return 0;
    }
    if (auto const written = write_file(options.output, text, readable); !written) return fail(written.error());
    return 0;
}

} // namespace

void add_trace(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<TraceOptions>();
    auto* command = app.add_subcommand("trace", "what a lot, pack or carton was made of and where it went");
    options->installation.add_to(*command);
    command->add_option("code", options->code, "printed code, Digital Link, bracketed text or EPC URI")->required();
    command->add_option("--direction", options->direction, "back, forward or both")
        ->check(CLI::IsMember({"back", "forward", "both"}));
    command->add_option("--format", options->format, "list, json, svg or xlsx")
        ->check(CLI::IsMember({"list", "json", "svg", "xlsx"}));
    command->add_option("--language", options->language, "vi or en")->check(CLI::IsMember({"vi", "en"}));
    command->add_option("-o,--output", options->output, "file to write; without one to standard output");
    command->callback([options, &run] { run = [options] { return run_trace(*options); }; });
}

} // namespace nguon::cli
