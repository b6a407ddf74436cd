#include "db/api_keys.hpp"
#include "db/sessions.hpp"
#include "server/auth/slips.hpp"
#include "tests/support/service_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Browser;

class AccountPages : public nguon::testing::ServiceTest {
protected:
    std::string slip(NewSlip const& wanted)
    {
        auto const code = write([&](db::Connection& c) -> Result<std::string> {
            return issue_slip(c, wanted, clock.now(), settings.slip_life);
        });
        EXPECT_TRUE(code.ok());
        return code.value_or("");
    }
};

TEST_F(AccountPages, SignInOpensASession)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto client = browser();
    auto const answer = client.sign_in("Mai.Lo");
    EXPECT_EQ(answer.status, 303U) << answer.body;
    EXPECT_NE(answer.header("Set-Cookie").find("__Host-session="), std::string::npos);
    EXPECT_NE(answer.header("Set-Cookie").find("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"),
              std::string::npos);
    auto const page = client.get("/console/password");
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says("Lò Thị Mai"));
    EXPECT_EQ(client.get("/console/sign-in").header("Location"), "/console");
}

TEST_F(AccountPages, ANewSignInHasANewSession)
{
    add_person("mai.lo", Role::province_operator);
    auto client = signed_in("mai.lo");
    auto const former = client.cookies.at("__Host-session");
    client.post("/console/sign-in", {{"login", "mai.lo"}, {"password", password}}, "/console/password");
    EXPECT_NE(client.cookies.at("__Host-session"), former);
    auto thief = browser();
    thief.cookies["__Host-session"] = former;
    EXPECT_EQ(thief.get("/console/password").status, 303U);
}

TEST_F(AccountPages, WrongAndUnknownLookAlike)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto client = browser();
    auto wrong = client.sign_in("mai.lo", "Sai mật khẩu 1!");
    auto unknown = client.sign_in("nobody", "Sai mật khẩu 1!");
    EXPECT_EQ(wrong.status, 401U);
    EXPECT_EQ(unknown.status, 401U);
    auto const said = locale->text("vi", "auth.wrong", {});
    EXPECT_TRUE(wrong.says(said));
    EXPECT_TRUE(unknown.says(said));
    EXPECT_TRUE(wrong.says("value=\"mai.lo\"")); // nothing typed is lost
    EXPECT_FALSE(wrong.says("Sai mật khẩu"));    // but the password
}

TEST_F(AccountPages, ManyTriesAreThrottled)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto client = browser();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(client.sign_in("mai.lo", "Sai mật khẩu 1!").status, 401U) << i;
    auto const refused = client.sign_in("mai.lo");
    EXPECT_EQ(refused.status, 429U);
    EXPECT_NE(refused.header("Retry-After"), "");
    clock.advance(std::chrono::minutes{15});
    EXPECT_EQ(client.sign_in("mai.lo").status, 303U);
}

TEST_F(AccountPages, ASuccessForgetsTheTries)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto client = browser();
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 9; ++i) EXPECT_EQ(client.sign_in("mai.lo", "x").status, 401U);
        EXPECT_EQ(client.sign_in("mai.lo").status, 303U) << round;
        client.cookies.clear();
    }
}

TEST_F(AccountPages, NextLeadsOnAndNeverAway)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto client = browser();
    auto const on =
        client.post("/console/sign-in", {{"login", "mai.lo"}, {"password", password}, {"next", "/console/password"}});
    EXPECT_EQ(on.header("Location"), "/console/password");
    client.cookies.clear();
    auto const away =
        client.post("/console/sign-in", {{"login", "mai.lo"}, {"password", password}, {"next", "//evil.example"}});
    EXPECT_EQ(away.header("Location"), "/console/sign-in");
}

TEST_F(AccountPages, SessionsEndByIdleAndAge)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto idle = signed_in("mai.lo");
    clock.advance(settings.session_idle - std::chrono::minutes{1});
    EXPECT_EQ(idle.get("/console/password").status, 200U);
    clock.advance(settings.session_idle - std::chrono::minutes{1});
    EXPECT_EQ(idle.get("/console/password").status, 200U);
    clock.advance(settings.session_idle);
    EXPECT_EQ(idle.get("/console/password").status, 303U);

    auto old = signed_in("mai.lo");
    for (auto passed = std::chrono::minutes{0}; passed + std::chrono::hours{11} < settings.session_life;
         passed += std::chrono::hours{11}) {
        clock.advance(std::chrono::hours{11});
        old.get("/console/password");
    }
    clock.advance(std::chrono::hours{11});
    EXPECT_EQ(old.get("/console/password").status, 303U);
}

TEST_F(AccountPages, SignOutHereAndEverywhere)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto phone = signed_in("mai.lo");
    auto desk = signed_in("mai.lo");
    EXPECT_EQ(phone.post("/console/sign-out", {}, "/console/password").status, 303U);
    EXPECT_EQ(phone.get("/console/password").status, 303U);
    EXPECT_EQ(desk.get("/console/password").status, 200U);
    auto third = signed_in("mai.lo");
    EXPECT_EQ(desk.post("/console/sign-out", {{"everywhere", "1"}}, "/console/password").status, 303U);
    EXPECT_EQ(third.get("/console/password").status, 303U);
}

TEST_F(AccountPages, ATokenOfAnotherSessionIsWorthNothing)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    add_person("an.vang", Role::enterprise_owner, OrganizationId{"org-rice"});
    auto mine = signed_in("mai.lo");
    auto theirs = signed_in("an.vang");
    auto const token = Browser::token_of(theirs.get("/console/password"));
    EXPECT_EQ(mine.post_raw("/console/sign-out", {{"csrf", token}}).status, 403U);
    EXPECT_EQ(mine.get("/console/password").status, 200U);
}

TEST_F(AccountPages, APasswordIsChangedWithTheOldOne)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto client = signed_in("mai.lo");
    auto other = signed_in("mai.lo");
    std::string const fresh = "Suối Nậm Na 2026?";
    auto const wrong =
        client.post("/console/password", {{"current", "Sai 1234!"}, {"password", fresh}, {"again", fresh}});
    EXPECT_EQ(wrong.status, 400U);
    EXPECT_TRUE(wrong.says(locale->text("vi", "password.wrong", {})));
    auto const differs = client.post("/console/password", {{"current", password}, {"password", fresh}, {"again", "x"}});
    EXPECT_TRUE(differs.says(locale->text("vi", "password.differs", {})));
    auto const done = client.post("/console/password", {{"current", password}, {"password", fresh}, {"again", fresh}});
    EXPECT_EQ(done.header("Location"), "/console?done=password_changed") << done.body;
    EXPECT_EQ(client.get("/console/password").status, 200U);
    EXPECT_EQ(other.get("/console/password").status, 303U);
    EXPECT_EQ(browser().sign_in("mai.lo", fresh).status, 303U);
}

TEST_F(AccountPages, AFirstPasswordMustBeChanged)
{
    add_person("mai.lo", Role::province_operator, {}, true);
    auto client = signed_in("mai.lo");
    EXPECT_EQ(
        client.post("/console/language", {{"lang", "en"}, {"next", "/console/password"}}, "/console/password").status,
        303U);
    EXPECT_TRUE(client.get("/console/password").says("<html lang=\"en\">"));
}

TEST_F(AccountPages, AnInvitationMakesAnAccountOnce)
{
    auto const code =
        slip({.kind = "member", .org = OrganizationId{"org-tea"}, .role = "enterprise-clerk", .issued_by = "x"});
    auto client = browser();
    auto typed = code;
    std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto const form = client.post("/console/slip", {{"code", typed}});
    EXPECT_EQ(form.status, 200U);
    EXPECT_TRUE(form.says("name=\"login\""));
    auto const weak = client.post("/console/slip",
                                  {{"code", code}, {"login", "an"}, {"name", ""}, {"password", "x"}, {"again", "x"}});
    EXPECT_EQ(weak.status, 400U);
    EXPECT_TRUE(weak.says(locale->text("vi", "login.format", {})));
    EXPECT_TRUE(weak.says(locale->text("vi", "password.needs_digit", {})));
    nguon::testing::Fields const good{
        {"code", code}, {"login", "an.vang"}, {"name", "Vàng A Ản"}, {"password", password}, {"again", password}};
    auto const made = client.post("/console/slip", good);
    EXPECT_EQ(made.status, 303U) << made.body;
    EXPECT_EQ(client.get("/console/password").status, 200U);
    EXPECT_EQ(browser().post("/console/slip", {{"code", code}}).status, 404U);
}

TEST_F(AccountPages, ASlipGivesAnAccountASecondOrganization)
{
    add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto const code =
        slip({.kind = "member", .org = OrganizationId{"org-honey"}, .role = "enterprise-clerk", .issued_by = "x"});
    auto const stranger = browser().post("/console/slip", {{"code", code}});
    EXPECT_TRUE(stranger.says("/console/sign-in?next=")) << stranger.body;

    auto client = signed_in("mai.lo");
    auto const asked = client.post("/console/slip", {{"code", code}}, "/console/slip");
    EXPECT_TRUE(asked.says("name=\"join\"")) << asked.body;
    auto const other = client.post("/console/slip", {{"code", code}, {"new_account", "yes"}}, "/console/slip");
    EXPECT_TRUE(other.says("name=\"login\""));
    auto const joined = client.post("/console/slip", {{"code", code}, {"join", "yes"}}, "/console/slip");
    EXPECT_EQ(joined.header("Location"), "/console?done=slip_joined") << joined.body;
    EXPECT_TRUE(client.get("/console/acting").says("value=\"org-honey\""));
    EXPECT_EQ(browser().post("/console/slip", {{"code", code}}).status, 404U);

    auto const again =
        slip({.kind = "member", .org = OrganizationId{"org-honey"}, .role = "enterprise-clerk", .issued_by = "x"});
    auto const refused = client.post("/console/slip", {{"code", again}, {"join", "yes"}}, "/console/slip");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_TRUE(refused.says(locale->text("vi", "slip.held_already", {})));
    EXPECT_EQ(browser().post("/console/slip", {{"code", again}}).status, 200U); // not used up
}

TEST_F(AccountPages, AResetSlipSetsANewPasswordAndEndsSessions)
{
    auto const person = add_person("mai.lo", Role::enterprise_owner, OrganizationId{"org-tea"});
    auto before = signed_in("mai.lo");
    auto const old_code = slip({.kind = "reset", .person = person, .issued_by = "x"});
    auto const code = slip({.kind = "reset", .person = person, .issued_by = "x"});
    auto client = browser();
    EXPECT_EQ(client.post("/console/slip", {{"code", old_code}}).status, 404U); // replaced by the newer one
    auto const form = client.post("/console/slip", {{"code", code}});
    EXPECT_FALSE(form.says("name=\"login\""));
    std::string const fresh = "Suối Nậm Na 2026?";
    EXPECT_EQ(client.post("/console/slip", {{"code", code}, {"password", fresh}, {"again", fresh}}).status, 303U);
    EXPECT_EQ(before.get("/console/password").status, 303U);
    EXPECT_EQ(browser().sign_in("mai.lo", fresh).status, 303U);
}

TEST_F(AccountPages, SlipsExpireAndWrongCodesAreTold)
{
    auto const code =
        slip({.kind = "member", .org = OrganizationId{"org-tea"}, .role = "enterprise-clerk", .issued_by = "x"});
    auto client = browser();
    EXPECT_EQ(client.post("/console/slip", {{"code", "ABC"}}).status, 400U);
    auto wrong = code;
    wrong.back() = wrong.back() == '2' ? '3' : '2';
    EXPECT_EQ(client.post("/console/slip", {{"code", wrong}}).status, 400U);
    clock.advance(settings.slip_life);
    auto const late = client.post("/console/slip", {{"code", code}});
    EXPECT_EQ(late.status, 404U);
    EXPECT_TRUE(late.says(locale->text("vi", "slip.unknown", {})));
}

TEST_F(AccountPages, AFirmSlipLeadsToTheSignUp)
{
    auto const code = slip({.kind = "firm", .issued_by = "x"});
    EXPECT_EQ(browser().post("/console/slip", {{"code", code}}).header("Location"), "/console/sign-up?slip=" + code);
}

TEST_F(AccountPages, HostileTextStaysText)
{
    auto client = browser();
    std::string const hostile = "\"><svg onload=alert(1)>{{csrf}}";
    auto const answer = client.post("/console/sign-in", {{"login", hostile}, {"password", "x"}, {"next", hostile}});
    EXPECT_FALSE(answer.says("<svg onload"));
    EXPECT_TRUE(answer.says("&quot;&gt;&lt;svg onload=alert(1)&gt;{{csrf}}"));
}

} // namespace
} // namespace nguon::server
