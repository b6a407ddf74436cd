#include "server/app/sign_up.hpp"

#include "server/app/organizations.hpp"
#include "server/auth/accounts.hpp"

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

    NewAccount account;
    account.person = out.owner;
    account.login = wanted.login;
    account.password_hash = wanted.password_hash;
    account.name = wanted.owner_name;
    account.role = Role::enterprise_owner;
    account.org = out.org;
    account.language = wanted.language;
    account.created_by = out.owner.text();
    if (auto created = create_account(c, account, now); !created) return created.error();
    return out;
}

} // namespace nguon::server::app
