#include "server/app/sanctions.hpp"

#include "core/limits/cases.hpp"
#include "server/app/approvals.hpp"
#include "server/pages/province/case_view.hpp"
#include "server/pages/province/list_page.hpp"

/// Taking firms and products from display, and putting them back.
namespace nguon::server::pages::province {
namespace {

constexpr std::array<std::string_view, 2> kinds{"suspend", "withdraw"};
constexpr std::array<std::string_view, 2> subjects{"product", "organization"};

constexpr std::array columns{ListColumn{"sanction.field.kind", "kind"},
                             ListColumn{"sanction.field.subject", "subject"},
                             ListColumn{"province.organizations.name", "organization"},
                             ListColumn{"sanction.field.reason", "reason"},
                             ListColumn{"sanction.imposed", "imposed"},
                             ListColumn{"sanction.explanation", "explanation"},
                             ListColumn{"sanction.displayed_again", "lifted"}};

json line_view(Services const& services, Request const& request, db::sanctions::Sanction const& sanction)
{
    json out{{"id", sanction.id},
             {"kind", text(services, request, "sanction.kind." + sanction.kind)},
             {"subject", sanction.subject_name},
             {"organization", sanction.org_name},
             {"organization_url", "/province/organizations/" + sanction.org.text()},
             {"reason", sanction.reason},
             {"imposed", show_moment(request, sanction.imposed_at)},
             {"explanation", sanction.explanation},
             {"explained", sanction.explained_at ? show_moment(request, *sanction.explained_at) : std::string{}},
             {"lifted", sanction.lifted_at ? show_moment(request, *sanction.lifted_at) : std::string{}},
             {"lift_reason", sanction.lift_reason},
             {"inspection_url", sanction.inspection.empty() ? "" : "/province/inspections/" + sanction.inspection},
             {"may_lift", !sanction.lifted_at && sanction.kind == "suspend" && request.who.may("approval:write")},
             {"again_url", sanction.lifted_at || sanction.kind != "withdraw" ? ""
                           : sanction.subject_kind == "product" ? "/province/products/" + sanction.subject_id
                                                                : "/province/organizations/" + sanction.subject_id}};
    if (!sanction.lifted_at && !sanction.explained_at)
        out["due"] = due_chip(services, request, sanction.explain_due_at, services.clock.now());
    return out;
}

net::awaitable<http::Response> list_page(Services& services, Request const& request, Error const* error)
{
    auto const window = list_window(request);
    auto work = [areas = request.who.areas("inspection:read"),
                 window](db::Connection& c) -> Result<std::vector<db::sanctions::Sanction>> {
        return db::sanctions::list(c, areas, window.first, window.count);
    };
    auto const lines = co_await services.database.read(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    json rows = json::array();
    for (auto const& line : *lines) rows.push_back(line_view(services, request, line));
    json view{{"title", text(services, request, "sanction.title")}, {"section", "inspections"}};
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    auto response =
        co_await list_page(services, request, "province/sanctions", std::move(view), std::move(rows), columns);
    if (error != nullptr) response.status = status_of(*error);
    co_return response;
}

struct Offered {
    std::string organization = {};
    std::string product = {};
};

net::awaitable<http::Response> new_page(Services& services, Request const& request, Error const* error)
{
    auto values = request.method == Method::post ? request.form.to_json() : json::object();
    if (request.method != Method::post)
        for (auto const* name : {"organization", "product", "inspection"})
            values[name] = std::string{request.query_value(name)};
    auto work = [who = request.who, org = OrganizationId{text_at(values, "organization")},
                 product = ProductId{text_at(values, "product")}](db::Connection& c) -> Result<Offered> {
        auto const head = app::organization_within(c, who, "approval:write", org);
        if (!head) return head.error();
        Offered out{head->name, {}};
        if (auto const owned = app::product_within(c, who, "approval:write", product)) out.product = owned->head.name;
        return out;
    };
    auto const offered = co_await services.database.read(std::move(work));
    if (!offered) co_return page_problem(services, request, offered.error());
    Options about;
    if (!offered->product.empty())
        about.emplace_back("product", text(services, request, "sanction.of.product", {offered->product}));
    about.emplace_back("organization", text(services, request, "sanction.of.organization", {offered->organization}));
    FormView form{services, request, "sanction.field", std::move(values), error};
    form.add({.name = "subject", .type = "select", .required = true, .options = std::move(about)});
    form.add({.name = "kind",
              .type = "select",
              .required = true,
              .options = console::options_of(services, request, "sanction.kind", kinds)});
    form.add({.name = "reason",
              .type = "textarea",
              .required = true,
              .seen_by = SeenBy::everyone,
              .chars_max = limits::case_text_chars_max});
    for (auto const* name : {"organization", "product", "inspection"}) form.add({.name = name, .type = "hidden"});
    json view{{"title", text(services, request, "sanction.new")}, {"section", "inspections"}};
    form.put_into(view);
    co_return page(services, request, "province/sanction_new", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

Result<app::NewSanction> read_wanted(Request const& request)
{
    auto reason = read_text(request, "reason", limits::case_text_chars_max);
    if (!reason) return reason.error();
    app::NewSanction wanted;
    wanted.kind = request.form.get("kind");
    wanted.subject_kind = request.form.get("subject");
    bool const known = std::ranges::find(subjects, wanted.subject_kind) != subjects.end();
    if (!known) return invalid_fields({{"/subject", "field.required", {}}});
    wanted.subject_id = request.form.get(wanted.subject_kind);
    wanted.inspection = request.form.get("inspection");
    wanted.reason = *std::move(reason);
    return wanted;
}

/// The sanction, if `who` may do this there. Errors: "sanction.unknown".
Result<db::sanctions::Sanction> sanction_within(db::Connection& c, Principal const& who, Scope scope,
                                                std::string const& id)
{
    auto sanction = db::sanctions::find(c, id);
    if (!sanction) return sanction;
    if (!app::organization_within(c, who, scope, sanction->org)) return not_found("sanction.unknown");
    return sanction;
}

} // namespace

net::awaitable<http::Response> show_sanctions(Services& services, Request const& request)
{
    co_return co_await list_page(services, request, nullptr);
}

net::awaitable<http::Response> new_sanction(Services& services, Request const& request)
{
    co_return co_await new_page(services, request, nullptr);
}

net::awaitable<http::Response> impose_sanction(Services& services, Request const& request)
{
    auto const wanted = read_wanted(request);
    if (!wanted) co_return co_await new_page(services, request, &wanted.error());
    auto work = [actor = actor_of(services, request), who = request.who,
                 wanted = *wanted](db::Connection& c) -> Result<std::string> {
        auto const admitted =
            wanted.subject_kind == "product"
                ? app::product_within(c, who, "approval:write", ProductId{wanted.subject_id}).ok()
                : app::organization_within(c, who, "approval:write", OrganizationId{wanted.subject_id}).ok();
        if (!admitted) return not_found("record.unknown");
        return app::impose_sanction(c, actor, wanted);
    };
    auto const id = co_await services.database.write(std::move(work));
    if (!id) co_return co_await new_page(services, request, &id.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect("/province/sanctions?done=saved");
}

net::awaitable<http::Response> lift_sanction(Services& services, Request const& request)
{
    auto const reason = read_text(request, "reason", limits::case_text_chars_max);
    if (!reason) co_return co_await list_page(services, request, &reason.error());
    auto work = [actor = actor_of(services, request), who = request.who, id = std::string{request.param("sanction")},
                 reason = *reason](db::Connection& c) -> Status {
        if (auto const found = sanction_within(c, who, "approval:write", id); !found) return found.error();
        return app::lift_sanction(c, actor, id, reason);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done && done.error().code == ErrorCode::not_found) co_return page_problem(services, request, done.error());
    if (!done) co_return co_await list_page(services, request, &done.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect("/province/sanctions?done=saved");
}

} // namespace nguon::server::pages::province
