#include "server/app/label_printers.hpp"

#include "core/limits/labels.hpp"
#include "db/audit_log.hpp"

#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t name_chars_max = 80;
constexpr std::int64_t cells_max = 50; // columns or rows of a sheet
constexpr double percent = 100;
// No ruler shows more, and a form must take back what it showed.
constexpr double lengths_per_mm = 100;
constexpr double scales_per_one = 100'000;

/// A decimal as a number, when there is one.
std::optional<double> read_optional(JsonReader& in, std::string_view name, bool negative = false)
{
    auto const text = in.optional_decimal(name, {.digits_max = 6, .decimals_max = 3, .negative = negative});
    if (!text) return std::nullopt;
    double number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}

double read_number(JsonReader& in, std::string_view name, double fallback, bool negative = false)
{
    return read_optional(in, name, negative).value_or(fallback);
}

double read_length(JsonReader& in, std::string_view name)
{
    auto const text = in.decimal(name, {.digits_max = 6, .decimals_max = 3});
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

double rounded(double number, double steps) { return std::round(number * steps) / steps; }

void note(db::Connection& c, Actor const& actor, std::string action, std::string_view kind, std::string const& id)
{
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = std::move(action);
    entry.entity_kind = kind;
    entry.entity_id = id;
    db::audit_log::append(c, actor.change(), entry);
}

Error too_many(std::string key, std::size_t most)
{
    return Error{ErrorCode::rate_limited, std::move(key), {std::to_string(most)}, {}, {}};
}

scanner::PrinterProfile profile_of(db::label_printers::Printer const& printer)
{
    scanner::PrinterProfile out;
    out.offset_x = printer.offset_x;
    out.offset_y = printer.offset_y;
    out.scale_x = printer.scale_x;
    out.scale_y = printer.scale_y;
    out.dpi = static_cast<int>(printer.dpi);
    if (printer.darkness) out.darkness = static_cast<int>(*printer.darkness);
    if (printer.speed) out.speed = static_cast<int>(*printer.speed);
    if (auto const language = scanner::find_printer_language(printer.language)) out.language = *language;
    return out;
}

Status check(db::label_printers::Printer const& printer)
{
    auto faults = scanner::printer_faults(profile_of(printer));
    for (auto& fault : faults) {
        if (!fault.pointer.starts_with("/scale_")) continue;
        // People type percents.
        fault.pointer += "_percent";
        fault.values = {number_text(scanner::printer_scale_min * percent),
                        number_text(scanner::printer_scale_max * percent)};
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return Done{};
}

Status check(StockInput const& stock)
{
    if (auto faults = scanner::stock_faults(stock.grid); !faults.empty()) return invalid_fields(std::move(faults));
    return Done{};
}

} // namespace

db::label_printers::Printer read_printer(JsonReader& in)
{
    static constexpr std::array languages{Choice<std::string_view>{"pdf", ""}, Choice<std::string_view>{"zpl", "zpl"},
                                          Choice<std::string_view>{"tspl", "tspl"},
                                          Choice<std::string_view>{"epl", "epl"}};
    db::label_printers::Printer out;
    out.name = in.text("name", name_chars_max);
    out.language = in.choice<std::string_view>("format", languages);
    out.dpi = in.optional_integer("dpi", 1, 2400).value_or(out.language.empty() ? 300 : 203);
    out.offset_x = read_number(in, "offset_x", 0, true);
    out.offset_y = read_number(in, "offset_y", 0, true);
    out.scale_x = read_number(in, "scale_x_percent", percent) / percent;
    out.scale_y = read_number(in, "scale_y_percent", percent) / percent;
    out.darkness = in.optional_integer("darkness", 0, scanner::printer_darkness_max);
    out.speed = in.optional_integer("speed", 1, scanner::printer_speed_max);
    return out;
}

StockInput read_stock(JsonReader& in)
{
    StockInput out;
    auto& grid = out.grid;
    out.name = in.text("name", name_chars_max);
    bool const roll = in.flag("roll");
    grid.medium = roll ? scanner::StockMedium::roll : scanner::StockMedium::sheet;
    grid.columns = static_cast<int>(in.optional_integer("columns", 1, cells_max).value_or(1));
    grid.rows = roll ? 1 : static_cast<int>(in.optional_integer("rows", 1, cells_max).value_or(1));
    grid.label_width = read_length(in, "label_width");
    grid.label_height = read_length(in, "label_height");
    grid.margin_left = read_number(in, "margin_left", 0);
    grid.margin_top = roll ? 0 : read_number(in, "margin_top", 0);
    grid.pitch_x = read_number(in, "pitch_x", grid.label_width);
    grid.pitch_y = read_number(in, "pitch_y", grid.label_height);
    auto const across = grid.margin_left * 2 + grid.pitch_x * (grid.columns - 1) + grid.label_width;
    grid.page_width = read_number(in, "page_width", roll ? across : 210);
    grid.page_height = roll ? grid.label_height : read_number(in, "page_height", 297);
    return out;
}

Result<std::string> add_printer(db::Connection& c, Actor const& actor, db::label_printers::Printer printer)
{
    if (auto checked = check(printer); !checked) return checked.error();
    if (db::label_printers::list(c, actor.org).size() >= limits::printers_max)
        return too_many("printer.too_many", limits::printers_max);
    printer.id = new_uuid();
    printer.org = actor.org;
    printer.created_at = actor.at;
    db::label_printers::insert(c, printer);
    note(c, actor, "printer.add", "label_printer", printer.id);
    return printer.id;
}

Status change_printer(db::Connection& c, Actor const& actor, std::string const& id, db::label_printers::Printer printer)
{
    if (auto checked = check(printer); !checked) return checked;
    printer.id = id;
    printer.org = actor.org;
    if (auto changed = db::label_printers::change(c, printer); !changed) return changed;
    note(c, actor, "printer.change", "label_printer", id);
    return Done{};
}

Status remove_printer(db::Connection& c, Actor const& actor, std::string const& id)
{
    if (auto removed = db::label_printers::remove(c, actor.org, id); !removed) return removed;
    note(c, actor, "printer.remove", "label_printer", id);
    return Done{};
}

scanner::CalibrationReading read_calibration(JsonReader& in)
{
    scanner::CalibrationReading out;
    out.x = read_length(in, "x");
    out.y = read_length(in, "y");
    out.ruler_x = read_optional(in, "ruler_x");
    out.ruler_y = read_optional(in, "ruler_y");
    return out;
}

Result<Shift> calibrate_printer(db::Connection& c, Actor const& actor, std::string const& id, std::int64_t version,
                                scanner::Stock const& stock, scanner::CalibrationReading const& reading)
{
    auto printer = db::label_printers::find(c, actor.org, id);
    if (!printer) return printer.error();
    if (printer->version != version) return conflict("calibration.stale");
    auto const mended = scanner::calibrate(stock, profile_of(*printer), reading);
    if (!mended) return mended.error();
    printer->offset_x = rounded(mended->offset_x, lengths_per_mm);
    printer->offset_y = rounded(mended->offset_y, lengths_per_mm);
    printer->scale_x = rounded(mended->scale_x, scales_per_one);
    printer->scale_y = rounded(mended->scale_y, scales_per_one);
    if (auto changed = db::label_printers::change(c, *printer); !changed) return changed.error();
    note(c, actor, "printer.change", "label_printer", id);
    auto const marks = scanner::calibration_marks(stock);
    return Shift{marks.cross_x - reading.x, marks.cross_y - reading.y};
}

Result<std::string> add_stock(db::Connection& c, Actor const& actor, StockInput const& stock)
{
    if (auto checked = check(stock); !checked) return checked.error();
    if (db::label_printers::stocks(c, actor.org).size() >= limits::measured_stocks_max)
        return too_many("stock.too_many", limits::measured_stocks_max);
    db::label_printers::OwnStock const own{new_uuid(), actor.org, stock.name, to_json(stock.grid).dump(), 1, actor.at};
    db::label_printers::insert(c, own);
    note(c, actor, "stock.add", "label_stock", own.id);
    return own.id;
}

Status change_stock(db::Connection& c, Actor const& actor, std::string const& id, StockInput const& stock)
{
    if (auto checked = check(stock); !checked) return checked;
    db::label_printers::OwnStock const own{id, actor.org, stock.name, to_json(stock.grid).dump(), 1, actor.at};
    if (auto changed = db::label_printers::change(c, own); !changed) return changed;
    note(c, actor, "stock.change", "label_stock", id);
    return Done{};
}

Status remove_stock(db::Connection& c, Actor const& actor, std::string const& id)
{
    if (auto removed = db::label_printers::remove_stock(c, actor.org, id); !removed) return removed;
    note(c, actor, "stock.remove", "label_stock", id);
    return Done{};
}

nlohmann::json to_json(scanner::Stock const& grid)
{
    return {{"roll", grid.is_roll()},
            {"page_width", grid.page_width},
            {"page_height", grid.page_height},
            {"columns", grid.columns},
            {"rows", grid.rows},
            {"label_width", grid.label_width},
            {"label_height", grid.label_height},
            {"margin_left", grid.margin_left},
            {"margin_top", grid.margin_top},
            {"pitch_x", grid.pitch_x},
            {"pitch_y", grid.pitch_y}};
}

scanner::Stock stock_from(nlohmann::json const& grid)
{
    scanner::Stock out;
    out.medium = grid.at("roll").get<bool>() ? scanner::StockMedium::roll : scanner::StockMedium::sheet;
    out.page_width = grid.at("page_width").get<double>();
    out.page_height = grid.at("page_height").get<double>();
    out.columns = grid.at("columns").get<int>();
    out.rows = grid.at("rows").get<int>();
    out.label_width = grid.at("label_width").get<double>();
    out.label_height = grid.at("label_height").get<double>();
    out.margin_left = grid.at("margin_left").get<double>();
    out.margin_top = grid.at("margin_top").get<double>();
    out.pitch_x = grid.at("pitch_x").get<double>();
    out.pitch_y = grid.at("pitch_y").get<double>();
    return out;
}

scanner::Stock to_stock(db::label_printers::OwnStock const& stock)
{
    auto out = stock_from(nlohmann::json::parse(stock.grid)); // of our own making
    out.id = stock.id;
    out.name_vi = stock.name;
    out.name_en = stock.name;
    return out;
}

Result<scanner::Stock> find_any_stock(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    if (auto const* const shipped = scanner::find_stock(id); shipped != nullptr) return *shipped;
    auto const own = db::label_printers::find_stock(c, org, id);
    if (!own) return invalid("label.stock_unknown", {id});
    return to_stock(*own);
}

scanner::LabelOutput to_output(db::label_printers::Printer const& printer)
{
    scanner::LabelOutput out;
    out.printer = profile_of(printer);
    if (!printer.language.empty()) out.format = scanner::format_of(out.printer.language);
    return out;
}

nlohmann::json to_json(scanner::LabelOutput const& output)
{
    auto const& printer = output.printer;
    nlohmann::json out{{"format", scanner::to_name(output.format)},
                       {"dpi", printer.dpi},
                       {"offset_x", printer.offset_x},
                       {"offset_y", printer.offset_y},
                       {"scale_x", printer.scale_x},
                       {"scale_y", printer.scale_y}};
    if (printer.darkness) out["darkness"] = *printer.darkness;
    if (printer.speed) out["speed"] = *printer.speed;
    return out;
}

scanner::LabelOutput output_from(nlohmann::json const& output)
{
    scanner::LabelOutput out;
    if (auto const format = scanner::find_label_format(text_at(output, "format"))) out.format = *format;
    if (auto const language = scanner::language_of(out.format)) out.printer.language = *language;
    out.printer.dpi = output.at("dpi").get<int>();
    out.printer.offset_x = output.at("offset_x").get<double>();
    out.printer.offset_y = output.at("offset_y").get<double>();
    out.printer.scale_x = output.at("scale_x").get<double>();
    out.printer.scale_y = output.at("scale_y").get<double>();
    if (output.contains("darkness")) out.printer.darkness = output.at("darkness").get<int>();
    if (output.contains("speed")) out.printer.speed = output.at("speed").get<int>();
    return out;
}

} // namespace nguon::server::app
