#include "tests/support/province_test.hpp"
#include "db/certificates.hpp"
#include "server/app/certificates.hpp"
#include "server/app/complaints.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::bo_commune;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::tam_commune;
using nguon::testing::target_name;

class Province : public nguon::testing::ProvinceTest {};

TEST_F(Province, ApprovingAFirmReleasesWhatWasHeld)
{
    EXPECT_EQ(counts(tea.org).held, 3);
    auto client = signed_in("mai.lo");
    auto const queue = client.get("/province/approvals");
    EXPECT_TRUE(queue.says("Hợp tác xã Chè Bản Bo"));
    EXPECT_TRUE(queue.says("Gạo Séng cù"));
    EXPECT_FALSE(client.get("/province/approvals?kind=product").says("<strong>Hợp tác xã Chè Bản Bo</strong>"));

    auto const done = approve(client, tea);
    EXPECT_EQ(done.status, 303U) << done.body;
    EXPECT_EQ(status_of_firm(tea), "approved");
    EXPECT_EQ(counts(tea.org).pending, 1); // the firm itself; its product is not published yet
    EXPECT_EQ(counts(tea.org).held, 2);
    EXPECT_EQ(connector_woken, 1);
    EXPECT_TRUE(client.get(done.header("Location")).says(say("done.province_approve")));
    EXPECT_EQ(publish(client, tea).status, 303U);
    EXPECT_EQ(counts(tea.org).held, 2); // it lacks picture, weight and barcode
    EXPECT_EQ(counts(rice.org).held, 3);
}

TEST_F(Province, TheFormItselfApproves)
{
    auto client = signed_in("mai.lo");
    auto const page = client.get(firm_url(tea));
    EXPECT_TRUE(page.says("name=\"version\" value=\"1\"")); // the record's, not the program's
    EXPECT_TRUE(client.get(product_url(tea)).says("name=\"version\" value=\"1\""));
}

TEST_F(Province, ReturningNeedsAReason)
{
    auto client = signed_in("mai.lo");
    Fields const bare{{"decision", "return"}, {"version", "1"}};
    auto const refused = client.post(firm_url(tea) + "/decision", bare, firm_url(tea));
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(say("decision.reason_missing")));
    EXPECT_EQ(status_of_firm(tea), "pending");

    Fields const reasoned{{"decision", "return"},
                          {"version", "1"},
                          {"ready", "address"},
                          {"ready", "phone"},
                          {"reason", "Gọi 0213 3876 501 khi xong."}};
    EXPECT_EQ(client.post(firm_url(tea) + "/decision", reasoned, firm_url(tea)).status, 303U);
    EXPECT_EQ(status_of_firm(tea), "returned");
    auto const page = client.get(firm_url(tea));
    EXPECT_TRUE(page.says(say("province.reason.organization.address") + " " +
                          say("province.reason.organization.phone") + " Gọi 0213 3876 501 khi xong."));
}

TEST_F(Province, ADecisionIsAboutTheVersionThatWasSeen)
{
    do_write([&](db::Connection& c) {
        OrganizationInput input;
        input.organization = *db::organizations::fields(c, tea.org, 1);
        input.organization.address.line = "Bản Nà Khương";
        (void)app::change_organization(c, {"clerk", tea.org, "test", clock.now()}, input, "sửa địa chỉ");
    });
    auto client = signed_in("mai.lo");
    EXPECT_EQ(approve(client, tea).status, 409U);
    EXPECT_EQ(status_of_firm(tea), "pending");
    Fields const now{{"decision", "approve"}, {"version", "2"}};
    EXPECT_EQ(client.post(firm_url(tea) + "/decision", now, firm_url(tea)).status, 303U);
    EXPECT_EQ(client.post(firm_url(tea) + "/decision", now, firm_url(tea)).status, 409U); // not twice
}

TEST_F(Province, ChangesStandBesideWhatIsPublic)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    do_write([&](db::Connection& c) {
        OrganizationInput input;
        input.organization = *db::organizations::fields(c, tea.org, 1);
        input.organization.address.line = "Bản Nà Khương";
        (void)app::change_organization(c, {"clerk", tea.org, "test", clock.now()}, input, "sửa địa chỉ");
    });
    EXPECT_TRUE(client.get("/province/approvals").says(say("province.approvals.change")));
    auto const page = client.get(firm_url(tea));
    EXPECT_TRUE(page.says(">Bản Hon 2</td>"));
    EXPECT_TRUE(page.says(">Bản Nà Khương</td>"));
    EXPECT_TRUE(page.says("class=\"changed\""));
    EXPECT_TRUE(page.says("sửa địa chỉ"));
}

TEST_F(Province, AnAreaLimitsWhatIsSeenAndDecided)
{
    add_officer("xa.bo", Role::commune_officer, bo_commune);
    add_officer("bo.so", Role::province_operator, bo_commune);
    add_officer("tinh", Role::department_officer, "12");
    auto commune = signed_in("xa.bo");
    EXPECT_EQ(commune.get(firm_url(tea)).status, 200U);
    EXPECT_EQ(commune.get(firm_url(rice)).status, 404U);
    EXPECT_EQ(commune.get(product_url(rice)).status, 404U);
    EXPECT_EQ(commune.get(firm_url(rice) + "/records").status, 404U);
    auto const absent = commune.get("/province/organizations/" + new_uuid());
    EXPECT_EQ(absent.status, 404U);
    for (auto const* path : {"/province/approvals", "/province/organizations", "/province?query=che+gao+tam"}) {
        auto const page = commune.get(path);
        EXPECT_EQ(page.status, 200U) << path;
        EXPECT_FALSE(page.says("Gạo")) << path;
    }
    EXPECT_EQ(approve(commune, tea).status, 403U); // sees, does not decide

    auto limited = signed_in("bo.so");
    auto const outside =
        limited.post(firm_url(rice) + "/decision", {{"decision", "approve"}, {"version", "1"}}, firm_url(tea));
    EXPECT_EQ(outside.status, 404U);
    EXPECT_EQ(status_of_firm(rice), "pending");
    EXPECT_EQ(approve(limited, tea).status, 303U);
    EXPECT_FALSE(limited.get("/province/sync").says("Gạo Tam Đường"));
    EXPECT_FALSE(limited.get("/province/sync/records").says("Gạo Tam Đường"));
    auto const record = "/province/sync/records/" + std::string{target_name} + "/" + std::to_string(seq_of(rice));
    EXPECT_EQ(limited.get(record).status, 404U);
    auto const pause = limited.post("/province/sync/pause", {{"pause", "1"}, {"reason", "x"}}, "/province/sync");
    EXPECT_EQ(pause.status, 403U);

    auto whole = signed_in("tinh");
    EXPECT_EQ(whole.get(firm_url(tea)).status, 200U);
    EXPECT_EQ(whole.get(firm_url(rice)).status, 200U);
}

TEST_F(Province, RolesOpenTheirPagesOnly)
{
    add_person("chu.che", Role::enterprise_owner, tea.org);
    add_officer("kiem.toan", Role::province_auditor);
    add_officer("an.ninh", Role::province_security);
    auto owner = signed_in("chu.che");
    auto operator_ = signed_in("mai.lo");
    auto auditor = signed_in("kiem.toan");
    auto security = signed_in("an.ninh");
    for (auto const* path : {"/province", "/province/approvals", "/province/organizations", "/province/sync",
                             "/province/sync/records", "/province/sync/where", "/province/certificates"}) {
        EXPECT_EQ(owner.get(path).status, 403U) << path;
        EXPECT_EQ(operator_.get(path).status, 200U) << path;
        EXPECT_EQ(auditor.get(path).status, 200U) << path;
        EXPECT_EQ(browser().get(path).status, 303U) << path; // to the sign-in
    }
    EXPECT_EQ(operator_.get("/province/audit").status, 403U);
    EXPECT_EQ(auditor.get("/province/audit").status, 200U);
    EXPECT_EQ(security.get("/province/audit").status, 200U);
    EXPECT_EQ(security.get("/province/complaints").status, 403U);
    EXPECT_EQ(approve(auditor, tea).status, 403U);
    EXPECT_FALSE(auditor.get(firm_url(tea)).says("value=\"approve\""));
    EXPECT_EQ(auditor.get("/province/slips").status, 403U);
}

TEST_F(Province, NothingChangesWithoutAToken)
{
    auto client = signed_in("mai.lo");
    auto const forged = client.post_raw(firm_url(tea) + "/decision", {{"decision", "approve"}, {"version", "1"}});
    EXPECT_EQ(forged.status, 403U);
    EXPECT_EQ(client.post_raw("/province/sync/pause", {{"pause", "1"}, {"reason", "x"}}).status, 403U);
    EXPECT_EQ(client.post_raw("/province/slips", {{"kind", "firm"}}).status, 403U);
    EXPECT_EQ(status_of_firm(tea), "pending");
}

TEST_F(Province, ReadingAndDecidingIsNoted)
{
    auto client = signed_in("mai.lo");
    client.get(firm_url(tea));
    EXPECT_TRUE(was_noted("organization.read"));
    client.get(product_url(tea));
    EXPECT_TRUE(was_noted("product.read"));
    approve(client, tea);
    publish(client, tea);
    EXPECT_TRUE(was_noted("organization.approved"));
    EXPECT_TRUE(was_noted("product.published"));
    auto const before = actions().size();
    client.get("/province/approvals"); // a list shows nothing private
    EXPECT_EQ(actions().size(), before);
}

TEST_F(Province, TheProductPageSaysWhatThePortalLacks)
{
    auto client = signed_in("mai.lo");
    auto const page = client.get(product_url(tea));
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("delivery.missing.images")));
    EXPECT_TRUE(page.says(say("delivery.missing.net_weight")));
    EXPECT_TRUE(page.says(say("province.product.organization_waits")));
    publish(client, tea);
    Fields const pause{{"decision", "pause"}, {"version", "1"}, {"reason", "Chờ kết quả kiểm nghiệm."}};
    EXPECT_EQ(client.post(product_url(tea) + "/decision", pause, product_url(tea)).status, 303U);
    EXPECT_TRUE(client.get(product_url(tea)).says("Chờ kết quả kiểm nghiệm."));
    EXPECT_EQ(publish(client, tea).status, 303U);
}

TEST_F(Province, AReportIsAnsweredWithinTheArea)
{
    std::string code;
    do_write([&](db::Connection& c) {
        app::Report report;
        report.topic = "wrong_data";
        report.text = "Hạn dùng <script> khác bao bì";
        report.phone = "0912000111";
        report.subject = "javascript:alert(1)";
        code = app::report_wrong_data(c, {"consumer", {}, "test", clock.now()}, report, tea.org, tea.product, {})
                   .value_or("");
    });
    auto const url = "/province/complaints/" + code;
    auto client = signed_in("mai.lo");
    EXPECT_TRUE(client.get("/province/complaints?status=open").says(url));
    auto const page = client.get(url);
    EXPECT_TRUE(page.says("Hạn dùng &lt;script&gt; khác bao bì"));
    EXPECT_FALSE(page.says("href=\"javascript"));
    EXPECT_FALSE(page.says("0912000111"));
    EXPECT_EQ(client.post(url, {{"status", "nowhere"}, {"answer", "x"}}).status, 400U);
    Fields const answered{{"status", "answered"}, {"outcome", "upheld"}, {"answer", "Đã yêu cầu in lại tem."}};
    EXPECT_EQ(client.post(url, answered).status, 303U);
    EXPECT_TRUE(browser().get("/case/" + code).says("Đã yêu cầu in lại tem."));
    EXPECT_TRUE(client.get("/province/complaints?status=answered").says(url));

    add_officer("xa.tam", Role::inspector, tam_commune);
    auto elsewhere = signed_in("xa.tam");
    EXPECT_EQ(elsewhere.get(url).status, 404U);
    EXPECT_FALSE(elsewhere.get("/province/complaints").says(code));
}

TEST_F(Province, ACertificateIsConfirmedByTheAuthority)
{
    CertificateId id;
    do_write([&](db::Connection& c) {
        Certificate paper;
        paper.kind = "vietgap";
        paper.number = "VG-12-0042";
        paper.valid_to = "2026-11-26";
        id = app::register_certificate(c, {"clerk", tea.org, "test", clock.now()}, paper, {}, {})
                 .value_or(CertificateId{});
    });
    auto client = signed_in("mai.lo");
    auto const list = client.get("/province/certificates");
    EXPECT_TRUE(list.says("VG-12-0042"));
    EXPECT_TRUE(list.says("còn 5 ngày"));
    Fields const fields{{"org", tea.org.text()}};
    auto const url = "/province/certificates/" + id.text() + "/confirm";
    EXPECT_EQ(client.post(url, fields, "/province/certificates").status, 303U);
    auto const mark = look<std::string>([&](db::Connection& c) {
        return std::string{to_text(db::certificates::find(c, tea.org, id)->marks.at("certificate").kind)};
    });
    EXPECT_EQ(mark, "confirmed");
    EXPECT_TRUE(was_noted("certificate.confirm"));
    EXPECT_EQ(client.post(url, {{"org", rice.org.text()}}, "/province/certificates").status, 404U);
}

/// The code on the slip that the page shows.
std::string code_on(Answer const& page)
{
    constexpr std::string_view mark = "<p class=\"code\">";
    auto const at = page.body.find(mark);
    return at == std::string::npos ? std::string{} : page.body.substr(at + mark.size(), 14);
}

TEST_F(Province, SlipsInviteFirmsAndTheirPeople)
{
    auto client = signed_in("mai.lo");
    auto const firm = client.post("/province/slips", {{"kind", "firm"}});
    EXPECT_EQ(firm.status, 200U);
    auto const code = code_on(firm);
    ASSERT_EQ(code.size(), 14U) << firm.body;
    EXPECT_NE(browser().post("/console/slip", {{"code", code}}).header("Location").find("/console/sign-up"),
              std::string::npos);

    Fields const member{{"kind", "member"}, {"org", tea.org.text()}, {"role", "enterprise-owner"}};
    auto const slip = client.post("/province/slips", member);
    EXPECT_TRUE(slip.says("Hợp tác xã Chè Bản Bo"));
    auto newcomer = browser();
    Fields const answer{{"code", code_on(slip)},
                        {"login", "lo.an"},
                        {"name", "Lò Văn An"},
                        {"password", password},
                        {"again", password}};
    EXPECT_EQ(newcomer.post("/console/slip", answer).status, 303U);
    EXPECT_TRUE(was_noted("slip.issue"));

    // A role of the state is not for a firm's slip.
    Fields const grab{{"kind", "member"}, {"org", tea.org.text()}, {"role", "province-operator"}};
    EXPECT_EQ(client.post("/province/slips", grab).status, 400U);

    auto const reset = client.post("/province/slips", {{"kind", "reset"}, {"login", "LO.AN"}});
    EXPECT_EQ(reset.status, 200U);
    auto const unknown = client.post("/province/slips", {{"kind", "reset"}, {"login", "nobody"}});
    EXPECT_EQ(unknown.status, 400U);
    EXPECT_TRUE(unknown.says(say("account.unknown")));
}

TEST_F(Province, OnlyAccountManagersInviteAndResetOfficers)
{
    add_officer("an.ninh", Role::province_security);
    add_officer("xa.bo", Role::commune_officer, bo_commune);
    auto client = signed_in("mai.lo");
    Fields const officer{{"kind", "officer"}, {"role", "commune-officer"}, {"area", tam_commune}};
    EXPECT_EQ(client.post("/province/slips", officer).status, 403U);
    EXPECT_EQ(client.post("/province/slips", {{"kind", "reset"}, {"login", "an.ninh"}}).status, 400U);

    auto security = signed_in("an.ninh");
    Fields const nowhere{{"kind", "officer"}, {"role", "commune-officer"}, {"area", ""}};
    EXPECT_TRUE(security.post("/province/slips", nowhere).says(say("slip.area_needed")));
    auto const slip = security.post("/province/slips", officer);
    auto newcomer = browser();
    Fields const answer{{"code", code_on(slip)},
                        {"login", "tam.xa"},
                        {"name", "Vàng A Sử"},
                        {"password", password},
                        {"again", password}};
    EXPECT_EQ(newcomer.post("/console/slip", answer).status, 303U);
    EXPECT_EQ(newcomer.get(firm_url(rice)).status, 200U);
    EXPECT_EQ(newcomer.get(firm_url(tea)).status, 404U); // the area came with the slip
    EXPECT_EQ(security.post("/province/slips", {{"kind", "reset"}, {"login", "mai.lo"}}).status, 200U);

    // A commune's officer invites people of the commune's firms only.
    auto commune = signed_in("xa.bo");
    Fields const inside{{"kind", "member"}, {"org", tea.org.text()}, {"role", "enterprise-clerk"}};
    Fields const outside{{"kind", "member"}, {"org", rice.org.text()}, {"role", "enterprise-clerk"}};
    EXPECT_EQ(commune.post("/province/slips", inside).status, 200U);
    EXPECT_EQ(commune.post("/province/slips", outside).status, 404U);
}

TEST_F(Province, TheAuditIsExportedWithoutFormulas)
{
    add_officer("kiem.toan", Role::province_auditor);
    add_firm("=HYPERLINK(\"http://x\")", "0101248141", bo_commune, "Mật ong");
    auto client = signed_in("kiem.toan");
    auto const page = client.get("/province/audit?org=" + tea.org.text());
    EXPECT_TRUE(page.says(say("province.audit.action.organization.register")));
    EXPECT_FALSE(page.says(say("province.audit.action.account.sign_in")));
    auto const csv = client.get("/province/audit.csv");
    EXPECT_EQ(csv.status, 200U);
    EXPECT_TRUE(csv.header("Content-Type").starts_with("text/csv"));
    EXPECT_TRUE(csv.header("Content-Disposition").starts_with("attachment"));
    EXPECT_TRUE(csv.says("\"'=HYPERLINK(\"\"http://x\"\")\""));
    EXPECT_TRUE(was_noted("audit.export"));
    EXPECT_FALSE(client.get("/province/audit.csv?from=2027-01-01").says("HYPERLINK"));
    // An export of all days for a day that was mistyped would pass for what was asked.
    EXPECT_EQ(client.get("/province/audit.csv?from=31-02-2026").status, 400U);
    EXPECT_TRUE(client.get("/province/audit?to=31-02-2026").says("31-02-2026"));
}

TEST_F(Province, TheStartPageLeadsOn)
{
    auto client = signed_in("mai.lo");
    auto const page = client.get("/province");
    EXPECT_TRUE(page.says("href=\"/province/approvals\""));
    EXPECT_TRUE(page.says("<span class=\"figure\">4</span>")); // two firms, two products
    EXPECT_TRUE(page.says("href=\"/province/sync\""));
    EXPECT_TRUE(client.get("/province?lang=en").says(locale->text("en", "province.home.waiting", {})));
    EXPECT_EQ(client.get("/province?page=99999999999999999999&query=%3Cscript%3E").status, 200U);
    EXPECT_EQ(client.get("/province/organizations?page=2").status, 200U);
    EXPECT_EQ(client.get("/province/sync/records/nowhere/1").status, 404U);
    EXPECT_EQ(client.get("/province/sync/records/nowhere/x").status, 404U);
    EXPECT_EQ(locale->missing(), 0U);
}

} // namespace
} // namespace nguon::server
