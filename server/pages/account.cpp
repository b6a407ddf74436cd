#include "server/pages/account.hpp"

#include "core/gs1/printed_code.hpp"
#include "db/accounts.hpp"
#include "db/database.hpp"
#include "db/organizations.hpp"
#include "server/auth/cookies.hpp"
#include "server/auth/sessions.hpp"
#include "server/auth/sign_in.hpp"
#include "server/auth/slips.hpp"
#include "server/http/accept.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"
#include "server/pages/account_lock.hpp"
#include "server/services.hpp"
#include "server/web/form_view.hpp"
#include "server/web/page.hpp"

namespace nguon::server::pages {
namespace {

constexpr std::size_t login_chars_max = 40;
constexpr std::size_t name_chars_max = 100;

/// Leads to the start page after a session was opened; that page knows where the person belongs.
http::Response signed_in(std::string const& cookie, std::string_view next)
{
    auto response = redirect(local_path(next, "/console/sign-in"));
    response.headers.add("Set-Cookie", cookie);
    return response;
}

http::Response sign_in_page(Services& services, Request const& request, Error const* error)
{
    auto const posted = request.method == Method::post;
    nlohmann::json view{{"title", text(services, request, "auth.sign_in.title")},
                        {"next", posted ? request.form.get("next") : request.query_value("next")}};
    FormView form{services, request, "auth.field", posted ? request.form.to_json() : nlohmann::json::object(), error};
    form.add({.name = "login", .required = true, .autocomplete = "username", .chars_max = login_chars_max});
    form.add({.name = "password", .type = "password", .required = true, .autocomplete = "current-password"});
    form.put_into(view);
    return page(services, request, "account/sign_in", std::move(view), error == nullptr ? 200 : status_of(*error));
}

http::Response code_page(Services& services, Request const& request, std::string_view code, Error const* error)
{
    nlohmann::json view{{"title", text(services, request, "auth.slip.title")}};
    FormView form{services, request, "auth.field", {{"code", code}}, error};
    form.add({.name = "code", .required = true, .autocomplete = "one-time-code", .chars_max = 20});
    form.put_into(view);
    return page(services, request, "account/slip_code", std::move(view), error == nullptr ? 200 : status_of(*error));
}

http::Response slip_page(Services& services, Request const& request, bool new_member, Error const* error)
{
    auto const code = std::string{request.form.get("code")};
    auto const again = make_url("/console/slip", {{"code", code}});
    nlohmann::json view{{"title", text(services, request, new_member ? "auth.slip.member" : "auth.slip.reset")},
                        {"code", code},
                        {"sign_in_url", make_url("/console/sign-in", {{"next", again}})},
                        {"new_member", new_member}};
    FormView form{services, request, "auth.new", request.form.to_json(), error};
    if (new_member) {
        form.add({.name = "name",
                  .required = true,
                  .seen_by = SeenBy::authority,
                  .autocomplete = "name",
                  .chars_max = name_chars_max});
        form.add({.name = "login", .required = true, .autocomplete = "username", .chars_max = login_chars_max});
    }
    form.add({.name = "password", .type = "password", .required = true, .autocomplete = "new-password"});
    form.add({.name = "again", .type = "password", .required = true, .autocomplete = "new-password"});
    form.put_into(view);
    return page(services, request, "account/slip_use", std::move(view), error == nullptr ? 200 : status_of(*error));
}

/// Asks the person who is signed in whether the slip is theirs.
net::awaitable<http::Response> join_page(Services& services, Request const& request,
                                         db::invitations::Invitation const& slip)
{
    auto find_name = [org = slip.org.value_or(OrganizationId{})](db::Connection& c) {
        return db::organizations::find(c, org);
    };
    auto const head = co_await services.database.read(std::move(find_name));
    auto const& province = services.settings.province_name;
    std::vector<Role> roles;
    if (auto const role = role_from_text(slip.role)) roles.push_back(*role);
    nlohmann::json view{
        {"title", text(services, request, "auth.slip.join")},
        {"code", request.form.get("code")},
        {"name", request.who.name},
        {"organization", head ? head->name : text(services, request, "auth.acting.province", {province})},
        {"roles", roles_text(services, request, roles)}};
    co_return page(services, request, "account/slip_join", std::move(view));
}

/// Gives the account that is signed in what the slip allows, after asking.
net::awaitable<http::Response> join_organization(Services& services, Request const& request,
                                                 db::invitations::Invitation const& slip)
{
    if (!request.form.has("join")) co_return co_await join_page(services, request, slip);
    std::string const code{request.form.get("code")};
    auto const joined = co_await join_with_slip(services, request, code);
    if (!joined) co_return code_page(services, request, code, &joined.error());
    co_return redirect(slip.org ? "/console?done=slip_joined" : "/province?done=slip_joined");
}

http::Response password_page(Services& services, Request const& request, Error const* error)
{
    nlohmann::json view{{"title", text(services, request, "auth.password.title")},
                        {"must_change", request.who.must_change_password}};
    FormView form{services, request, "auth.new", {}, error};
    form.add({.name = "current", .type = "password", .required = true, .autocomplete = "current-password"});
    form.add({.name = "password", .type = "password", .required = true, .autocomplete = "new-password"});
    form.add({.name = "again", .type = "password", .required = true, .autocomplete = "new-password"});
    form.put_into(view);
    return page(services, request, "account/password", std::move(view), error == nullptr ? 200 : status_of(*error));
}

std::string word_of(OrganizationId const& org) { return org.empty() ? std::string{province_word} : org.text(); }

/// Every choice with its name and what the person may do there.
net::awaitable<Result<nlohmann::json>> read_choices(Services& services, Request const& request)
{
    auto work = [&services, &request, now = services.clock.now()](db::Connection& c) -> Result<nlohmann::json> {
        auto out = nlohmann::json::array();
        auto const grants = read_grants(c, request.who.subject, now);
        for (auto const& org : request.who.choices) {
            auto const head = db::organizations::find(c, org);
            auto const name =
                head ? head->name : text(services, request, "auth.acting.province", {services.settings.province_name});
            std::vector<Role> roles;
            for (auto const& grant : grants)
                if (grant.org == org) roles.push_back(grant.role);
            out.push_back({{"word", word_of(org)},
                           {"name", name},
                           {"roles", roles_text(services, request, roles)},
                           {"current", !request.who.undecided && org == request.who.org}});
        }
        return out;
    };
    co_return co_await services.database.read(std::move(work));
}

net::awaitable<http::Response> acting_page(Services& services, Request const& request, Error const* error)
{
    auto choices = co_await read_choices(services, request);
    if (!choices) co_return page_problem(services, request, choices.error());
    bool const posted = request.method == Method::post;
    nlohmann::json view{{"title", text(services, request, "auth.acting.title")},
                        {"next", posted ? request.form.get("next") : request.query_value("next")},
                        {"choices", *std::move(choices)}};
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    co_return page(services, request, "account/acting", std::move(view), error == nullptr ? 200 : status_of(*error));
}

} // namespace

std::string home_of(Principal const& who)
{
    return who.is_authority() && !who.works_for_enterprise() ? "/province" : "/console";
}

std::optional<http::Response> insist_on_https(Services& services, Request const& request)
{
    if (keeps_secure_cookies(request.peer)) return std::nullopt;
    if (services.settings.https_url.empty()) return page_problem(services, request, forbidden("auth.https_needed"));
    return redirect(services.settings.https_url + request.target);
}

net::awaitable<http::Response> show_sign_in(Services& services, Request const& request)
{
    if (auto elsewhere = insist_on_https(services, request)) co_return *std::move(elsewhere);
    if (request.who.is_person()) co_return redirect(local_path(request.query_value("next"), home_of(request.who)));
    co_return sign_in_page(services, request, nullptr);
}

net::awaitable<http::Response> sign_in(Services& services, Request const& request)
{
    if (auto elsewhere = insist_on_https(services, request)) co_return *std::move(elsewhere);
    std::string const login{request.form.get("login")};
    std::string const password{request.form.get("password")};
    auto const cookie = co_await server::sign_in(services, request, login, password);
    if (!cookie) co_return sign_in_page(services, request, &cookie.error());
    co_return signed_in(*cookie, request.form.get("next"));
}

net::awaitable<http::Response> sign_out(Services& services, Request const& request)
{
    if (request.form.has("everywhere")) {
        auto const ended = co_await end_all_sessions(services, request, false);
        if (!ended) co_return page_problem(services, request, ended.error());
    }
    auto const cookie = co_await end_session(services, request);
    if (!cookie) co_return page_problem(services, request, cookie.error());
    auto response = redirect("/console/sign-in?done=signed_out");
    response.headers.add("Set-Cookie", *cookie);
    response.header("Clear-Site-Data", "\"cache\"");
    co_return response;
}

net::awaitable<http::Response> choose_language(Services& services, Request const& request)
{
    auto const language = server::choose_language(request.form.get("lang"), request.who.language, "");
    auto work = [person = PersonId{request.who.subject}, language](db::Connection& c) {
        return db::accounts::set_language(c, person, language);
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return page_problem(services, request, saved.error());
    co_return redirect(local_path(request.form.get("next"), home_of(request.who)));
}

net::awaitable<http::Response> show_slip(Services& services, Request const& request)
{
    if (auto elsewhere = insist_on_https(services, request)) co_return *std::move(elsewhere);
    co_return code_page(services, request, request.query_value("code"), nullptr);
}

net::awaitable<http::Response> use_slip(Services& services, Request const& request)
{
    if (auto elsewhere = insist_on_https(services, request)) co_return *std::move(elsewhere);
    std::string const code{request.form.get("code")};
    if (!request.form.has("password")) {
        auto const slip = co_await find_slip(services, request, code);
        if (!slip) co_return code_page(services, request, code, &slip.error());
        if (slip->kind == "firm") co_return redirect(make_url("/console/sign-up", {{"slip", code}}));
        bool const is_member = slip->kind == "member";
        bool const joins = is_member && request.who.is_person() && !request.form.has("new_account");
        if (joins) co_return co_await join_organization(services, request, *slip);
        co_return slip_page(services, request, is_member, nullptr);
    }
    SlipAnswer answer;
    answer.code = code;
    answer.login = request.form.get("login");
    answer.name = request.form.get("name");
    answer.password = request.form.get("password");
    answer.again = request.form.get("again");
    auto const cookie = co_await server::use_slip(services, request, std::move(answer));
    if (cookie) co_return signed_in(*cookie, "");
    if (cookie.error().fields.empty()) co_return code_page(services, request, code, &cookie.error());
    co_return slip_page(services, request, request.form.has("login"), &cookie.error());
}

net::awaitable<http::Response> show_password(Services& services, Request const& request)
{
    co_return password_page(services, request, nullptr);
}

net::awaitable<http::Response> change_password(Services& services, Request const& request)
{
    std::string const current{request.form.get("current")};
    std::string const password{request.form.get("password")};
    std::string const again{request.form.get("again")};
    auto const changed = co_await server::change_password(services, request, current, password, again);
    if (!changed) co_return password_page(services, request, &changed.error());
    co_return redirect(home_of(request.who) + "?done=password_changed");
}

net::awaitable<http::Response> show_acting(Services& services, Request const& request)
{
    co_return co_await acting_page(services, request, nullptr);
}

net::awaitable<http::Response> act_for(Services& services, Request const& request)
{
    std::string const word{request.form.get("organization")};
    OrganizationId const org{word == province_word ? std::string{} : word};
    if (word.empty() || !request.who.is_person()) {
        auto const error = invalid("auth.no_choice");
        co_return co_await acting_page(services, request, &error);
    }
    auto const chosen = co_await server::act_for(services, request, org);
    if (!chosen) co_return co_await acting_page(services, request, &chosen.error());
    auto const home = org.empty() ? "/province" : "/console";
    auto const next = request.form.get("next");
    bool const is_home = next == "/province" || next == "/console"; // perhaps that of another choice
    co_return redirect(is_home ? home : local_path(next, home));
}

} // namespace nguon::server::pages
