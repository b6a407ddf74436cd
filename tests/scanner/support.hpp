#pragma once

#include "scanner/bitmap.hpp"
#include "scanner/label_file.hpp"
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

/// What a printer makes of one label in its language.
struct PrintedRow {
    Bitmap bitmap = {};
    int copies = 0;
    std::string settings = {}; // the commands before the picture
};

/// Readers of printer languages, after their manuals and not after our writers. Anything not understood throws.
std::vector<PrintedRow> read_zpl(std::string_view bytes);
std::vector<PrintedRow> read_tspl(std::string_view bytes);
std::vector<PrintedRow> read_epl(std::string_view bytes);

Picture to_picture(Bitmap const& bitmap);

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

/// A job with its codes.
struct LabelSample {
    LabelJob job = {};
    std::vector<LabelCode> codes = {};
};

/// A job of `count` labels with a serial each.
LabelSample a_label_job(std::string const& stock, int count);

/// The label at `place` (from 0) of a page that a program not ours made a picture of.
Picture label_of(Picture const& page, Stock const& stock, int place, int dpi);

/// "/lot label.lot_missing" for every fault.
std::vector<std::string> keys(std::vector<FieldError> const& fields);

Result<std::string> draw(LabelSample const& sample, LabelOutput const& output = {});
Preflight check(LabelSample const& sample, LabelOutput const& output = {}, PreflightFacts const& facts = {});

} // namespace nguon::scanner::testing
