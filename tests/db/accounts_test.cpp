#include "db/accounts.hpp"

#include "db/api_keys.hpp"
#include "db/grants.hpp"
#include "db/invitations.hpp"
#include "db/people.hpp"
#include "db/sessions.hpp"
#include "db/throttles.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using namespace std::chrono_literals;

Instant const now = from_micros(1'800'000'000'000'000);

class SignInStorage : public nguon::testing::StorageTest {
protected:
    PersonId add(std::string const& login, OrganizationId const& org = {})
    {
        auto const person = new_id<struct PersonKind>();
        auto const saved = write([&](Connection& c) -> Status {
            people::insert(c, person, org, "user", people::Detail{.name = "Giàng A Páo"}, now);
            return accounts::insert(c, accounts::Account{person, login, "hash", now});
        });
        EXPECT_TRUE(saved.ok());
        return person;
    }
};
NGUON_ON_BOTH_ENGINES(SignInStorage);

TEST_P(SignInStorage, ALoginIsOnePersons)
{
    auto const person = add("pao", OrganizationId{"org-1"});
    auto const again = write([&](Connection& c) -> Status {
        auto const other = new_id<struct PersonKind>();
        people::insert(c, other, {}, "user", {}, now);
        return accounts::insert(c, accounts::Account{other, "pao", "hash", now});
    });
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().key, "account.login_taken");

    auto const found = read([&](Connection& c) { return accounts::find_by_login(c, "pao"); });
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->person, person);
    EXPECT_EQ((*found)->language, "vi");
    EXPECT_FALSE(read([](Connection& c) { return accounts::find_by_login(c, "PAO"); })->has_value());
    EXPECT_EQ(read([](Connection& c) { return accounts::of_org(c, OrganizationId{"org-1"}, now); })->size(), 1U);
    EXPECT_TRUE(read([](Connection& c) { return accounts::of_org(c, OrganizationId{"org-2"}, now); })->empty());
    EXPECT_TRUE(read([](Connection& c) { return accounts::of_province(c); })->empty());
}

TEST_P(SignInStorage, PasswordsAndStateChange)
{
    auto const person = add("pao");
    ASSERT_TRUE(write([&](Connection& c) { return accounts::set_password(c, person, "new", now + 1h); }).ok());
    ASSERT_TRUE(write([&](Connection& c) { return accounts::set_disabled(c, person, now + 2h); }).ok());
    ASSERT_TRUE(write([&](Connection& c) { return accounts::set_language(c, person, "en"); }).ok());
    auto const found = read([&](Connection& c) { return accounts::find(c, person); });
    EXPECT_EQ((*found)->password_hash, "new");
    EXPECT_EQ((*found)->disabled_at, now + 2h);
    EXPECT_EQ((*found)->language, "en");
    EXPECT_EQ(write([&](Connection& c) { return accounts::set_password(c, PersonId{"x"}, "new", now); }).error().key,
              "account.unknown");
}

TEST_P(SignInStorage, SessionsAreFoundTouchedAndEnded)
{
    auto const person = add("pao");
    for (auto const* token : {"a", "b", "c"}) {
        ASSERT_TRUE(write([&](Connection& c) {
                        sessions::insert(c, {token, person, "csrf", now, now, now + 24h, {}});
                    }).ok());
    }
    EXPECT_TRUE(write([&](Connection& c) { sessions::touch(c, "a", now + 1h); }).ok());
    EXPECT_TRUE(write([&](Connection& c) { sessions::touch(c, "a", now); }).ok()); // never back
    auto const found = read([](Connection& c) { return sessions::find(c, "a"); });
    EXPECT_EQ((*found)->seen_at, now + 1h);
    EXPECT_EQ((*found)->person, person);
    EXPECT_EQ(*write([&](Connection& c) { return sessions::remove_all(c, person, "a"); }), 2);
    EXPECT_EQ(*write([&](Connection& c) { return sessions::remove_expired(c, now + 24h, now); }), 1);
    EXPECT_FALSE(read([](Connection& c) { return sessions::find(c, "a"); })->has_value());
}

TEST_P(SignInStorage, ASessionKnowsForWhomItActs)
{
    auto const person = add("pao");
    // A row as it was before sessions knew.
    ASSERT_TRUE(write([&](Connection& c) -> Status {
                    c.execute(
                        "INSERT INTO session (token_sha256, person_id, csrf_token, created_at, seen_at, expires_at)"
                        " VALUES ('old', $1, 'csrf', $2, $2, $3)",
                        {person, now, now + 24h});
                    return Done{};
                }).ok());
    auto const found = [&] { return **read([](Connection& c) { return sessions::find(c, "old"); }); };
    EXPECT_FALSE(found().acting_for.has_value());
    for (auto const* org : {"org-1", ""}) {
        ASSERT_TRUE(write([&](Connection& c) {
                        sessions::act_for(c, "old", OrganizationId{org}, std::string{"new-"} + org);
                    }).ok());
        EXPECT_EQ(found().acting_for, OrganizationId{org});
        EXPECT_EQ(found().csrf_token, std::string{"new-"} + org);
    }
}

TEST_P(SignInStorage, CountsWhoElseHoldsARole)
{
    auto const org = OrganizationId{"org-1"};
    auto const one = add("pao", org);
    auto const other = add("mai");
    auto const give = [&](PersonId const& person, std::string const& role, std::optional<OrganizationId> const& to) {
        grants::Grant grant;
        grant.id = new_uuid();
        grant.subject = person.text();
        grant.role = role;
        grant.org = to;
        grant.valid_from = now;
        grant.valid_to = now + 2h;
        grant.granted_by = "x";
        ASSERT_TRUE(write([&](Connection& c) { grants::insert(c, grant); }).ok());
    };
    auto const others = [&](PersonId const& than, std::string const& role, OrganizationId const& of, Instant at) {
        return *read([&](Connection& c) { return accounts::count_others(c, than, role, of, at); });
    };
    give(one, "enterprise-owner", org);
    EXPECT_EQ(others(one, "enterprise-owner", org, now), 0);
    give(other, "enterprise-owner", org);
    give(other, "province-security", std::nullopt);
    EXPECT_EQ(others(one, "enterprise-owner", org, now), 1);
    EXPECT_EQ(others(one, "enterprise-owner", OrganizationId{"org-2"}, now), 0);
    EXPECT_EQ(others(one, "enterprise-owner", org, now + 2h), 0);
    EXPECT_EQ(others(one, "province-security", {}, now), 1);
    EXPECT_EQ(read([&](Connection& c) { return accounts::of_org(c, org, now); })->size(), 2U);
    ASSERT_TRUE(write([&](Connection& c) { return accounts::set_disabled(c, other, now); }).ok());
    EXPECT_EQ(others(one, "enterprise-owner", org, now), 0);
}

TEST_P(SignInStorage, GrantsCountWhileTheyAreInForce)
{
    grants::Grant grant;
    grant.id = "g";
    grant.subject = "p";
    grant.role = "enterprise-clerk";
    grant.org = OrganizationId{"org-1"};
    grant.area = "03400";
    grant.valid_from = now;
    grant.valid_to = now + 2h;
    grant.granted_by = "x";
    ASSERT_TRUE(write([&](Connection& c) { grants::insert(c, grant); }).ok());
    auto const count = [&](Instant at) {
        return read([&](Connection& c) { return grants::in_force(c, "p", at); })->size();
    };
    EXPECT_EQ(count(now - 1us), 0U);
    EXPECT_EQ(count(now), 1U);
    EXPECT_EQ(count(now + 2h - 1us), 1U);
    EXPECT_EQ(count(now + 2h), 0U);
    ASSERT_TRUE(write([&](Connection& c) { return grants::end(c, "g", now + 1h); }).ok());
    EXPECT_EQ(count(now + 1h), 0U);
    EXPECT_FALSE(write([&](Connection& c) { return grants::end(c, "g", now + 1h); }).ok());
    EXPECT_EQ(read([&](Connection& c) { return grants::of_org(c, OrganizationId{"org-1"}, now); })->front().area,
              "03400");
}

TEST_P(SignInStorage, KeysAreFoundByHashAndRevokedOnce)
{
    ASSERT_TRUE(write([&](Connection& c) { api_keys::insert(c, {"id", "hash", "kho", now, now + 24h, {}, {}}); }).ok());
    EXPECT_TRUE(write([&](Connection& c) { api_keys::touch(c, "id", now + 1h); }).ok());
    auto const found = read([](Connection& c) { return api_keys::find_by_hash(c, "hash"); });
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->used_at, now + 1h);
    EXPECT_EQ((*found)->expires_at, now + 24h);
    EXPECT_TRUE(write([&](Connection& c) { return api_keys::revoke(c, "id", now + 2h); }).ok());
    EXPECT_EQ(write([&](Connection& c) { return api_keys::revoke(c, "id", now + 3h); }).error().key, "key.unknown");
}

TEST_P(SignInStorage, AnInvitationIsUsedOnce)
{
    invitations::Invitation slip;
    slip.code_sha256 = "h";
    slip.kind = "member";
    slip.org = OrganizationId{"org-1"};
    slip.role = "enterprise-clerk";
    slip.issued_by = "x";
    slip.issued_at = now;
    slip.expires_at = now + 1h;
    ASSERT_TRUE(write([&](Connection& c) { invitations::insert(c, slip); }).ok());
    EXPECT_TRUE(read([](Connection& c) { return invitations::find_open(c, "h", now); }).ok());
    EXPECT_FALSE(read([](Connection& c) { return invitations::find_open(c, "h", now + 1h); }).ok());
    auto const used = write([](Connection& c) { return invitations::use(c, "h", now + 30min); });
    ASSERT_TRUE(used.ok());
    EXPECT_EQ(used->org, OrganizationId{"org-1"});
    EXPECT_EQ(write([](Connection& c) { return invitations::use(c, "h", now + 30min); }).error().key, "slip.unknown");
}

TEST_P(SignInStorage, TriesCountWithinTheirWindow)
{
    auto const attempt = [&](Instant at) {
        return *write([&](Connection& c) { return throttles::add_try(c, "b", at, 15min); });
    };
    EXPECT_EQ(attempt(now), 1);
    EXPECT_EQ(attempt(now + 14min), 2);
    EXPECT_EQ(attempt(now + 15min - 1us), 3);
    EXPECT_EQ(attempt(now + 15min), 1);
    EXPECT_TRUE(write([](Connection& c) { throttles::clear(c, "b"); }).ok());
    EXPECT_EQ(attempt(now + 16min), 1);
    EXPECT_EQ(*write([](Connection& c) { return throttles::remove_old(c, now + 17min); }), 1);
}

} // namespace
} // namespace nguon::db
