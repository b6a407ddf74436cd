#include "server/app/catalogues.hpp"

#include "core/time.hpp"
#include "db/deadlines.hpp"
#include "db/reference.hpp"
#include "server/app/checklists.hpp"
#include "server/app/csv_lines.hpp"

#include <cstdlib>

namespace nguon::server::app {
namespace {

std::optional<double> degrees(CsvLine const& line, std::string_view name)
{
    auto const at = line.find(name);
    if (at == line.end() || at->second.empty()) return std::nullopt;
    return std::strtod(at->second.c_str(), nullptr);
}

Result<std::vector<db::reference::Commune>> read_communes(std::string_view csv)
{
    auto const lines = read_csv_lines(csv);
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

} // namespace

Status load_catalogues(db::Connection& c)
{
    std::vector<db::reference::Province> provinces;
    std::vector<db::reference::Succession> successions;
    std::vector<db::reference::ProductGroup> groups;
    auto const province_lines = read_csv_lines(shipped_catalogue("provinces.csv"));
    auto const succession_lines = read_csv_lines(shipped_catalogue("province_successions.csv"));
    auto const group_lines = read_csv_lines(shipped_catalogue("product_groups.csv"));
    auto const day_lines = read_csv_lines(shipped_catalogue("public_holidays.csv"));
    auto const communes = read_communes(shipped_catalogue("communes_lai_chau.csv"));
    if (!province_lines) return province_lines.error();
    if (!succession_lines) return succession_lines.error();
    if (!group_lines) return group_lines.error();
    if (!day_lines) return day_lines.error();
    if (!communes) return communes.error();
    std::vector<db::deadlines::CalendarDay> days;
    for (auto line : *day_lines) days.push_back({line["day"], line["working"] == "1", line["name"]});
    for (auto line : *province_lines) provinces.push_back({line["code"], line["name"], line["valid_from"]});
    for (auto line : *succession_lines)
        successions.push_back({"province", line["former_name"], "", line["successor_code"], line["valid_from"]});
    for (auto line : *group_lines)
        groups.push_back({line["code"], line["name"], line["name_en"], line["template"], line["hs_code"]});
    db::reference::save(c, provinces);
    db::reference::save(c, *communes);
    db::reference::save(c, successions);
    db::reference::save(c, groups);
    db::deadlines::add_missing(c, days);
    return load_checklists(c);
}

Result<std::size_t> import_communes(db::Connection& c, std::string_view csv)
{
    auto const communes = read_communes(csv);
    if (!communes) return communes.error();
    db::reference::save(c, *communes);
    return communes->size();
}

} // namespace nguon::server::app
