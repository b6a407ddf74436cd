#include "cli/admin.hpp"

#include "db/accounts.hpp"
#include "db/audit_log.hpp"
#include "db/organizations.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/api_keys.hpp"
#include "server/auth/passwords.hpp"

namespace nguon::cli {
namespace {

using nlohmann::json;

constexpr std::string_view command_actor = "command";

Result<server::Role> read_role(std::string const& name)
{
    auto const role = server::role_from_text(name);
    if (!role) return invalid("admin.role_unknown", {name});
    return *role;
}

void note(db::Connection& c, Instant at, std::string action, std::string kind, std::string id)
{
    db::versions::Change change;
    change.by = command_actor;
    change.at = at;
    db::audit_log::Entry entry;
    entry.action = std::move(action);
    entry.entity_kind = std::move(kind);
    entry.entity_id = std::move(id);
    db::audit_log::append(c, change, entry);
}

Result<json> add_user(db::Database& database, Instant now, json const& request)
{
    auto const login = server::read_login(request.value("login", ""));
    if (!login) return login.error();
    auto const role = read_role(request.value("role", ""));
    if (!role) return role.error();
    auto const password = request.value("password", "");
    if (auto faults = server::check_new_password(*login, password); !faults.empty())
        return invalid_fields(std::move(faults));

    server::NewAccount account;
    account.login = *login;
    account.password_hash = server::hash_password_now(password);
    account.name = request.value("name", *login);
    account.role = *role;
    account.org = OrganizationId{request.value("organization", "")};
    account.area = request.value("area", "");
    account.created_by = command_actor;
    auto work = [&](db::Connection& c) -> Result<json> {
        auto const person = server::create_account(c, account, now);
        if (!person) return person.error();
        note(c, now, "account.create", "person", person->text());
        return json{{"person", person->text()}, {"login", account.login}, {"role", server::to_text(account.role)}};
    };
    return database.write_now(work);
}

/// One more organization, or one more role, for somebody who has a sign-in.
Result<json> grant_user(db::Database& database, Instant now, json const& request)
{
    auto const login = server::read_login(request.value("login", ""));
    if (!login) return login.error();
    auto const role = read_role(request.value("role", ""));
    if (!role) return role.error();
    auto work = [&](db::Connection& c) -> Result<json> {
        auto const account = db::accounts::find_by_login(c, *login);
        if (!account) return not_found("account.unknown");
        OrganizationId const org{request.value("organization", "")};
        if (!org.empty())
            if (auto const known = db::organizations::find(c, org); !known) return known.error();
        server::NewGrant const grant{account->person, *role, org, request.value("area", ""),
                                     std::string{command_actor}};
        if (auto given = server::add_grant(c, grant, now); !given) return std::move(given).error();
        note(c, now, "account.grant", "person", account->person.text());
        return json{{"person", account->person.text()}, {"login", *login}, {"role", server::to_text(*role)}};
    };
    return database.write_now(work);
}

Result<json> add_key(db::Database& database, Instant now, json const& request)
{
    auto const role = read_role(request.value("role", ""));
    if (!role) return role.error();
    server::NewKey key;
    key.name = request.value("name", "command");
    key.role = *role;
    key.org = OrganizationId{request.value("organization", "")};
    key.area = request.value("area", "");
    key.scopes = server::Scopes::from_text(request.value("scope", ""));
    key.created_by = command_actor;
    auto work = [&](db::Connection& c) -> Result<json> {
        auto const created = server::create_key(c, key, now);
        if (!created) return created.error();
        note(c, now, "key.create", "key", created->id);
        return json{{"key", created->key}};
    };
    return database.write_now(work);
}

} // namespace

Result<json> perform_admin(db::Database& database, Clock const& clock, json const& request)
{
    auto const command = request.value("command", "");
    if (command == "user.add") return add_user(database, clock.now(), request);
    if (command == "user.grant") return grant_user(database, clock.now(), request);
    if (command == "key.add") return add_key(database, clock.now(), request);
    return invalid("admin.command_unknown", {command});
}

} // namespace nguon::cli
