#include "server/app/members.hpp"

#include "core/fold.hpp"
#include "core/model/identifiers.hpp"
#include "core/office/workbook.hpp"
#include "db/audit_log.hpp"
#include "server/app/sheet_lines.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::array columns{
    SheetColumn{"name", "Họ tên", "Lò Thị Ví Dụ", true}, SheetColumn{"phone", "Điện thoại", ""},
    SheetColumn{"plot", "Thửa", "Nương trên", true},     SheetColumn{"area_ha", "Diện tích (ha)", "0,35"},
    SheetColumn{"commune_code", "Mã xã", "03424"},       SheetColumn{"growing_area_code", "Mã vùng trồng", ""},
};

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
    auto sheet = read_sheet_lines(rows, columns);
    if (!sheet) return sheet.error();

    std::vector<NewMember> members;
    std::vector<FieldError> faults;
    for (auto& line : sheet->lines) {
        auto& form = line.fields;
        if (form["name"].empty() && form["plot"].empty()) continue;
        if (auto& area = form["area_ha"]; area.find(',') == std::string::npos) // a number cell: no plot has 1,000 ha
            std::ranges::replace(area, '.', ',');
        std::vector<FieldError> of_line;
        JsonReader reader{form, of_line};
        members.push_back(read_member(reader));
        add_cell_faults(*sheet, line, std::move(of_line), faults);
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return members;
}

std::string write_members_sheet() { return office::write_sheet("Hộ thành viên", sample_rows(columns)); }

} // namespace nguon::server::app
