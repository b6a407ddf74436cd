#pragma once

#include "scanner/label_job.hpp"
#include "scanner/picture.hpp"
#include "scanner/symbol.hpp"
#include "scanner/symbol_proof.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner::testing {

struct ToolRun {
    int status = -1;
    std::string output = {};
};

/// Runs a shell command and takes its standard output; a missing tool gives status 127, which no test accepts.
ToolRun run_tool(std::string const& command);

void write_file(std::filesystem::path const& path, std::string_view bytes);
std::string read_file(std::filesystem::path const& path);

/// A binary PGM (P5), as pdftoppm writes and zbarimg reads it.
Picture read_pgm(std::string_view bytes);
std::string write_pgm(Picture const& picture);

/// The pages of a PDF as grey pictures.
std::vector<Picture> rasterize(std::string const& pdf, int dpi);

/// What zbarimg reads from each picture, one line a symbol; `symbology` is its name there.
std::vector<std::string> read_with_zbar(std::vector<Picture> const& pictures, std::string_view symbology = "qrcode");

/// What dmtxread reads from a picture, FNC1 in front and between as "~".
std::string read_with_dmtx(Picture const& picture);

/// A prover with a worker process of its own: this program (tests/scanner/main.cpp).
SymbolProver const& a_prover();

/// The symbol on white paper, `scale` pixels a module, with its quiet zone.
Picture paint(Modules const& modules, int scale);
/// What ZXing's own writer draws for linear codes: EAN, Code 128 (U+00F1 is FNC1), ITF.
enum class Linear { ean13, code128, itf };
Picture paint_linear(Linear format, std::wstring const& text, int scale, int height);

/// The picture in the middle of a larger one of even grey.
Picture on_ground(Picture const& picture, int width, int height, std::uint8_t grey);
Picture rotate(Picture const& picture, double degrees);
/// Adds repeatable noise of up to ±`strength`.
Picture add_noise(Picture picture, int strength);

/// A job of `count` labels with a serial each.
LabelJob a_label_job(std::string const& stock, int count);

} // namespace nguon::scanner::testing
