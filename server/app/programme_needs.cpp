#include "server/app/programme_needs.hpp"

#include "core/limits/programme.hpp"
#include "core/model/identifiers.hpp"
#include "db/audit_log.hpp"
#include "db/organizations.hpp"
#include "server/app/programme_records.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t detail_chars_max = 500;
constexpr std::size_t name_chars_max = 200;
constexpr std::size_t word_chars_max = 60;
constexpr std::int64_t estimate_max = 1'000'000'000'000; // VND

/// Whose need it is: the organization that acts, or the named one.
std::vector<FieldError> complete(db::Connection& c, Actor const& actor, programme::Plan const& plan,
                                 db::programme::Need& need)
{
    if (!actor.org.empty()) {
        auto const head = db::organizations::find(c, actor.org);
        if (!head) return {{"org_name", head.error().key}};
        need.org = head->id;
        need.org_name = head->name;
        need.org_kind = head->kind;
        need.tax_code = head->tax_code;
        need.commune_code = head->commune_code;
    } else if (auto const party = db::programme::find_party(c, need.tax_code); party && !need.tax_code.empty()) {
        need.org = party->org;
        need.org_name = party->name;
        need.org_kind = party->kind;
        need.commune_code = party->commune_code;
    }
    std::vector<FieldError> faults;
    if (need.org_name.empty()) faults.push_back({"org_name", "programme.organization_missing"});
    if (!need.commune_code.empty() && !plan.covers(need.commune_code))
        faults.push_back({"commune_code", "programme.outside", {need.commune_code}});
    auto const* item = plan.item(need.item);
    if (item == nullptr || !item->needs) faults.push_back({"item", "programme.item"});
    return faults;
}

void note(db::Connection& c, Actor const& actor, std::string action, db::programme::Need const& need,
          std::string const& state)
{
    db::audit_log::Entry entry;
    entry.org = need.org;
    entry.action = std::move(action);
    entry.entity_kind = "programme_need";
    entry.entity_id = need.id;
    entry.detail = nlohmann::json{{"plan", need.plan}, {"item", need.item}, {"state", state}}.dump();
    db::audit_log::append(c, actor.change(), entry);
}

/// Organizations with an OCOP paper that holds on the day.
std::set<std::string> with_ocop(db::Connection& c, std::string const& today)
{
    std::set<std::string> out;
    for (auto const& paper : db::programme::papers(c))
        if (paper.kind_of_paper == "ocop" && (paper.valid_to.empty() || paper.valid_to >= today))
            out.insert(organization_key(paper.tax_code, paper.org, paper.name));
    return out;
}

} // namespace

NeedInput read_need(JsonReader& in)
{
    constexpr std::int64_t year_min = 2020;
    constexpr std::int64_t year_max = 2100;
    NeedInput out;
    out.year = in.integer("year", year_min, year_max);
    out.item = in.text("item", word_chars_max);
    out.detail = in.text("detail", detail_chars_max);
    out.estimate = in.integer("estimate", 0, estimate_max);
    if (auto const code = in.optional_text("tax_code", word_chars_max); code && !code->empty())
        out.tax_code = in.take("tax_code", read_tax_code(*code));
    if (is_personal_tax_code(out.tax_code)) in.fault("tax_code", "programme.personal_tax_code");
    out.org_name = in.optional_text("org_name", name_chars_max).value_or("");
    out.commune_code = in.optional_text("commune_code", word_chars_max).value_or("");
    return out;
}

Result<std::string> register_need(db::Connection& c, Actor const& actor, programme::Plan const& plan,
                                  NeedInput const& input)
{
    if (db::programme::count_needs(c, plan.id, input.year) >= limits::plan_needs_max)
        return conflict("programme.too_many_needs", {std::to_string(limits::plan_needs_max)});
    db::programme::Need need;
    need.id = new_uuid();
    need.plan = plan.id;
    need.year = input.year;
    need.item = input.item;
    need.detail = input.detail;
    need.estimate = input.estimate;
    need.tax_code = input.tax_code;
    need.org_name = input.org_name;
    need.commune_code = input.commune_code;
    need.registered_at = actor.at;
    need.registered_by = actor.subject;
    if (auto faults = complete(c, actor, plan, need); !faults.empty()) return invalid_fields(std::move(faults));
    need.org_key = organization_key(need.tax_code, need.org, need.org_name);
    if (auto const saved = db::programme::insert(c, need); !saved) return saved.error();
    note(c, actor, "programme.need", need, need.state);
    return need.id;
}

Status decide_need(db::Connection& c, Actor const& actor, programme::Plan const& plan, std::string const& id,
                   std::string const& state, std::string const& reason)
{
    if (state != "selected" && state != "declined") return invalid("programme.state");
    if (state == "declined" && reason.empty()) return invalid_fields({{"reason", "field.required"}});
    auto const need = db::programme::find_need(c, plan.id, id);
    if (!need) return need.error();
    if (state == "selected")
        if (auto refused = once_only_refusal(c, plan, need->item, need->org_key)) return *refused;
    if (auto const done = db::programme::decide(c, id, state, actor.change(reason)); !done) return done;
    note(c, actor, "programme.need_decision", *need, state);
    return Done{};
}

std::vector<NeedLine> list_needs(db::Connection& c, programme::Plan const& plan, std::int64_t year, Instant now,
                                 OrganizationId const& org)
{
    auto const ocop = plan.small_first ? with_ocop(c, to_iso(vietnam_date(now))) : std::set<std::string>{};
    std::vector<NeedLine> out;
    for (auto& need : db::programme::needs(c, plan.id, year, org)) {
        NeedLine line;
        auto const* item = plan.item(need.item);
        line.item_name = item == nullptr ? need.item : item->name;
        line.first = plan.small_first &&
                     (need.org_kind == "household" || need.org_kind == "cooperative" || ocop.contains(need.org_key));
        if (auto const refused = once_only_refusal(c, plan, need.item, need.org_key))
            line.refusal_day = refused->values.back();
        line.need = std::move(need);
        out.push_back(std::move(line));
    }
    std::ranges::stable_partition(out, [](NeedLine const& line) { return line.first; });
    return out;
}

} // namespace nguon::server::app
