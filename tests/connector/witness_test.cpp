#include "connector/witness/witness.hpp"

#include "connector/cosigner.hpp"
#include "connector/delivery_log.hpp"
#include "core/bytes.hpp"
#include "core/checkpoint.hpp"
#include "core/merkle.hpp"
#include "tests/connector/connector_over_tls.hpp"

#include <gtest/gtest.h>

#include <map>

namespace nguon::connector::testing {
namespace {

using witness::WitnessBook;

/// A log in memory, with the key that signs it.
class SmallLog {
public:
    explicit SmallLog(std::filesystem::path const& dir) : signer_{*NoteSigner::open(dir / "log.key", "nguon/x/log")} {}

    void add(std::string const& entry)
    {
        for (auto& [place, hash] : merkle::append(size_, merkle::leaf_hash(entry), stored()))
            nodes_[{place.level, place.index}] = hash;
        ++size_;
    }
    std::string checkpoint() const
    {
        return signer_.sign(
            nguon::to_text(CheckpointText{"nguon/x/log", size_, merkle::root(size_, stored()), Instant{}}));
    }
    std::string submission(std::uint64_t old) const
    {
        auto text = "old " + std::to_string(old) + "\n";
        if (old > 0 && old < size_)
            for (auto const& hash : merkle::consistency_proof(old, size_, stored())) text += to_base64(hash) + "\n";
        return text + "\n" + checkpoint();
    }
    NoteVerifier const& verifier() const { return signer_.verifier(); }

private:
    merkle::Stored stored() const
    {
        return [this](merkle::Place place) { return nodes_.at({place.level, place.index}); };
    }

    NoteSigner signer_;
    std::uint64_t size_ = 0;
    std::map<std::pair<unsigned, std::uint64_t>, std::string> nodes_;
};

class WitnessDesk : public ::testing::Test {
protected:
    WitnessBook open()
    {
        auto book = WitnessBook::open(dir.path() / "witness", "example.vn/witness", {log.verifier()});
        EXPECT_TRUE(book.ok());
        return *std::move(book);
    }

    nguon::testing::TempDir dir;
    SmallLog log{dir.path()};
    Instant now = parse_time("2026-11-22T08:00:00Z")->at;
};

TEST_F(WitnessDesk, SignsForALogThatOnlyGrows)
{
    auto book = open();
    log.add("a");
    auto const first = book.add(log.submission(0), now);
    EXPECT_EQ(first.status, 200U) << first.body;
    EXPECT_TRUE(book.verifier().open(log.checkpoint() + first.body).ok());
    EXPECT_FALSE(book.verifier().open(log.checkpoint()).ok());
    for (auto const* entry : {"b", "c", "d"}) log.add(entry);
    EXPECT_EQ(book.add(log.submission(1), now).status, 200U);
    EXPECT_EQ(book.add(log.submission(4), now).status, 200U) << "the same again";
    auto const behind = book.add(log.submission(1), now);
    EXPECT_EQ(behind.status, 409U);
    EXPECT_EQ(behind.media_type, "text/x.tlog.size");
    EXPECT_EQ(behind.body, "4\n");
}

TEST_F(WitnessDesk, RefusesAnotherHistoryAlsoAfterARestart)
{
    for (auto const* entry : {"a", "b", "c"}) log.add(entry);
    ASSERT_EQ(open().add(log.submission(0), now).status, 200U);
    SmallLog other{dir.path()}; // the same key
    for (auto const* entry : {"a", "B", "c"}) other.add(entry);
    auto book = open();
    EXPECT_EQ(book.add(other.submission(3), now).status, 409U) << "another root for what was signed";
    EXPECT_EQ(book.add(other.submission(0), now).status, 409U);
    other.add("d");
    EXPECT_EQ(book.add(other.submission(3), now).status, 422U) << "it did not grow out of what was signed";
    SmallLog shorter{dir.path()};
    shorter.add("a");
    EXPECT_EQ(book.add(shorter.submission(0), now).status, 409U);
    log.add("d");
    EXPECT_EQ(book.add(log.submission(3), now).status, 200U);
}

TEST_F(WitnessDesk, RefusesStrangersAndNonsense)
{
    auto book = open();
    log.add("a");
    auto const good = log.submission(0);
    EXPECT_EQ(book.add("", now).status, 400U);
    EXPECT_EQ(book.add("old 00\n\n" + log.checkpoint(), now).status, 400U);
    EXPECT_EQ(book.add("old 5\n\n" + log.checkpoint(), now).status, 400U) << "older than new";
    EXPECT_EQ(book.add("old 0\nrubbish\n\n" + log.checkpoint(), now).status, 400U);
    std::string many = "old 0\n";
    for (int i = 0; i < 64; ++i) many += to_base64(std::string(32, 'x')) + "\n";
    EXPECT_EQ(book.add(many + "\n" + log.checkpoint(), now).status, 400U);
    EXPECT_EQ(book.add("old 0\n\nsomebody else\n1\nx\n\n— x AAAA\n", now).status, 404U);
    auto forged = good;
    forged[forged.find("\n1\n") + 1] = '2';
    EXPECT_EQ(book.add(forged, now).status, 403U);
    EXPECT_EQ(book.add(good, now).status, 200U);
}

TEST_F(WitnessDesk, DoesNotBeginAnewWhenItsMemoryIsDamaged)
{
    log.add("a");
    ASSERT_EQ(open().add(log.submission(0), now).status, 200U);
    for (auto const& entry : std::filesystem::directory_iterator{dir.path() / "witness"})
        if (entry.path().extension() == ".checkpoint") std::ofstream{entry.path()} << "x";
    EXPECT_EQ(WitnessBook::open(dir.path() / "witness", "example.vn/witness", {log.verifier()}).error().key,
              "witness.checkpoint");
}

/// The whole way: connector, witness, and somebody who writes the history anew with database and log key in hand.
class WitnessedLog : public ConnectorOverTls {
protected:
    void SetUp() override
    {
        ConnectorOverTls::SetUp();
        log_signer_ = std::make_shared<NoteSigner const>(*NoteSigner::open(dir_.path() / "log.key", "nguon/x/log"));
        auto book = WitnessBook::open(dir_.path() / "witness", "example.vn/witness", {log_signer_->verifier()});
        key_ = book->verifier().text();
        witness_service_ =
            std::make_unique<witness::Witness>(witness_io_.executor(), *std::move(book), *clock_, nullptr);
        auto const bound = witness_service_->start({});
        ASSERT_TRUE(bound.ok());
        auto settings = make_witness_settings("http://127.0.0.1:" + std::to_string(bound->port), key_, {});
        ASSERT_TRUE(settings.ok());
        witness_ = std::make_shared<WitnessSettings const>(*std::move(settings));
        start_portal();
    }
    void TearDown() override
    {
        ConnectorOverTls::TearDown();
        witness_io_.run(witness_service_->stop());
        witness_service_.reset();
    }

    LogSummary verify(std::vector<std::string>& findings)
    {
        auto const witness_key = *NoteVerifier::read(key_);
        auto const summary = read([&](db::Connection& c) -> Result<LogSummary> {
            return verify_log(c, std::span{&log_signer_->verifier(), 1}, std::span{&witness_key, 1}, "",
                              [&](std::string const& what, std::uint64_t) { findings.push_back(what); });
        });
        return *summary;
    }

    support::IoThreads witness_io_;
    std::unique_ptr<witness::Witness> witness_service_;
    std::string key_;
};

NGUON_ON_BOTH_ENGINES(WitnessedLog);

TEST_P(WitnessedLog, IsCountersignedUntilSomebodyWritesItAnew)
{
    start_connector();
    auto const rows = add_histories(1, 1, 3);
    ASSERT_TRUE(wait_for_delivered(rows));
    std::vector<std::string> findings;
    connector_io_->run(connector_->stop()); // signs what it delivered
    connector_.reset();
    start_connector();
    auto const witnessed = [&] {
        findings.clear();
        return verify(findings).witnessed == rows;
    };
    ASSERT_TRUE(wait_until(witnessed, 20s));
    EXPECT_TRUE(findings.empty());
    auto const since = [](db::Connection& c) -> Result<std::optional<Instant>> {
        return db::delivery_log::unwitnessed_since(c);
    };
    EXPECT_EQ(*read(since), std::nullopt);
    auto const alone = clock_->now();
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    db::delivery_log::put(c, {rows + 1, std::string(32, 'x'), "text\n\n— nguon/x/log AAAA\n", alone});
                    return Done{};
                }).ok());
    EXPECT_EQ(*read(since), alone);
    connector_io_->run(connector_->stop());
    connector_.reset();

    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    c.execute("UPDATE receipt SET portal_id = 'SP000' WHERE outbox_seq = 1");
                    for (auto const* table : {"delivery_log", "delivery_log_node", "delivery_log_checkpoint"})
                        c.execute(std::string{"DELETE FROM "} + table);
                    c.execute("DELETE FROM counter WHERE name = 'delivery_log'");
                    return Done{};
                }).ok());
    start_connector();
    auto& refused =
        metrics_.counter("log_witness_refused_total", "Times that the witness did not sign for the delivery log.");
    connector_io_->run(connector_->stop());
    connector_.reset();
    start_connector();
    EXPECT_TRUE(wait_until([&] { return refused.value() > 0; }, 20s));
    findings.clear();
    EXPECT_EQ(verify(findings).witnessed, 0U);
    EXPECT_EQ(findings, std::vector<std::string>{"unwitnessed"}) << "by itself the new history is whole";
}

TEST(WitnessSettings, NameACosignersKeyAndAnAddress)
{
    nguon::testing::TempDir const dir;
    auto const log = *NoteSigner::open(dir.path() / "a", "x");
    auto const cosigner = *NoteSigner::open(dir.path() / "b", "y", NoteKind::cosignature);
    EXPECT_EQ(make_witness_settings("https://w.example", log.verifier().text(), {}).error().key, "witness.key");
    EXPECT_EQ(make_witness_settings("w.example", cosigner.verifier().text(), {}).error().key, "witness.url");
    EXPECT_TRUE(make_witness_settings("https://w.example/x/", cosigner.verifier().text(), {}).ok());
}

} // namespace
} // namespace nguon::connector::testing
