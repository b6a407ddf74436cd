#pragma once

#include "core/json.hpp"
#include "db/people.hpp"
#include "server/app/actor.hpp"
#include "server/app/spreadsheet.hpp"

namespace nguon::server::app {

/// A member household with one plot, as typed or as a row of the members' sheet.
struct NewMember {
    std::string name = {};
    std::string phone = {};
    std::string plot = {};
    std::string area_ha = {};
    std::string commune_code = {};
    std::string growing_area_code = {};
};

/// Faults go to the reader: "phone.*", "growing_area.format", "decimal.*".
NewMember read_member(JsonReader& in);

/// Adds households and plots; a household of the same name and telephone gets a further plot. All or nothing.
/// Returns how many plots were added.
Result<std::size_t> add_members(db::Connection& c, Actor const& actor, std::vector<NewMember> const& members);

/// Reads the rows of the members' sheet: header row, then "Họ tên", "Điện thoại", "Thửa", "Diện tích (ha)", "Mã xã",
/// "Mã vùng trồng"; a header of another order is followed by its words. Errors: "sheet.header_missing"
/// {header}, and every faulty cell with a pointer as "C7".
Result<std::vector<NewMember>> read_members_sheet(SheetRows const& rows);

/// An empty sheet with the headers, an example row and a column for each value.
std::string write_members_sheet();

} // namespace nguon::server::app
