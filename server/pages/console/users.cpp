#include "db/audit_log.hpp"
#include "server/app/managed_accounts.hpp"
#include "server/auth/slips.hpp"
#include "server/pages/account_lock.hpp"
#include "server/pages/console/desk.hpp"

#include <algorithm>
#include <array>

namespace nguon::server::pages::console {
namespace {

/// What an owner may invite people as.
constexpr std::array<std::string_view, 3> roles{"enterprise-clerk", "field-worker", "enterprise-owner"};

using Users = std::vector<app::ManagedAccount>;

net::awaitable<Result<Users>> load(Services& services, Request const& request)
{
    auto work = [who = request.who, now = services.clock.now()](db::Connection& c) -> Result<Users> {
        return app::accounts_of(c, who, who.org, now);
    };
    co_return co_await services.database.read(std::move(work));
}

http::Response users_page(Services& services, Request const& request, Users const& users, Error const* error)
{
    json view{{"title", text(services, request, "nav.members")},
              {"section", "members"},
              {"rows", json::array()},
              {"roles", json::array()}};
    for (auto const& account : users) {
        bool const own = account.person.text() == request.who.subject;
        view["rows"].push_back({{"name", account.name},
                                {"login", account.login},
                                {"person", account.person.text()},
                                {"role", roles_text(services, request, account.roles)},
                                {"managed", account.managed},
                                {"elsewhere", !account.managed && !own},
                                {"disabled", account.disabled_at.has_value()}});
    }
    FormView form{services, request, "console.user", request.form.to_json(), error};
    form.add({.name = "role",
              .type = "select",
              .required = true,
              .options = options_of(services, request, "console.user.role", roles)});
    form.put_into(view);
    return console_page(services, request, "console/users", std::move(view), error);
}

/// The slip that the form asks for: for a new user with a role, or a new password of one of ours.
Result<NewSlip> read_slip(Request const& request, Users const& users)
{
    NewSlip slip;
    slip.org = request.who.org;
    slip.issued_by = request.who.subject;
    PersonId const person{std::string{request.form.get("person")}};
    if (!person.empty()) {
        auto const account = std::ranges::find(users, person, &app::ManagedAccount::person);
        if (account == users.end() || !account->managed) return not_found("account.unknown");
        if (account->disabled_at) return conflict("account.disabled");
        slip.kind = "reset";
        slip.person = person;
        return slip;
    }
    auto const role = request.form.get("role");
    if (std::ranges::find(roles, role) == roles.end()) return invalid_fields({{"role", "field.required", {}}});
    slip.role = role;
    return slip;
}

/// "7KQ3-M9XA-2FTD"
std::string in_groups(std::string_view code)
{
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i > 0 && i % 4 == 0) out += '-';
        out += code[i];
    }
    return out;
}

} // namespace

net::awaitable<http::Response> show_users(Services& services, Request const& request)
{
    auto const users = co_await load(services, request);
    if (!users) co_return page_problem(services, request, users.error());
    co_return users_page(services, request, *users, nullptr);
}

net::awaitable<http::Response> issue_user_slip(Services& services, Request const& request)
{
    auto const users = co_await load(services, request);
    if (!users) co_return page_problem(services, request, users.error());
    auto const slip = read_slip(request, *users);
    if (!slip && slip.error().code == ErrorCode::not_found) co_return page_problem(services, request, slip.error());
    if (!slip) co_return users_page(services, request, *users, &slip.error());
    auto work = [slip = *slip, actor = actor_of(services, request),
                 life = services.settings.slip_life](db::Connection& c) -> Result<std::string> {
        auto code = issue_slip(c, slip, actor.at, life);
        db::audit_log::Entry entry;
        entry.org = actor.org;
        entry.action = "slip.issue";
        entry.entity_kind = slip.kind == "reset" ? "person" : "organization";
        entry.entity_id = slip.kind == "reset" ? slip.person.text() : actor.org.text();
        db::audit_log::append(c, actor.change(), entry);
        return code;
    };
    auto const code = co_await services.database.write(std::move(work));
    if (!code) co_return users_page(services, request, *users, &code.error());

    auto const account = std::ranges::find(*users, slip->person, &app::ManagedAccount::person);
    auto const& url = services.settings.https_url.empty() ? services.settings.public_url : services.settings.https_url;
    json view{{"title", text(services, request, "console.slip." + slip->kind)},
              {"section", "members"},
              {"code", in_groups(*code)},
              {"address", url + "/console/slip"},
              {"reset", slip->kind == "reset"},
              {"name", account == users->end() ? std::string{} : account->name},
              {"role", slip->role.empty() ? std::string{} : text(services, request, "console.user.role." + slip->role)},
              {"until", show_moment(request, services.clock.now() + services.settings.slip_life)}};
    co_return console_page(services, request, "console/slip", std::move(view));
}

net::awaitable<http::Response> show_user(Services& services, Request const& request)
{
    co_return co_await show_account(services, request, console_accounts);
}

net::awaitable<http::Response> change_user(Services& services, Request const& request)
{
    co_return co_await change_account(services, request, console_accounts);
}

} // namespace nguon::server::pages::console
