#include "server/app/inspection_record.hpp"

#include "server/web/locale.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace nguon::server::app {
namespace {

/// Builds the record; every sentence is the catalogue's.
class Record {
public:
    Record(Locale const& locale, InspectionView const& shown) : locale_{locale}, shown_{shown} {}

    std::string say(std::string_view key, std::initializer_list<std::string> values = {}) const
    {
        return locale_.text("vi", "inspection.record." + std::string{key}, values);
    }
    std::string word(std::string_view kind, std::string_view word) const
    {
        return locale_.text("vi", fmt::format("inspection.{}.{}", kind, word), {});
    }

    void line(std::string_view key, std::string const& value)
    {
        if (!value.empty()) body.push_back(office::body(say(key, {value})));
    }

    void introduction();
    void items();
    void pictures();
    void conclusion();
    void signatures();

    std::vector<office::Block> body = {};

private:
    Locale const& locale_;
    InspectionView const& shown_;
};

std::string moment_text(std::optional<Instant> const& at) { return at ? to_vietnamese(*at) : std::string{}; }

void Record::introduction()
{
    auto const& inspection = shown_.inspection;
    line("basis", inspection.basis);
    line("purpose", inspection.purpose);
    line("time", moment_text(inspection.started_at));
    line("end", moment_text(inspection.finished_at));
    line("place", inspection.place);
    if (inspection.latitude && inspection.longitude)
        line("position", fmt::format("{:.5f}, {:.5f}", *inspection.latitude, *inspection.longitude));
    body.push_back(office::heading(say("people")));
    line("inspector", shown_.inspector_name);
    line("firm", shown_.org_name);
    line("address", shown_.org_address);
    line("present", shown_.present_name);
    line("product", shown_.product_name);
    line("lot", shown_.lot);
}

void Record::items()
{
    body.push_back(office::heading(say("items")));
    body.push_back(office::note(shown_.checklist.name + ". " + shown_.checklist.basis));
    office::Table table;
    table.columns = {{say("column.code"), 1, office::Align::center},
                     {say("column.text"), 6, office::Align::left},
                     {say("column.result"), 2, office::Align::center},
                     {say("column.note"), 4, office::Align::left}};
    std::string part;
    for (auto const& item : shown_.checklist.items) {
        if (item.part != part) table.rows.push_back({{"", item.part}, true});
        part = item.part;
        auto const found = shown_.answers.find(item.number);
        bool const answered = found != shown_.answers.end();
        table.rows.push_back({{item.code, item.text, answered ? word("result", found->second.result) : "",
                               answered ? found->second.note : std::string{}},
                              false});
    }
    body.push_back(std::move(table));
}

void Record::pictures()
{
    if (shown_.files.empty()) return;
    body.push_back(office::heading(say("pictures", {std::to_string(shown_.files.size())})));
    for (auto const& file : shown_.files) {
        auto const item = std::ranges::find(shown_.checklist.items, file.number, &db::inspections::Item::number);
        auto const about = item == shown_.checklist.items.end() ? say("whole") : item->code;
        body.push_back(office::item(say("picture", {about, file.sha256})));
    }
}

void Record::conclusion()
{
    auto const& inspection = shown_.inspection;
    body.push_back(office::heading(say("conclusion")));
    if (!inspection.conclusion.empty()) body.push_back(office::body(word("conclusion", inspection.conclusion) + "."));
    if (!inspection.finding.empty()) body.push_back(office::body(inspection.finding));
    if (!shown_.actions.empty()) body.push_back(office::heading(say("actions")));
    for (auto const& action : shown_.actions) {
        auto const due = parse_date(action.due_on);
        body.push_back(office::item(say("action", {action.text, due ? to_vietnamese(*due) : action.due_on})));
    }
    body.push_back(office::heading(say("opinion")));
    body.push_back(office::body(inspection.opinion.empty() ? say("no_opinion") : inspection.opinion));
    body.push_back(office::body(say("closing")));
}

void Record::signatures()
{
    office::Signatures places;
    places.places = {{say("sign.firm"), say("sign.note"), shown_.present_name},
                     {say("sign.inspector"), say("sign.note"), shown_.inspector_name}};
    body.push_back(std::move(places));
}

} // namespace

office::WordDocument inspection_record(Locale const& locale, InspectionView const& shown, std::string const& authority,
                                       std::string const& province)
{
    Record record{locale, shown};
    record.introduction();
    record.items();
    record.pictures();
    record.conclusion();
    record.signatures();
    auto const& inspection = shown.inspection;
    auto const day =
        vietnam_date(inspection.finished_at.value_or(inspection.started_at.value_or(inspection.created_at)));
    office::WordDocument out;
    out.head =
        office::OfficialHead{record.say("superior", {province}), authority,
                             record.say("number", {inspection.record_number}), office::place_and_date(province, day)};
    out.kind = record.say("kind");
    out.subject = record.say("subject", {shown.org_name});
    out.body = std::move(record.body);
    if (!inspection.is_over()) out.watermark = record.say("draft");
    return out;
}

} // namespace nguon::server::app
