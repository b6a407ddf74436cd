#include "server/app/approvals.hpp"

#include "server/app/organizations.hpp"
#include "tests/support/province_test.hpp"
#include "tests/support/zip_archive.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::read_zip;

/// What makes the desk's day shorter: several at once, lists as sheets, the audit searched.
class WorkingHabits : public nguon::testing::ProvinceTest {
protected:
    /// The firm changes something of its record, which the province approved before.
    template <typename Change>
    void change(Firm const& firm, Change change)
    {
        do_write([&](db::Connection& c) {
            auto const head = *db::organizations::find(c, firm.org);
            OrganizationInput input;
            input.organization = *db::organizations::fields(c, firm.org, head.latest_version);
            change(input.organization);
            ASSERT_TRUE(
                app::change_organization(c, {"clerk", firm.org, "test", clock.now()}, input, "sửa thông tin").ok());
        });
    }

    std::string choice(Firm const& firm, int version) { return firm.org.text() + ":" + std::to_string(version); }
};

TEST_F(WorkingHabits, SeveralHarmlessChangesAreApprovedAtOnce)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    approve(client, rice);
    change(tea, [](Organization& fields) { fields.website = "https://chebanbo.example"; });
    change(rice, [](Organization& fields) { fields.name = "Gạo Tam Đường Mới"; });
    auto const queue = client.get("/province/approvals?kind=organization");
    EXPECT_TRUE(queue.says("value=\"" + choice(tea, 2)));
    EXPECT_FALSE(queue.says("value=\"" + choice(rice, 2))); // a name is never harmless
    EXPECT_TRUE(queue.says(say("province.field.organization.website")));

    auto const done = client.post("/province/approvals",
                                  {{"choice", choice(tea, 2)}, {"choice", choice(rice, 2)}, {"choice", "nobody:1"}});
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_TRUE(done.says(say("cases.bulk.done")));
    EXPECT_TRUE(done.says(say("approval.not_harmless")));
    EXPECT_TRUE(done.says(say("organization.unknown")));
    auto const public_version = [&](Firm const& firm) {
        return look<std::int64_t>(
            [&](db::Connection& c) { return *db::organizations::find(c, firm.org)->public_version; });
    };
    EXPECT_EQ(public_version(tea), 2);
    EXPECT_EQ(public_version(rice), 1);

    // What was changed since it was looked at waits for another look.
    change(tea, [](Organization& fields) { fields.website = "https://a.example"; });
    change(tea, [](Organization& fields) { fields.website = "https://b.example"; });
    EXPECT_TRUE(client.post("/province/approvals", {{"choice", choice(tea, 3)}}).says(say("record.changed_meanwhile")));
    EXPECT_EQ(public_version(tea), 2);
}

TEST_F(WorkingHabits, OneFunctionSaysWhatIsHarmless)
{
    auto const serious = [](std::string_view kind, std::string const& field) {
        return !app::serious_fields(kind, {{field, "a", "b"}}).empty();
    };
    for (auto const* field : {"name", "tax_code", "address.line", "gs1_prefix"})
        EXPECT_TRUE(serious("organization", field));
    for (auto const* field : {"name", "gtin", "origin", "net_weight"}) EXPECT_TRUE(serious("product", field));
    EXPECT_FALSE(serious("organization", "website"));
    EXPECT_FALSE(serious("product", "description"));
    EXPECT_TRUE(app::serious_fields("organization", {{"name", "a", "a"}}).empty()); // not changed
}

TEST_F(WorkingHabits, EveryListOfTheDeskIsASheetToo)
{
    auto client = signed_in("mai.lo");
    for (auto const* path :
         {"/province/approvals", "/province/organizations", "/province/complaints", "/province/certificates",
          "/province/inspections", "/province/sanctions", "/province/personal-requests", "/province/data-requests",
          "/province/alarms", "/province/sync/records", "/province/accounts"}) {
        SCOPED_TRACE(path);
        EXPECT_TRUE(client.get(path).says("format=xlsx"));
        auto const sheet = client.get(std::string{path} + "?format=xlsx");
        EXPECT_EQ(sheet.status, 200U);
        EXPECT_TRUE(read_zip(sheet.body).contains("xl/worksheets/sheet1.xml"));
    }
    auto const parts = read_zip(client.get("/province/organizations?format=xlsx").body);
    std::string all;
    for (auto const& [name, text] : parts) all += text;
    EXPECT_NE(all.find("Hợp tác xã Chè Bản Bo"), std::string::npos);
    EXPECT_TRUE(was_noted("list.export"));
}

TEST_F(WorkingHabits, WorklistsBeginWithTheRiskiestFirm)
{
    auto client = signed_in("mai.lo");
    do_write([&](db::Connection& c) {
        c.execute("INSERT INTO certificate (id, org_id, latest_version, status, kind, number, valid_to, created_at)"
                  " VALUES ('paper', $1, 1, 'active', 'vietgap', '1', '2020-01-01', 0)",
                  {rice.org});
    });
    auto const first = [&](std::string const& path) {
        auto const page = client.get(path).body;
        auto const main = page.find("<main");
        return page.find("Gạo Tam Đường", main) < page.find("Chè Bản Bo", main) ? "rice" : "tea";
    };
    EXPECT_EQ(first("/province/approvals?kind=organization"), std::string{"tea"}); // waits longer
    EXPECT_EQ(first("/province/approvals?kind=organization&order=risk"), std::string{"rice"});
    auto const page = client.get("/province/organizations?order=risk");
    EXPECT_TRUE(page.says(say("risk.level.medium"))) << page.body;
    EXPECT_TRUE(page.says(say("risk.why.expired_certificate", {"1"})));
    EXPECT_FALSE(client.get("/province/organizations").says(say("risk.level.medium")));
    for (auto const* path : {"/province/complaints?order=risk", "/province/inspections?order=risk"})
        EXPECT_EQ(client.get(path).status, 200U);
}

TEST_F(WorkingHabits, TheAuditIsSearched)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    approve(client, rice);
    publish(client, rice);
    auto const shown = [&](std::string const& query) { return client.get("/province/audit.csv?" + query).body; };
    add_officer("kiem.toan", Role::province_auditor);
    client = signed_in("kiem.toan");
    auto const approved = say("province.audit.action.organization.approved");
    EXPECT_NE(shown("kind=organization&person=mai").find(approved), std::string::npos);
    EXPECT_EQ(shown("kind=product").find(approved), std::string::npos);
    EXPECT_EQ(shown("person=nobody").find(approved), std::string::npos);
    auto const of_tea = shown("object=" + tea.org.text());
    EXPECT_NE(of_tea.find("Chè Bản Bo"), std::string::npos);
    EXPECT_EQ(of_tea.find("Gạo Tam Đường"), std::string::npos);
    EXPECT_TRUE(client.get("/province/audit?kind=complaint").says("selected"));
}

TEST_F(WorkingHabits, WhoChecksDoesNotAct)
{
    auto const apart = [](Role one, Role other) { return !may_hold_both(one, other) && !may_hold_both(other, one); };
    EXPECT_TRUE(apart(Role::province_auditor, Role::province_operator));
    EXPECT_TRUE(apart(Role::province_auditor, Role::province_security));
    EXPECT_TRUE(apart(Role::province_auditor, Role::inspector));
    EXPECT_TRUE(apart(Role::province_security, Role::province_operator));
    EXPECT_TRUE(apart(Role::province_security, Role::inspector));
    EXPECT_FALSE(apart(Role::province_operator, Role::inspector));
    EXPECT_FALSE(apart(Role::province_auditor, Role::enterprise_owner)); // an enterprise's roles are no authority's
    auto const person = add_officer("mot.nguoi", Role::province_auditor);
    auto const refused = write([&](db::Connection& c) {
        return add_grant(c, {person, Role::province_operator, {}, {}, "test"}, clock.now());
    });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "grant.roles_apart");
}

TEST_F(WorkingHabits, ARefusedDeliveryIsGivenUpByTwo)
{
    settle(tea, "refused");
    add_officer("so.hai", Role::province_operator);
    auto first = signed_in("mai.lo");
    auto second = signed_in("so.hai");
    auto const url = "/province/sync/records/quoc-gia/" + std::to_string(seq_of(tea));
    EXPECT_EQ(second.post(url + "/discard", {{"confirm", "1"}}, url).status, 409U); // nobody asked
    EXPECT_EQ(first.post(url + "/discard", {{"reason", ""}}, url).status, 400U);
    EXPECT_EQ(first.post(url + "/discard", {{"reason", "Bản ghi thử"}}, url).status, 303U);
    EXPECT_TRUE(first.get(url).says("Bản ghi thử"));
    EXPECT_FALSE(first.get(url).says("name=\"confirm\""));
    auto const alone = first.post(url + "/discard", {{"confirm", "1"}}, url);
    EXPECT_EQ(alone.status, 409U);
    EXPECT_TRUE(alone.says(say("delivery.discard_same_person")));
    EXPECT_EQ(counts(tea.org).refused, 1);
    EXPECT_EQ(second.post(url + "/discard", {{"confirm", "1"}}, url).status, 303U);
    EXPECT_EQ(counts(tea.org).refused, 0);
    EXPECT_EQ(counts(tea.org).excluded, 1);
    EXPECT_TRUE(was_noted("sync.discarded"));
    EXPECT_EQ(first.post(url + "/discard", {{"reason", "x"}}, "/province").status, 409U);
}

} // namespace
} // namespace nguon::server
