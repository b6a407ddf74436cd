#include "core/gs1/printed_code.hpp"
#include "server/app/approvals.hpp"
#include "server/app/issue_slip.hpp"
#include "server/pages/province/desk.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t login_chars_max = 40;

template <typename Roles>
Options role_options(Services const& services, Request const& request, Roles const& roles)
{
    Options out;
    for (auto const role : roles)
        out.emplace_back(std::string{to_text(role)},
                         text(services, request, "province.role." + std::string{to_text(role)}));
    return out;
}

/// Everywhere, or one commune of the province.
Options area_options(Services const& services, Request const& request, CommuneNames const& communes)
{
    Options out{{"", text(services, request, "province.slips.everywhere")},
                {services.settings.province_code, services.settings.province_name}};
    for (auto const& [code, name] : communes) out.emplace_back(code, name);
    return out;
}

/// The fields of one of the forms, with what was typed when this one was sent.
json fields_of(Services& services, Request const& request, std::string_view kind, std::vector<FieldSpec> const& specs,
               Error const* error)
{
    bool const sent = request.form.get("kind") == kind;
    FormView form{services, request, "province.slips.field", sent ? request.form.to_json() : json::object(),
                  sent ? error : nullptr};
    for (auto const& spec : specs) form.add(spec);
    json view;
    form.put_into(view);
    return view["fields"];
}

net::awaitable<http::Response> slips_page(Services& services, Request const& request, Error const* error)
{
    bool const posted = request.method == Method::post;
    OrganizationId const org{std::string{posted ? request.form.get("org") : request.query_value("org")}};
    struct Page {
        std::string org_name = {};
        CommuneNames communes = {};
    };
    auto work = [&services, who = request.who, org](db::Connection& c) -> Result<Page> {
        auto const head = app::organization_within(c, who, "slip:write", org);
        return Page{head ? head->name : std::string{}, commune_names(c, services)};
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    std::vector<FieldSpec> const member{{.name = "role",
                                         .type = "select",
                                         .required = true,
                                         .options = role_options(services, request, app::member_roles)}};
    std::vector<FieldSpec> const officer{
        {.name = "role",
         .type = "select",
         .required = true,
         .options = role_options(services, request, app::officer_roles)},
        {.name = "area", .type = "select", .options = area_options(services, request, shown->communes)}};
    std::vector<FieldSpec> const reset{
        {.name = "login", .required = true, .autocomplete = "off", .chars_max = login_chars_max}};
    json view{{"title", text(services, request, "province.slips.title")},
              {"section", "slips"},
              {"org", shown->org_name.empty() ? "" : org.text()},
              {"org_name", shown->org_name},
              {"member_fields", fields_of(services, request, "member", member, error)},
              {"officer_fields", fields_of(services, request, "officer", officer, error)},
              {"reset_fields", fields_of(services, request, "reset", reset, error)},
              {"may_officer", request.who.may("account:write", OrganizationId{})}};
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    co_return page(services, request, "province/slips", std::move(view), error == nullptr ? 200 : status_of(*error));
}

/// Where the holder types the code; by https where there is one, because that is where sign-in works.
std::string slip_address(ServiceSettings const& settings)
{
    return (settings.https_url.empty() ? settings.public_url : settings.https_url) + "/console/slip";
}

} // namespace

net::awaitable<http::Response> show_slips(Services& services, Request const& request)
{
    co_return co_await slips_page(services, request, nullptr);
}

net::awaitable<http::Response> issue_slip(Services& services, Request const& request)
{
    app::SlipWish wish;
    wish.kind = request.form.get("kind");
    wish.org = OrganizationId{std::string{request.form.get("org")}};
    wish.role = request.form.get("role");
    wish.area = request.form.get("area");
    wish.login = request.form.get("login");
    auto work = [actor = actor_of(services, request), who = request.who, wish, life = services.settings.slip_life](
                    db::Connection& c) { return app::issue_slip_for(c, actor, who, wish, life); };
    auto const slip = co_await services.database.write(std::move(work));
    if (!slip) co_return co_await slips_page(services, request, &slip.error());
    // Shown once and kept nowhere, so the answer to the form is the slip itself.
    auto const kind = wish.kind == "member" || wish.kind == "officer" || wish.kind == "reset" ? wish.kind : "firm";
    bool const has_role = kind == "member" || kind == "officer";
    json view{{"title", text(services, request, "province.slip.title." + kind)},
              {"section", "slips"},
              {"code", gs1::to_grouped_code(slip->code)},
              {"for_whom", slip->for_whom},
              {"role", has_role ? text(services, request, "province.role." + wish.role) : ""},
              {"address", slip_address(services.settings)},
              {"last_step", text(services, request, "province.slip.step3." + kind)},
              {"until", show_moment(request, slip->expires_at)}};
    co_return page(services, request, "province/slip", std::move(view));
}

} // namespace nguon::server::pages::province
