#include "server/pages/account_lock.hpp"

#include "db/database.hpp"
#include "server/app/managed_accounts.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"
#include "server/services.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

PersonId person_of(Request const& request) { return PersonId{std::string{request.param("id")}}; }

net::awaitable<Result<app::ManagedAccount>> load(Services& services, Request const& request)
{
    auto work = [who = request.who, person = person_of(request), now = services.clock.now()](db::Connection& c) {
        return app::find_account(c, who, person, now);
    };
    co_return co_await services.database.read(std::move(work));
}

/// Back to the list the account stands in.
std::string list_url(AccountDesk const& desk, app::ManagedAccount const& account, std::string_view done)
{
    return make_url(desk.list_url, {{"org", desk.names_organization ? account.org.text() : ""}, {"done", done}});
}

http::Response account_page(Services& services, Request const& request, AccountDesk const& desk,
                            app::ManagedAccount const& account, Error const* error)
{
    bool const disabled = account.disabled_at.has_value();
    nlohmann::json view{
        {"title", text(services, request, disabled ? "account.lock.enable_title" : "account.lock.disable_title")},
        {"section", desk.section},
        {"action", std::string{desk.list_url} + "/" + account.person.text()},
        {"back", list_url(desk, account, "")},
        {"name", account.name},
        {"login", account.login},
        {"role", roles_text(services, request, account.roles)},
        {"disabled", disabled},
        {"since", disabled ? format_time(request.language, *account.disabled_at) : std::string{}},
        {"own", account.person.text() == request.who.subject}};
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    return page(services, request, desk.template_name, std::move(view), error == nullptr ? 200 : status_of(*error));
}

} // namespace

std::string roles_text(Services const& services, Request const& request, std::span<Role const> roles)
{
    std::string out;
    for (auto const role : roles) {
        auto const* prefix = is_authority(role) ? "province.role." : "console.user.role.";
        out += (out.empty() ? "" : "; ") + text(services, request, prefix + std::string{to_text(role)});
    }
    return out;
}

net::awaitable<http::Response> show_account(Services& services, Request const& request, AccountDesk const& desk)
{
    auto const account = co_await load(services, request);
    if (!account) co_return page_problem(services, request, account.error());
    co_return account_page(services, request, desk, *account, nullptr);
}

net::awaitable<http::Response> change_account(Services& services, Request const& request, AccountDesk const& desk)
{
    auto const account = co_await load(services, request);
    if (!account) co_return page_problem(services, request, account.error());
    auto const action = request.form.get("action");
    bool const disables = action == "disable";
    if (!disables && action != "enable") {
        auto const error = invalid("account.action_missing");
        co_return account_page(services, request, desk, *account, &error);
    }
    app::Actor const actor{request.who.subject, request.who.org, request.id, services.clock.now()};
    auto work = [who = request.who, person = account->person, actor, disables](db::Connection& c) {
        return disables ? app::disable_account(c, actor, who, person) : app::enable_account(c, actor, who, person);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return account_page(services, request, desk, *account, &done.error());
    co_return redirect(list_url(desk, *account, disables ? "account_disabled" : "account_enabled"));
}

} // namespace nguon::server::pages
