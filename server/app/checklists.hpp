#pragma once

#include "db/inspections.hpp"
#include "server/app/actor.hpp"
#include "server/app/spreadsheet.hpp"

namespace nguon::server::app {

inline constexpr std::array<std::string_view, 3> item_weights{"minor", "major", "critical"};

/// Writes the checklists that ship with the program, samples of our own; an office brings its own instead.
Status load_checklists(db::Connection& c);

/// Reads an office's list from a sheet: a header row, then part, code, weight (minor, major, critical, or nhẹ, nặng,
/// nghiêm trọng), text, hint. Errors: "checklist.empty", "checklist.row" {row} for each that lacks something.
Result<db::inspections::Checklist> read_checklist(SheetRows const& rows, std::string name, std::string basis);

/// Adds an office's list. Returns its id. Errors: "checklist.known" when a list with this content is there.
Result<std::string> add_checklist(db::Connection& c, Actor const& actor, db::inspections::Checklist checklist);

/// New inspections do not use it any more.
void retire_checklist(db::Connection& c, Actor const& actor, std::string const& id);

} // namespace nguon::server::app
