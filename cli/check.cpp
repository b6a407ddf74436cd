#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/runtime/clock.hpp"
#include "server/app/check_batch.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

struct CheckOptions {
    InstallationOptions installation;
    std::string code;
    bool as_json = false;
};

int run_check(CheckOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    auto const database = open_to_read(options.installation, *settings);
    if (!database) return fail(database.error());
    auto work = [&, now = SystemClock{}.now()](db::Connection& c) {
        return server::app::check_batch(c, options.code, now);
    };
    auto const checked = (*database)->read_now(work);
    if (!checked) return fail(checked.error());
    if (options.as_json) {
        std::cout << server::app::to_json(*checked, sentences()).dump() << '\n';
        return 0;
    }
    auto const say = [](std::string const& key, std::vector<std::string> const& values) {
        return sentences().text("vi", key, values);
    };
    std::cout << checked->product << " · " << checked->lot << "\n"
              << score_of(checked->story) << "/100 · " << checked->story.items_present << "/9 "
              << say("check.items", {}) << "\n";
    if (checked->lacks.empty()) std::cout << say("check.whole", {}) << "\n";
    for (auto const& lack : checked->lacks)
        std::cout << "- " << say("check.lacks." + lack.key, {lack.value_vi}) << " "
                  << say("check.todo." + lack.key, {lack.value_vi}) << "\n";
    return 0;
}

} // namespace

void add_check(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<CheckOptions>();
    auto* command = app.add_subcommand("check", "how complete the story of a lot is, and what to do next");
    options->installation.add_to(*command);
    command->add_option("code", options->code, "printed code, Digital Link or bracketed text of the lot")->required();
    command->add_flag("--json", options->as_json, "one JSON object");
    command->callback([options, &run] { run = [options] { return run_check(*options); }; });
}

} // namespace nguon::cli
