#include "server/app/checklists.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "core/ids.hpp"
#include "core/limits/cases.hpp"
#include "server/app/csv_lines.hpp"
#include "server/app/deadlines.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

using db::inspections::Checklist;
using db::inspections::Item;

/// Lists with the same content are one list.
std::string digest_of(Checklist const& checklist)
{
    std::string all = checklist.name + "\n" + checklist.basis + "\n";
    for (auto const& item : checklist.items)
        all += item.part + "\t" + item.code + "\t" + item.weight + "\t" + item.text + "\t" + item.hint + "\n";
    return sha256_hex(all);
}

std::string weight_of(std::string_view typed)
{
    auto const word = fold(typed);
    if (word == "nhe") return "minor";
    if (word == "nang") return "major";
    if (word == "nghiem trong") return "critical";
    return std::ranges::find(item_weights, word) == item_weights.end() ? std::string{} : word;
}

std::string cell(std::vector<std::string> const& row, std::size_t column)
{
    if (column >= row.size()) return {};
    return clean_text(row[column], limits::checklist_text_chars_max).value_or("");
}

} // namespace

Status load_checklists(db::Connection& c)
{
    auto const lists = read_csv_lines(shipped_catalogue("checklists.csv"));
    if (!lists) return lists.error();
    for (auto list : *lists) {
        auto const lines = read_csv_lines(shipped_catalogue(list["file"]));
        if (!lines) return lines.error();
        Checklist checklist{new_uuid(), list["name"], list["basis"], list["sample"] == "1", {}, {}};
        for (auto line : *lines)
            checklist.items.push_back({static_cast<std::int64_t>(checklist.items.size()) + 1, line["part"],
                                       line["code"], line["text"], line["hint"], line["weight"]});
        checklist.content_sha256 = digest_of(checklist);
        db::inspections::add_missing(c, checklist, Instant{});
    }
    return Done{};
}

Result<Checklist> read_checklist(SheetRows const& rows, std::string name, std::string basis)
{
    Checklist out{new_uuid(), std::move(name), std::move(basis), false, {}, {}};
    std::vector<FieldError> faults;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        auto const& row = rows[i];
        Item item{static_cast<std::int64_t>(out.items.size()) + 1,
                  cell(row, 0),
                  cell(row, 1),
                  cell(row, 3),
                  cell(row, 4),
                  weight_of(cell(row, 2))};
        if (item.part.empty() && item.text.empty()) continue;
        if (item.part.empty() || item.text.empty() || item.weight.empty())
            faults.push_back({"/file", "checklist.row", {std::to_string(i + 1)}});
        out.items.push_back(std::move(item));
    }
    if (out.items.empty()) faults.push_back({"/file", "checklist.empty", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    out.content_sha256 = digest_of(out);
    return out;
}

Result<std::string> add_checklist(db::Connection& c, Actor const& actor, Checklist checklist)
{
    db::inspections::add_missing(c, checklist, actor.at);
    if (!db::inspections::find_checklist(c, checklist.id)) return conflict("checklist.known");
    note(c, actor, {}, "checklist.add", "checklist", checklist.id);
    return checklist.id;
}

void retire_checklist(db::Connection& c, Actor const& actor, std::string const& id)
{
    db::inspections::retire(c, id, actor.at);
    note(c, actor, {}, "checklist.retire", "checklist", id);
}

} // namespace nguon::server::app
