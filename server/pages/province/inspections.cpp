#include "server/app/inspections.hpp"
#include "core/limits/cases.hpp"
#include "db/accounts.hpp"
#include "db/batches.hpp"
#include "db/grants.hpp"
#include "db/province_desk.hpp"
#include "server/app/approvals.hpp"
#include "server/app/checklists.hpp"
#include "server/pages/province/case_view.hpp"
#include "server/pages/province/risk_order.hpp"

#include <algorithm>

/// Planning inspections, and the list that inspectors work through.
namespace nguon::server::pages::province {
namespace {

constexpr std::int64_t choices_max = 1000;
constexpr std::size_t basis_chars_max = 300;

constexpr std::array columns{ListColumn{"inspection.record_number", "number"},
                             ListColumn{"province.organizations.name", "organization"},
                             ListColumn{"inspection.field.planned_on", "planned"},
                             ListColumn{"inspection.field.inspector", "inspector"},
                             ListColumn{"inspection.field.basis", "basis"},
                             ListColumn{"report.state", "chip.text"},
                             ListColumn{"inspection.field.conclusion", "conclusion"},
                             ListColumn{"inspection.actions", "actions"},
                             ListColumn{"risk.title", "risk.text"},
                             ListColumn{"risk.reasons", "risk.why"}};

json state_chip(Services const& services, Request const& request, db::inspections::Line const& line)
{
    auto const today = to_iso(vietnam_date(services.clock.now()));
    bool const late = !line.is_over() ? line.planned_on < today : line.actions_open > 0 && line.next_due_on < today;
    std::string_view const tone = late ? "bad" : line.status == "settled" ? "good" : line.is_over() ? "warn" : "info";
    return {{"tone", tone},
            {"icon", late                       ? "!"
                     : line.status == "settled" ? "✓"
                                                : "…"},
            {"text", text(services, request, "inspection.status." + line.status)}};
}

json line_view(Services const& services, Request const& request, db::inspections::Line const& line)
{
    json out{{"url", "/province/inspections/" + line.id},
             {"organization", line.org_name},
             {"inspector", line.inspector_name},
             {"planned", show_date(request, line.planned_on)},
             {"number", line.record_number},
             {"basis", line.basis},
             {"conclusion", line.conclusion.empty() || !line.is_over()
                                ? std::string{}
                                : text(services, request, "inspection.conclusion." + line.conclusion)},
             {"chip", state_chip(services, request, line)},
             {"actions", ""}};
    if (line.is_over() && line.actions_open > 0)
        out["actions"] = text(services, request, "inspection.actions_open",
                              {show_count(request, line.actions_open), show_date(request, line.next_due_on)});
    return out;
}

/// What the form of a plan offers.
struct Offered {
    std::vector<db::province_desk::OrganizationLine> organizations = {};
    std::vector<db::products::Head> products = {};
    std::vector<db::batches::Head> batches = {};
    std::vector<db::inspections::Checklist> checklists = {};
    std::vector<db::accounts::Listed> inspectors = {};
    Risks risks = {};
    json values = json::object();
};

std::vector<db::accounts::Listed> inspectors(db::Connection& c, Instant now)
{
    std::vector<db::accounts::Listed> out;
    for (auto& account : db::accounts::of_province(c)) {
        auto const grants = db::grants::in_force(c, account.person.text(), now);
        bool const inspects = std::ranges::any_of(grants, [](auto const& grant) {
            auto const role = role_from_text(grant.role);
            return role && scopes_of(*role).has("inspection:write");
        });
        if (inspects && !account.disabled_at) out.push_back(std::move(account));
    }
    return out;
}

/// What the address says of the firm and its goods: by ids, or by the complaint that led here.
void take_address(db::Connection& c, Request const& request, json& values)
{
    for (auto const* name : {"organization", "product", "batch"}) values[name] = std::string{request.query_value(name)};
    auto const code = std::string{request.query_value("complaint")};
    if (code.empty()) return;
    auto const entry = app::complaint_within(c, request.who, "complaint:read", code);
    if (!entry) return;
    values["complaint"] = code;
    values["organization"] = entry->org.text();
    values["product"] = entry->product.text();
    values["batch"] = entry->batch.text();
}

Result<Offered> read_offer(db::Connection& c, Request const& request, Instant now)
{
    Offered out;
    if (request.method == Method::post)
        out.values = request.form.to_json();
    else
        take_address(c, request, out.values);
    auto const areas = request.who.areas("inspection:write");
    ListWindow const offered{0, choices_max};
    out.organizations = db::province_desk::organizations(c, areas, "", std::nullopt, 0, limits::list_export_rows_max);
    out.risks = read_risks(c, areas, now);
    order_by_risk(out.organizations, out.risks, offered, [](auto const& line) { return line.id; });
    OrganizationId const org{text_at(out.values, "organization")};
    if (!org.empty() && app::organization_within(c, request.who, "inspection:write", org)) {
        out.products = db::products::list(c, org, 0, choices_max);
        out.batches = db::batches::list(c, org, 0, choices_max);
    }
    out.checklists = db::inspections::checklists(c);
    out.inspectors = inspectors(c, now);
    if (text_at(out.values, "planned_on").empty()) out.values["planned_on"] = to_iso(vietnam_date(now));
    if (text_at(out.values, "inspector").empty()) out.values["inspector"] = request.who.subject;
    return out;
}

net::awaitable<http::Response> plan_page(Services& services, Request const& request, Error const* error)
{
    auto work = [&request, now = services.clock.now()](db::Connection& c) { return read_offer(c, request, now); };
    auto const offer = co_await services.database.read(std::move(work));
    if (!offer) co_return page_problem(services, request, offer.error());
    Options organizations{{"", text(services, request, "inspection.choose")}};
    for (auto const& line : offer->organizations) {
        auto const risk = risk_view(services, request, offer->risks, line.id);
        auto const word = risk.is_null() ? std::string{} : " – " + text_at(risk, "text");
        organizations.emplace_back(line.id.text(), line.name + word);
    }
    Options products{{"", text(services, request, "inspection.whole_firm")}};
    for (auto const& product : offer->products) products.emplace_back(product.id.text(), product.name);
    Options batches{{"", text(services, request, "inspection.any_lot")}};
    for (auto const& batch : offer->batches) batches.emplace_back(batch.id.text(), batch.lot);
    Options lists;
    for (auto const& list : offer->checklists) lists.emplace_back(list.id, list.name);
    Options people;
    for (auto const& person : offer->inspectors) people.emplace_back(person.person.text(), person.name);
    FormView form{services, request, "inspection.field", offer->values, error};
    form.add({.name = "organization", .type = "select", .required = true, .options = std::move(organizations)});
    form.add({.name = "product", .type = "select", .options = std::move(products)});
    form.add({.name = "batch", .type = "select", .options = std::move(batches)});
    form.add({.name = "planned_on", .type = "date", .required = true});
    form.add({.name = "inspector", .type = "select", .required = true, .options = std::move(people)});
    form.add({.name = "basis", .required = true, .chars_max = basis_chars_max});
    form.add({.name = "purpose", .chars_max = basis_chars_max});
    form.add({.name = "checklist", .type = "select", .required = true, .options = std::move(lists)});
    form.add({.name = "complaint", .type = "hidden"});
    json view{{"title", text(services, request, "inspection.plan")}, {"section", "inspections"}};
    form.put_into(view);
    co_return page(services, request, "province/inspection_plan", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

app::InspectionPlan read_plan(JsonReader& in)
{
    app::InspectionPlan plan;
    plan.org = OrganizationId{in.text("organization", 40)};
    plan.product = ProductId{in.optional_text("product", 40).value_or("")};
    plan.batch = BatchId{in.optional_text("batch", 40).value_or("")};
    plan.checklist = in.text("checklist", 40);
    plan.inspector = in.text("inspector", 40);
    plan.planned_on = in.text("planned_on", 10);
    plan.basis = in.optional_text("basis", basis_chars_max).value_or("");
    plan.purpose = in.optional_text("purpose", basis_chars_max).value_or("");
    plan.complaint = in.optional_text("complaint", 20).value_or("");
    return plan;
}

} // namespace

net::awaitable<http::Response> show_inspections(Services& services, Request const& request)
{
    std::string const state{request.query_value("state")};
    struct Page {
        std::vector<db::inspections::Line> lines = {};
        Risks risks = {};
    };
    auto work = [&request, state, now = services.clock.now()](db::Connection& c) -> Result<Page> {
        auto const areas = request.who.areas("inspection:read");
        auto const window = window_to_order(request);
        Page out{db::inspections::list(c, areas, state, window.first, window.count),
                 risks_wanted(c, request, areas, now)};
        if (by_risk(request))
            order_by_risk(out.lines, out.risks, list_window(request), [](auto const& line) {
                bool const done = line.is_over() && line.actions_open == 0;
                return done ? OrganizationId{} : line.org; // what is settled stays behind
            });
        return out;
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    json rows = json::array();
    for (auto const& line : shown->lines) {
        rows.push_back(line_view(services, request, line));
        rows.back()["risk"] = risk_view(services, request, shown->risks, line.org);
    }
    json view{
        {"title", text(services, request, "inspection.title")},
        {"section", "inspections"},
        {"orders", order_tabs(services, request)},
        {"may_plan", request.who.may("inspection:write")},
        {"tabs", filter_tabs(services, request, "state", "inspection.state", {"", "planned", "finished", "actions"})}};
    co_return co_await list_page(services, request, "province/inspections", std::move(view), std::move(rows), columns);
}

net::awaitable<http::Response> new_inspection(Services& services, Request const& request)
{
    co_return co_await plan_page(services, request, nullptr);
}

net::awaitable<http::Response> plan_inspection(Services& services, Request const& request)
{
    auto const plan = console::read_form_as(request.form, &read_plan);
    if (!plan) co_return co_await plan_page(services, request, &plan.error());
    auto work = [actor = actor_of(services, request), who = request.who,
                 plan = *plan](db::Connection& c) -> Result<std::string> {
        if (auto const org = app::organization_within(c, who, "inspection:write", plan.org); !org)
            return invalid_fields({{"/organization", org.error().key, {}}});
        return app::plan_inspection(c, actor, plan);
    };
    auto const id = co_await services.database.write(std::move(work));
    if (!id) co_return co_await plan_page(services, request, &id.error());
    co_return redirect("/province/inspections/" + *id);
}

} // namespace nguon::server::pages::province
