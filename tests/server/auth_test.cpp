#include "server/auth/accounts.hpp"
#include "server/auth/cookies.hpp"
#include "server/auth/csrf.hpp"
#include "server/auth/passwords.hpp"
#include "server/auth/principal.hpp"
#include "server/auth/roles.hpp"
#include "server/auth/throttle.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nguon::server {
namespace {

std::vector<std::string> faults(std::string_view login, std::string_view password)
{
    std::vector<std::string> out;
    for (auto const& fault : check_new_password(login, password)) out.push_back(fault.key);
    return out;
}

TEST(Passwords, SayWhatIsMissing)
{
    using Keys = std::vector<std::string>;
    EXPECT_EQ(faults("mai", ""), Keys{"field.required"});
    EXPECT_EQ(faults("mai", "aB1!xyz"), Keys{"password.too_short"});
    EXPECT_EQ(faults("mai", "aB1!xyzw"), Keys{});
    EXPECT_EQ(faults("mai", "12345678!"), Keys{"password.needs_letter"});
    EXPECT_EQ(faults("mai", "gaotamthom!"), Keys{"password.needs_digit"});
    EXPECT_EQ(faults("mai", "gaotamthom1"), Keys{"password.needs_sign"});
    EXPECT_EQ(faults("mai", "gạo tám thơm 1"), Keys{});
    EXPECT_EQ(faults("mai.lo.chau", "mai.lo.chau1!"), Keys{"password.is_login"});
    EXPECT_EQ(faults("mai", "Matkhau@2026"), Keys{"password.common"});
    EXPECT_EQ(faults("mai", "Mật khẩu 123!"), Keys{"password.common"});
    EXPECT_EQ(faults("mai", std::string(198, 'x') + "1!"), Keys{});
    EXPECT_EQ(faults("mai", std::string(199, 'x') + "1!"), Keys{"password.too_long"});
}

TEST(Passwords, AreHashedWithArgon2id)
{
    auto const hash = hash_password_now("chè Shan tuyết 1!", PasswordCost::least);
    EXPECT_TRUE(hash.starts_with("$argon2id$"));
    EXPECT_TRUE(verify_password_now(hash, "chè Shan tuyết 1!"));
    EXPECT_FALSE(verify_password_now(hash, "chè Shan tuyết 2!"));
    EXPECT_FALSE(verify_password_now("nonsense", "x"));
    EXPECT_FALSE(verify_password_now("", ""));
    EXPECT_TRUE(nobodys_hash().starts_with("$argon2id$v=19$m=262144,t=3,"));
}

TEST(Logins, AreLowerCaseAndPlain)
{
    EXPECT_EQ(read_login("Lo.Thi-Mai_1").value_or(""), "lo.thi-mai_1");
    for (auto const* text : {"", "ab", "1ab", "mai lo", "mái", "mai@x"}) EXPECT_FALSE(read_login(text).ok()) << text;
    EXPECT_TRUE(read_login(std::string(40, 'a')).ok());
    EXPECT_FALSE(read_login(std::string(41, 'a')).ok());
}

TEST(Roles, HaveNamesAndScopes)
{
    std::set<std::string_view> names;
    for (auto const role : all_roles()) {
        EXPECT_TRUE(names.insert(to_text(role)).second);
        EXPECT_EQ(role_from_text(to_text(role)), role);
        EXPECT_FALSE(scopes_of(role).empty()) << to_text(role);
    }
    EXPECT_EQ(names.size(), role_count);
    EXPECT_FALSE(role_from_text("root").has_value());
    EXPECT_FALSE(scopes_of(Role::field_worker).has("batch:write"));
    EXPECT_FALSE(scopes_of(Role::province_auditor).has("approval:write"));
    EXPECT_FALSE(scopes_of(Role::province_security).has("person:read"));
    for (auto const role : {Role::enterprise_owner, Role::solution_provider})
        EXPECT_FALSE(scopes_of(role).has("metrics:read"));
}

TEST(Scopes, ReadAndWriteText)
{
    auto const scopes = Scopes::from_text("batch:write, batch:read nonsense");
    EXPECT_EQ(scopes.to_text(), "batch:read batch:write");
    EXPECT_EQ(Scopes::from_text(""), Scopes{});
}

TEST(Principal, SeesItsOwnOrganizationOnly)
{
    Principal who;
    who.grants.push_back(Grant{Role::enterprise_owner, OrganizationId{"a"}, "", scopes_of(Role::enterprise_owner)});
    EXPECT_TRUE(who.may("batch:write"));
    EXPECT_TRUE(who.may("batch:write", OrganizationId{"a"}));
    EXPECT_FALSE(who.may("batch:write", OrganizationId{"b"}));
    EXPECT_FALSE(who.may("batch:write", OrganizationId{}));
    EXPECT_FALSE(who.sees_all("batch:read"));
}

TEST(Principal, AnAreaLimitsAnAuthority)
{
    Principal who;
    who.grants.push_back(Grant{Role::commune_officer, {}, "03400", scopes_of(Role::commune_officer)});
    EXPECT_TRUE(who.may("organization:read", OrganizationId{"a"}, "03400", "12"));
    EXPECT_FALSE(who.may("organization:read", OrganizationId{"a"}, "03401", "12"));
    EXPECT_EQ(who.areas("organization:read"), std::vector<std::string>{"03400"});
    who.grants.push_back(Grant{Role::province_auditor, {}, "", scopes_of(Role::province_auditor)});
    EXPECT_TRUE(who.may("organization:read", OrganizationId{"a"}, "03401", "12"));
    EXPECT_TRUE(who.areas("organization:read").empty());
    EXPECT_EQ(who.areas("slip:write"), std::vector<std::string>{"03400"});
}

TEST(Csrf, MaskedTokensDifferAndMatch)
{
    auto const token = new_token();
    auto const first = mask_token(token);
    EXPECT_NE(first, mask_token(token));
    EXPECT_TRUE(token_matches(first, token));
    EXPECT_FALSE(token_matches(first, new_token()));
    EXPECT_FALSE(token_matches("", token));
    EXPECT_FALSE(token_matches(token, token));
    EXPECT_FALSE(token_matches(mask_token(""), ""));
}

TEST(Csrf, TellsForeignSites)
{
    http::Request request;
    request.headers.set("Host", "nguon.example:8443");
    EXPECT_FALSE(is_cross_site(request));
    request.headers.set("Origin", "https://nguon.example:8443");
    EXPECT_FALSE(is_cross_site(request));
    request.headers.set("Origin", "https://evil.example");
    EXPECT_TRUE(is_cross_site(request));
    request.headers.set("Origin", "null");
    EXPECT_FALSE(is_cross_site(request));
    for (auto const* site : {"cross-site", "same-site"}) {
        request.headers.set("Sec-Fetch-Site", site);
        EXPECT_TRUE(is_cross_site(request)) << site;
    }
    request.headers.set("Sec-Fetch-Site", "same-origin");
    EXPECT_FALSE(is_cross_site(request));
}

TEST(Cookies, AreFoundByTheirWholeName)
{
    http::Request request;
    request.headers.set("Cookie", "x__Host-session=no; a=b=c; __Host-session=yes");
    EXPECT_EQ(find_cookie(request, session_cookie_name), "yes");
    EXPECT_EQ(find_cookie(request, "a"), "b=c");
    EXPECT_EQ(find_cookie(request, "b"), "");
    EXPECT_EQ(make_cookie("a", "1", std::chrono::seconds{5}), "a=1; Path=/; Max-Age=5; HttpOnly; SameSite=Lax; Secure");
}

TEST(Throttle, CountsAnIpv6SubscriberAsOne)
{
    EXPECT_EQ(subscriber_of("2001:db8:1:2:3:4:5:6"), subscriber_of("2001:db8:1:2::1"));
    EXPECT_NE(subscriber_of("2001:db8:1:2::1"), subscriber_of("2001:db8:1:3::1"));
    EXPECT_EQ(subscriber_of("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(subscriber_of("192.0.2.1"), "192.0.2.1");
}

} // namespace
} // namespace nguon::server
