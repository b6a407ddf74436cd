#include "db/deliveries.hpp"
#include "server/app/organizations.hpp"
#include "server/pages/console/delivery_view.hpp"
#include "server/pages/console/desk.hpp"

namespace nguon::server::pages::console {
namespace {

constexpr std::size_t line_chars_max = 200;

struct Shown {
    app::OrganizationView organization = {};
    std::vector<db::deliveries::View> deliveries = {};
    std::vector<db::versions::Version> history = {};
    Options communes = {};
};

Result<Shown> read_organization_page(db::Connection& c, Services const& services, Request const& request)
{
    auto const& org = request.who.org;
    auto organization = app::show_organization(c, org);
    if (!organization) return organization.error();
    return Shown{*std::move(organization), db::deliveries::of_record(c, org, "organization", org.text()),
                 db::versions::history(c, org.text()), seat_options(c, services, request)};
}

json values_of(app::OrganizationView const& view)
{
    auto values = to_json(view.latest);
    values.erase("address");
    values["address_line"] = view.latest.address.line;
    auto const& commune = view.latest.address.commune_code;
    values["commune_code"] = commune.empty() ? std::string{"elsewhere"} : commune;
    values["commune_text"] = view.latest.address.commune_text;
    values["former_address"] = view.latest.address.former;
    values["phone"] = view.phone;
    values["phone_public"] = view.phone_public ? "1" : "";
    return values;
}

json facts_of(Services const& services, Request const& request, app::OrganizationView const& view)
{
    auto const& latest = view.latest;
    json facts = json::array();
    auto const add = [&](std::string_view key, std::string value) {
        facts.push_back({{"label", text(services, request, "console.organization." + std::string{key})},
                         {"value", std::move(value)}});
    };
    add("kind", text(services, request, "console.organization.kind." + latest.kind));
    add("name", latest.name);
    add("tax_code", latest.tax_code.empty() ? view.masked_identity : latest.tax_code);
    add("address_line", latest.address.line);
    add("commune_code", view.commune_name);
    if (!latest.address.former.empty()) add("former_address", latest.address.former);
    add("phone", view.phone);
    add("website", latest.website);
    if (!latest.gs1_certificate.empty()) add("gs1_certificate", latest.gs1_certificate);
    if (!latest.gs1_valid_to.empty()) add("gs1_valid_to", show_date(request, latest.gs1_valid_to));
    if (!latest.conformity_number.empty()) add("conformity_number", latest.conformity_number);
    return facts;
}

net::awaitable<Result<Shown>> load(Services& services, Request const& request)
{
    auto work = [&services, &request](db::Connection& c) { return read_organization_page(c, services, request); };
    co_return co_await services.database.read(std::move(work));
}

/// A household's number is its owner's identity: kept with the personal data and never shown whole again.
bool has_personal_number(app::OrganizationView const& view) { return view.latest.tax_code.empty(); }

http::Response edit_page(Services& services, Request const& request, Shown const& shown, Error const* error)
{
    bool const posted = request.method == Method::post;
    auto values = posted ? request.form.to_json() : values_of(shown.organization);
    json view{{"title", text(services, request, "console.organization.edit")}, {"section", "organization"}};
    FormView form{services, request, "console.organization", values, error};
    form.add({.name = "name", .required = true, .seen_by = SeenBy::everyone, .chars_max = line_chars_max});
    bool const kept = has_personal_number(shown.organization);
    form.add({.name = "tax_code", .required = !kept, .seen_by = SeenBy::authority, .input_mode = "numeric"});
    form.add({.name = "commune_code",
              .type = "select",
              .required = true,
              .seen_by = SeenBy::everyone,
              .options = shown.communes});
    form.add({.name = "commune_text", .chars_max = line_chars_max});
    form.add({.name = "address_line", .required = true, .seen_by = SeenBy::everyone, .chars_max = line_chars_max});
    form.add({.name = "former_address", .chars_max = line_chars_max});
    form.add({.name = "phone", .type = "tel", .autocomplete = "tel", .chars_max = 20});
    form.add({.name = "phone_public", .type = "checkbox"});
    form.add({.name = "website", .seen_by = SeenBy::everyone, .chars_max = line_chars_max});
    for (auto const name : {"gs1_prefix", "gs1_certificate", "conformity_number", "conformity_standard"})
        form.add({.name = name, .chars_max = 100});
    for (auto const name : {"gs1_valid_to", "conformity_date"}) form.add({.name = name, .type = "date"});
    form.add({.name = "reason", .required = true, .seen_by = SeenBy::authority, .chars_max = 300});
    form.put_into(view);
    view["kept_number"] = kept ? shown.organization.masked_identity : std::string{};
    view["papers_open"] = posted;
    return console_page(services, request, "console/organization_edit", std::move(view), error);
}

Result<OrganizationInput> read_change(Request const& request, app::OrganizationView const& present)
{
    auto values = request.form.first();
    values["kind"] = present.latest.kind; // what it was registered as stays
    // The reader wants a number; a well-formed one satisfies it, and the kept one stays as it is.
    bool const kept_number = has_personal_number(present) && values["tax_code"].empty();
    if (kept_number) values["tax_code"] = "000000000000";
    std::vector<FieldError> faults;
    check_seat(values, faults);
    JsonReader in{values, faults};
    auto input = nguon::read_organization(in);
    if (kept_number) input.tax_identity_number.clear();
    if (auto const reason = read_reason(request.form); !reason)
        faults.insert(faults.end(), reason.error().fields.begin(), reason.error().fields.end());
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return input;
}

} // namespace

net::awaitable<http::Response> show_organization(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const& head = shown->organization.head;
    json view{{"title", shown->organization.latest.name},
              {"section", "organization"},
              {"status", chip(services, request, "console.organization.status", head.status)},
              {"status_reason", head.status == "approved" ? "" : head.status_reason},
              {"facts", facts_of(services, request, shown->organization)},
              {"may_write", request.who.may("organization:write")},
              {"deliveries", record_deliveries(services, request, shown->deliveries)},
              {"history", json::array()}};
    for (auto const& version : shown->history)
        view["history"].push_back({{"time", show_moment(request, version.recorded_at)}, {"reason", version.reason}});
    co_return console_page(services, request, "console/organization", std::move(view));
}

net::awaitable<http::Response> edit_organization(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return edit_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> save_organization(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const input = read_change(request, shown->organization);
    if (!input) co_return edit_page(services, request, *shown, &input.error());
    auto work = [actor = actor_of(services, request), input = *input,
                 reason = *read_reason(request.form)](db::Connection& c) -> Result<std::string> {
        if (auto saved = app::change_organization(c, actor, input, reason); !saved) return std::move(saved).error();
        return std::string{"/console/organization?done=saved"};
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = placed(saved.error(), {{"organization.tax_code_taken", "tax_code"}});
    co_return edit_page(services, request, *shown, &error);
}

} // namespace nguon::server::pages::console
