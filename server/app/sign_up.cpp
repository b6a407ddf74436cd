#include "server/app/sign_up.hpp"

#include "db/accounts.hpp"
#include "db/grants.hpp"
#include "db/people.hpp"
#include "server/app/organizations.hpp"
#include "server/auth/roles.hpp"

namespace nguon::server::app {

Result<SignedUp> sign_up(db::Connection& c, SignUp const& wanted, std::string const& request_id, Instant now,
                         bool illustrative)
{
    SignedUp out;
    out.owner = new_id<struct PersonKind>();
    Actor const actor{out.owner.text(), {}, request_id, now};
    auto org = register_organization(c, actor, wanted.organization, illustrative);
    if (!org) return org.error();
    out.org = *std::move(org);

    db::people::Detail detail;
    detail.name = wanted.owner_name;
    db::people::insert(c, out.owner, out.org, "user", detail, now);
    db::accounts::Account account;
    account.person = out.owner;
    account.login = wanted.login;
    account.password_hash = wanted.password_hash;
    account.password_changed_at = now;
    account.language = wanted.language;
    if (auto inserted = db::accounts::insert(c, account); !inserted) return inserted.error();

    db::grants::Grant grant;
    grant.id = new_uuid();
    grant.subject = out.owner.text();
    grant.role = to_text(Role::enterprise_owner);
    grant.org = out.org;
    grant.valid_from = now;
    grant.granted_by = out.owner.text();
    db::grants::insert(c, grant);
    return out;
}

} // namespace nguon::server::app
