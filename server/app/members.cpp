#include "server/app/members.hpp"

#include "core/fold.hpp"
#include "core/model/identifiers.hpp"
#include "core/office/workbook.hpp"
#include "db/audit_log.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

struct Column {
    std::string_view field;
    std::string_view header;
    std::string_view example;
};

constexpr std::array columns{
    Column{"name", "Họ tên", "Lò Thị Ví Dụ"}, Column{"phone", "Điện thoại", ""},
    Column{"plot", "Thửa", "Nương trên"},     Column{"area_ha", "Diện tích (ha)", "0,35"},
    Column{"commune_code", "Mã xã", "03424"}, Column{"growing_area_code", "Mã vùng trồng", ""},
};

/// Which column of the sheet holds which field; headers may come in any order and without marks.
Result<std::map<std::string, std::size_t>> find_columns(std::vector<std::string> const& header)
{
    std::map<std::string, std::size_t> at;
    for (auto const& column : columns)
        for (std::size_t i = 0; i < header.size(); ++i)
            if (fold(header[i]).starts_with(fold(column.header.substr(0, column.header.find(" (")))))
                at.try_emplace(std::string{column.field}, i);
    for (auto const required : {columns[0], columns[2]})
        if (!at.contains(std::string{required.field}))
            return invalid("sheet.header_missing", {std::string{required.header}});
    return at;
}

} // namespace

NewMember read_member(JsonReader& in)
{
    NewMember out;
    out.name = in.text("name", 100);
    if (auto const phone = in.optional_text("phone", 20)) out.phone = in.take("phone", read_phone(*phone));
    out.plot = in.text("plot", 100);
    out.area_ha = in.optional_decimal("area_ha", {.digits_max = 6, .decimals_max = 4}).value_or("");
    out.commune_code = in.optional_text("commune_code", 10).value_or("");
    if (auto const code = in.optional_text("growing_area_code", 40))
        out.growing_area_code = in.take("growing_area_code", read_growing_area_code(*code));
    return out;
}

Result<std::size_t> add_members(db::Connection& c, Actor const& actor, std::vector<NewMember> const& members)
{
    std::map<std::pair<std::string, std::string>, PersonId> known;
    for (auto const& member : members) {
        auto& person = known[{fold(member.name), member.phone}];
        if (person.empty())
            if (auto const found = db::people::find_grower(c, actor.org, member.name)) person = *found;
        if (person.empty()) {
            person = new_id<struct PersonKind>();
            db::people::Detail detail;
            detail.name = member.name;
            detail.phone = member.phone;
            db::people::insert(c, person, actor.org, "grower", detail, actor.at);
        }
        db::people::Plot plot;
        plot.id = new_uuid();
        plot.person = person;
        plot.name = member.plot;
        plot.area_ha = member.area_ha;
        plot.commune_code = member.commune_code;
        plot.growing_area_code = member.growing_area_code;
        db::people::insert_plot(c, actor.org, plot, actor.at);
    }
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = "member.add";
    entry.entity_kind = "organization";
    entry.entity_id = actor.org.text();
    entry.detail = nlohmann::json{{"plots", members.size()}}.dump();
    db::audit_log::append(c, actor.change(), entry);
    return members.size();
}

Result<std::vector<NewMember>> read_members_sheet(SheetRows const& rows)
{
    if (rows.empty()) return invalid("sheet.header_missing", {std::string{columns[0].header}});
    auto const at = find_columns(rows.front());
    if (!at) return at.error();

    std::vector<NewMember> members;
    std::vector<FieldError> faults;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        std::map<std::string, std::string, std::less<>> form;
        for (auto const& [field, column] : *at)
            if (column < rows[i].size()) form[field] = rows[i][column];
        if (form["name"].empty() && form["plot"].empty()) continue;
        if (auto& area = form["area_ha"]; area.find(',') == std::string::npos) // a number cell: no plot has 1,000 ha
            std::ranges::replace(area, '.', ',');
        std::vector<FieldError> of_row;
        JsonReader reader{form, of_row};
        members.push_back(read_member(reader));
        for (auto& fault : of_row) {
            auto const column = at->find(fault.pointer);
            fault.pointer = cell_name(column == at->end() ? 0 : column->second, i);
            faults.push_back(std::move(fault));
        }
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return members;
}

std::string write_members_sheet()
{
    std::vector<std::vector<std::string>> rows(2);
    for (auto const& column : columns) {
        rows[0].emplace_back(column.header);
        rows[1].emplace_back(column.example);
    }
    return office::write_sheet("Hộ thành viên", rows);
}

} // namespace nguon::server::app
