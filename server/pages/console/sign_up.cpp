#include "server/app/sign_up.hpp"
#include "core/fold.hpp"
#include "db/accounts.hpp"
#include "server/app/places.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/passwords.hpp"
#include "server/auth/sessions.hpp"
#include "server/auth/slips.hpp"
#include "server/auth/throttle.hpp"
#include "server/pages/account.hpp"
#include "server/pages/console/desk.hpp"

#include <array>

namespace nguon::server::pages::console {
namespace {

constexpr std::size_t name_chars_max = 100;
constexpr std::size_t login_chars_max = 40;

/// An authority is set up by the province itself.
constexpr std::array<std::string_view, 5> kinds{"cooperative", "household", "enterprise", "conformity_body",
                                                "training_body"};

net::awaitable<http::Response> sign_up_page(Services& services, Request const& request, Error const* error)
{
    auto work = [&services, &request](db::Connection& c) -> Result<Options> {
        return seat_options(c, services, request);
    };
    auto const communes = co_await services.database.read(std::move(work));
    if (!communes) co_return page_problem(services, request, communes.error());

    json view{{"title", text(services, request, "console.sign_up.title")}, {"noindex", true}};
    auto values = request.form.to_json();
    if (request.method == Method::get) values["slip"] = request.query_value("slip");
    FormView form{services, request, "console.sign_up", values, error};
    form.add({.name = "kind",
              .type = "select",
              .required = true,
              .options = options_of(services, request, "console.organization.kind", kinds)});
    form.add({.name = "name",
              .required = true,
              .seen_by = SeenBy::everyone,
              .autocomplete = "organization",
              .chars_max = 200});
    form.add({.name = "tax_code",
              .required = true,
              .seen_by = SeenBy::authority,
              .autocomplete = "off",
              .input_mode = "numeric",
              .chars_max = 20});
    form.add({.name = "commune_code",
              .type = "select",
              .required = true,
              .seen_by = SeenBy::everyone,
              .options = *communes});
    form.add({.name = "commune_text", .chars_max = 200});
    form.add({.name = "address_line",
              .required = true,
              .seen_by = SeenBy::everyone,
              .autocomplete = "street-address",
              .chars_max = 200});
    form.add({.name = "former_address", .chars_max = 200});
    form.add({.name = "phone",
              .type = "tel",
              .seen_by = SeenBy::authority,
              .autocomplete = "tel",
              .input_mode = "tel",
              .chars_max = 20});
    form.add({.name = "owner_name",
              .required = true,
              .seen_by = SeenBy::authority,
              .autocomplete = "name",
              .chars_max = name_chars_max});
    form.add({.name = "login", .required = true, .autocomplete = "username", .chars_max = login_chars_max});
    form.add({.name = "password", .type = "password", .required = true, .autocomplete = "new-password"});
    form.add({.name = "slip", .autocomplete = "off", .chars_max = 20});
    form.put_into(view);
    view["elsewhere_open"] = request.form.get("commune_code") == "elsewhere";
    view["former_open"] = !request.form.get("former_address").empty();
    view["slip_open"] = !view["field"]["slip"]["value"].get<std::string>().empty();
    co_return console_page(services, request, "console/sign_up", std::move(view), error);
}

struct Typed {
    app::SignUp wanted = {};
    std::string password = {};
};

/// Everything that can be wrong on the screen, at once.
Result<Typed> read_sign_up(Form const& form)
{
    auto values = form.first();
    std::vector<FieldError> faults;
    check_seat(values, faults);
    JsonReader in{values, faults};
    Typed out;
    out.wanted.organization = read_organization(in);
    auto const& organization = out.wanted.organization.organization;
    if (organization.kind == "authority") in.fault("kind", "field.choice", {organization.kind, "enterprise"});
    out.wanted.owner_name = in.text("owner_name", name_chars_max);
    out.wanted.login = in.take("login", read_login(form.get("login")));
    out.password = form.get("password");
    for (auto& fault : check_new_password(out.wanted.login, out.password)) faults.push_back(std::move(fault));
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

/// The seat is the first place, so that steps can be recorded at once.
Place seat_of(Organization const& organization)
{
    Place place;
    place.kind = "office";
    place.name = organization.name;
    place.address = organization.address;
    return place;
}

Result<app::SignedUp> sign_up_now(db::Connection& c, app::SignUp const& wanted, std::string const& slip,
                                  std::string const& request_id, Instant now, bool illustrative)
{
    if (!slip.empty())
        if (auto used = use_firm_slip(c, slip, now); !used) return std::move(used).error();
    auto signed_up = app::sign_up(c, wanted, request_id, now, illustrative);
    if (!signed_up) return signed_up;
    app::Actor const owner{signed_up->owner.text(), signed_up->org, request_id, now};
    auto place = app::register_place(c, owner, seat_of(wanted.organization.organization));
    if (!place) return std::move(place).error();
    return signed_up;
}

Error at_its_field(Error error)
{
    if (error.key.starts_with("slip.") || error.key.starts_with("code."))
        error.fields.push_back({"slip", error.key, error.values});
    return placed(std::move(error), {{"organization.tax_code_taken", "tax_code"}, {"account.login_taken", "login"}});
}

} // namespace

net::awaitable<http::Response> show_sign_up(Services& services, Request const& request)
{
    if (auto elsewhere = insist_on_https(services, request)) co_return *std::move(elsewhere);
    if (request.who.is_person()) co_return redirect(home_of(request.who));
    co_return co_await sign_up_page(services, request, nullptr);
}

net::awaitable<http::Response> sign_up(Services& services, Request const& request)
{
    if (auto elsewhere = insist_on_https(services, request)) co_return *std::move(elsewhere);
    auto typed = read_sign_up(request.form);
    if (!typed) co_return co_await sign_up_page(services, request, &typed.error());
    auto const counted = co_await count_try(services, "sign-up " + typed->wanted.login, request.peer.address);
    if (!counted) co_return co_await sign_up_page(services, request, &counted.error());

    auto hash = co_await hash_password(services.cpu_pool, typed->password);
    if (!hash) co_return co_await sign_up_page(services, request, &hash.error());
    auto wanted = typed->wanted;
    wanted.password_hash = *std::move(hash);
    wanted.language = request.language;
    auto work = [wanted, slip = std::string{request.form.get("slip")}, id = request.id, now = services.clock.now(),
                 illustrative = services.settings.illustrative](db::Connection& c) {
        return sign_up_now(c, wanted, slip, id, now, illustrative);
    };
    auto const made = co_await services.database.write(std::move(work));
    if (!made) {
        auto const error = at_its_field(made.error());
        co_return co_await sign_up_page(services, request, &error);
    }
    if (services.wake_connector) services.wake_connector();

    auto const cookie = co_await start_session(services, request, made->owner, "account.sign_up");
    if (!cookie) co_return redirect("/console/sign-in");
    auto response = redirect("/console/products/new?done=signed_up");
    response.headers.add("Set-Cookie", *cookie);
    co_return response;
}

} // namespace nguon::server::pages::console
