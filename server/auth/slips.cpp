#include "server/auth/slips.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "db/accounts.hpp"
#include "db/audit_log.hpp"
#include "db/database.hpp"
#include "db/sessions.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/csrf.hpp"
#include "server/auth/passwords.hpp"
#include "server/auth/sessions.hpp"
#include "server/auth/sign_in.hpp"
#include "server/auth/throttle.hpp"
#include "server/services.hpp"

#include <algorithm>

namespace nguon::server {
namespace {

constexpr std::size_t name_chars_max = 100;

using db::invitations::Invitation;

/// Joins what the slip allows with what its holder typed; the hash is made before the write.
struct Acceptance {
    std::string code_sha256 = {};
    std::string login = {};
    std::string name = {};
    std::string password_hash = {};
    Instant now = {};
    std::string request_id = {};
};

Result<PersonId> accept_member(db::Connection& c, Invitation const& slip, Acceptance const& given)
{
    auto const role = role_from_text(slip.role);
    if (!role) return not_found("slip.unknown");
    NewAccount wanted;
    wanted.login = given.login;
    wanted.password_hash = given.password_hash;
    wanted.name = given.name;
    wanted.role = *role;
    wanted.org = slip.org.value_or(OrganizationId{});
    wanted.area = slip.area.value_or("");
    wanted.created_by = slip.issued_by;
    return create_account(c, wanted, given.now);
}

Result<PersonId> accept_reset(db::Connection& c, Invitation const& slip, Acceptance const& given)
{
    auto const person = slip.person.value_or(PersonId{});
    if (auto const account = db::accounts::find(c, person); account && account->disabled_at)
        return forbidden("account.disabled");
    if (auto saved = db::accounts::set_password(c, person, given.password_hash, given.now); !saved) {
        return not_found("slip.unknown");
    }
    db::sessions::remove_all(c, person);
    return person;
}

Result<PersonId> accept(db::Connection& c, Acceptance const& given)
{
    auto const slip = db::invitations::use(c, given.code_sha256, given.now);
    if (!slip) return slip.error();
    if (slip->kind != "member" && slip->kind != "reset") return not_found("slip.unknown");
    auto const person = slip->kind == "member" ? accept_member(c, *slip, given) : accept_reset(c, *slip, given);
    if (!person) return person;
    db::versions::Change const change{person->text(), given.now, "", given.request_id};
    db::audit_log::append(c, change,
                          {.org = slip->org.value_or(OrganizationId{}),
                           .action = "slip.use",
                           .entity_kind = "person",
                           .entity_id = person->text()});
    return person;
}

/// Gives the account what the slip allows; the session acts for that organization.
Status join(db::Connection& c, Invitation const& slip, Principal const& who, db::versions::Change const& change)
{
    auto const role = role_from_text(slip.role);
    auto const org = slip.org.value_or(OrganizationId{});
    auto const area = slip.area.value_or("");
    auto const held = read_grants(c, who.subject, change.at);
    bool const same = std::ranges::any_of(
        held, [&](auto const& grant) { return role && grant.role == *role && grant.org == org && grant.area == area; });
    if (same) return conflict("slip.held_already");
    auto const used = db::invitations::use(c, slip.code_sha256, change.at);
    if (!used || slip.kind != "member" || !role) return not_found("slip.unknown");
    NewGrant const wanted{PersonId{who.subject}, *role, org, area, slip.issued_by};
    if (auto given = add_grant(c, wanted, change.at); !given) return given;
    db::sessions::act_for(c, who.session_sha256, org, new_token());
    db::audit_log::append(c, change,
                          {.org = org, .action = "slip.use", .entity_kind = "person", .entity_id = who.subject});
    return Done{};
}

/// The faults of the form; `login` and `name` matter for a new member only.
std::vector<FieldError> check_answer(SlipAnswer& answer, Invitation const& slip, std::string_view known_login)
{
    std::vector<FieldError> faults;
    std::string login{known_login};
    if (slip.kind == "member") {
        auto read = read_login(answer.login);
        if (!read) faults.push_back(FieldError{"login", read.error().key, read.error().values});
        login = read.value_or("");
        answer.login = login;
        auto name = clean_text(answer.name, name_chars_max);
        if (!name) {
            faults.push_back(FieldError{"name", name.error().key, name.error().values});
        } else if (name->empty()) {
            faults.push_back(FieldError{"name", "field.required"});
        } else {
            answer.name = *std::move(name);
        }
    }
    auto more = check_password_pair(login, answer.password, answer.again);
    faults.insert(faults.end(), more.begin(), more.end());
    return faults;
}

} // namespace

std::string issue_slip(db::Connection& c, NewSlip const& wanted, Instant now, std::chrono::hours life)
{
    auto code = gs1::new_printed_code();
    if (!wanted.person.empty()) db::invitations::withdraw(c, wanted.person, now);
    Invitation slip;
    slip.code_sha256 = sha256_hex(code);
    slip.kind = wanted.kind;
    if (!wanted.org.empty()) slip.org = wanted.org;
    if (!wanted.person.empty()) slip.person = wanted.person;
    slip.role = wanted.role;
    if (!wanted.area.empty()) slip.area = wanted.area;
    slip.issued_by = wanted.issued_by;
    slip.issued_at = now;
    slip.expires_at = now + life;
    db::invitations::insert(c, slip);
    return code;
}

net::awaitable<Result<Invitation>> find_slip(Services& services, Request const& request, std::string typed)
{
    auto const code = gs1::read_printed_code(typed);
    if (!code) co_return code.error();
    auto const counted = co_await count_try(services, "slip", request.peer.address);
    if (!counted) co_return counted.error();
    auto work = [hash = sha256_hex(*code), now = services.clock.now()](db::Connection& c) {
        return db::invitations::find_open(c, hash, now);
    };
    co_return co_await services.database.read(std::move(work));
}

Result<Invitation> use_firm_slip(db::Connection& c, std::string_view typed, Instant now)
{
    auto const code = gs1::read_printed_code(typed);
    if (!code) return code.error();
    auto slip = db::invitations::use(c, sha256_hex(*code), now);
    if (slip && slip->kind != "firm") return not_found("slip.unknown");
    return slip;
}

net::awaitable<Result<std::string>> use_slip(Services& services, Request const& request, SlipAnswer answer)
{
    auto const slip = co_await find_slip(services, request, answer.code);
    if (!slip) co_return slip.error();
    auto login_of = [person = slip->person.value_or(PersonId{})](db::Connection& c) -> Result<std::string> {
        auto const account = db::accounts::find(c, person);
        return account ? account->login : std::string{};
    };
    auto const login = co_await services.database.read(std::move(login_of));
    if (!login) co_return login.error();
    auto faults = check_answer(answer, *slip, *login);
    if (!faults.empty()) co_return invalid_fields(std::move(faults));

    auto hash = co_await hash_password(services.cpu_pool, answer.password);
    if (!hash) co_return hash.error();
    Acceptance const given{slip->code_sha256, answer.login, answer.name, *hash, services.clock.now(), request.id};
    auto work = [given](db::Connection& c) { return accept(c, given); };
    auto const person = co_await services.database.write(std::move(work));
    if (!person && person.error().key == "account.login_taken") {
        std::vector<FieldError> const taken{FieldError{"login", person.error().key, person.error().values}};
        co_return invalid_fields(taken);
    }
    if (!person) co_return person.error();
    auto const forgotten = co_await forget_tries(services, "slip", request.peer.address);
    if (!forgotten) co_return forgotten.error();
    co_return co_await start_session(services, request, *person, "account.sign_in");
}

net::awaitable<Status> join_with_slip(Services& services, Request const& request, std::string typed)
{
    auto const slip = co_await find_slip(services, request, std::move(typed));
    if (!slip) co_return slip.error();
    db::versions::Change const change{request.who.subject, services.clock.now(), "", request.id};
    auto work = [slip = *slip, who = request.who, change](db::Connection& c) { return join(c, slip, who, change); };
    auto const joined = co_await services.database.write(std::move(work));
    if (!joined) co_return joined.error();
    co_return co_await forget_tries(services, "slip", request.peer.address);
}

} // namespace nguon::server
