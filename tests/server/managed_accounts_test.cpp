#include "db/province_desk.hpp"
#include "server/auth/slips.hpp"
#include "tests/support/two_enterprises.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::given;

class ManagedAccounts : public nguon::testing::TwoEnterprises {
protected:
    void SetUp() override
    {
        TwoEnterprises::SetUp();
        owner = add_person("chu.htx", Role::enterprise_owner, a.org);
        clerk = add_person("mai.lo", Role::enterprise_clerk, a.org);
    }

    static Answer press(Browser& client, std::string const& page, std::string const& action)
    {
        return client.post(page, {{"action", action}});
    }
    static std::string console(PersonId const& person) { return "/console/members/" + person.text(); }
    static std::string desk(PersonId const& person) { return "/province/accounts/" + person.text(); }

    std::string newest_action()
    {
        return given(database->read_now([](db::Connection& c) -> Result<std::string> {
            return db::province_desk::audit(c, {.count = 1}).front().action;
        }));
    }
    std::string say(std::string const& key) { return locale->text("vi", key, {}); }

    PersonId owner;
    PersonId clerk;
};

TEST_F(ManagedAccounts, AnOwnerLocksAnAccountAndLetsItInAgain)
{
    auto client = signed_in("chu.htx");
    auto phone = signed_in("mai.lo");
    auto desktop = signed_in("mai.lo");
    EXPECT_TRUE(client.get("/console/members").says("href=\"" + console(clerk) + "\""));
    auto const asked = client.get(console(clerk));
    EXPECT_TRUE(asked.says(say("account.lock.disable_text")));
    EXPECT_EQ(phone.get("/console").status, 200U);

    auto const locked = press(client, console(clerk), "disable");
    EXPECT_EQ(locked.header("Location"), "/console/members?done=account_disabled") << locked.body;
    EXPECT_EQ(newest_action(), "account.disable");
    for (auto* session : {&phone, &desktop}) EXPECT_EQ(session->get("/console").status, 303U);
    EXPECT_EQ(browser().sign_in("mai.lo", password).status, 401U);
    EXPECT_TRUE(client.get("/console/members").says(say("console.user.disabled")));

    EXPECT_EQ(press(client, console(clerk), "enable").header("Location"), "/console/members?done=account_enabled");
    EXPECT_EQ(newest_action(), "account.enable");
    EXPECT_EQ(phone.get("/console").status, 303U); // what ended stays ended
    EXPECT_EQ(browser().sign_in("mai.lo", password).status, 303U);
}

TEST_F(ManagedAccounts, OnesOwnAndTheLastOwnersStayOpen)
{
    auto client = signed_in("chu.htx");
    EXPECT_FALSE(client.get("/console/members").says("href=\"" + console(owner) + "\""));
    auto const token = Browser::token_of(client.get("/console/members"));
    auto const own = client.post_raw(console(owner), {{"csrf", token}, {"action", "disable"}});
    EXPECT_EQ(own.status, 409U);
    EXPECT_TRUE(own.says(say("account.own")));

    // A key with an owner's rights is no owner.
    auto key = program(key_of(Role::enterprise_owner, a.org));
    auto const last = key.post_raw(console(owner), {{"action", "disable"}});
    EXPECT_EQ(last.status, 409U);
    EXPECT_TRUE(last.says(say("account.last_owner")));
    EXPECT_EQ(client.get("/console").status, 200U);

    add_person("chu.hai", Role::enterprise_owner, a.org);
    EXPECT_EQ(key.post_raw(console(owner), {{"action", "disable"}}).status, 303U);
    EXPECT_EQ(client.get("/console").status, 303U);
    auto second = signed_in("chu.hai");
    EXPECT_EQ(press(second, console(owner), "enable").status, 303U);
}

TEST_F(ManagedAccounts, SomebodyWhoWorksElsewhereTooIsBeyondAnOwnersReach)
{
    grant(clerk.text(), Role::enterprise_owner, b.org);
    auto client = signed_in("chu.htx");
    auto const list = client.get("/console/members");
    EXPECT_TRUE(list.says("mai.lo"));
    EXPECT_TRUE(list.says(say("console.user.elsewhere")));
    EXPECT_EQ(client.get(console(clerk)).status, 404U);
    auto const token = Browser::token_of(list);
    EXPECT_EQ(client.post_raw(console(clerk), {{"csrf", token}, {"action", "disable"}}).status, 404U);
    // A new password would be a way into the other enterprise.
    EXPECT_EQ(client.post_raw("/console/members/slips", {{"csrf", token}, {"person", clerk.text()}}).status, 404U);
    EXPECT_EQ(browser().sign_in("mai.lo", password).status, 303U);
    // The other enterprise sees who works for it.
    add_person("chu.gao", Role::enterprise_owner, b.org);
    EXPECT_TRUE(signed_in("chu.gao").get("/console/members").says("mai.lo"));
}

TEST_F(ManagedAccounts, ALockedAccountTakesNoNewPassword)
{
    auto client = signed_in("chu.htx");
    auto const slip = [&] {
        return given(write([&](db::Connection& c) -> Result<std::string> {
            return issue_slip(c, {.kind = "reset", .person = clerk, .issued_by = "x"}, clock.now(), settings.slip_life);
        }));
    };
    auto const before = slip();
    ASSERT_EQ(press(client, console(clerk), "disable").status, 303U);
    EXPECT_EQ(browser().post("/console/slip", {{"code", before}}).status, 404U);
    auto const after = slip();
    std::string const fresh = "Suối Nậm Na 2026?";
    auto stranger = browser();
    auto const refused = stranger.post("/console/slip", {{"code", after}, {"password", fresh}, {"again", fresh}});
    EXPECT_EQ(refused.status, 403U);
    EXPECT_TRUE(refused.says(say("account.disabled")));
    auto const token = Browser::token_of(client.get("/console/members"));
    auto const issued = client.post_raw("/console/members/slips", {{"csrf", token}, {"person", clerk.text()}});
    EXPECT_EQ(issued.status, 409U);
    EXPECT_TRUE(issued.says(say("account.disabled")));
}

TEST_F(ManagedAccounts, TheProvinceLocksAccountsOfItsEnterprises)
{
    add_person("so.khcn1", Role::province_operator);
    auto operator_ = signed_in("so.khcn1");
    auto session = signed_in("mai.lo");
    EXPECT_TRUE(
        operator_.get("/province/organizations/" + a.org.text()).says("/province/accounts?org=" + a.org.text()));
    EXPECT_TRUE(operator_.get("/province/accounts?org=" + a.org.text()).says("href=\"" + desk(clerk) + "\""));
    auto const locked = press(operator_, desk(clerk), "disable");
    EXPECT_EQ(locked.header("Location"), "/province/accounts?org=" + a.org.text() + "&done=account_disabled");
    EXPECT_EQ(session.get("/console").status, 303U);
    EXPECT_EQ(press(operator_, desk(owner), "disable").status, 409U); // the last owner
    EXPECT_EQ(press(operator_, desk(clerk), "enable").status, 303U);

    auto officer = program(key_of(Role::commune_officer, {}, b.commune));
    EXPECT_EQ(officer.get("/province/accounts?org=" + a.org.text()).status, 404U);
    EXPECT_EQ(officer.get(desk(clerk)).status, 404U);
    EXPECT_EQ(officer.get(desk(b.person)).status, 200U);
}

TEST_F(ManagedAccounts, OfficersAccountsAreForThoseWhoManageThem)
{
    auto const officer = add_person("so.khcn2", Role::province_operator);
    auto const guard = add_person("an.toan", Role::province_security);
    add_person("so.khcn1", Role::province_operator);
    auto operator_ = signed_in("so.khcn1");
    EXPECT_FALSE(operator_.get("/province/accounts").says("so.khcn2"));
    EXPECT_EQ(operator_.get(desk(officer)).status, 404U);

    auto security = signed_in("an.toan");
    auto victim = signed_in("so.khcn2");
    EXPECT_TRUE(security.get("/province/accounts").says("so.khcn2"));
    EXPECT_EQ(press(security, desk(officer), "disable").header("Location"), "/province/accounts?done=account_disabled");
    EXPECT_EQ(victim.get("/province").status, 303U);
    auto key = program(key_of(Role::province_security));
    auto const last = key.post_raw(desk(guard), {{"action", "disable"}});
    EXPECT_EQ(last.status, 409U);
    EXPECT_TRUE(last.says(say("account.last_owner")));
}

} // namespace
} // namespace nguon::server
