#include "connector/connector.hpp"

#include "connector/make_target.hpp"
#include "connector/practice_portal/practice_portal.hpp"
#include "db/deliveries.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using namespace std::chrono_literals;
using db::deliveries::State;
using practice_portal::PracticePortal;

/// The whole connector on a real database, over real mutual TLS, with the practice portal on the other side.
class ConnectorOverTls : public testing::StorageTest {
protected:
    static void SetUpTestSuite()
    {
        certs_ = std::make_unique<testing::TempDir>();
        auto const command = std::string{NGUON_SOURCE_DIR "/certs/make_dev_certs.sh "} + certs_->path().string();
        ASSERT_EQ(std::system(command.c_str()), 0);
    }
    static void TearDownTestSuite() { certs_.reset(); }

    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](db::Connection& c) { testing::add_installation(c); }).ok());
    }

    void TearDown() override
    {
        if (connector_) connector_io_->run(connector_->stop());
        if (portal_) portal_io_.run(portal_->stop());
        portal_.reset();
        database_->close();
        connector_.reset();
        StorageTest::TearDown();
    }

    void start_portal(std::string const& script = "")
    {
        practice_portal::PortalSettings settings;
        settings.data_dir = dir_.path() / "portal";
        settings.certs_dir = certs_->path();
        settings.listen = {"127.0.0.1", port_};
        if (!script.empty()) {
            settings.script = dir_.path() / "script.json";
            std::ofstream{settings.script} << script;
        }
        // A session of the portal before may still have to notice that it is over.
        for (int tries = 0; tries < 200 && !portal_; ++tries) {
            auto opened = PracticePortal::open(portal_io_.executor(), settings, clock_);
            if (opened)
                portal_ = std::move(*opened);
            else if (opened.error().key != "portal.ledger_locked")
                FAIL() << opened.error().key;
            else
                std::this_thread::sleep_for(10ms);
        }
        ASSERT_TRUE(portal_);
        auto const endpoint = portal_->start();
        ASSERT_TRUE(endpoint.ok()) << endpoint.error().key;
        port_ = endpoint->port;
    }

    /// As kill -9 would end it.
    void kill_portal()
    {
        portal_->abort();
        portal_.reset();
    }

    TargetSettings target_settings() const
    {
        TargetSettings settings;
        settings.name = "most";
        settings.url = "https://localhost:" + std::to_string(port_);
        settings.certificate = certs_->path() / "connector.pem";
        settings.key = certs_->path() / "connector.key";
        settings.authority = certs_->path() / "ca.pem";
        settings.receipt_key = certs_->path() / "receipt.pub";
        return settings;
    }

    void start_connector() { start_connector(target_settings()); }
    void start_connector(TargetSettings const& settings)
    {
        TargetExtras extras;
        extras.public_url = "https://truyxuat.example";
        auto target = make_target(settings, extras);
        ASSERT_TRUE(target.ok()) << target.error().key;
        std::vector<ConnectorTarget> targets;
        targets.push_back(std::move(*target));
        ConnectorOptions options;
        options.holder = "test";
        options.take_over = true;
        connector_io_ = std::make_unique<testing::IoThreads>();
        connector_ = std::make_unique<Connector>(connector_io_->executor(), database(), clock_, random_, &metrics_,
                                                 std::move(targets), options);
        connector_->start();
    }

    /// Its threads stop wherever they are; nothing is finished or given back.
    void kill_connector()
    {
        connector_io_->stop();
        connector_.reset();
        graveyard_.push_back(std::move(connector_io_));
    }

    std::size_t add_histories(int organizations, int batches, int events)
    {
        auto const rows = write([&](db::Connection& c) -> Result<std::size_t> {
            std::size_t count = 0;
            for (int i = 0; i < organizations; ++i)
                count += testing::add_history(c, "org" + std::to_string(i), i, batches, events);
            return count;
        });
        EXPECT_TRUE(rows.ok());
        return rows.value_or(0);
    }

    db::deliveries::Conservation law()
    {
        auto const seen = read([](db::Connection& c) { return db::deliveries::conservation(c, "most"); });
        return seen.value_or({});
    }

    template <typename Reached>
    bool wait_until(Reached reached, std::chrono::seconds limit = 60s)
    {
        auto const end = std::chrono::steady_clock::now() + limit;
        while (std::chrono::steady_clock::now() < end) {
            if (reached()) return true;
            std::this_thread::sleep_for(10ms);
        }
        return reached();
    }

    bool wait_for_delivered(std::size_t rows)
    {
        return wait_until([&] { return law().counts.delivered == static_cast<std::int64_t>(rows); });
    }

    std::string state_of_target()
    {
        auto const states = read([](db::Connection& c) { return db::targets::states(c); });
        return states && !states->empty() ? states->front().state : std::string{};
    }

    /// Everything is there once, in order, confirmed, with our digest, and its receipt is here.
    void expect_exactly_once(std::size_t rows)
    {
        auto const seen = law();
        EXPECT_TRUE(seen.holds());
        EXPECT_EQ(seen.counts.delivered, static_cast<std::int64_t>(rows));
        auto const ledger = portal_->ledger();
        EXPECT_EQ(ledger["violations"], nlohmann::json::array());
        EXPECT_EQ(ledger["records"].size(), rows);
        auto const ours = read([](db::Connection& c) -> Result<std::map<std::string, std::string>> {
            std::map<std::string, std::string> digests;
            for (auto const& row : c.query("SELECT o.idempotency_key, r.payload_sha256 FROM outbox o"
                                           " JOIN receipt r ON r.outbox_seq = o.seq"))
                digests[row.text(0)] = row.text(1);
            return digests;
        });
        for (auto const& record : ledger["records"]) {
            EXPECT_EQ(record["effects"], 1);
            EXPECT_EQ(record["confirmed"], true);
            auto const key = record["key"].get<std::string>();
            ASSERT_TRUE(ours->contains(key));
            EXPECT_EQ(record["sha256"], ours->at(key));
        }
    }

    static inline std::unique_ptr<testing::TempDir> certs_;

    SystemClock clock_;
    SystemRandom random_;
    Metrics metrics_;
    testing::IoThreads portal_io_;
    std::uint16_t port_ = 0;
    std::unique_ptr<PracticePortal> portal_;
    std::vector<std::unique_ptr<testing::IoThreads>> graveyard_;
    std::unique_ptr<testing::IoThreads> connector_io_;
    std::unique_ptr<Connector> connector_;
};

NGUON_ON_BOTH_ENGINES(ConnectorOverTls);

TEST_P(ConnectorOverTls, DeliversAHistoryWithAReceiptForEachRecord)
{
    start_portal();
    start_connector();
    auto const rows = add_histories(3, 2, 5);
    connector_->wake();
    ASSERT_TRUE(wait_for_delivered(rows)) << law().counts.pending;
    expect_exactly_once(rows);
    EXPECT_TRUE(wait_until([&] { return state_of_target() == "working"; }));
    auto const views = read(
        [](db::Connection& c) { return db::deliveries::of_record(c, OrganizationId{"org0"}, "batch", "org0-b1"); });
    ASSERT_EQ(views->size(), 2U);
    for (auto const& view : *views) {
        ASSERT_TRUE(view.receipt.has_value());
        EXPECT_EQ(view.receipt->peer_certificate_sha256.size(), 64U);
        EXPECT_EQ(nlohmann::json::parse(view.receipt->body)["portalId"], view.receipt->portal_id);
    }
}

TEST_P(ConnectorOverTls, LosesAndDoublesNothingWhenThePortalMisbehaves)
{
    start_portal(R"({"seed": 11, "rate": 0.15})");
    start_connector();
    auto const rows = add_histories(3, 1, 3);
    ASSERT_TRUE(wait_for_delivered(rows)) << law().counts.pending;
    expect_exactly_once(rows);
}

TEST_P(ConnectorOverTls, SurvivesLostAnswersToCreatingAndConfirming)
{
    start_portal(R"([{"after": 0, "times": 1, "fault": "lose_answer", "path": "ToChuc_HoSo"},
                     {"after": 1, "times": 1, "fault": "lose_answer", "path": "ToChuc_SanPham/XacNhan"},
                     {"after": 0, "times": 2, "fault": "lose_answer", "path": "SuKien"},
                     {"after": 0, "times": 1, "fault": "lose_answer", "path": "ChuoiSanXuat/XacNhan"}])");
    start_connector();
    auto const rows = add_histories(2, 1, 3);
    ASSERT_TRUE(wait_for_delivered(rows));
    expect_exactly_once(rows);
}

TEST_P(ConnectorOverTls, BelievesNoForgedReceipt)
{
    start_portal(R"([{"after": 0, "times": 2, "fault": "wrong_receipt", "path": "XacNhan"}])");
    start_connector();
    auto const rows = add_histories(1, 0, 0);
    ASSERT_TRUE(wait_for_delivered(rows));
    expect_exactly_once(rows);
    EXPECT_TRUE(wait_until([&] {
        return metrics_.counter("receipt_invalid_total", "", {{"target", "most"}}).value() >= 1;
    }));
}

TEST_P(ConnectorOverTls, ResumesAfterBothSidesWereKilledInTheMiddle)
{
    start_portal();
    start_connector();
    auto const rows = add_histories(6, 2, 20);
    auto const some = [&](std::int64_t least) { return wait_until([&] { return law().counts.delivered >= least; }); };
    ASSERT_TRUE(some(8));
    kill_portal();
    start_portal();
    ASSERT_TRUE(some(40));
    kill_connector();
    start_connector();
    ASSERT_TRUE(some(80));
    kill_connector();
    kill_portal();
    start_portal();
    start_connector();
    ASSERT_TRUE(wait_for_delivered(rows)) << law().counts.pending;
    expect_exactly_once(rows);
}

TEST_P(ConnectorOverTls, LinksAProductThatThePortalKnowsAlready)
{
    start_portal();
    auto const known = portal_->enter_by_hand("product", testing::gtin_of(0));
    start_connector();
    auto const rows = add_histories(1, 1, 1);
    ASSERT_TRUE(wait_for_delivered(rows));
    auto const views = read(
        [](db::Connection& c) { return db::deliveries::of_record(c, OrganizationId{"org0"}, "product", "org0-p"); });
    ASSERT_EQ(views->size(), 1U);
    EXPECT_EQ(views->front().receipt->portal_id, known);
    expect_exactly_once(rows);
}

TEST_P(ConnectorOverTls, HoldsAProductWithoutWhatThePortalDemands)
{
    start_portal();
    ASSERT_TRUE(write([](db::Connection& c) {
                    testing::add_target(c, "most");
                    testing::add_organization(c, "org");
                    testing::add_product(c, "p", "org");
                    testing::enqueue(c, {"org", "", "organization", "org", 1, {}, {{"name", "x"}}});
                    testing::enqueue(c, {"org", "p", "product", "p", 1, {{"organization", "org"}}, {{"name", "Chè"}}});
                }).ok());
    start_connector();
    ASSERT_TRUE(wait_until([&] { return law().counts.held == 1; }));
    EXPECT_EQ(law().counts.refused, 0);

    // What it lacked arrives as a new version; the first is passed over and the chain moves on.
    ASSERT_TRUE(write([](db::Connection& c) {
                    nlohmann::json const fields{{"name", "Chè"},
                                                {"gtin", testing::gtin_of(1)},
                                                {"net_weight", "1"},
                                                {"weight_unit", "kg"},
                                                {"jpegs", {"abc"}}};
                    testing::enqueue(c, {"org", "p", "product", "p", 2, {{"organization", "org"}}, fields});
                    db::outbox::reconsider_holds(c, OrganizationId{"org"}, testing::outbox_start);
                }).ok());
    ASSERT_TRUE(wait_until([&] { return law().counts.delivered == 2; }));
    EXPECT_EQ(law().counts.superseded, 1);
    EXPECT_TRUE(law().holds());
    EXPECT_EQ(portal_->ledger()["violations"], nlohmann::json::array());
}

TEST_P(ConnectorOverTls, SendsNothingToAPortalThatDoesNotProveWhoItIs)
{
    start_portal();
    testing::TestAuthority const other{dir_.path(), "other-authority"};
    auto settings = target_settings();
    settings.authority = other.file();
    start_connector(settings);
    add_histories(1, 0, 0);
    ASSERT_TRUE(wait_until([&] { return state_of_target() == "stopped_security"; }));
    EXPECT_EQ(law().counts.delivered, 0);
    EXPECT_TRUE(portal_->ledger()["records"].empty());
    auto const attempts = read([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT COALESCE(SUM(attempts), 0) FROM delivery").front().integer(0);
    });
    EXPECT_EQ(*attempts, 0);
}

TEST_P(ConnectorOverTls, StopsWithinItsDrainTimeAndContinuesLater)
{
    start_portal();
    start_connector();
    auto const rows = add_histories(3, 2, 10);
    connector_io_->run(connector_->stop());
    connector_.reset();
    graveyard_.push_back(std::move(connector_io_));
    EXPECT_EQ(law().counts.in_flight, 0) << "what was under way was finished";
    start_connector();
    ASSERT_TRUE(wait_for_delivered(rows));
    expect_exactly_once(rows);
}

TEST_P(ConnectorOverTls, RestsWhilePausedAndGoesOnAfterwards)
{
    start_portal();
    ASSERT_TRUE(write([](db::Connection& c) { db::targets::set_paused(c, true); }).ok());
    start_connector();
    auto const rows = add_histories(1, 0, 0);
    ASSERT_TRUE(wait_until([&] { return state_of_target() == "paused"; }));
    EXPECT_EQ(law().counts.delivered, 0);
    ASSERT_TRUE(write([](db::Connection& c) { db::targets::set_paused(c, false); }).ok());
    ASSERT_TRUE(wait_for_delivered(rows));
}

} // namespace
} // namespace nguon::connector
