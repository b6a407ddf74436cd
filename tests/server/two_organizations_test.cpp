#include "tests/support/api_test.hpp"

#include "db/province_desk.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;

/// Mai works in the field for the first enterprise and owns the second.
class TwoOrganizations : public nguon::testing::TwoEnterprises {
protected:
    void SetUp() override
    {
        TwoEnterprises::SetUp();
        mai = add_person("mai.lo", Role::field_worker, a.org);
        grant(mai.text(), Role::enterprise_owner, b.org);
    }

    static Answer act_for(Browser& client, std::string const& org)
    {
        return client.post("/console/acting", {{"organization", org}});
    }

    /// What a program behind the session's cookie sends.
    static Answer call(Browser client, std::string const& method, std::string const& path, std::string const& body = {})
    {
        auto const token = Browser::token_of(client.get("/console/acting"));
        client.headers = {{"Accept", "application/json"}, {"X-CSRF-Token", token}};
        return client.send(method, path, body, {{"Content-Type", "application/json"}});
    }

    std::string name_of(OrganizationId const& org)
    {
        return given(database->read_now([&](db::Connection& c) { return db::organizations::find(c, org); })).name;
    }

    db::province_desk::AuditLine newest_entry()
    {
        return given(database->read_now([](db::Connection& c) -> Result<db::province_desk::AuditLine> {
            return db::province_desk::audit(c, {.count = 1}).front();
        }));
    }

    PersonId mai;
};

TEST_F(TwoOrganizations, SignInAsksForWhom)
{
    auto client = signed_in("mai.lo");
    auto const led = client.get("/console/products?page=2");
    EXPECT_EQ(led.status, 303U);
    EXPECT_EQ(led.header("Location"), "/console/acting?next=%2Fconsole%2Fproducts%3Fpage%3D2");
    auto const page = client.get(led.header("Location"));
    EXPECT_EQ(page.status, 200U);
    for (auto const& org : {a.org, b.org}) EXPECT_TRUE(page.says(name_of(org)));
    EXPECT_TRUE(page.says(locale->text("vi", "console.user.role.enterprise-owner", {})));
    EXPECT_TRUE(page.says("name=\"next\" value=\"/console/products?page=2\""));

    auto const chosen = client.post("/console/acting", {{"organization", b.org.text()}, {"next", "/console/products"}});
    EXPECT_EQ(chosen.status, 303U) << chosen.body;
    EXPECT_EQ(chosen.header("Location"), "/console/products");
    auto const noted = newest_entry();
    EXPECT_EQ(noted.action, "account.act_for");
    EXPECT_EQ(noted.org, b.org);
    EXPECT_EQ(noted.actor, mai.text());
    auto const home = client.get("/console");
    EXPECT_EQ(home.status, 200U);
    EXPECT_TRUE(home.says(locale->text("vi", "auth.acting.now", {}) + " <strong>" + name_of(b.org)));
}

TEST_F(TwoOrganizations, TheChoiceIsTheSessionsAndCanBeChanged)
{
    auto client = signed_in("mai.lo");
    ASSERT_EQ(act_for(client, b.org.text()).status, 303U);
    EXPECT_EQ(client.get("/console/products/" + b.product.text()).status, 200U);
    EXPECT_EQ(client.get("/console/products/" + a.product.text()).status, 404U);
    auto phone = signed_in("mai.lo");
    ASSERT_EQ(act_for(phone, a.org.text()).status, 303U);
    EXPECT_EQ(phone.get("/console/products/" + a.product.text()).status, 200U);
    EXPECT_EQ(client.get("/console/products/" + b.product.text()).status, 200U);
    ASSERT_EQ(act_for(client, a.org.text()).status, 303U);
    EXPECT_EQ(client.get("/console/products/" + b.product.text()).status, 404U);
}

TEST_F(TwoOrganizations, NobodyChoosesWhatIsNotHis)
{
    auto const third = add_enterprise("Doanh nghiệp Mật ong", "0100109106", a.commune, "08938505974026");
    auto client = signed_in("mai.lo");
    for (auto const& word : {third.org.text(), std::string{"province"}, std::string{}, std::string{"x"}}) {
        auto const refused = act_for(client, word);
        EXPECT_EQ(refused.status, 400U) << word;
        EXPECT_TRUE(refused.says(locale->text("vi", "auth.no_choice", {})));
    }
    EXPECT_EQ(client.get("/console").status, 303U);
}

TEST_F(TwoOrganizations, AnOwnersRightEndsAtHisOrganization)
{
    auto client = signed_in("mai.lo");
    ASSERT_EQ(act_for(client, b.org.text()).status, 303U);
    EXPECT_EQ(client.get("/console/products/new").status, 200U);
    ASSERT_EQ(act_for(client, a.org.text()).status, 303U);
    EXPECT_EQ(client.get("/console/products/new").status, 403U);
    EXPECT_EQ(client.get("/console/members").status, 403U);
    EXPECT_FALSE(client.get("/console").says("/console/members"));
    json const place{{"kind", "growing_area"}, {"name", "Đồi chè mới"}};
    EXPECT_EQ(call(client, "POST", "/api/v1/places", place.dump()).status, 403U);
    // By naming the other one, the present one is not left.
    EXPECT_EQ(call(client, "GET", "/api/v1/products?organization=" + b.org.text()).status, 404U);
    EXPECT_EQ(call(client, "GET", "/api/v1/products").status, 200U);
    ASSERT_EQ(act_for(client, b.org.text()).status, 303U);
    EXPECT_EQ(call(client, "POST", "/api/v1/places", place.dump()).status, 201U);
}

TEST_F(TwoOrganizations, AFormOpenedForOneIsNotSentForTheOther)
{
    auto client = signed_in("mai.lo");
    ASSERT_EQ(act_for(client, b.org.text()).status, 303U);
    auto const token = Browser::token_of(client.get("/console/organization/edit"));
    ASSERT_EQ(act_for(client, a.org.text()).status, 303U);
    EXPECT_EQ(client.post_raw("/console/language", {{"csrf", token}, {"lang", "en"}}).status, 403U);
}

TEST_F(TwoOrganizations, ProgramsWithoutAChoiceAreTold)
{
    auto client = signed_in("mai.lo");
    client.headers = {{"Accept", "application/json"}};
    auto const refused = client.get("/api/v1/products");
    EXPECT_EQ(refused.status, 403U);
    EXPECT_EQ(key_of_problem(refused), "auth.organization_needed");
    EXPECT_EQ(client.get("/api/v1/event-templates").status, 200U);
    EXPECT_EQ(client.get("/f/" + a.file).status, browser().get("/f/" + a.file).status);
}

TEST_F(TwoOrganizations, AKeyNamesTheOrganizationInAHeader)
{
    auto const key = key_with(Role::enterprise_clerk, a.org, Role::enterprise_clerk, b.org);
    auto const ask = [&](std::string const& named) {
        auto client = program(key);
        if (!named.empty()) client.headers.emplace_back("Nguon-Organization", named);
        return client.get("/api/v1/organization");
    };
    EXPECT_EQ(key_of_problem(ask("")), "auth.organization_needed");
    EXPECT_EQ(json::parse(ask(a.org.text()).body)["id"], a.org.text());
    EXPECT_EQ(json::parse(ask(b.org.text()).body)["id"], b.org.text());
    EXPECT_EQ(ask("province").status, 404U);
    EXPECT_EQ(ask("0190ffff-0000-7000-8000-00000000dead").status, 404U);

    auto single = program(key_of(Role::enterprise_clerk, a.org));
    EXPECT_EQ(single.get("/api/v1/organization").status, 200U);
    single.headers.emplace_back("Nguon-Organization", b.org.text());
    EXPECT_EQ(single.get("/api/v1/organization").status, 404U);
}

TEST_F(TwoOrganizations, TheDeskStaysOpenWhileActingForAFirm)
{
    auto const person = add_person("an.vang", Role::province_operator);
    grant(person.text(), Role::field_worker, a.org);
    auto client = signed_in("an.vang");
    EXPECT_TRUE(client.get("/console/acting").says("value=\"province\""));
    auto const led = client.get(client.get("/console/sign-in").header("Location")).header("Location");
    EXPECT_EQ(led, "/console/acting?next=%2Fconsole");
    auto const chosen = client.post("/console/acting", {{"organization", a.org.text()}, {"next", "/province"}}, led);
    ASSERT_EQ(chosen.header("Location"), "/console");
    EXPECT_EQ(client.get("/console").status, 200U);
    EXPECT_EQ(client.get("/province").status, 200U);
    EXPECT_EQ(client.get("/province/organizations/" + b.org.text()).status, 200U);
    // The operator may capture events, but not for a firm whose field worker he is.
    auto const document = std::string{nguon::testing::captured_document};
    EXPECT_EQ(call(client, "POST", "/epcis/capture", document).status, 403U);
    EXPECT_EQ(call(client, "GET", "/epcis/events/" + b.event_id).status, 403U);
    EXPECT_EQ(call(client, "GET", "/api/v1/products?organization=" + b.org.text()).status, 200U);
    EXPECT_EQ(newest_entry().action, "api.read");

    ASSERT_EQ(act_for(client, "province").header("Location"), "/province");
    EXPECT_EQ(client.get("/console").header("Location"), "/province");
    EXPECT_EQ(call(client, "GET", "/epcis/events/" + b.event_id).status, 200U);
    EXPECT_TRUE(client.get("/province").says(locale->text("vi", "auth.acting.province", {settings.province_name})));
}

TEST_F(TwoOrganizations, AnEnterpriseDoesNotReachTheDesk)
{
    // "complaint:read" is an enterprise's right too: for its own cases.
    auto owner = program(key_of(Role::enterprise_owner, a.org));
    EXPECT_EQ(owner.get("/province/complaints").status, 403U);
    EXPECT_EQ(owner.get("/province/complaints/" + a.complaint).status, 403U);
}

TEST_F(TwoOrganizations, OneGrantLeftIsNoChoice)
{
    auto client = signed_in("mai.lo");
    ASSERT_EQ(act_for(client, b.org.text()).status, 303U);
    auto const ended = write([&](db::Connection& c) -> Status {
        for (auto const& held : db::grants::in_force(c, mai.text(), clock.now()))
            if (held.org == b.org) return db::grants::end(c, held.id, clock.now());
        return not_found("grant.unknown");
    });
    ASSERT_TRUE(ended.ok());
    EXPECT_EQ(client.get("/console/products/" + b.product.text()).status, 404U);
    EXPECT_EQ(client.get("/console/products/" + a.product.text()).status, 200U);
    EXPECT_FALSE(client.get("/console").says("/console/acting"));
}

TEST_F(TwoOrganizations, APasswordToChangeComesFirst)
{
    add_person("pao.giang", Role::enterprise_owner, a.org, true);
    auto client = signed_in("pao.giang");
    EXPECT_EQ(client.get("/console/products").header("Location"), "/console/password");
    auto program = client;
    program.headers = {{"Accept", "application/json"}};
    for (auto const* path : {"/api/v1/organization", "/api/v1/products", "/epcis/events/x"}) {
        auto const refused = program.get(path);
        EXPECT_EQ(refused.status, 403U) << path;
        EXPECT_EQ(key_of_problem(refused), "auth.password_change_needed");
    }
    auto const token = Browser::token_of(client.get("/console/password"));
    auto const written = program.send("POST", "/api/v1/places", R"({"kind": "office", "name": "Trụ sở"})",
                                      {{"Content-Type", "application/json"}, {"X-CSRF-Token", token}});
    EXPECT_EQ(key_of_problem(written), "auth.password_change_needed");
    EXPECT_EQ(program.get("/api/v1/event-templates").status, 200U);
    EXPECT_EQ(client.get("/f/" + a.file).status, browser().get("/f/" + a.file).status);

    std::string const fresh = "Suối Nậm Na 2026?";
    ASSERT_EQ(client.post("/console/password", {{"current", password}, {"password", fresh}, {"again", fresh}}).status,
              303U);
    EXPECT_EQ(program.get("/api/v1/organization").status, 200U);
}

} // namespace
} // namespace nguon::server
