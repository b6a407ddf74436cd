#include "db/certificates.hpp"
#include "db/inspections.hpp"
#include "db/province_desk.hpp"
#include "db/sanctions.hpp"
#include "server/app/approvals.hpp"
#include "server/app/look_up.hpp"
#include "server/app/origin.hpp"
#include "server/pages/province/case_view.hpp"

#include <set>

/// What an inspector sees of a scanned code.
namespace nguon::server::pages::province {
namespace {

constexpr std::int64_t earlier_max = 10;

struct Inspected {
    app::Origin origin = {};
    db::organizations::Head owner = {};
    std::vector<db::certificates::Entry> certificates = {};
    std::vector<db::inspections::Line> earlier = {};
    std::vector<db::complaints::Case> complaints = {};
    std::vector<db::sanctions::Sanction> sanctions = {};
};

/// The code of the address as the path of a page: a scan gives either.
Result<std::string> path_of(Request const& request)
{
    std::string const code{request.query_value("code")};
    return code.starts_with('/') ? Result<std::string>{code} : app::path_of_code(code);
}

Result<Inspected> inspect(db::Connection& c, app::Actor const& actor, Principal const& who, std::string const& path)
{
    auto subject = app::find_subject_of_page(c, path, vietnam_date(actor.at));
    if (!subject.product) return not_found("inspection.nothing_here");
    auto owned = app::product_within(c, who, "inspection:read", subject.product->id);
    if (!owned) return not_found("inspection.nothing_here");
    auto origin = app::trace_code(c, subject, actor.at);
    if (!origin) return origin.error();
    Inspected out;
    auto const org = owned->owner.id;
    out.origin = *std::move(origin);
    out.owner = std::move(owned->owner);
    out.certificates = db::certificates::list(c, org);
    out.earlier = db::inspections::of_organization(c, org, earlier_max);
    out.complaints = db::complaints::of_organization(c, org, 0, earlier_max);
    out.sanctions = db::sanctions::of_organization(c, org);
    app::note_read(c, actor, org, "product", subject.product->id.text());
    return out;
}

std::string pick(Request const& request, epcis::ShownText const& shown)
{
    return request.language == "en" ? shown.en : shown.vi;
}

std::string_view amount_key(epcis::QuantityRole role)
{
    if (role == epcis::QuantityRole::used) return "origin.amount_used";
    return role == epcis::QuantityRole::made ? "origin.amount_made" : "origin.amount";
}

json steps_view(Services const& services, Request const& request, app::Origin const& origin)
{
    json out = json::array();
    for (auto const& step : origin.steps) {
        json facts = json::array();
        for (auto const& quantity : step.summary.quantities)
            if (auto const amount = pick(request, quantity.amount); !amount.empty() && step.repeats == 1)
                facts.push_back({{"text", text(services, request, amount_key(quantity.role)) + ": " + amount}});
        if (step.repeats > 1)
            facts.push_back(
                {{"text", text(services, request, "origin.households_total",
                               {std::to_string(step.repeats), format_decimal(request.language, step.total)})}});
        for (auto const& field : step.summary.fields)
            if (step.repeats == 1)
                facts.push_back({{"text", pick(request, field.label) + ": " + pick(request, field.value)}});
        out.push_back({{"verb", pick(request, step.summary.verb)},
                       {"time", format_date(request.language, vietnam_date(step.summary.time.at))},
                       {"organization", step.organization},
                       {"where", step.place + (step.place.empty() || step.commune.empty() ? "" : ", ") + step.commune},
                       {"facts", std::move(facts)}});
    }
    return out;
}

/// Who gave something to this lot: other firms that recorded a step of its journey.
json suppliers_view(app::Origin const& origin)
{
    std::set<std::string> names;
    for (auto const& step : origin.steps)
        if (step.by_another && !step.organization.empty()) names.insert(step.organization);
    json out = json::array();
    for (auto const& name : names) out.push_back({{"name", name}});
    return out;
}

json certificates_view(Services const& services, Request const& request, Inspected const& found, Date today)
{
    json out = json::array();
    for (auto const& entry : found.certificates) {
        auto const& paper = entry.certificate;
        auto const state = entry.head.status != "active" ? CertificateState::revoked : state_on(paper, today);
        json files = json::array();
        for (auto const& file : paper.files) files.push_back({{"url", "/f/" + file}});
        out.push_back(
            {{"name", paper.name.empty() ? text(services, request, "certificate.kind." + paper.kind) : paper.name},
             {"number", paper.number},
             {"issuer", paper.issuer},
             {"until", show_date(request, paper.valid_to)},
             {"state", text(services, request, "certificate.state." + std::string{to_text(state)})},
             {"tone", state == CertificateState::valid ? "good" : "warn"},
             {"files", std::move(files)}});
    }
    return out;
}

json earlier_view(Services const& services, Request const& request, Inspected const& found)
{
    json out = json::array();
    for (auto const& line : found.earlier)
        out.push_back({{"url", "/province/inspections/" + line.id},
                       {"number", line.record_number},
                       {"time", show_moment(request, *line.finished_at)},
                       {"conclusion", text(services, request, "inspection.conclusion." + line.conclusion)},
                       {"finding", line.finding},
                       {"open", line.actions_open == 0 ? "" : show_count(request, line.actions_open)}});
    return out;
}

json complaints_view(Services const& services, Request const& request, Inspected const& found)
{
    json out = json::array();
    for (auto const& entry : found.complaints)
        if (entry.is_open())
            out.push_back({{"url", "/province/complaints/" + entry.code},
                           {"topic", text(services, request, "report.topic." + entry.topic)},
                           {"time", show_moment(request, entry.created_at)}});
    return out;
}

json sanctions_view(Services const& services, Request const& request, Inspected const& found)
{
    json out = json::array();
    for (auto const& sanction : found.sanctions)
        if (!sanction.lifted_at)
            out.push_back({{"kind", text(services, request, "sanction.kind." + sanction.kind)},
                           {"subject", sanction.subject_name},
                           {"reason", sanction.reason}});
    return out;
}

} // namespace

net::awaitable<http::Response> show_inspected(Services& services, Request const& request)
{
    if (request.query_value("code").empty()) {
        json view{{"title", text(services, request, "inspection.scan")}, {"section", "inspections"}};
        co_return page(services, request, "province/inspect_code", std::move(view));
    }
    auto const path = path_of(request);
    if (!path) co_return page_problem(services, request, path.error());
    auto work = [actor = actor_of(services, request), who = request.who, path = *path](db::Connection& c) {
        return inspect(c, actor, who, path);
    };
    auto const found = co_await services.database.write(std::move(work));
    if (!found) co_return page_problem(services, request, found.error());
    auto const& origin = found->origin;
    auto const& batch = origin.subject.batch;
    auto const today = vietnam_date(services.clock.now());
    auto const batch_id = batch ? batch->id.text() : std::string{};
    json view{
        {"title", origin.product.name},
        {"section", "inspections"},
        {"lot", batch ? batch->lot : std::string{}},
        {"made_on", batch ? show_date(request, batch->made_on) : std::string{}},
        {"expires_on", batch ? show_date(request, batch->expires_on) : std::string{}},
        {"verdict", text(services, request, "inspection.verdict." + std::string{app::to_text(origin.subject.verdict)})},
        {"organization", found->owner.name},
        {"organization_url", "/province/organizations/" + found->owner.id.text()},
        {"public_url", *path},
        {"items", text(services, request, "origin.completeness",
                       {std::to_string(origin.items_present), std::to_string(origin.items.size())})},
        {"suppliers", suppliers_view(origin)},
        {"steps", steps_view(services, request, origin)},
        {"certificates", certificates_view(services, request, *found, today)},
        {"earlier", earlier_view(services, request, *found)},
        {"complaints", complaints_view(services, request, *found)},
        {"sanctions", sanctions_view(services, request, *found)},
        {"may_plan", request.who.may("inspection:write")},
        {"plan_url", make_url("/province/inspections/new", {{"organization", found->owner.id.text()},
                                                            {"product", origin.subject.product->id.text()},
                                                            {"batch", batch_id}})},
        {"file_url", batch_id.empty() ? std::string{} : make_url("/province/data-requests", {{"batch", batch_id}})}};
    for (auto const* name : {"suppliers", "steps", "certificates", "earlier", "complaints", "sanctions"})
        view["has_" + std::string{name}] = !view[name].empty();
    co_return page(services, request, "province/inspect", std::move(view));
}

} // namespace nguon::server::pages::province
