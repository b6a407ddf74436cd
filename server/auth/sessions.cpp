#include "server/auth/sessions.hpp"

#include "core/bytes.hpp"
#include "db/accounts.hpp"
#include "db/api_keys.hpp"
#include "db/audit_log.hpp"
#include "db/database.hpp"
#include "db/grants.hpp"
#include "db/organizations.hpp"
#include "db/people.hpp"
#include "db/sessions.hpp"
#include "server/auth/api_keys.hpp"
#include "server/auth/cookies.hpp"
#include "server/auth/csrf.hpp"
#include "server/services.hpp"

#include <algorithm>
#include <cctype>

namespace nguon::server {
namespace {

/// "Last used" is remembered this coarsely, so that looking at pages does not write.
constexpr auto session_touch_time = std::chrono::minutes{5};
constexpr auto key_touch_time = std::chrono::hours{1};

/// A principal, and whether its last use must be written down.
struct Found {
    Principal principal = {};
    bool touch = false;
};

/// The organization that a key's caller named; an empty id for the province.
Result<std::optional<OrganizationId>> read_named(std::string_view header, std::vector<OrganizationId> const& choices)
{
    if (header.empty()) return std::optional<OrganizationId>{};
    OrganizationId const named{header == province_word ? std::string{} : std::string{header}};
    if (std::ranges::find(choices, named) == choices.end()) return not_found("organization.unknown");
    return std::optional{named};
}

Result<Found> find_person(db::Connection& c, std::string const& token_sha256, Instant now, std::chrono::minutes idle)
{
    auto const session = db::sessions::find(c, token_sha256);
    if (!session || session->expires_at <= now || session->seen_at + idle <= now) return Found{};
    auto const account = db::accounts::find(c, session->person);
    if (!account || account->disabled_at) return Found{};

    Found found;
    found.principal.kind = PrincipalKind::person;
    found.principal.subject = session->person.text();
    found.principal.act_for(read_grants(c, found.principal.subject, now), session->acting_for);
    if (found.principal.choices.size() > 1 && !found.principal.org.empty())
        if (auto const head = db::organizations::find(c, found.principal.org)) found.principal.org_name = head->name;
    auto const detail = db::people::find(c, session->person);
    found.principal.name = detail && !detail->name.empty() ? detail->name : account->login;
    found.principal.language = account->language;
    found.principal.session_sha256 = token_sha256;
    found.principal.csrf = session->csrf_token;
    found.principal.must_change_password = account->must_change;
    found.touch = session->seen_at + session_touch_time <= now;
    return found;
}

Result<Found> find_key(db::Connection& c, std::string const& key_sha256, std::string const& named, Instant now)
{
    auto const key = db::api_keys::find_by_hash(c, key_sha256);
    if (!key || key->revoked_at || (key->expires_at && *key->expires_at <= now)) {
        return Error{ErrorCode::unauthenticated, "key.invalid", {}, {}, {}};
    }
    Found found;
    found.principal.kind = PrincipalKind::key;
    found.principal.subject = key->id;
    auto grants = read_grants(c, key->id, now);
    found.principal.act_for(grants, std::nullopt);
    auto const chosen = read_named(named, found.principal.choices);
    if (!chosen) return chosen.error();
    found.principal.act_for(std::move(grants), *chosen);
    found.principal.name = key->name;
    found.touch = !key->used_at || *key->used_at + key_touch_time <= now;
    return found;
}

/// What stands behind "Bearer", whose spelling does not depend on case (RFC 9110 §11.1); nothing for other schemes.
std::optional<std::string_view> bearer_of(http::Request const& request)
{
    constexpr std::string_view scheme = "bearer";
    auto const authorization = request.header("Authorization");
    auto const same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    if (!std::ranges::equal(authorization.substr(0, scheme.size()), scheme, same)) return std::nullopt;
    auto rest = authorization.substr(scheme.size());
    if (!rest.empty() && rest.front() != ' ') return std::nullopt;
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    return rest;
}

net::awaitable<Result<Principal>> identify_key(Services& services, std::string_view key, std::string named)
{
    auto const now = services.clock.now();
    auto look = [hash = sha256_hex(key), named, now](db::Connection& c) { return find_key(c, hash, named, now); };
    auto found = co_await services.database.read(std::move(look));
    if (!found) co_return std::move(found).error();
    if (found->touch) {
        auto touch = [id = found->principal.subject, now](db::Connection& c) -> Status {
            db::api_keys::touch(c, id, now);
            return Done{};
        };
        auto const touched = co_await services.database.write_unseen(std::move(touch));
        if (!touched) co_return touched.error();
    }
    co_return std::move(found->principal);
}

net::awaitable<Result<Principal>> identify_person(Services& services, std::string_view token)
{
    auto const now = services.clock.now();
    auto look = [hash = sha256_hex(token), now, idle = services.settings.session_idle](db::Connection& c) {
        return find_person(c, hash, now, idle);
    };
    auto found = co_await services.database.read(std::move(look));
    if (!found) co_return std::move(found).error();
    if (found->touch) {
        auto touch = [hash = found->principal.session_sha256, now](db::Connection& c) -> Status {
            db::sessions::touch(c, hash, now);
            return Done{};
        };
        auto const touched = co_await services.database.write_unseen(std::move(touch));
        if (!touched) co_return touched.error();
    }
    co_return std::move(found->principal);
}

} // namespace

net::awaitable<Result<std::string>> start_session(Services& services, Request const& request, PersonId person,
                                                  std::string action)
{
    auto const now = services.clock.now();
    auto const token = new_token();
    db::sessions::Session const session{
        sha256_hex(token), person, new_token(), now, now, now + services.settings.session_life, {}};
    db::versions::Change const change{person.text(), now, "", request.id};
    db::audit_log::Entry const entry{.action = std::move(action), .entity_kind = "person", .entity_id = person.text()};
    auto work = [session, change, entry, former = request.who.session_sha256](db::Connection& c) -> Status {
        if (!former.empty()) db::sessions::remove(c, former);
        db::sessions::insert(c, session);
        db::audit_log::append(c, change, entry);
        return Done{};
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return saved.error();
    co_return make_cookie(session_cookie_name, token, services.settings.session_life);
}

net::awaitable<Result<std::string>> end_session(Services& services, Request const& request)
{
    auto work = [hash = request.who.session_sha256](db::Connection& c) -> Status {
        db::sessions::remove(c, hash);
        return Done{};
    };
    auto const ended = co_await services.database.write(std::move(work));
    if (!ended) co_return ended.error();
    co_return make_cookie(session_cookie_name, "", std::chrono::seconds{0});
}

net::awaitable<Status> end_all_sessions(Services& services, Request const& request, bool keep_this)
{
    auto work = [person = PersonId{request.who.subject},
                 kept = keep_this ? request.who.session_sha256 : std::string{}](db::Connection& c) -> Status {
        db::sessions::remove_all(c, person, kept);
        return Done{};
    };
    co_return co_await services.database.write(std::move(work));
}

net::awaitable<Status> act_for(Services& services, Request const& request, OrganizationId org)
{
    if (std::ranges::find(request.who.choices, org) == request.who.choices.end()) co_return invalid("auth.no_choice");
    db::versions::Change const change{request.who.subject, services.clock.now(), "", request.id};
    db::audit_log::Entry const entry{
        .org = org, .action = "account.act_for", .entity_kind = "person", .entity_id = request.who.subject};
    auto work = [hash = request.who.session_sha256, org, csrf = new_token(), change,
                 entry](db::Connection& c) -> Status {
        db::sessions::act_for(c, hash, org, csrf);
        db::audit_log::append(c, change, entry);
        return Done{};
    };
    co_return co_await services.database.write(std::move(work));
}

net::awaitable<Result<Principal>> identify(Services& services, http::Request const& request)
{
    if (auto const given = bearer_of(request)) {
        auto const key = *given;
        if (!looks_like_key(key)) co_return Error{ErrorCode::unauthenticated, "key.invalid", {}, {}, {}};
        co_return co_await identify_key(services, key, std::string{request.header(organization_header)});
    }
    auto const token = find_cookie(request, session_cookie_name);
    if (token.empty() || token.size() > 100) co_return Principal{};
    co_return co_await identify_person(services, token);
}

std::vector<Grant> read_grants(db::Connection& c, std::string_view subject, Instant now)
{
    std::vector<Grant> out;
    for (auto const& row : db::grants::in_force(c, subject, now)) {
        auto const role = role_from_text(row.role);
        if (!role) continue; // of a later version of the program
        auto scopes = scopes_of(*role);
        if (!row.scopes.empty()) scopes = scopes & Scopes::from_text(row.scopes);
        out.push_back(Grant{*role, row.org.value_or(OrganizationId{}), row.area.value_or(""), scopes});
    }
    return out;
}

} // namespace nguon::server
