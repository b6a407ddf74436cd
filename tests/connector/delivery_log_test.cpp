#include "connector/delivery_log.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"
#include "core/merkle.hpp"
#include "db/deliveries.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char installation_id[] = "0190aaaa-0000-7000-8000-000000000001";

class DeliveryLog : public nguon::testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        must([](db::Connection& c) {
            nguon::testing::add_installation(c);
            nguon::testing::add_target(c, "most");
            nguon::testing::add_history(c, "org-a", 1, 3, 9);
            nguon::testing::add_history(c, "org-b", 2, 2, 5);
        });
    }

    template <typename Work>
    void must(Work work)
    {
        auto const done = write([&](db::Connection& c) -> Status {
            work(c);
            return Done{};
        });
        ASSERT_TRUE(done.ok()) << done.error().log_text;
    }

    /// Delivers `count` more batches, each in a transaction of its own.
    void deliver(int count)
    {
        for (int i = 0; i < count; ++i)
            must([&](db::Connection& c) {
                db::deliveries::ClaimRequest request;
                request.target = "most";
                request.epoch = 1;
                request.now = now;
                request.records_max = 7;
                request.bytes_max = 1'000'000;
                std::vector<db::deliveries::Frozen> wires;
                std::vector<db::deliveries::Settlement> settlements;
                for (auto const& record : db::deliveries::claim(c, request)) {
                    auto const wire = "sent " + record.payload;
                    wires.push_back({record.seq, wire, sha256_hex(wire)});
                    db::deliveries::Settlement settlement;
                    settlement.seq = record.seq;
                    settlement.state = db::deliveries::State::delivered;
                    settlement.receipt = db::receipts::Receipt{};
                    settlement.receipt->body = "receipt of " + record.key;
                    settlement.receipt->portal_id = "N" + std::to_string(record.seq);
                    settlement.receipt->accepted_at = settlement.receipt->received_at = now;
                    settlements.push_back(std::move(settlement));
                }
                ASSERT_TRUE(db::deliveries::freeze(c, "most", 1, wires, {}, now).ok());
                ASSERT_TRUE(db::deliveries::settle(c, "most", 1, settlements, now).ok());
            });
    }

    void sign()
    {
        must([&](db::Connection& c) { EXPECT_TRUE(sign_checkpoint(c, signer, now)); });
    }

    std::vector<std::string> findings(std::string const& kept = "")
    {
        std::vector<std::string> out;
        auto const read_all = read([&](db::Connection& c) -> Result<LogSummary> {
            return verify_log(c, std::span{&signer.verifier(), 1}, {}, kept,
                              [&](std::string const& what, std::uint64_t) { out.push_back(what); });
        });
        EXPECT_TRUE(read_all.ok());
        return out;
    }

    std::string newest_note()
    {
        return read([](db::Connection& c) -> Result<std::string> {
                   return db::delivery_log::newest_checkpoint(c)->note;
               })
            .value_or("");
    }

    Instant now = nguon::testing::outbox_start;
    nguon::testing::TempDir keys;
    NoteSigner signer = *NoteSigner::open(keys.path() / "log.key", log_origin(installation_id));
};
NGUON_ON_BOTH_ENGINES(DeliveryLog);

TEST_P(DeliveryLog, VerifiesFromTheFirstEntryToTheNewestCheckpoint)
{
    deliver(4);
    sign();
    deliver(4);
    sign();
    must([&](db::Connection& c) { EXPECT_FALSE(sign_checkpoint(c, signer, now)) << "nothing new"; });
    deliver(1);
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_P(DeliveryLog, NoticesAChangedRecordReceiptOrEntry)
{
    deliver(6);
    sign();
    must([](db::Connection& c) {
        c.execute("UPDATE outbox SET payload = '{}' WHERE seq = (SELECT outbox_seq FROM delivery_log WHERE seq = 3)",
                  {});
    });
    EXPECT_THAT(findings(), ElementsAre("record_changed"));
    must([](db::Connection& c) {
        c.execute("UPDATE receipt SET portal_id = 'N0' WHERE outbox_seq ="
                  " (SELECT outbox_seq FROM delivery_log WHERE seq = 4)",
                  {});
    });
    EXPECT_THAT(findings(), ElementsAre("record_changed", "record_changed"));
    must([](db::Connection& c) { c.execute("UPDATE delivery_log SET entry = '{}' WHERE seq = 0", {}); });
    EXPECT_THAT(findings(), Contains("root"));
}

TEST_P(DeliveryLog, NoticesAShorterLogAndAForeignSignature)
{
    deliver(6);
    sign();
    must([](db::Connection& c) { c.execute("DELETE FROM delivery_log WHERE seq > 2", {}); });
    EXPECT_THAT(findings(), ElementsAre("shrunk"));
    must([](db::Connection& c) {
        c.execute("UPDATE delivery_log_checkpoint SET note = replace(note, 'signed 2026', 'signed 2025')", {});
    });
    EXPECT_THAT(findings(), ElementsAre("signature"));
}

/// Who has database and log key writes a new history; the checkpoint that somebody kept elsewhere shows it.
TEST_P(DeliveryLog, AKeptCheckpointShowsAHistoryWrittenAnew)
{
    deliver(3);
    sign();
    auto const kept = newest_note();
    deliver(2);
    sign();
    EXPECT_THAT(findings(kept), IsEmpty()) << "an honest log has grown";
    must([&](db::Connection& c) {
        auto const size = db::delivery_log::size(c);
        c.execute("DELETE FROM delivery_log_checkpoint", {});
        c.execute("DELETE FROM delivery_log_node", {});
        c.execute("UPDATE receipt SET portal_id = 'N0'", {});
        auto const old = db::delivery_log::list(c, 0, 1000);
        c.execute("DELETE FROM delivery_log", {});
        c.execute("UPDATE counter SET value = 0 WHERE name = 'delivery_log'", {});
        for (auto const& entry : old) db::delivery_log::append(c, entry.target, entry.outbox_seq);
        EXPECT_EQ(db::delivery_log::size(c), size);
    });
    sign();
    EXPECT_THAT(findings(), IsEmpty()) << "by itself the forged log is in order";
    EXPECT_THAT(findings(kept), Contains("root"));
}

TEST_P(DeliveryLog, TakesInWhatWasDeliveredBeforeThereWasALog)
{
    deliver(5);
    must([](db::Connection& c) {
        c.execute("DELETE FROM delivery_log", {});
        c.execute("DELETE FROM delivery_log_node", {});
        c.execute("UPDATE counter SET value = 0 WHERE name = 'delivery_log'", {});
        auto const receipts = c.query("SELECT COUNT(*) FROM receipt", {}).front().integer(0);
        EXPECT_EQ(db::delivery_log::append_missing(c, 4), 4);
        EXPECT_EQ(db::delivery_log::append_missing(c, 1000), receipts - 4);
        EXPECT_EQ(db::delivery_log::append_missing(c, 1000), 0);
    });
    sign();
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_P(DeliveryLog, ProvesEveryEntryWhereverItEnds)
{
    std::uint64_t size = 0;
    for (int i = 0; i < 8; ++i) {
        deliver(1);
        must([&](db::Connection& c) {
            size = db::delivery_log::size(c);
            auto const root = db::delivery_log::root(c, size);
            for (auto const& entry : db::delivery_log::list(c, 0, 1000)) {
                EXPECT_EQ(canonical_json(*parse_json(entry.text)), entry.text);
                EXPECT_TRUE(merkle::verify_inclusion(merkle::leaf_hash(entry.text), entry.index, size,
                                                     db::delivery_log::inclusion_proof(c, entry.index, size), root));
            }
        });
    }
    EXPECT_GT(size, 16U) << "beyond what is made anew from the entries";
}

TEST_P(DeliveryLog, ProvesThatItOnlyGrew)
{
    deliver(3);
    sign();
    auto const first = *read_checkpoint(*signer.verifier().open(newest_note()));
    deliver(4);
    sign();
    auto const second = *read_checkpoint(*signer.verifier().open(newest_note()));
    auto const proof = read([&](db::Connection& c) -> Result<std::vector<std::string>> {
        return db::delivery_log::consistency_proof(c, first.size, second.size);
    });
    EXPECT_TRUE(merkle::verify_consistency(first.size, second.size, first.root, second.root, *proof));
}

TEST(Checkpoint, ReadsWhatItWrites)
{
    CheckpointText const checkpoint{"nguon/x/delivery-log", 42, std::string(32, 'r'), nguon::testing::outbox_start};
    auto const read = read_checkpoint(to_text(checkpoint));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(to_text(*read), to_text(checkpoint));
    for (auto const* text : {"", "a\n", "a\n1\nAAAA\nsigned 2026-11-21T00:00:00Z\n", "a\n-1\n"})
        EXPECT_EQ(read_checkpoint(text).error().key, "checkpoint.format") << text;
}

} // namespace
} // namespace nguon::connector
