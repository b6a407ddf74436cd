#pragma once

#include "connector/connector.hpp"
#include "connector/make_target.hpp"
#include "connector/practice_portal/practice_portal.hpp"
#include "db/deliveries.hpp"
#include "tests/connector/signing_keys.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <fstream>
#include <map>
#include <thread>

#include <nlohmann/json.hpp>

namespace nguon::connector::testing {

namespace support = nguon::testing;
using namespace std::chrono_literals;
using db::deliveries::State;
using practice_portal::PracticePortal;

/// Runs many times as fast as real time: what waits for a poll of 5 to 15 s is not worth so much of a test.
class FastClock final : public Clock {
public:
    explicit FastClock(int factor = 20) : factor_{factor} {}
    Instant now() const override { return start_ + factor_ * (SystemClock{}.now() - start_); }
    std::chrono::steady_clock::time_point steady() const
    {
        return std::chrono::steady_clock::time_point{} + (now() - start_);
    }

private:
    int factor_;
    Instant start_ = SystemClock{}.now();
};

/// The whole connector on a real database, over real mutual TLS, with the practice portal on the other side.
class ConnectorOverTls : public support::StorageTest {
protected:
    static void SetUpTestSuite()
    {
        certs_ = std::make_unique<support::TempDir>();
        auto const command = std::string{NGUON_SOURCE_DIR "/certs/make_dev_certs.sh "} + certs_->path().string();
        ASSERT_EQ(std::system(command.c_str()), 0);
        make_signing_key(certs_->path(), "bundle");
    }
    static void TearDownTestSuite() { certs_.reset(); }

    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](db::Connection& c) { support::add_installation(c); }).ok());
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
        settings.capture_token = capture_token_;
        if (!drop_dir_.empty()) {
            settings.drop_dir = drop_dir_;
            settings.drop_key = certs_->path() / "bundle.pub";
        }
        if (!script.empty()) {
            settings.script = dir_.path() / "script.json";
            std::ofstream{settings.script} << script;
        }
        // A session of the portal before may still have to notice that it is over.
        for (int tries = 0; tries < 200 && !portal_; ++tries) {
            auto opened = PracticePortal::open(portal_io_.executor(), settings, *clock_);
            if (opened)
                portal_ = std::move(*opened);
            else if (opened.error().key != "portal.ledger_locked")
                FAIL() << opened.error().key;
            else
                std::this_thread::sleep_for(10ms);
        }
        ASSERT_TRUE(portal_);
        // While it was gone, somebody's connection may have been given its port for a moment.
        auto endpoint = portal_->start();
        for (int tries = 0; tries < 500 && !endpoint && endpoint.error().key == "listen.in_use"; ++tries) {
            std::this_thread::sleep_for(10ms);
            endpoint = portal_->start();
        }
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
    void start_connector(TargetSettings const& settings) { start_connector(std::vector{settings}); }
    void start_connector(std::vector<TargetSettings> const& all)
    {
        std::vector<ConnectorTarget> targets;
        for (auto const& settings : all) {
            TargetExtras extras;
            extras.public_url = "https://truyxuat.example";
            extras.client_secret_file = settings.client_secret_file;
            auto target = make_target(settings, extras);
            ASSERT_TRUE(target.ok()) << target.error().key;
            targets.push_back(std::move(*target));
        }
        ConnectorOptions options;
        options.holder = "test";
        options.take_over = true;
        options.steady = steady_;
        options.log_signer = log_signer_;
        options.witness = witness_;
        options.source = source_;
        connector_io_ = std::make_unique<support::IoThreads>();
        connector_ = std::make_unique<Connector>(connector_io_->executor(), database(), *clock_, random_, &metrics_,
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
                count += support::add_history(c, "org" + std::to_string(i), i, batches, events);
            return count;
        });
        EXPECT_TRUE(rows.ok());
        return rows.value_or(0);
    }

    db::deliveries::Conservation law(std::string const& target = "most")
    {
        auto const seen = read([&](db::Connection& c) { return db::deliveries::conservation(c, target); });
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

    static inline std::unique_ptr<support::TempDir> certs_;

    std::unique_ptr<Clock> clock_ = std::make_unique<SystemClock>();
    std::shared_ptr<TargetSource> source_ = {}; // of connections beside the configured targets
    SteadyNow steady_ = &std::chrono::steady_clock::now;
    std::filesystem::path drop_dir_ = {}; // empty: the portal takes no files
    std::string capture_token_ = {};
    std::shared_ptr<NoteSigner const> log_signer_ = {};
    std::shared_ptr<WitnessSettings const> witness_ = {};
    SystemRandom random_;
    Metrics metrics_;
    support::IoThreads portal_io_;
    std::uint16_t port_ = 0;
    std::unique_ptr<PracticePortal> portal_;
    std::vector<std::unique_ptr<support::IoThreads>> graveyard_;
    std::unique_ptr<support::IoThreads> connector_io_;
    std::unique_ptr<Connector> connector_;
};

} // namespace nguon::connector::testing
