#include "server/app/approvals.hpp"
#include "server/app/managed_accounts.hpp"
#include "server/pages/account_lock.hpp"
#include "server/pages/province/list_page.hpp"

#include <ranges>

namespace nguon::server::pages::province {
namespace {

constexpr std::array columns{ListColumn{"console.user.name", "name"}, ListColumn{"console.user.login", "login"},
                             ListColumn{"console.user.role", "role"}, ListColumn{"province.accounts.state", "state"}};

struct Accounts {
    std::string org_name = {}; // empty: the province's own people
    std::vector<app::ManagedAccount> rows = {};
};

/// Those of a firm of the viewer's area; without a firm the province's own, for those who manage them.
Result<Accounts> read_accounts(db::Connection& c, Principal const& who, OrganizationId const& org, Instant now)
{
    Accounts out;
    if (!org.empty()) {
        auto const head = app::organization_within(c, who, "slip:write", org);
        if (!head) return head.error();
        out.org_name = head->name;
    }
    if (!org.empty() || who.may("account:write", OrganizationId{})) out.rows = app::accounts_of(c, who, org, now);
    return out;
}

} // namespace

net::awaitable<http::Response> show_accounts(Services& services, Request const& request)
{
    auto work = [who = request.who, org = OrganizationId{std::string{request.query_value("org")}},
                 now = services.clock.now()](db::Connection& c) { return read_accounts(c, who, org, now); };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const say = words(services, request);
    json view{{"title", shown->org_name.empty() ? say("province.accounts.title")
                                                : say("province.accounts.title_of", {shown->org_name})},
              {"section", "accounts"},
              {"has_rows", !shown->rows.empty()}};
    auto const window = list_window(request);
    json rows = json::array();
    for (auto const& account : shown->rows | std::views::drop(window.first) | std::views::take(window.count)) {
        bool const disabled = account.disabled_at.has_value();
        rows.push_back({{"name", account.name},
                        {"login", account.login},
                        {"role", roles_text(services, request, account.roles)},
                        {"disabled", disabled},
                        {"state", say(disabled ? "console.user.disabled" : "province.accounts.open")},
                        {"url", account.managed ? "/province/accounts/" + account.person.text() : ""}});
    }
    co_return co_await list_page(services, request, "province/accounts", std::move(view), std::move(rows), columns);
}

net::awaitable<http::Response> show_account(Services& services, Request const& request)
{
    co_return co_await pages::show_account(services, request, province_accounts);
}

net::awaitable<http::Response> change_account(Services& services, Request const& request)
{
    co_return co_await pages::change_account(services, request, province_accounts);
}

} // namespace nguon::server::pages::province
