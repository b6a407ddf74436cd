#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/runtime/clock.hpp"
#include "scanner/symbol_file.hpp"
#include "server/file_worker.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <fstream>
#include <iostream>

namespace nguon::cli {
namespace {

struct Options {
    std::string symbology;
    std::string data;
    std::string format = "svg";
    std::string output;
    std::string link_base{gs1::canonical_base};
    std::string ecc = "M";
    scanner::SizeWish size;
    bool no_text = false;
    int dpi = 203;
};

/// Two rows a line in half blocks, light on dark turned around so that phones read it from a dark terminal.
std::string terminal_text(scanner::Modules const& modules, int quiet)
{
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

scanner::EccLevel read_level(std::string const& letter)
{
    if (letter == "L") return scanner::EccLevel::low;
    if (letter == "Q") return scanner::EccLevel::quartile;
    return letter == "H" ? scanner::EccLevel::high : scanner::EccLevel::medium;
}

scanner::SymbolFormat read_format(std::string const& name)
{
    if (name == "png") return scanner::SymbolFormat::png;
    if (name == "pdf") return scanner::SymbolFormat::pdf;
    return name == "zpl" ? scanner::SymbolFormat::zpl : scanner::SymbolFormat::svg;
}

/// A label printer has whole dots only; a person who measures the label should know.
void say_rounding(Options const& options, double module_mm)
{
    constexpr double noticeable_mm = 0.0005;
    if (!options.size.module_mm || std::abs(module_mm - *options.size.module_mm) < noticeable_mm) return;
    auto const& locale = sentences();
    for (auto const* language : {"vi", "en"})
        std::cerr << "nguon: "
                  << locale.text(language, "symbol.rounded", {scanner::show_mm(module_mm), std::to_string(options.dpi)})
                  << '\n';
}

Result<std::string> draw(Options const& options)
{
    auto const symbology = scanner::find_symbology(options.symbology);
    if (!symbology) return symbology.error();
    auto data = scanner::read_symbol_data(*symbology, options.data, options.link_base);
    if (!data) return data.error();
    auto const level = read_level(options.ecc);
    WorkerPoolOptions pool_options;
    pool_options.arguments = {std::string{server::file_worker_argument}};
    pool_options.processes = 1;
    WorkerPool pool{pool_options};
    scanner::SymbolProver const prover{pool};
    if (options.format == "text") {
        auto const& kind = scanner::info(*symbology);
        if (kind.shape != scanner::Shape::matrix) return invalid("symbol.no_terminal_text", {options.symbology});
        auto const modules = scanner::draw_proved_matrix(*data, level, prover);
        if (!modules) return modules.error();
        return terminal_text(*modules, kind.quiet_zone.left);
    }
    scanner::SymbolOrder const order{
        *std::move(data),   level, options.size, !options.no_text, read_format(options.format), options.dpi,
        SystemClock{}.now()};
    auto file = scanner::write_symbol(order, prover);
    if (!file) return file.error();
    say_rounding(options, file->module_mm);
    return std::move(file->bytes);
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

std::string symbology_names()
{
    std::string names;
    for (auto const& kind : scanner::symbologies()) names += (names.empty() ? "" : ", ") + std::string{kind.name};
    return names;
}

} // namespace

void add_encode(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<Options>();
    auto* command = app.add_subcommand("encode", "one symbol as a file, decoded back before it is written");
    command->add_option("--symbology", options->symbology, symbology_names())->required();
    command
        ->add_option(
            "--data", options->data,
            "what it says: bracketed text, the digits of a GTIN, a Digital Link; for qr and datamatrix any text")
        ->required();
    command->add_option("--format", options->format, "svg, png, pdf, zpl or text (matrix symbols in a terminal)")
        ->check(CLI::IsMember({"svg", "png", "pdf", "zpl", "text"}))
        ->capture_default_str();
    command->add_option("-o", options->output, "file, - for standard output")->required();
    command->add_option("--use", options->size.use,
                        "where it is scanned, which decides the sizes GS1 permits: retail, distribution, logistics, "
                        "healthcare, marking; plain: any size, for codes that no till reads");
    command->add_option("--module-mm", options->size.module_mm, "width of one module; without it GS1's target");
    command->add_option("--height-mm", options->size.bars_mm, "height of the bars; without it the least permitted");
    command->add_flag("--no-text", options->no_text, "leave out the human-readable interpretation");
    command->add_option("--dpi", options->dpi, "dots an inch of the label printer, for zpl")
        ->check(CLI::IsMember({152, 203, 300, 600}))
        ->capture_default_str();
    command->add_option("--ecc", options->ecc, "protection of a QR code: L, M, Q or H")
        ->check(CLI::IsMember({"L", "M", "Q", "H"}))
        ->capture_default_str();
    command->add_option("--link-base", options->link_base, "address of Digital Links made of bracketed text")
        ->capture_default_str();
    command->callback([options, &run] { run = [options] { return encode(*options); }; });
}

} // namespace nguon::cli
