#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/limits.hpp"
#include "core/runtime/clock.hpp"
#include "scanner/calibration.hpp"
#include "scanner/label_file.hpp"
#include "scanner/symbol_size.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

namespace nguon::cli {
namespace {

using nlohmann::ordered_json;

struct Options {
    scanner::LabelJob job;
    scanner::LabelOutput output;
    scanner::CalibrationReading reading;
    scanner::Stock grid; // measured by the user
    std::string stock = "a4-65";
    std::string design = "qr";
    std::vector<std::string> lines; // "name:large"
    std::string format = "pdf";
    std::string feed = "gap";
    std::string codes_file;
    std::string url_base;
    std::string url;
    std::string code;
    std::string made_on;
    std::string use_by;
    std::string created;
    std::string file;
    bool list_stocks = false;
    bool own_grid = false;
    bool roll = false;
    bool round = false;
    bool calibration = false;
    bool check_only = false;
    bool has_reading = false;
};

/// The codes of a file, one a line: a printed code below `base`, or a code, a space and its address.
Result<std::vector<scanner::LabelCode>> read_codes(std::string const& file, std::string const& base)
{
    std::ifstream opened{file, std::ios::binary};
    auto& in = file == "-" ? std::cin : opened;
    if (!in) return Error{ErrorCode::not_found, "file.cannot_read", {file}, {}, {}};
    std::vector<scanner::LabelCode> codes;
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        if (codes.size() == limits::labels_per_job_max)
            return invalid("label.too_many", {std::to_string(limits::labels_per_job_max)});
        auto const space = line.find(' ');
        auto const code = line.substr(0, space);
        codes.push_back({space == std::string::npos ? base + code : line.substr(space + 1), code});
    }
    return codes;
}

Result<scanner::Stock> choose_stock(Options const& options)
{
    if (!options.own_grid) {
        auto const* const stock = scanner::find_stock(options.stock);
        if (stock == nullptr) return invalid("label.stock_unknown", {options.stock});
        auto chosen = *stock;
        chosen.feed_mark = options.grid.feed_mark;
        return chosen;
    }
    auto stock = options.grid;
    stock.id = "own";
    stock.name_vi =
        fmt::format("Tem tự đo {} × {} mm", scanner::show_mm(stock.label_width), scanner::show_mm(stock.label_height));
    stock.name_en = fmt::format("Measured, {:g} × {:g} mm", stock.label_width, stock.label_height);
    if (options.roll) {
        stock.medium = scanner::StockMedium::roll;
        if (stock.page_height == 0) stock.page_height = stock.label_height;
    }
    if (options.round) stock.outline = scanner::LabelOutline::round;
    if (stock.pitch_x == 0) stock.pitch_x = stock.label_width;
    if (stock.pitch_y == 0) stock.pitch_y = stock.label_height + (options.roll ? 2 : 0);
    if (auto faults = scanner::stock_faults(stock); !faults.empty()) return invalid_fields(std::move(faults));
    return stock;
}

/// "name:large" or "lot": one line of a label of somebody's own.
Result<scanner::LabelLine> read_line(std::string const& text)
{
    auto const colon = text.find(':');
    auto const field = std::ranges::find(scanner::label_field_names, std::string_view{text}.substr(0, colon));
    auto const size = std::ranges::find(scanner::line_size_names, colon == std::string::npos
                                                                      ? std::string_view{"normal"}
                                                                      : std::string_view{text}.substr(colon + 1));
    if (field == scanner::label_field_names.end() || size == scanner::line_size_names.end())
        return invalid("label_design.line_unknown", {text});
    return scanner::LabelLine{static_cast<scanner::LabelField>(field - scanner::label_field_names.begin()),
                              static_cast<scanner::LineSize>(size - scanner::line_size_names.begin())};
}

/// Symbols and, where there are some, lines of text.
Result<scanner::OwnDesign> read_design(Options const& options)
{
    auto const symbols = scanner::find_label_design(options.design);
    if (!symbols) return symbols.error();
    scanner::OwnDesign design{*symbols, {}, options.job.own_text};
    for (auto const& text : options.lines) {
        auto const line = read_line(text);
        if (!line) return line.error();
        design.lines.push_back(*line);
    }
    if (design.lines.empty() && design.text.empty()) return design;
    if (auto faults = scanner::design_faults(design); !faults.empty()) return invalid_fields(std::move(faults));
    return design;
}

Status read_dates(Options& options)
{
    auto const read = [](std::string const& text, std::optional<Date>& into) -> Status {
        if (text.empty()) return Done{};
        auto const date = parse_date(text);
        if (!date) return date.error();
        into = *date;
        return Done{};
    };
    if (auto const made = read(options.made_on, options.job.made_on); !made) return made;
    if (auto const used = read(options.use_by, options.job.use_by); !used) return used;
    options.job.created = SystemClock{}.now();
    if (options.created.empty()) return Done{};
    auto const created = parse_time(options.created);
    if (!created) return created.error();
    options.job.created = created->at;
    return Done{};
}

Result<std::vector<scanner::LabelCode>> codes_of(Options const& options)
{
    if (!options.codes_file.empty()) return read_codes(options.codes_file, options.url_base);
    auto const url = options.url.empty() ? options.url_base + options.code : options.url;
    return std::vector{scanner::LabelCode{url, options.code}};
}

/// A file or standard output that takes the bytes as they come.
class Destination {
public:
    explicit Destination(std::string const& name) : name_{name}
    {
        if (name != "-") file_.open(name, std::ios::binary);
    }

    bool write(std::string_view bytes)
    {
        auto& out = name_ == "-" ? std::cout : file_;
        return static_cast<bool>(out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())));
    }

    Status finish()
    {
        auto& out = name_ == "-" ? std::cout : file_;
        if (out.flush()) return Done{};
        return Error{ErrorCode::internal, "file.cannot_write", {name_}, {}, {}};
    }

private:
    std::string name_;
    std::ofstream file_;
};

enum class Weight { fault, note };

/// Each in both languages with the place it is about.
void say_findings(Weight weight, std::vector<FieldError> const& findings)
{
    auto const* const vi = weight == Weight::fault ? "lỗi" : "lưu ý";
    auto const* const en = weight == Weight::fault ? "fault" : "note";
    for (auto const& finding : findings)
        for (auto const& [language, word] : {std::pair{"vi", vi}, std::pair{"en", en}})
            std::cerr << fmt::format("nguon: {} {}: {}\n", word, finding.pointer,
                                     sentences().text(language, finding.key, finding.values));
}

/// Sentences for every field behind the one for all.
int refuse(Error const& error)
{
    auto const status = fail(error);
    say_findings(Weight::fault, error.fields);
    return status;
}

int list_stocks()
{
    for (auto const& stock : scanner::stocks())
        std::cout << fmt::format("{:<14}{:<38}{}\n", stock.id, stock.name_en, stock.name_vi);
    return std::cout.flush() ? 0 : 1;
}

int show_profile(scanner::Stock const& stock, Options const& options)
{
    auto const mended = scanner::calibrate(stock, options.output.printer, options.reading);
    if (!mended) return refuse(mended.error());
    std::cout << fmt::format("--offset-x {:.3f} --offset-y {:.3f} --scale-x {:.5f} --scale-y {:.5f}\n",
                             mended->offset_x, mended->offset_y, mended->scale_x, mended->scale_y);
    return std::cout.flush() ? 0 : 1;
}

int write_calibration(scanner::Stock const& stock, Options const& options)
{
    auto const bytes = scanner::draw_calibration(stock, options.output, options.job.created);
    if (!bytes) return refuse(bytes.error());
    Destination destination{options.file};
    destination.write(*bytes);
    auto const written = destination.finish();
    return written ? 0 : fail(written.error());
}

void say_facts(scanner::LabelFacts const& facts)
{
    ordered_json const out{{"labels", facts.labels},
                           {"sheets", facts.sheets},
                           {"bytes", facts.bytes},
                           {"sha256", facts.sha256},
                           {"symbolsProved", facts.symbols_proved},
                           {"sheetsReplayed", facts.sheets_replayed}};
    std::cerr << out.dump() << '\n';
}

int write_job(Options const& options, scanner::LabelCodeSource& codes)
{
    auto const checked = scanner::preflight(options.job, codes, options.output);
    say_findings(Weight::note, checked.warnings);
    if (!checked.ok()) {
        say_findings(Weight::fault, checked.faults);
        return 1;
    }
    if (options.check_only) return 0;
    Destination destination{options.file};
    auto const sink = [&destination](std::string_view bytes) { return destination.write(bytes); };
    auto const facts = scanner::write_labels(options.job, codes, options.output, sink);
    if (!facts) return refuse(facts.error());
    if (auto const written = destination.finish(); !written) return fail(written.error());
    say_facts(*facts);
    return 0;
}

int label(Options options)
{
    if (options.list_stocks) return list_stocks();
    auto stock = choose_stock(options);
    if (!stock) return refuse(stock.error());
    auto const design = read_design(options);
    if (!design) return refuse(design.error());
    auto const format = scanner::find_label_format(options.format);
    if (!format) return fail(format.error());
    options.output.format = *format;
    if (auto const read = read_dates(options); !read) return fail(read.error());
    if (options.has_reading) return show_profile(*stock, options);
    if (options.file.empty() && !options.check_only) return fail(invalid("label.file_missing"));
    if (options.calibration) return write_calibration(*stock, options);

    options.job.stock = *std::move(stock);
    options.job.use(*design);
    auto listed = codes_of(options);
    if (!listed) return fail(listed.error());
    scanner::ListedCodes codes{*std::move(listed)};
    return write_job(options, codes);
}

void add_job_options(CLI::App& command, Options& options)
{
    auto& job = options.job;
    command.add_option("--format", options.format, "pdf; svg or png (one sheet); zpl, tspl or epl (label printers)")
        ->capture_default_str();
    command.add_option("-o", options.file, "file, - for standard output");
    command.add_option("--stock", options.stock, "labels as --list-stocks names them")->capture_default_str();
    command.add_option("--design", options.design, "qr, datamatrix (small labels) or qr-ean13 (with a barcode)")
        ->capture_default_str();
    command
        .add_option(
            "--lines", options.lines,
            "text in this order instead of the usual: name, lot, made_on, use_by, organization, text, each with "
            ":small or :large behind it if wanted; apart by commas")
        ->delimiter(',');
    command.add_option("--text", job.own_text, "what the line `text` says");
    command.add_option("--product", job.product_name, "name of the product");
    command.add_option("--lot", job.lot, "lot number");
    command.add_option("--made-on", options.made_on, "yyyy-mm-dd or dd/mm/yyyy");
    command.add_option("--use-by", options.use_by, "yyyy-mm-dd or dd/mm/yyyy");
    command.add_option("--organization", job.organization, "short name of the enterprise");
    command.add_option("--gtin", job.gtin, "barcode number, for the design qr-ean13");
    command.add_option("--codes", options.codes_file,
                       "file with a printed code a line, or a code, a space and its address; - for standard input");
    command.add_option("--code", options.code, "one printed code instead of a file, the same on every label");
    command.add_option("--url", options.url, "the address for --code");
    command.add_option("--url-base", options.url_base, "what stands in front of every code, as https://host/t/");
    command.add_option("--copies", job.copies, "labels of every code")->capture_default_str();
    command.add_option("--start", job.start, "place of the first label on a sheet already begun")
        ->capture_default_str();
    command.add_option("--job", job.id, "name of the job, in the margin of every sheet");
    command.add_option("--reprint", job.reprint, "how often these codes were printed before; marks the labels");
    command.add_flag("--specimen", job.specimen, "mark every label as a sample");
    command.add_option("--created", options.created, "time in a PDF, so that the same job gives the same file");
    command.add_option("--sheet", options.output.sheet, "which sheet svg and png show")->capture_default_str();
    command.add_flag("--one-label", options.output.one_label, "only the first label, to try");
    command.add_flag("--check", options.check_only, "say what is wrong with the job and write nothing");
    command.add_flag("--list-stocks", options.list_stocks, "the labels there are");
}

void add_printer_options(CLI::App& command, Options& options)
{
    auto& printer = options.output.printer;
    command.add_option("--dpi", printer.dpi, "resolution of the printer")
        ->check(CLI::IsMember({203, 300, 600}))
        ->capture_default_str();
    command.add_option("--offset-x", printer.offset_x, "mm by which everything moves to the right");
    command.add_option("--offset-y", printer.offset_y, "mm by which everything moves down");
    command.add_option("--scale-x", printer.scale_x, "factor for widths, near 1");
    command.add_option("--scale-y", printer.scale_y, "factor for heights, near 1");
    command.add_option("--darkness", printer.darkness, "0 to 15");
    command.add_option("--speed", printer.speed, "inches a second, 1 to 14");
    command.add_option("--feed", options.feed, "how the printer finds the next label: gap, black-mark or continuous")
        ->check(CLI::IsMember({"gap", "black-mark", "continuous"}))
        ->each([&options](std::string const& name) {
            options.grid.feed_mark = name == "gap"          ? scanner::FeedMark::gap
                                     : name == "black-mark" ? scanner::FeedMark::black_mark
                                                            : scanner::FeedMark::continuous;
        });
    command.add_flag("--calibration", options.calibration, "write the calibration sheet of stock and printer");
    auto* const x = command.add_option("--read-x", options.reading.x,
                                       "mm read off the calibration sheet; with --read-y "
                                       "says the printer's new options");
    auto* const y = command.add_option("--read-y", options.reading.y, "mm read off the calibration sheet");
    x->needs(y);
    y->needs(x);
    y->each([&options](std::string const&) { options.has_reading = true; });
    command.add_option("--read-ruler-x", options.reading.ruler_x, "measured length of the horizontal ruler, mm")
        ->needs(y);
    command.add_option("--read-ruler-y", options.reading.ruler_y, "measured length of the vertical ruler, mm")
        ->needs(y);
}

void add_grid_options(CLI::App& command, Options& options)
{
    auto& grid = options.grid;
    auto const add = [&](char const* name, auto& value, char const* what) {
        command.add_option(name, value, what)->each([&options](std::string const&) { options.own_grid = true; });
    };
    add("--page-width", grid.page_width, "mm; with --page-height, --label-width … a grid of your own");
    add("--page-height", grid.page_height, "mm");
    add("--columns", grid.columns, "labels beside each other");
    add("--rows", grid.rows, "labels below each other");
    add("--label-width", grid.label_width, "mm");
    add("--label-height", grid.label_height, "mm");
    add("--margin-left", grid.margin_left, "mm from the paper's edge to the first label");
    add("--margin-top", grid.margin_top, "mm from the paper's edge to the first label");
    add("--pitch-x", grid.pitch_x, "mm from a label's left edge to the next one's");
    add("--pitch-y", grid.pitch_y, "mm from a label's upper edge to the next one's");
    command.add_flag("--roll", options.roll, "the grid is a roll, a page is one row");
    command.add_flag("--round", options.round, "the grid's labels are round");
}

} // namespace

void add_label(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<Options>();
    auto* command = app.add_subcommand("label", "a label job as a file, every symbol decoded back");
    add_job_options(*command, *options);
    add_printer_options(*command, *options);
    add_grid_options(*command, *options);
    command->callback([options, &run] { run = [options] { return label(*options); }; });
}

} // namespace nguon::cli
