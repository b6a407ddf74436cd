#include "cli/commands.hpp"
#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <iterator>

namespace nguon::cli {
namespace {

int hash(bool pre_hash)
{
    std::string const text{std::istreambuf_iterator<char>{std::cin}, {}};
    auto const document = epcis::parse_document(text);
    if (!document) return fail(document.error());
    for (auto const& event : document->events)
        std::cout << (pre_hash ? epcis::pre_hash_string(event) : epcis::event_hash(event)) << '\n';
    return 0;
}

} // namespace

void add_epcis(CLI::App& app, Run& run)
{
    auto const pre_hash = std::make_shared<bool>(false);
    auto* command = app.add_subcommand("epcis", "events of EPCIS 2.0");
    command->require_subcommand(1);
    auto* hash_command =
        command->add_subcommand("hash", "document or event (JSON-LD) from standard input, one event hash a line");
    hash_command->add_flag("--pre-hash", *pre_hash, "print the text that is hashed instead");
    hash_command->callback([pre_hash, &run] { run = [pre_hash] { return hash(*pre_hash); }; });
}

} // namespace nguon::cli
