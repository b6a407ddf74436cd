#include "core/sealed.hpp"
#include "db/connections.hpp"
#include "db/portal_catalogues.hpp"
#include "db/targets.hpp"
#include "server/app/connections.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/province_test.hpp"

#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::CertificateWish;
using nguon::testing::Fields;
using nguon::testing::target_name;
using nguon::testing::TestAuthority;
using nlohmann::json;

/// What is uploaded in the field of that name.
nguon::testing::Upload pem(std::string field, std::string bytes)
{
    return {std::move(field), "f.pem", "application/octet-stream", std::move(bytes)};
}

/// The guided path as an administrator walks it; the test is the connector.
class Connections : public nguon::testing::ProvinceTest {
protected:
    static constexpr char const* list_url = "/province/sync/connect";
    static constexpr char const* url = "/province/sync/connect/quoc-gia-2";
    static constexpr char const* name = "quoc-gia-2";

    void SetUp() override
    {
        ProvinceTest::SetUp();
        services->sealer = std::make_shared<Sealer const>(std::string(32, 's'));
        // Certificates are judged by their dates.
        clock.set(SystemClock{}.now());
        ASSERT_EQ(std::system(("openssl genpkey -algorithm ED25519 2>/dev/null | openssl pkey -pubout -out " +
                               (dir.path() / "receipt.pub").string())
                                  .c_str()),
                  0);
    }

    static std::string text_of(std::filesystem::path const& file)
    {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
    }

    /// Sends the form of an act; a dangerous one with the password.
    Answer act(Browser& client, std::string const& act, Fields fields = {}, bool with_password = true)
    {
        fields.emplace_back("act", act);
        if (with_password) fields.emplace_back("password", password);
        return client.post(url, std::move(fields));
    }

    /// The same with files.
    Answer upload(Browser& client, std::string const& act, Fields fields,
                  std::vector<nguon::testing::Upload> const& files)
    {
        fields.emplace_back("act", act);
        fields.emplace_back("password", password);
        return post_files(client, url, std::move(fields), files);
    }

    db::connections::PortalConnection stored()
    {
        return look<db::connections::PortalConnection>(
            [](db::Connection& c) { return db::connections::find(c, name).value(); });
    }
    std::optional<db::connections::Certificate> slot(std::string const& slot)
    {
        return look<std::optional<db::connections::Certificate>>(
            [&](db::Connection& c) { return Result{db::connections::find_certificate(c, name, slot)}; });
    }

    /// What the connector would find.
    void answer_check(bool good, json const& outcome)
    {
        do_write([&](db::Connection& c) {
            auto const check = db::connections::take_asked(c);
            ASSERT_TRUE(check.has_value());
            db::connections::finish(c, check->id, good, outcome.dump(), clock.now());
        });
    }
    void pass(Browser& client, std::string const& kind, json const& outcome = json::object())
    {
        EXPECT_EQ(act(client, "check", {{"kind", kind}}).status, 303U) << kind;
        answer_check(true, outcome);
    }

    CertificateWish wish() const
    {
        CertificateWish out;
        out.usage = "clientAuth";
        return out;
    }

    void create(Browser& client)
    {
        auto const made = client.post(list_url, {{"act", "create"},
                                                 {"target", name},
                                                 {"adapter", "most"},
                                                 {"url", "https://cong.example.vn"},
                                                 {"title", "Cổng thử của tỉnh"}});
        ASSERT_EQ(made.status, 303U) << made.body;
    }
    void declare(Browser& client)
    {
        EXPECT_EQ(
            act(client, "declare", {{"number", "12/CBHC"}, {"date", "01/11/2026"}, {"standard", "TCVN 12850:2019"}})
                .status,
            303U);
    }
    void set_up(Browser& client)
    {
        auto const saved = upload(
            client, "settings", {{"url", "https://cong.example.vn"}, {"secret", "rất bí mật"}},
            {pem("receipt_key", text_of(dir.path() / "receipt.pub")), pem("authority", text_of(authority.file()))});
        ASSERT_EQ(saved.status, 303U) << saved.body;
    }
    void certify(Browser& client, std::string const& where)
    {
        auto const csr = client.get(std::string{url} + "/csr?slot=" + where);
        ASSERT_EQ(csr.status, 200U);
        EXPECT_TRUE(csr.body.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
        auto const taken =
            upload(client, "chain", {{"slot", where}}, {pem("file", authority.certify(csr.body, wish()))});
        ASSERT_EQ(taken.status, 303U) << taken.body;
    }
    /// Everything up to the button that begins.
    void prepare(Browser& client)
    {
        create(client);
        declare(client);
        set_up(client);
        EXPECT_EQ(act(client, "key", {{"kind", "ec-p256"}, {"organization", "Sở"}}).status, 303U);
        certify(client, "current");
        json const key(std::string(64, 'a'));
        pass(client, "handshake", {{"peer", {{"spki_sha256", key}, {"issuers_spki_sha256", json::array()}}}});
        pass(client, "sign_in");
        pass(client, "catalogues");
        pass(client, "dry_run", {{"ready", json::array()}, {"held", json::array()}});
        EXPECT_EQ(act(client, "review").status, 303U);
    }

    TestAuthority authority{dir.path()};
};

TEST_F(Connections, LeadsFromNothingToSending)
{
    auto client = signed_in("mai.lo");
    EXPECT_TRUE(client.get("/province/sync").says(list_url));
    auto const list = client.get(list_url);
    EXPECT_TRUE(list.says(say("province.connect.configured"))) << "the operator's portal stands beside";
    create(client);
    auto page = client.get(url);
    EXPECT_TRUE(page.says(say("province.connect.step.declaration.lead").substr(0, 20)));
    EXPECT_TRUE(page.says(say("province.connect.never_alarm")));
    EXPECT_FALSE(page.says("name=\"act\" value=\"live\"")) << "one thing at a time";
    declare(client);
    set_up(client);
    EXPECT_FALSE(client.get(url).says("rất bí mật"));
    EXPECT_EQ(stored().sealed_secret.find("bí mật"), std::string::npos);
    EXPECT_EQ(act(client, "key", {{"kind", "ec-p256"}, {"organization", "Sở KH&CN"}}).status, 303U);
    EXPECT_TRUE(slot("current")->sealed_key.starts_with("sealed1."));
    certify(client, "current");
    EXPECT_TRUE(client.get(url).says(say("province.connect.preflight_good")));

    EXPECT_EQ(act(client, "check", {{"kind", "handshake"}}).status, 303U);
    page = client.get(url);
    EXPECT_TRUE(page.says(say("province.connect.waiting")));
    EXPECT_TRUE(page.header("Refresh").starts_with("2;"));
    EXPECT_EQ(act(client, "check", {{"kind", "handshake"}}).status, 409U) << "it is under way";
    answer_check(false, {{"error", {{"key", "connection.fault.connect"}, {"values", {"refused"}}}}});
    page = client.get(url);
    EXPECT_TRUE(page.says(say("connection.fault.connect", {"refused"})));
    EXPECT_EQ(page.header("Refresh"), "");
    pass(client, "handshake");
    pass(client, "sign_in", {{"skew_seconds", 3}});
    EXPECT_FALSE(client.get(url).says(say("province.connect.no_catalogue")));
    EXPECT_EQ(act(client, "check", {{"kind", "catalogues"}}).status, 303U);
    answer_check(false, {{"error", {{"key", "connection.catalogues_failed"}, {"values", {"contract 500"}}}}});
    EXPECT_TRUE(client.get(url).says(say("connection.catalogues_failed", {"contract 500"})));
    EXPECT_EQ(act(client, "check", {{"kind", "catalogues"}}).status, 303U);
    do_write([&](db::Connection& c) {
        db::portal_catalogues::store(c, name, {"donViTinh", false, {{"kg", "Kilôgam", ""}}}, clock.now());
    });
    answer_check(true, json::object());
    EXPECT_TRUE(client.get(url).says(say("catalogue.name.donViTinh")));
    pass(
        client, "dry_run",
        {{"ready", {{{"type", "organization"}, {"version", 1}, {"method", "POST"}, {"path", "/x"}, {"body", "{<b>}"}}}},
         {"held", {{{"type", "product"}, {"hold", "product.pending"}}}},
         {"ready_count", 1},
         {"held_count", 1}});
    page = client.get(url);
    EXPECT_TRUE(page.says("{&lt;b&gt;}"));
    EXPECT_TRUE(page.says(say("delivery.hold.product.pending")));
    EXPECT_EQ(act(client, "live").status, 409U) << "nobody has looked at the dry run";
    EXPECT_EQ(act(client, "review").status, 303U);
    EXPECT_EQ(stored().stage, "checked");
    EXPECT_EQ(act(client, "live", {}, false).status, 400U) << "without the password";
    EXPECT_EQ(act(client, "live").status, 303U);
    EXPECT_EQ(stored().stage, "live");
    EXPECT_TRUE(was_noted("connection.live"));
    add_officer("kiem.tra", Role::province_auditor);
    EXPECT_TRUE(signed_in("kiem.tra").get("/province/audit").says(say("province.audit.action.connection.live")));

    EXPECT_EQ(act(client, "stop", {{"reason", " "}}).status, 400U);
    EXPECT_EQ(act(client, "stop", {{"reason", "Cổng bảo trì"}}).status, 303U);
    EXPECT_EQ(stored().stage, "stopped");
    EXPECT_TRUE(client.get(url).says("Cổng bảo trì"));
    EXPECT_EQ(act(client, "resume", {{"reason", "Xong"}}).status, 303U);
    EXPECT_EQ(stored().stage, "live");
}

TEST_F(Connections, HaveATitleThatPeopleChoose)
{
    auto client = signed_in("mai.lo");
    create(client);
    EXPECT_EQ(stored().title, "Cổng thử của tỉnh");
    set_up(client);
    EXPECT_EQ(stored().title, "") << "called after its adapter again";
    EXPECT_EQ(upload(client, "settings", {{"url", "https://cong.example.vn"}, {"title", "Cổng khác"}}, {}).status,
              303U);
    EXPECT_EQ(stored().title, "Cổng khác");
    EXPECT_TRUE(client.get(url).says("value=\"Cổng khác\""));
    auto const labels =
        database->read_now([](db::Connection& c) -> Result<db::targets::Labels> { return db::targets::labels(c); });
    EXPECT_EQ(labels->at(name).title, "Cổng khác");
    std::string const too_long(200, 'x');
    EXPECT_EQ(upload(client, "settings", {{"url", "https://cong.example.vn"}, {"title", too_long}}, {}).status, 400U);
}

TEST_F(Connections, EveryLimitIsCounted)
{
    auto client = signed_in("mai.lo");
    auto const count = [&](std::string const& limit) {
        return metrics.counter("limit_hits_total", "Requests that met a limit.", {{"limit", limit}}).value();
    };
    prepare(client);
    EXPECT_EQ(act(client, "check", {{"kind", "handshake"}}).status, 303U);
    EXPECT_EQ(act(client, "check", {{"kind", "handshake"}}).status, 409U);
    EXPECT_EQ(count("connection.check_waits"), 1U);
    EXPECT_EQ(act(client, "key", {{"kind", "ec-p256"}, {"organization", "Sở"}}).status, 303U);
    auto const large = std::string(limits::chain_bytes_max + 1, 'x');
    EXPECT_GE(upload(client, "chain", {{"slot", "next"}}, {pem("file", large)}).status, 400U);
    EXPECT_EQ(count("chain.too_large"), 1U);
    auto const certificate = text_of(authority.file());
    std::string many;
    for (std::size_t i = 0; i <= limits::chain_certificates_max; ++i) many += certificate;
    EXPECT_GE(upload(client, "chain", {{"slot", "next"}}, {pem("file", many)}).status, 400U);
    EXPECT_EQ(count("chain.too_many"), 1U);
    for (std::size_t i = 1; i < limits::portal_connections_max; ++i)
        ASSERT_EQ(client
                      .post(list_url, {{"act", "create"},
                                       {"target", "cong-" + std::to_string(i)},
                                       {"adapter", "most"},
                                       {"url", "https://cong.example.vn"}})
                      .status,
                  303U);
    EXPECT_EQ(count("connection.too_many"), 0U);
    EXPECT_EQ(
        client
            .post(list_url,
                  {{"act", "create"}, {"target", "cong-x"}, {"adapter", "most"}, {"url", "https://cong.example.vn"}})
            .status,
        409U);
    EXPECT_EQ(count("connection.too_many"), 1U);
}

TEST_F(Connections, RefusesABadFileBeforeItIsUsed)
{
    auto client = signed_in("mai.lo");
    create(client);
    set_up(client);
    act(client, "key", {{"kind", "ec-p256"}, {"organization", "Sở"}});
    auto const csr = client.get(std::string{url} + "/csr").body;
    auto expired = wish();
    expired.valid_from_days = -9;
    expired.valid_to_days = -1;
    expired.usage = "serverAuth";
    auto const refused = upload(client, "chain", {{"slot", "current"}}, {pem("file", authority.certify(csr, expired))});
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says(say("chain.not_for_clients"))) << "every fault at once";
    EXPECT_TRUE(refused.says("hết hạn"));
    TestAuthority const stranger{dir.path(), "stranger"};
    EXPECT_EQ(upload(client, "chain", {{"slot", "current"}}, {pem("file", stranger.certify(csr, wish()))}).status,
              400U);
    EXPECT_EQ(upload(client, "chain", {{"slot", "current"}}, {}).status, 400U);
    EXPECT_EQ(slot("current")->chain, "");
    EXPECT_EQ(act(client, "check", {{"kind", "handshake"}}).status, 409U) << "there is nothing to try with";
    EXPECT_EQ(upload(client, "settings", {{"url", "https://cong.example.vn"}}, {pem("receipt_key", "x")}).status, 400U);
    EXPECT_EQ(upload(client, "settings", {{"url", "http://cong.example.vn"}}, {}).status, 400U);
}

TEST_F(Connections, ChangesMakeWhatWasTriedWorthless)
{
    auto client = signed_in("mai.lo");
    prepare(client);
    EXPECT_EQ(upload(client, "settings", {{"url", "https://cong.example.vn"}, {"secret", "khác"}}, {}).status, 303U);
    EXPECT_EQ(stored().stage, "draft");
    EXPECT_TRUE(client.get(url).says(say("province.connect.stale")));
    EXPECT_EQ(act(client, "live").status, 409U);
    pass(client, "handshake");
    pass(client, "sign_in");
    pass(client, "catalogues");
    pass(client, "dry_run", {{"ready", json::array()}, {"held", json::array()}});
    EXPECT_EQ(act(client, "review").status, 303U);
    clock.advance(std::chrono::hours{25});
    auto again = signed_in("mai.lo");
    EXPECT_EQ(act(again, "live").status, 409U) << "the pre-flight is of yesterday";
    EXPECT_EQ(act(again, "preflight", {{"slot", "current"}}).status, 303U);
    EXPECT_EQ(act(again, "live").status, 303U);

    auto const before = stored();
    EXPECT_EQ(upload(again, "settings", {{"url", "https://cong.example.vn"}, {"secret", "mới"}}, {}).status, 303U);
    EXPECT_EQ(stored().stage, "live") << "a new secret is no new portal";
    EXPECT_GT(stored().settings_revision, before.settings_revision);
    EXPECT_EQ(upload(again, "settings", {{"url", "https://khac.example.vn"}}, {}).status, 303U);
    EXPECT_EQ(stored().stage, "draft") << "another address is";
}

TEST_F(Connections, ChangesItsCertificateAndBack)
{
    auto client = signed_in("mai.lo");
    prepare(client);
    EXPECT_EQ(act(client, "live").status, 303U);
    auto const first = slot("current")->fingerprint;
    auto const csr = client.get(std::string{url} + "/csr").body;
    EXPECT_EQ(upload(client, "chain", {{"slot", "current"}}, {pem("file", authority.certify(csr, wish()))}).status,
              409U)
        << "it is in use";
    EXPECT_EQ(act(client, "key", {{"kind", "ec-p256"}, {"organization", "Sở"}}).status, 303U);
    EXPECT_EQ(slot("current")->fingerprint, first) << "the new key stands beside";
    EXPECT_EQ(act(client, "switch").status, 409U);
    certify(client, "next");
    auto const second = slot("next")->fingerprint;
    EXPECT_EQ(act(client, "switch").status, 409U) << "it was not tried";
    pass(client, "handshake_next");
    auto const before = stored();
    EXPECT_EQ(act(client, "switch").status, 303U);
    EXPECT_EQ(slot("current")->fingerprint, second);
    EXPECT_EQ(slot("old")->fingerprint, first);
    EXPECT_FALSE(slot("next").has_value());
    EXPECT_EQ(stored().certificate_revision, before.certificate_revision + 1);
    EXPECT_EQ(stored().settings_revision, before.settings_revision) << "the exchange goes on";
    EXPECT_EQ(stored().stage, "live");
    EXPECT_EQ(act(client, "switch_back").status, 303U);
    EXPECT_EQ(slot("current")->fingerprint, first);
    EXPECT_EQ(slot("next")->fingerprint, second);
    EXPECT_EQ(act(client, "switch_back").status, 409U);
    EXPECT_EQ(act(client, "drop_next").status, 303U);
    EXPECT_FALSE(slot("next").has_value());
}

TEST_F(Connections, PinsNeedTwoPersons)
{
    auto client = signed_in("mai.lo");
    prepare(client);
    EXPECT_EQ(act(client, "live").status, 303U);
    std::string const used(64, 'a');
    std::string const reserve(64, 'b');
    EXPECT_EQ(act(client, "propose_pins", {{"pins", used}, {"reason", "r"}}).status, 400U) << "one is too few";
    EXPECT_EQ(act(client, "propose_pins", {{"pins", used + "\n" + used}, {"reason", "r"}}).status, 400U);
    EXPECT_EQ(act(client, "propose_pins", {{"pins", used + "\nxyz"}, {"reason", "r"}}).status, 400U);
    EXPECT_EQ(act(client, "propose_pins", {{"pins", reserve + "\n" + std::string(64, 'c')}, {"reason", "r"}}).status,
              400U)
        << "none of them is the portal's";
    EXPECT_EQ(act(client, "propose_pins", {{"pins", used + "\n" + reserve}, {"reason", "Cổng báo"}}).status, 303U);
    auto const own = act(client, "confirm_pins");
    EXPECT_EQ(own.status, 403U);
    EXPECT_TRUE(stored().pins.empty());

    add_officer("hai.vang", Role::province_operator);
    auto second = signed_in("hai.vang");
    EXPECT_TRUE(second.get(url).says("Lò Thị Mai")) << "who proposed";
    EXPECT_EQ(act(second, "confirm_pins", {}, false).status, 400U);
    EXPECT_EQ(act(second, "confirm_pins").status, 303U);
    EXPECT_EQ(stored().pins, (std::vector<std::string>{used, reserve}));
    EXPECT_EQ(act(second, "confirm_pins").status, 409U);
}

TEST_F(Connections, IsRemovedOnlyWhenNothingIsOpenAndKeepsTheEvidence)
{
    auto client = signed_in("mai.lo");
    create(client);
    EXPECT_EQ(act(client, "remove", {{"reason", "Gõ nhầm"}}, false).status, 400U) << "without the password";
    EXPECT_EQ(act(client, "remove", {{"reason", " "}}).status, 400U);
    auto const gone = act(client, "remove", {{"reason", "Gõ nhầm"}});
    EXPECT_EQ(gone.status, 303U);
    EXPECT_TRUE(client.get(gone.header("Location")).says(say("done.province_connection_removed")));
    EXPECT_EQ(client.get(url).status, 404U);
    EXPECT_TRUE(was_noted("connection.remove"));

    // It was a draft, so its name is free.
    prepare(client);
    EXPECT_EQ(act(client, "live").status, 303U);
    EXPECT_EQ(act(client, "remove", {{"reason", "Đổi cổng"}}).status, 409U) << "it is sending";
    do_write([&](db::Connection& c) { db::targets::put(c, {name, "most", true, clock.now()}); });
    EXPECT_EQ(act(client, "stop", {{"reason", "Đổi cổng"}}).status, 303U);
    auto const open =
        look<std::int64_t>([](db::Connection& c) { return Result{db::connections::count_open(c, name)}; });
    ASSERT_GT(open, 0);
    auto const refused = act(client, "remove", {{"reason", "Đổi cổng"}});
    EXPECT_EQ(refused.status, 409U);
    EXPECT_TRUE(refused.says(say("connection.not_finished", {std::to_string(open)})));
    EXPECT_EQ(stored().stage, "stopped");

    do_write([&](db::Connection& c) {
        c.execute("UPDATE delivery SET state = 'superseded' WHERE target = $1", {name});
        db::portal_catalogues::store(c, name, {"donViTinh", false, {{"kg", "Kilôgam", ""}}}, clock.now());
    });
    EXPECT_EQ(act(client, "remove", {{"reason", "Đổi cổng"}}).status, 303U);
    EXPECT_EQ(client.get(url).status, 404U);
    EXPECT_FALSE(client.get(list_url).says(url));
    EXPECT_FALSE(slot("current").has_value()) << "its keys are gone";
    auto const left = look<std::vector<std::int64_t>>([](db::Connection& c) {
        auto const count = [&c](char const* sql) { return c.query(sql, {name}).front().integer(0); };
        return Result{std::vector{count("SELECT COUNT(*) FROM delivery WHERE target = $1"),
                                  count("SELECT COUNT(*) FROM portal_catalogue_entry WHERE target = $1"),
                                  count("SELECT enabled FROM target WHERE name = $1")}};
    });
    EXPECT_EQ(left, (std::vector<std::int64_t>{open, 0, 0})) << "what was sent stays as evidence";
    EXPECT_EQ(client.get("/province/sync").status, 200U);
    auto const again = client.post(
        list_url, {{"act", "create"}, {"target", name}, {"adapter", "most"}, {"url", "https://cong.example.vn"}});
    EXPECT_EQ(again.status, 409U) << "nobody may mistake another portal's receipts for these";
}

/// Catalogues of a portal of the configuration, where the test is the connector.
class PortalCatalogues : public Connections {
protected:
    static constexpr char const* page_url = "/province/sync/connect/quoc-gia/catalogues";

    void SetUp() override
    {
        Connections::SetUp();
        do_write([&](db::Connection& c) {
            db::portal_catalogues::store(
                c, target_name, {"donViTinh", false, {{"KGM", "kg", ""}, {"GRM", "Gam", ""}, {"<b>", "Lạ", ""}}},
                clock.now());
            auto const revision = db::portal_catalogues::sync_of(c, target_name).revision;
            EXPECT_TRUE(db::portal_catalogues::note_gaps(
                c, target_name, {{"donViTinh", "kg", {}}, {"donViTinh", "g", {}}}, revision, clock.now()));
        });
    }

    std::map<std::string, std::string> matched()
    {
        return look<std::map<std::string, std::string>>([](db::Connection& c) {
            std::map<std::string, std::string> out;
            for (auto const& match : db::portal_catalogues::matches(c, target_name)) out[match.value] = match.code;
            return Result{out};
        });
    }
};

TEST_F(PortalCatalogues, AreMatchedByAdministratorsWithProposalsOfTheSameName)
{
    auto client = signed_in("mai.lo");
    EXPECT_TRUE(client.get("/province/sync").says(page_url)) << "it is among what is to be done";
    auto page = client.get(page_url);
    EXPECT_TRUE(page.says(say("catalogue.name.donViTinh")));
    EXPECT_TRUE(page.says("value=\"KGM\" selected")) << "proposed because of its name";
    EXPECT_FALSE(page.says("value=\"GRM\" selected"));
    EXPECT_TRUE(page.says("&lt;b&gt;"));
    EXPECT_EQ(client.post(page_url, {{"act", "accept"}}).status, 303U);
    EXPECT_EQ(matched(), (std::map<std::string, std::string>{{"kg", "KGM"}}));
    EXPECT_TRUE(was_noted("connection.match"));
    EXPECT_EQ(client.post(page_url, {{"act", "accept"}}).status, 409U) << "nothing is proposed any more";
    auto const wrong =
        client.post(page_url, {{"act", "match"}, {"catalogue", "donViTinh"}, {"value", "g"}, {"code", "XYZ"}});
    EXPECT_EQ(wrong.status, 400U);
    EXPECT_TRUE(wrong.says(say("catalogue.code_unknown", {"XYZ"})));
    EXPECT_EQ(
        client.post(page_url, {{"act", "match"}, {"catalogue", "donViTinh"}, {"value", "g"}, {"code", "GRM"}}).status,
        303U);
    page = client.get(page_url);
    EXPECT_TRUE(page.says(say("catalogue.no_gaps")));
    EXPECT_FALSE(client.get("/province/sync").says(page_url));
    EXPECT_EQ(client.post(page_url, {{"act", "forget"}, {"catalogue", "donViTinh"}, {"value", "g"}}).status, 303U);
    EXPECT_EQ(matched().size(), 1U);
    EXPECT_TRUE(client.get(page_url).says(say("catalogue.gaps")));

    EXPECT_EQ(client.post(page_url, {{"act", "fetch"}}).status, 303U);
    EXPECT_EQ(client.post(page_url, {{"act", "fetch"}}).status, 409U) << "it is under way";
    page = client.get(page_url);
    EXPECT_TRUE(page.header("Refresh").starts_with("2;"));
    EXPECT_TRUE(client.get("/province/sync/connect/quoc-gia").says(page_url));
}

TEST_F(PortalCatalogues, AreForAdministratorsOfTheWholeProvince)
{
    add_officer("xa.bo", Role::province_operator, nguon::testing::bo_commune);
    EXPECT_EQ(signed_in("xa.bo").get(page_url).status, 403U);
    add_officer("kiem.tra", Role::province_auditor);
    auto reader = signed_in("kiem.tra");
    EXPECT_EQ(reader.get(page_url).status, 200U);
    EXPECT_EQ(reader.post(page_url, {{"act", "accept"}}, "/province/sync").status, 403U);
    EXPECT_TRUE(matched().empty());
    auto client = signed_in("mai.lo");
    EXPECT_EQ(client.get("/province/sync/connect/nobody/catalogues").status, 404U);
}

TEST_F(Connections, IsForAdministratorsOfTheWholeProvince)
{
    auto client = signed_in("mai.lo");
    create(client);
    add_officer("xa.bo", Role::province_operator, nguon::testing::bo_commune);
    auto limited = signed_in("xa.bo");
    EXPECT_EQ(limited.get(list_url).status, 403U);
    EXPECT_EQ(limited.get(url).status, 403U);
    EXPECT_EQ(limited.get(std::string{url} + "/csr").status, 403U);
    EXPECT_EQ(limited.post(url, {{"act", "declare"}}, "/province/sync").status, 403U);
    add_officer("kiem.tra", Role::province_auditor);
    auto reader = signed_in("kiem.tra");
    EXPECT_EQ(reader.get(url).status, 200U);
    EXPECT_FALSE(reader.get(url).says("name=\"act\""));
    EXPECT_EQ(reader.post(url, {{"act", "declare"}}, "/province/sync").status, 403U);
    auto program = this->program(add_key(Role::province_operator).key);
    auto const shown = program.get("/api/v1/province/connections/" + std::string{name});
    EXPECT_EQ(shown.status, 200U) << shown.body;
    EXPECT_FALSE(shown.says("sealed1."));
    EXPECT_EQ(client.post(list_url, {{"target", "quoc-gia"}, {"adapter", "most"}, {"url", "https://x.vn"}}).status,
              409U)
        << "the operator's portal has the name";
    EXPECT_EQ(client.post(list_url, {{"target", "Q G"}, {"adapter", "x"}, {"url", "ftp://x.vn"}}).status, 400U);
    EXPECT_EQ(client.post("/province/sync/connect/quoc-gia", {{"act", "check"}, {"kind", "handshake"}}).status, 409U);
    EXPECT_EQ(client.get("/province/sync/connect/khong-co").status, 404U);
}

TEST_F(Connections, WithoutASealingKeyNothingSecretIsKept)
{
    services->sealer = nullptr;
    auto client = signed_in("mai.lo");
    create(client);
    EXPECT_EQ(act(client, "key", {{"kind", "ec-p256"}, {"organization", "Sở"}}).status, 503U);
    EXPECT_FALSE(slot("current").has_value());
}

} // namespace
} // namespace nguon::server
