#include "db/accounts.hpp"
#include "db/certificates.hpp"
#include "db/deliveries.hpp"
#include "db/grants.hpp"
#include "db/installation.hpp"
#include "db/organizations.hpp"
#include "db/products.hpp"
#include "db/province_desk.hpp"
#include "db/reference.hpp"
#include "db/targets.hpp"
#include "server/app/batches.hpp"
#include "server/app/certificates.hpp"
#include "server/app/complaints.hpp"
#include "server/app/organizations.hpp"
#include "server/app/products.hpp"
#include "tests/support/service_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Fields;

constexpr auto bo_commune = "03595";
constexpr auto tam_commune = "03390";
constexpr auto target_name = "quoc-gia";

/// Two firms in two communes of the province, one product and one lot each, a portal, and nobody approved yet.
class Province : public nguon::testing::ServiceTest {
protected:
    struct Firm {
        OrganizationId org = {};
        ProductId product = {};
        BatchId batch = {};
        std::string batch_code = {};
    };

    void SetUp() override
    {
        ServiceTest::SetUp();
        ASSERT_NE(database, nullptr);
        do_write([&](db::Connection& c) { prepare(c); });
        tea = add_firm("Hợp tác xã Chè Bản Bo", "0100109106", bo_commune, "Chè Shan tuyết");
        rice = add_firm("Doanh nghiệp Gạo Tam Đường", "0100686209", tam_commune, "Gạo Séng cù");
        add_officer("mai.lo", Role::province_operator);
    }

    /// Runs `work` (Connection& -> void) in a transaction.
    template <typename Work>
    void do_write(Work work)
    {
        auto const done = write([&](db::Connection& c) -> Status {
            work(c);
            return Done{};
        });
        ASSERT_TRUE(done.ok()) << done.error().key << ' ' << done.error().log_text;
    }

    void prepare(db::Connection& c)
    {
        db::installation::Installation installation;
        installation.id = new_uuid();
        installation.province_code = "12";
        installation.public_url = "http://127.0.0.1";
        installation.created_at = clock.now();
        db::installation::insert(c, installation);
        db::reference::save(c, std::vector<db::reference::Province>{{"12", "Lai Châu", "2025-07-01"}});
        db::reference::save(
            c, std::vector<db::reference::Commune>{{bo_commune, "12", "xã", "Bản Bo", {}, {}, "2025-07-01"},
                                                   {tam_commune, "12", "xã", "Tam Đường", {}, {}, "2025-07-01"}});
        db::reference::save(c, std::vector<db::reference::ProductGroup>{{"tea", "Chè", "Tea", "tea", ""}});
        db::targets::put(c, {target_name, "most", true, clock.now()});
    }

    Firm add_firm(std::string const& name, std::string const& tax_code, std::string const& commune,
                  std::string const& product_name)
    {
        Firm firm;
        do_write([&](db::Connection& c) {
            app::Actor actor{"clerk", {}, "test", clock.now()};
            OrganizationInput input;
            input.organization.kind = "cooperative";
            input.organization.name = name;
            input.organization.tax_code = tax_code;
            input.organization.address.line = "Bản Hon 2";
            input.organization.address.commune_code = commune;
            input.phone = "0213000111";
            firm.org = app::register_organization(c, actor, input).value_or(OrganizationId{});
            actor.org = firm.org;
            Product product;
            product.name = product_name;
            product.group_code = "tea";
            firm.product = app::register_product(c, actor, product, {}).value_or(ProductId{});
            firm.batch = app::register_batch(c, actor, firm.product, {.lot = "L2611"}).value_or(BatchId{});
            if (auto const head = db::batches::find(c, firm.org, firm.batch)) firm.batch_code = head->code;
        });
        EXPECT_FALSE(firm.batch_code.empty());
        return firm;
    }

    /// Somebody of the state, limited to `area` unless it is empty.
    PersonId add_officer(std::string const& login, Role role, std::string const& area = {})
    {
        NewAccount wanted;
        wanted.login = login;
        wanted.password_hash = hash_password_now(password, PasswordCost::least);
        wanted.name = "Lò Thị Mai";
        wanted.role = role;
        wanted.area = area;
        wanted.created_by = "test";
        auto made = write([&](db::Connection& c) { return create_account(c, wanted, clock.now()); });
        EXPECT_TRUE(made.ok());
        return made.value_or(PersonId{});
    }

    template <typename T, typename Work>
    T look(Work work)
    {
        auto found = database->read_now([&](db::Connection& c) -> Result<T> { return work(c); });
        EXPECT_TRUE(found.ok()) << found.error().key << ' ' << found.error().log_text;
        return found.value_or(T{});
    }

    db::deliveries::Counts counts(OrganizationId const& org)
    {
        return look<db::deliveries::Counts>(
            [&](db::Connection& c) { return db::deliveries::count(c, org, target_name); });
    }

    std::string status_of_firm(Firm const& firm)
    {
        return look<std::string>([&](db::Connection& c) { return db::organizations::find(c, firm.org)->status; });
    }

    /// Every action in the audit, newest first.
    std::vector<std::string> actions()
    {
        return look<std::vector<std::string>>([](db::Connection& c) {
            std::vector<std::string> out;
            for (auto const& line : db::province_desk::audit(c, {.count = 1000})) out.push_back(line.action);
            return out;
        });
    }
    bool was_noted(std::string const& action)
    {
        auto const all = actions();
        return std::ranges::find(all, action) != all.end();
    }

    std::string firm_url(Firm const& firm) { return "/province/organizations/" + firm.org.text(); }
    std::string product_url(Firm const& firm) { return "/province/products/" + firm.product.text(); }

    Answer approve(Browser& client, Firm const& firm)
    {
        return client.post(firm_url(firm) + "/decision", {{"decision", "approve"}, {"version", "1"}}, firm_url(firm));
    }
    Answer publish(Browser& client, Firm const& firm)
    {
        return client.post(product_url(firm) + "/decision", {{"decision", "publish"}, {"version", "1"}},
                           product_url(firm));
    }

    std::string say(std::string const& key, std::initializer_list<std::string> values = {})
    {
        return locale->text("vi", key, values);
    }

    /// What the connector would have noted.
    void settle(Firm const& firm, std::string const& state)
    {
        do_write([&](db::Connection& c) {
            c.execute("UPDATE delivery SET state = $1, error_class = 'refused', error_text = 'thiếu <b>ảnh</b>'"
                      " WHERE org_id = $2 AND aggregate_type = 'organization'",
                      {state, firm.org});
        });
    }
    std::int64_t seq_of(Firm const& firm)
    {
        return look<std::int64_t>([&](db::Connection& c) {
            return db::deliveries::of_record(c, firm.org, "organization", firm.org.text()).front().seq;
        });
    }

    Firm tea;
    Firm rice;
};

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

TEST_F(Province, SynchronisationCountsEveryRecord)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    auto const page = client.get("/province/sync");
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("province.sync.holds")));
    EXPECT_TRUE(page.says("6 = 6"));
    EXPECT_TRUE(page.says(say("sync.state.off"))); // the connector was never here
    do_write([&](db::Connection& c) {
        db::targets::TargetState state;
        state.target = target_name;
        state.state = "working";
        state.certificate_expires_at = clock.now() + std::chrono::days{30};
        state.changed_at = clock.now();
        db::targets::put_state(c, state);
    });
    EXPECT_TRUE(client.get("/province/sync").says(say("sync.state.working")));
    EXPECT_TRUE(client.get("/province/sync").says("còn 30 ngày"));
    clock.advance(std::chrono::minutes{6});
    EXPECT_TRUE(client.get("/province/sync").says(say("province.sync.state.slow")));
    auto const held = client.get("/province/sync/records?state=held&org=" + rice.org.text());
    EXPECT_TRUE(held.says(say("delivery.hold.organization.pending")));
    EXPECT_TRUE(held.says("Gạo Séng cù"));
    EXPECT_FALSE(held.says("Chè Shan tuyết"));

    do_write([&](db::Connection& c) {
        c.execute("DELETE FROM delivery WHERE org_id = $1 AND aggregate_type = 'batch'", {rice.org});
    });
    EXPECT_TRUE(client.get("/province/sync").says(say("province.sync.broken")));
    EXPECT_TRUE(client.get("/province").says(say("province.sync.broken")));
}

TEST_F(Province, WhatWasRefusedGoesAgain)
{
    auto client = signed_in("mai.lo");
    approve(client, tea);
    settle(tea, "refused");
    auto const url = "/province/sync/records/" + std::string{target_name} + "/" + std::to_string(seq_of(tea));
    auto const page = client.get(url);
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says(say("sync.class.refused")));
    EXPECT_TRUE(page.says("thiếu &lt;b&gt;ảnh&lt;/b&gt;"));
    EXPECT_TRUE(page.says("&quot;tax_code&quot;: &quot;0100109106&quot;")); // the payload
    EXPECT_EQ(client.post(url + "/retry", {}, url).status, 303U);
    EXPECT_EQ(counts(tea.org).pending, 1);
    EXPECT_TRUE(was_noted("sync.retry"));
    settle(tea, "delivered");
    EXPECT_EQ(client.post(url + "/retry", {}, "/province/slips").status, 409U); // nothing to retry

    settle(tea, "refused");
    Fields const all{{"target", target_name}, {"org", tea.org.text()}};
    EXPECT_EQ(client.post("/province/sync/retry", all, "/province/sync").status, 303U);
    EXPECT_EQ(counts(tea.org).refused, 0);
    EXPECT_TRUE(was_noted("sync.retry_refused"));
}

TEST_F(Province, PausingNeedsAReasonAndIsNoted)
{
    auto client = signed_in("mai.lo");
    auto const bare = client.post("/province/sync/pause", {{"pause", "1"}, {"reason", " "}}, "/province/sync");
    EXPECT_EQ(bare.status, 400U);
    auto const done =
        client.post("/province/sync/pause", {{"pause", "1"}, {"reason", "Cổng bảo trì"}}, "/province/sync");
    EXPECT_EQ(done.status, 303U);
    EXPECT_TRUE(look<int>([](db::Connection& c) { return db::targets::is_paused(c) ? 1 : 0; }) == 1);
    EXPECT_TRUE(client.get("/province/sync").says(say("sync.state.paused")));
    client.post("/province/sync/pause", {{"pause", "0"}, {"reason", "Xong"}}, "/province/sync");
    EXPECT_TRUE(look<int>([](db::Connection& c) { return db::targets::is_paused(c) ? 1 : 0; }) == 0);
    EXPECT_TRUE(was_noted("sync.pause"));
    EXPECT_TRUE(was_noted("sync.resume"));
}

TEST_F(Province, ACodeTellsWhereItIs)
{
    auto client = signed_in("mai.lo");
    for (auto const& text :
         {tea.batch_code, "http://127.0.0.1/t/" + tea.batch_code, "/t/" + tea.batch_code, std::string{"L2611"}}) {
        auto const page = client.get("/province/sync/where?code=" + http::percent_encode(text));
        EXPECT_TRUE(page.says("L2611")) << text;
        EXPECT_TRUE(page.says("Hợp tác xã Chè Bản Bo")) << text;
        EXPECT_TRUE(page.says(say("delivery.hold.organization.pending"))) << text;
    }
    EXPECT_TRUE(client.get("/province/sync/where?code=gao+seng").says("Gạo Séng cù"));
    EXPECT_TRUE(client.get("/province/sync/where?code=khong+co").says(say("province.where.empty")));
    EXPECT_TRUE(client.get("/province?query=" + tea.batch_code).says("/t/" + tea.batch_code));
    EXPECT_TRUE(client.get("/province?query=ban+bo").says(firm_url(tea)));
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
    EXPECT_EQ(client.post(url, {{"status", "handled"}, {"answer", ""}}).status, 400U);
    EXPECT_EQ(client.post(url, {{"status", "nowhere"}, {"answer", "x"}}).status, 400U);
    EXPECT_EQ(client.post(url, {{"status", "handled"}, {"answer", "Đã yêu cầu in lại tem."}}).status, 303U);
    EXPECT_TRUE(browser().get("/case/" + code).says("Đã yêu cầu in lại tem."));
    EXPECT_TRUE(client.get("/province/complaints?status=handled").says(url));

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
