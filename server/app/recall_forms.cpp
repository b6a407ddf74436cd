#include "server/app/recall_forms.hpp"

#include "db/people.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using nlohmann::json;

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

void put(json& out, char const* name, std::optional<double> const& figure)
{
    if (figure) out[name] = *figure;
}

json figures_of(db::recalls::Figures const& figures)
{
    json out = json::object();
    put(out, "made", figures.made);
    put(out, "sold", figures.sold);
    put(out, "in_stock", figures.in_stock);
    put(out, "returned", figures.returned);
    put(out, "destroyed", figures.destroyed);
    put(out, "difference", figures.difference());
    return out;
}

json to_json(db::recalls::Case const& entry)
{
    json out{{"id", entry.id},       {"number", entry.number},       {"kind", entry.kind},
             {"state", entry.state}, {"scope", entry.scope},         {"subject", entry.subject},
             {"title", entry.title}, {"reason", entry.reason},       {"notice", entry.notice},
             {"score", entry.score}, {"automatic", entry.automatic}, {"created_at", moment(entry.created_at)}};
    if (entry.published_at) out["published_at"] = moment(*entry.published_at);
    if (entry.closed_at) out["closed_at"] = moment(*entry.closed_at);
    if (!entry.conclusion.empty()) out["conclusion"] = entry.conclusion;
    return out;
}

} // namespace

RecallView read_recall(db::Connection& c, db::recalls::Case const& entry, db::Areas const& areas,
                       OrganizationId const& org, std::int64_t offset, std::int64_t count)
{
    RecallView out;
    out.entry = entry;
    out.totals = db::recalls::totals(c, entry.id);
    out.balance = db::recalls::balance(c, entry.id);
    out.lots = db::recalls::lots(c, entry.id, areas, org, offset, count);
    out.steps = db::recalls::steps(c, entry.id);
    for (auto const& lot : out.lots) {
        auto const [at, added] = out.phones.try_emplace(lot.org.text());
        if (!added || lot.contact.empty()) continue;
        if (auto const person = db::people::find(c, lot.contact)) at->second = person->phone;
    }
    return out;
}

json to_json(db::recalls::Line const& line)
{
    auto out = to_json(static_cast<db::recalls::Case const&>(line));
    out["lots"] = line.lots;
    out["acknowledged"] = line.acknowledged;
    return out;
}

json to_json(db::recalls::Lot const& lot)
{
    json out{{"batch_id", lot.batch.text()},
             {"organization_id", lot.org.text()},
             {"organization_name", lot.org_name},
             {"product_name", lot.product},
             {"lot", lot.lot},
             {"code", lot.code},
             {"depth", lot.depth},
             {"included", lot.included},
             {"unit", lot.unit},
             {"figures", figures_of(lot.figures)}};
    if (lot.published_at) out["published_at"] = moment(*lot.published_at);
    if (lot.acknowledged_at) out["acknowledged_at"] = moment(*lot.acknowledged_at);
    if (!lot.note.empty()) out["note"] = lot.note;
    if (lot.ended_at) out["ended_at"] = moment(*lot.ended_at);
    if (lot.ended_at) out["ended_reason"] = lot.ended_reason;
    return out;
}

json to_json(RecallView const& view)
{
    auto out = to_json(view.entry);
    auto const findings = json::parse(view.entry.findings);
    out["lots"] = view.totals.lots;
    out["acknowledged"] = view.totals.acknowledged;
    out["firms"] = view.totals.firms;
    out["units"] = findings.value("units", std::int64_t{0});
    out["missing"] = findings.value("missing", json::array());
    out["balance"] = json::array();
    for (auto const& line : view.balance)
        out["balance"].push_back({{"unit", line.unit}, {"lots", line.lots}, {"figures", figures_of(line.sums)}});
    out["affected"] = json::array();
    for (auto const& lot : view.lots) out["affected"].push_back(to_json(lot));
    out["steps"] = json::array();
    for (auto const& step : view.steps) out["steps"].push_back({{"what", step.what}, {"at", moment(step.at)}});
    return out;
}

std::string figure_text(std::string_view language, std::optional<double> const& figure)
{
    if (!figure) return {};
    auto text = fmt::format("{:.3f}", *figure);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text == "-0" ? "0" : format_decimal(language, text);
}

std::string unit_text(Locale const& locale, std::string_view language, std::string const& unit)
{
    auto const* const known = locale.find(language, "console.unit." + unit);
    return known == nullptr ? unit : *known;
}

SheetRows lots_sheet(Locale const& locale, std::string_view language, RecallView const& view)
{
    auto const say = [&](std::string const& key) {
        return locale.text(language, key, std::initializer_list<std::string>{});
    };
    constexpr std::array<std::string_view, 14> columns{
        "product", "lot",  "code",     "organization", "phone",     "included",   "unit",
        "made",    "sold", "in_stock", "returned",     "destroyed", "difference", "state"};
    SheetRows rows(1);
    for (auto const column : columns) rows[0].push_back(say("recalls.lot." + std::string{column}));
    auto const figure = [&](std::optional<double> const& value) { return figure_text(language, value); };
    for (auto const& lot : view.lots) {
        auto const phone = view.phones.find(lot.org.text());
        auto const state = lot.ended_at          ? "ended"
                           : lot.acknowledged_at ? "acknowledged"
                           : lot.published_at    ? "waiting"
                                                 : "draft";
        rows.push_back({lot.product, lot.lot, lot.code, lot.org_name, phone == view.phones.end() ? "" : phone->second,
                        say(lot.included ? "recalls.yes" : "recalls.no"), unit_text(locale, language, lot.unit),
                        figure(lot.figures.made), figure(lot.figures.sold), figure(lot.figures.in_stock),
                        figure(lot.figures.returned), figure(lot.figures.destroyed), figure(lot.figures.difference()),
                        say("recalls.lot_state." + std::string{state})});
    }
    return rows;
}

} // namespace nguon::server::app
