#include "server/app/programme_plans.hpp"

#include "core/limits/programme.hpp"
#include "db/audit_log.hpp"
#include "db/installation.hpp"
#include "db/reference.hpp"
#include "server/web/embedded.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::string_view two_levels_since = "2025-07-01";

void save_communes(db::Connection& c, programme::Plan const& plan)
{
    std::vector<db::reference::Commune> communes;
    for (auto const& each : plan.communes)
        if (!db::reference::find_commune(c, each.code))
            communes.push_back({each.code, plan.province, each.kind, each.name, {}, {}, std::string{two_levels_since}});
    db::reference::save(c, communes);
}

} // namespace

std::string_view shipped_plan(std::string_view name)
{
    for (auto const& file : embedded::plans())
        if (file.path == std::string{name} + ".json") return file.bytes;
    return {};
}

std::vector<std::string> shipped_plans()
{
    std::vector<std::string> out;
    for (auto const& file : embedded::plans()) out.emplace_back(file.path.substr(0, file.path.rfind(".json")));
    return out;
}

Result<programme::Plan> load_plan(db::Connection& c, Actor const& actor, std::string_view content)
{
    auto plan = programme::read_plan(content);
    if (!plan) return plan;
    auto const installation = db::installation::find(c);
    if (installation && plan->province != installation->province_code)
        return invalid("programme.other_province", {plan->province});
    auto const loaded = db::programme::plans(c);
    bool const known = std::ranges::find(loaded, plan->id, &db::programme::PlanRow::id) != loaded.end();
    if (!known && static_cast<std::int64_t>(loaded.size()) >= limits::plans_max)
        return conflict("programme.too_many_plans", {std::to_string(limits::plans_max)});
    save_communes(c, *plan);
    db::programme::put_plan(c, plan->id, content, actor.change());
    db::audit_log::Entry entry;
    entry.action = "programme.plan";
    entry.entity_kind = "programme_plan";
    entry.entity_id = plan->id;
    db::audit_log::append(c, actor.change(), entry);
    return plan;
}

Result<programme::Plan> find_plan(db::Connection& c, std::string_view id)
{
    auto const row = db::programme::find_plan(c, id);
    if (!row) return not_found("programme.plan_unknown");
    return programme::read_plan(row->content);
}

std::vector<programme::Plan> list_plans(db::Connection& c)
{
    std::vector<programme::Plan> out;
    for (auto const& row : db::programme::plans(c))
        if (auto plan = programme::read_plan(row.content)) out.push_back(*std::move(plan));
    return out;
}

} // namespace nguon::server::app
