#include "cli/commands.hpp"
#include "core/runtime/clock.hpp"
#include "scanner/symbol.hpp"
#include "scanner/symbol_file.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>

namespace nguon::cli {
namespace {

struct Options {
    std::string symbology;
    std::string data;
    std::string format = "svg";
    std::string output;
    double module_mm = 0.5;
};

/// Two rows a line in half blocks, light on dark turned around so that phones read it from a dark terminal.
std::string terminal_text(scanner::Modules const& modules)
{
    int const quiet = scanner::quiet_zone_modules(scanner::Symbology::qr);
    auto const light = [&](int x, int y) {
        bool const inside = x >= 0 && y >= 0 && x < modules.width && y < modules.height;
        return !inside || !modules.dark(x, y);
    };
    std::string out;
    for (int y = -quiet; y < modules.height + quiet; y += 2) {
        for (int x = -quiet; x < modules.width + quiet; ++x) {
            bool const upper = light(x, y);
            bool const lower = y + 1 >= modules.height + quiet || light(x, y + 1);
            out += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        out += '\n';
    }
    return out;
}

Result<std::string> draw(Options const& options)
{
    if (options.symbology != "qr") return invalid("symbol.symbology_unknown", {options.symbology});
    auto const modules = scanner::draw_qr(options.data);
    if (!modules) return modules.error();
    scanner::SymbolSize const size{options.module_mm, scanner::quiet_zone_modules(scanner::Symbology::qr)};
    if (options.format == "text") return terminal_text(*modules);
    if (options.format == "png") return scanner::write_symbol_png(*modules, size);
    if (options.format == "pdf") return scanner::write_symbol_pdf(*modules, size, SystemClock{}.now());
    return scanner::write_symbol_svg(*modules, size);
}

int encode(Options const& options)
{
    auto const bytes = draw(options);
    if (!bytes) return fail(bytes.error());
    if (options.output == "-") {
        std::cout << *bytes;
        return std::cout.flush() ? 0 : 1;
    }
    std::ofstream file{options.output, std::ios::binary};
    file << *bytes;
    file.close();
    if (file) return 0;
    return fail(Error{ErrorCode::internal, "file.cannot_write", {options.output}, {}, {}});
}

} // namespace

void add_encode(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<Options>();
    auto* command = app.add_subcommand("encode", "one symbol as a file, decoded back before it is written");
    command->add_option("--symbology", options->symbology, "qr")->required();
    command->add_option("--data", options->data, "what it says")->required();
    command->add_option("--format", options->format, "svg, png, pdf or text")
        ->check(CLI::IsMember({"svg", "png", "pdf", "text"}))
        ->capture_default_str();
    command->add_option("-o", options->output, "file, - for standard output")->required();
    command->add_option("--module-mm", options->module_mm, "size of one module")->capture_default_str();
    command->callback([options, &run] { run = [options] { return encode(*options); }; });
}

} // namespace nguon::cli
