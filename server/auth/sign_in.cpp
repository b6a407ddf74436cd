#include "server/auth/sign_in.hpp"

#include "core/runtime/cpu_pool.hpp"
#include "db/accounts.hpp"
#include "db/audit_log.hpp"
#include "db/database.hpp"
#include "db/sessions.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/passwords.hpp"
#include "server/auth/sessions.hpp"
#include "server/auth/throttle.hpp"
#include "server/services.hpp"

namespace nguon::server {
namespace {

Error wrong() { return Error{ErrorCode::unauthenticated, "auth.wrong", {}, {}, {}}; }

using MaybeAccount = std::optional<db::accounts::Account>;

net::awaitable<Result<MaybeAccount>> find_by_login(Services& services, std::string login)
{
    auto work = [login](db::Connection& c) -> Result<MaybeAccount> { return db::accounts::find_by_login(c, login); };
    co_return co_await services.database.read(std::move(work));
}

net::awaitable<Result<MaybeAccount>> find_account(Services& services, PersonId person)
{
    auto work = [person](db::Connection& c) -> Result<MaybeAccount> { return db::accounts::find(c, person); };
    co_return co_await services.database.read(std::move(work));
}

/// The present password is this one, or the fault stands at `field`.
net::awaitable<Status> check_present(Services& services, Request const& request, db::accounts::Account const& account,
                                     std::string password, std::string field)
{
    auto const counted = co_await count_try(services, account.login, request.peer.address);
    if (!counted) co_return counted.error();
    auto const fits = co_await verify_password(services.cpu_pool, account.password_hash, std::move(password));
    if (!fits) co_return fits.error();
    if (*fits) co_return Done{};
    std::vector<FieldError> const fault{FieldError{field, "password.wrong"}};
    co_return invalid_fields(fault);
}

} // namespace

net::awaitable<Result<std::string>> sign_in(Services& services, Request const& request, std::string login,
                                            std::string password)
{
    // A login that nobody can have is tried like any other: the answer must not tell the difference.
    auto const name = read_login(login).value_or("?");
    auto const counted = co_await count_try(services, name, request.peer.address);
    if (!counted) co_return counted.error();

    auto const account = co_await find_by_login(services, name);
    if (!account) co_return account.error();
    bool const known = account->has_value() && !(*account)->disabled_at;
    auto hash = known ? (*account)->password_hash : nobodys_hash();
    auto const fits = co_await verify_password(services.cpu_pool, std::move(hash), std::move(password));
    if (!fits) co_return fits.error();
    if (!known || !*fits) co_return wrong();

    auto const forgotten = co_await forget_tries(services, name, request.peer.address);
    if (!forgotten) co_return forgotten.error();
    auto const person = (*account)->person;
    co_return co_await start_session(services, request, person, "account.sign_in");
}

net::awaitable<Status> change_password(Services& services, Request const& request, std::string current,
                                       std::string password, std::string again)
{
    auto const person = PersonId{request.who.subject};
    auto const account = co_await find_account(services, person);
    if (!account) co_return account.error();
    if (!account->has_value()) co_return not_found("account.unknown");

    auto faults = check_password_pair((*account)->login, password, again);
    if (current == password) faults.push_back(FieldError{"password", "password.same"});
    if (!faults.empty()) co_return invalid_fields(std::move(faults));

    auto const known = co_await check_present(services, request, **account, std::move(current), "current");
    if (!known) co_return known.error();

    auto const hash = co_await hash_password(services.cpu_pool, std::move(password));
    if (!hash) co_return hash.error();
    db::versions::Change const change{person.text(), services.clock.now(), "", request.id};
    db::audit_log::Entry const entry{
        .org = request.who.org, .action = "account.password", .entity_kind = "person", .entity_id = person.text()};
    auto work = [person, change, entry, text = *hash, kept = request.who.session_sha256](db::Connection& c) -> Status {
        if (auto saved = db::accounts::set_password(c, person, text, change.at); !saved) return saved;
        db::sessions::remove_all(c, person, kept);
        db::audit_log::append(c, change, entry);
        return Done{};
    };
    auto const saved = co_await services.database.write(std::move(work));
    if (!saved) co_return saved.error();
    co_return co_await forget_tries(services, (*account)->login, request.peer.address);
}

net::awaitable<Status> confirm_password(Services& services, Request const& request, std::string password)
{
    if (!request.who.is_person()) co_return forbidden("auth.person_needed");
    auto const person = PersonId{request.who.subject};
    auto const account = co_await find_account(services, person);
    if (!account) co_return account.error();
    if (!account->has_value()) co_return not_found("account.unknown");
    auto const known = co_await check_present(services, request, **account, std::move(password), "password");
    if (!known) co_return known.error();
    co_return co_await forget_tries(services, (*account)->login, request.peer.address);
}

std::vector<FieldError> check_password_pair(std::string_view login, std::string_view password, std::string_view again)
{
    auto faults = check_new_password(login, password);
    if (faults.empty() && password != again) faults.push_back(FieldError{"again", "password.differs"});
    return faults;
}

} // namespace nguon::server
