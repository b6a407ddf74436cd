#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/link_compression.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

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

ordered_json to_json(gs1::Rewrite const& rewrite)
{
    std::string const key{gs1::rewrite_key(rewrite.what)};
    std::vector<std::string> const values = {std::string{rewrite.from}, std::string{rewrite.to}};
    return {{"code", key},
            {"position", rewrite.position},
            {"from", rewrite.from},
            {"to", rewrite.to},
            {"message", sentences().text("en", key, values)},
            {"messageVi", sentences().text("vi", key, values)}};
}

/// The spellings of valid elements; empty where there is none.
void add_spellings(ordered_json& out, std::vector<gs1::AiValue> const& elements)
{
    out["digitalLink"] = gs1::to_canonical_link(elements).value_or("");
    out["elementString"] = elements.empty() ? std::string{} : gs1::to_element_string(elements);
    out["bracketed"] = gs1::to_bracketed(elements);
    out["compressedLink"] = gs1::to_compressed_link(elements, gs1::canonical_base).value_or("");
}

ordered_json to_json(gs1::Verdict const& verdict)
{
    ordered_json out;
    out["valid"] = verdict.valid();
    out["elements"] = ordered_json::array();
    auto const elements = gs1::to_elements(verdict.elements());
    for (auto const& element : elements) out["elements"].push_back({{"ai", element.ai}, {"value", element.value}});
    add_spellings(out, verdict.valid() ? elements : std::vector<gs1::AiValue>{});
    out["errors"] = ordered_json::array();
    for (auto const& fault : gs1::to_faults(verdict)) out["errors"].push_back(to_json(fault));
    out["rewrites"] = ordered_json::array();
    for (auto const& rewrite : verdict.rewrites()) out["rewrites"].push_back(to_json(rewrite));
    out["form"] = gs1::form_name(verdict.form());
    out["edition"] = gs1::edition_name(verdict.edition());
    return out;
}

int parse_lines(gs1::CheckOptions const& options)
{
    auto const verdict = std::make_unique<gs1::Verdict>();
    for (std::string line; std::getline(std::cin, line);) {
        if (line.ends_with('\r')) line.pop_back();
        gs1::check_code(line, options, *verdict);
        std::cout << to_json(*verdict).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    }
    return 0;
}

/// "N13,csum,gcppos1 [X..17]": the format as the General Specifications write it, with the rules of each part.
std::string format_text(gs1::AiEntry const& entry)
{
    std::string out;
    for (auto const& part : entry.format) {
        if (!out.empty()) out += ' ';
        if (part.optional) out += '[';
        out += "NXYZ"[static_cast<std::size_t>(part.charset)];
        out += (part.length_min == part.length_max ? "" : "..") + std::to_string(part.length_max);
        if (part.optional) out += ']';
        for (auto const rule : part.rules) {
            if (rule != gs1::Rule::none) out.append(",").append(gs1::rule_name(rule));
        }
    }
    return out;
}

ordered_json to_json(gs1::AiEntry const& entry, std::string const& ai)
{
    auto const key = "ai." + std::string{entry.first};
    return {{"ai", ai},
            {"title", entry.title},
            {"name", sentences().text("en", key, {})},
            {"nameVi", sentences().text("vi", key, {})},
            {"format", format_text(entry)},
            {"separator", !entry.predefined_length},
            {"linkKey", entry.link_key},
            {"linkAttribute", entry.link_attribute},
            {"needs", entry.needs},
            {"excludes", entry.excludes},
            {"edition", gs1::ai_table_edition}};
}

int print_table()
{
    for (auto const& entry : gs1::ai_table()) {
        for (std::string ai{entry.first}; ai <= entry.last; ++ai.back()) std::cout << to_json(entry, ai).dump() << '\n';
    }
    return 0;
}

struct ParseArguments {
    bool no_associations = false;
    bool lenient = false;
    std::string edition{gs1::ai_table_edition};

    gs1::CheckOptions options() const
    {
        gs1::CheckOptions made;
        made.associations = !no_associations;
        made.lenient = lenient;
        if (edition == gs1::edition_name(gs1::Edition::of_2026_07)) made.edition = gs1::Edition::of_2026_07;
        return made;
    }
};

} // namespace

void add_gs1(CLI::App& app, Run& run)
{
    auto* command = app.add_subcommand("gs1", "codes of GS1");
    command->require_subcommand(1);
    auto* table_command = command->add_subcommand("ais", "every application identifier, one JSON a line");
    table_command->callback([&run] { run = print_table; });
    auto* parse_command = command->add_subcommand("parse", "one code a line from standard input, one JSON a line out");
    auto const arguments = std::make_shared<ParseArguments>();
    parse_command->add_flag("--no-associations", arguments->no_associations,
                            "do not judge which AIs must or must not come together");
    parse_command->add_flag("--lenient", arguments->lenient,
                            "read older and careless spellings too, and report each rewrite");
    parse_command
        ->add_option("--edition", arguments->edition, "edition of the table that judges which AIs come together")
        ->check(CLI::IsMember({std::string{gs1::edition_name(gs1::Edition::of_2026_01)},
                               std::string{gs1::edition_name(gs1::Edition::of_2026_07)}}));
    parse_command->callback([arguments, &run] { run = [arguments] { return parse_lines(arguments->options()); }; });
}

} // namespace nguon::cli
