#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/read_code.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(gs1::Fault const& fault)
{
    return {{"code", fault.key},
            {"ai", fault.ai},
            {"position", fault.position},
            {"rule", fault.rule},
            {"message", sentences().text("en", fault.key, fault.values)},
            {"messageVi", sentences().text("vi", fault.key, fault.values)}};
}

ordered_json parse(std::string line)
{
    for (auto& c : line)
        if (c == '^') c = '\x1D';
    auto const code = gs1::read_code(line);
    ordered_json out;
    out["valid"] = code.valid();
    out["elements"] = ordered_json::array();
    for (auto const& element : code.elements) out["elements"].push_back({{"ai", element.ai}, {"value", element.value}});
    out["digitalLink"] = code.link;
    out["elementString"] = code.valid() ? gs1::to_element_string(code.elements) : std::string{};
    out["bracketed"] = code.valid() ? gs1::to_bracketed(code.elements) : std::string{};
    out["errors"] = ordered_json::array();
    for (auto const& fault : code.faults) out["errors"].push_back(to_json(fault));
    return out;
}

int parse_lines()
{
    for (std::string line; std::getline(std::cin, line);) {
        if (line.ends_with('\r')) line.pop_back();
        std::cout << parse(line).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    }
    return 0;
}

} // namespace

void add_gs1(CLI::App& app, Run& run)
{
    auto* command = app.add_subcommand("gs1", "codes of GS1");
    command->require_subcommand(1);
    auto* parse_command = command->add_subcommand("parse", "one code a line from standard input, one JSON a line out");
    parse_command->callback([&run] { run = parse_lines; });
}

} // namespace nguon::cli
