#pragma once

#include "server/app/spreadsheet.hpp"
#include "server/app/trace.hpp"
#include "server/web/locale.hpp"

#include <nlohmann/json_fwd.hpp>

/// The forms in which a trace is handed out: the same facts as data, as an indented list, as a sheet and as a picture.
namespace nguon::server::app {

/// Things, links with quantities and times, and what is missing.
nlohmann::json to_json(Trace const& trace);

/// "120,5 kg"; units of CBV by their usual names.
std::string amount_text(std::string_view language, double quantity, std::string const& uom);

/// One line of the list in words, without its indent: thing, how it is linked, amount, what is missing.
struct TraceWords {
    std::string thing = {};
    std::string who = {};
    std::string link = {}; // "dùng 120 kg khi Chế biến chè, 12/10/2026"; "" for the start
    std::string gap = {};  // "" when nothing is missing
};
TraceWords words_of(Locale const& locale, std::string_view language, TraceLine const& line);

/// Both directions as plain text with two blanks for each level.
std::string to_list(Locale const& locale, std::string_view language, Trace const& trace,
                    db::genealogy::Direction direction);

/// Every thing in a line of its own.
SheetRows to_sheet(Locale const& locale, std::string_view language, Trace const& trace);

/// An SVG: what it came from on the left, where it went on the right, at most `limits::trace_things_drawn` things, the
/// nearest first. It says in words what it shows and how many are left out.
std::string to_picture(Locale const& locale, std::string_view language, Trace const& trace);

} // namespace nguon::server::app
