#include "server/app/catalogues.hpp"

#include "core/fold.hpp"
#include "core/time.hpp"
#include "db/reference.hpp"
#include "server/web/embedded.hpp"

#include <cstdlib>
#include <map>

namespace nguon::server::app {
namespace {

constexpr std::size_t cell_chars_max = 200;

using Line = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> out;
    for (std::size_t from = 0; from <= text.size();) {
        auto const to = std::min(text.find(separator, from), text.size());
        out.emplace_back(text.substr(from, to - from));
        from = to + 1;
    }
    return out;
}

/// Lines of names and codes: no quotes are needed, "," or ";" parts the columns, the first line names them.
Result<std::vector<Line>> read_lines(std::string_view csv)
{
    std::vector<Line> out;
    std::vector<FieldError> faults;
    std::vector<std::string> header;
    std::size_t number = 0;
    if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
    char const separator = csv.substr(0, csv.find('\n')).find(';') == std::string_view::npos ? ',' : ';';
    for (auto text : split(csv, '\n')) {
        ++number;
        if (text.ends_with('\r')) text.pop_back();
        if (text.empty()) continue;
        auto cells = split(text, separator);
        if (header.empty()) {
            header = std::move(cells);
            continue;
        }
        Line line;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
            auto cleaned = clean_text(cells[i], cell_chars_max);
            if (cleaned)
                line[header[i]] = *std::move(cleaned);
            else
                faults.push_back({"/" + std::to_string(number), cleaned.error().key, cleaned.error().values});
        }
        if (cells.size() != header.size())
            faults.push_back({"/" + std::to_string(number), "catalogue.columns", {std::to_string(header.size())}});
        out.push_back(std::move(line));
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

std::optional<double> degrees(Line const& line, std::string_view name)
{
    auto const at = line.find(name);
    if (at == line.end() || at->second.empty()) return std::nullopt;
    return std::strtod(at->second.c_str(), nullptr);
}

Result<std::vector<db::reference::Commune>> read_communes(std::string_view csv)
{
    auto const lines = read_lines(csv);
    if (!lines) return lines.error();
    std::vector<db::reference::Commune> out;
    std::vector<FieldError> faults;
    for (std::size_t i = 0; i < lines->size(); ++i) {
        auto line = (*lines)[i];
        if (line["code"].empty() || line["name"].empty() || !parse_date(line["valid_from"]))
            faults.push_back({"/" + std::to_string(i + 2), "catalogue.commune", {line["code"]}});
        out.push_back({line["code"], line["province_code"], line["kind"], line["name"], degrees(line, "latitude"),
                       degrees(line, "longitude"), line["valid_from"]});
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

std::string_view shipped(std::string_view name)
{
    for (auto const& file : embedded::catalogues())
        if (file.path == name) return file.bytes;
    std::abort(); // part of the program: a test loads it
}

} // namespace

Status load_catalogues(db::Connection& c)
{
    std::vector<db::reference::Province> provinces;
    std::vector<db::reference::Succession> successions;
    std::vector<db::reference::ProductGroup> groups;
    auto const province_lines = read_lines(shipped("provinces.csv"));
    auto const succession_lines = read_lines(shipped("province_successions.csv"));
    auto const group_lines = read_lines(shipped("product_groups.csv"));
    auto const communes = read_communes(shipped("communes_lai_chau.csv"));
    if (!province_lines) return province_lines.error();
    if (!succession_lines) return succession_lines.error();
    if (!group_lines) return group_lines.error();
    if (!communes) return communes.error();
    for (auto line : *province_lines) provinces.push_back({line["code"], line["name"], line["valid_from"]});
    for (auto line : *succession_lines)
        successions.push_back({"province", line["former_name"], "", line["successor_code"], line["valid_from"]});
    for (auto line : *group_lines)
        groups.push_back({line["code"], line["name"], line["name_en"], line["template"], line["hs_code"]});
    db::reference::save(c, provinces);
    db::reference::save(c, *communes);
    db::reference::save(c, successions);
    db::reference::save(c, groups);
    return Done{};
}

Result<std::size_t> import_communes(db::Connection& c, std::string_view csv)
{
    auto const communes = read_communes(csv);
    if (!communes) return communes.error();
    db::reference::save(c, *communes);
    return communes->size();
}

} // namespace nguon::server::app
