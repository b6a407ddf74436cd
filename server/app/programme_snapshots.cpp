#include "server/app/programme_snapshots.hpp"

#include "core/json.hpp"
#include "core/limits/programme.hpp"
#include "db/audit_log.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using nlohmann::json;

/// What is kept of a line: no person's name, which must stay erasable.
json to_json(EvidenceLine const& line)
{
    return {{"key", line.key},           {"kind", line.kind},         {"item", line.item},
            {"title", line.title},       {"org_name", line.org_name}, {"date", line.date},
            {"valid_to", line.valid_to}, {"amount", line.amount},     {"counted", line.counted}};
}

EvidenceLine line_from(json const& from)
{
    EvidenceLine out;
    out.key = text_at(from, "key");
    out.kind = text_at(from, "kind");
    out.item = text_at(from, "item");
    out.title = text_at(from, "title");
    out.org_name = text_at(from, "org_name");
    out.date = text_at(from, "date");
    out.valid_to = text_at(from, "valid_to");
    out.amount = from.value("amount", 1.0);
    out.counted = flag_at(from, "counted");
    return out;
}

std::string record_of(EvidenceLine const& line)
{
    constexpr std::string_view prefix = "record:";
    return line.key.starts_with(prefix) ? line.key.substr(prefix.size()) : std::string{};
}

/// Why a line of the frozen figures counts no more.
Difference gone(db::Connection& c, Figures const& now, Figure const& figure, EvidenceLine const& line)
{
    Difference out{figure.indicator.id, figure.indicator.name, "earlier", line, {}};
    if (auto const id = record_of(line); !id.empty())
        if (auto const record = db::programme::find(c, now.plan.id, id); record && record->withdrawn_at) {
            bool const corrected = record->withdrawn_reason == "programme.corrected";
            out.cause = corrected ? "corrected" : "withdrawn";
            out.reason = corrected ? std::string{} : record->withdrawn_reason;
            return out;
        }
    if (!line.valid_to.empty() && line.valid_to < to_iso(now.as_of)) out.cause = "expired";
    return out;
}

} // namespace

FrozenFigure const* Frozen::find(std::string_view indicator) const
{
    auto const found = std::ranges::find(figures, indicator, &FrozenFigure::indicator);
    return found == figures.end() ? nullptr : &*found;
}

Result<std::string> freeze(db::Connection& c, Actor const& actor, std::string const& plan, Date from, Date to)
{
    auto const figures = indicators(c, plan, from, to, actor.at);
    if (!figures) return figures.error();
    if (db::programme::count_snapshots(c, plan) >= limits::plan_snapshots_max)
        return conflict("programme.too_many_snapshots", {std::to_string(limits::plan_snapshots_max)});
    auto out = json::array();
    for (auto const& figure : figures->figures) {
        auto lines = json::array();
        for (auto const& line : figure.evidence) lines.push_back(to_json(line));
        out.push_back({{"indicator", figure.indicator.id},
                       {"name", figure.indicator.name},
                       {"value", figure.value ? json(*figure.value) : json()},
                       {"evidence", std::move(lines)}});
    }
    db::programme::Snapshot snapshot{new_uuid(), to_iso(from), to_iso(to), actor.at, out.dump()};
    db::programme::insert(c, plan, snapshot, actor.subject);
    db::audit_log::Entry entry;
    entry.action = "programme.freeze";
    entry.entity_kind = "programme_snapshot";
    entry.entity_id = snapshot.id;
    entry.detail = json{{"plan", plan}, {"from", snapshot.from}, {"to", snapshot.to}}.dump();
    db::audit_log::append(c, actor.change(), entry);
    return snapshot.id;
}

std::optional<Frozen> find_frozen(db::Connection& c, std::string const& plan, Date from, Date to)
{
    auto snapshot = db::programme::find_snapshot(c, plan, to_iso(from), to_iso(to));
    if (!snapshot) return std::nullopt;
    Frozen out;
    for (auto const& from_json : json::parse(snapshot->figures)) {
        FrozenFigure figure;
        figure.indicator = text_at(from_json, "indicator");
        figure.name = text_at(from_json, "name");
        if (auto const& value = from_json.at("value"); value.is_number()) figure.value = value.get<double>();
        for (auto const& line : from_json.at("evidence")) figure.evidence.push_back(line_from(line));
        out.figures.push_back(std::move(figure));
    }
    out.snapshot = *std::move(snapshot);
    return out;
}

std::vector<Difference> differences(db::Connection& c, Frozen const& before, Figures const& now)
{
    std::vector<Difference> out;
    for (auto const& figure : now.figures) {
        auto const* frozen = before.find(figure.indicator.id);
        if (frozen == nullptr) continue;
        std::set<std::string> was;
        std::set<std::string> is;
        for (auto const& line : frozen->evidence) was.insert(line.key);
        for (auto const& line : figure.evidence) is.insert(line.key);
        for (auto const& line : figure.evidence)
            if (!was.contains(line.key)) out.push_back({figure.indicator.id, figure.indicator.name, "added", line, {}});
        for (auto const& line : frozen->evidence)
            if (!is.contains(line.key)) out.push_back(gone(c, now, figure, line));
    }
    return out;
}

} // namespace nguon::server::app
