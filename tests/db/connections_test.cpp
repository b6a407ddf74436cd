#include "db/connections.hpp"

#include "core/limits.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db::connections {
namespace {

using testing::outbox_start;

class ConnectionStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) {
                        testing::add_installation(c);
                        return insert(c, connection());
                    }).ok());
    }

    static PortalConnection connection(std::string const& target = "most")
    {
        PortalConnection out;
        out.target = target;
        out.adapter = "most";
        out.url = "https://portal.example";
        out.changed_at = outbox_start;
        out.changed_by = "person";
        return out;
    }

    static Check wish(std::string const& kind = "handshake")
    {
        Check out;
        out.target = "most";
        out.kind = kind;
        out.asked_at = outbox_start;
        return out;
    }

    template <typename Work>
    void change(Work work)
    {
        ASSERT_TRUE(write([&](Connection& c) -> Status {
                        work(c);
                        return Done{};
                    }).ok());
    }

    PortalConnection stored()
    {
        return *read([](Connection& c) { return Result{*find(c, "most")}; });
    }
};

NGUON_ON_BOTH_ENGINES(ConnectionStorage);

TEST_P(ConnectionStorage, KeepsEverythingAndCountsChanges)
{
    auto wanted = stored();
    wanted.url = "https://other.example";
    wanted.secret_header = "X-Key";
    wanted.sealed_secret = "sealed";
    wanted.mapping = "{}";
    wanted.authority = "a";
    wanted.client_authority = "b";
    wanted.receipt_key = "c";
    wanted.pins = {"one", "two"};
    wanted.declaration_number = "12";
    wanted.declaration_date = "2026-11-01";
    wanted.declaration_standard = "TCVN";
    wanted.stage = "live";
    wanted.live_since = outbox_start;
    wanted.reviewed_at = outbox_start;
    wanted.reviewed_by = "p";
    wanted.stop_reason = "r";
    wanted.settings_revision = 7;
    wanted.certificate_revision = 8;
    ASSERT_TRUE(write([&](Connection& c) { return save(c, wanted); }).ok());
    auto const seen = stored();
    EXPECT_EQ(seen.revision, wanted.revision + 1);
    EXPECT_EQ(seen.pins, wanted.pins);
    EXPECT_EQ(seen.url, wanted.url);
    EXPECT_EQ(seen.stage, "live");
    EXPECT_EQ(seen.client_authority, "b");
    EXPECT_EQ(seen.reviewed_at, wanted.reviewed_at);
    EXPECT_EQ(seen.declaration_standard, "TCVN");
    EXPECT_EQ(*read([](Connection& c) { return Result{live(c)}; }), (std::vector<LiveRevision>{{"most", 7, 8}}));
    // Somebody who read it before is told.
    EXPECT_EQ(write([&](Connection& c) { return save(c, wanted); }).error().key, "connection.changed_meanwhile");
}

TEST_P(ConnectionStorage, GivesANameOnce)
{
    change([](Connection& c) { testing::add_target(c, "configured"); });
    for (auto const* const name : {"most", "configured"})
        EXPECT_EQ(write([&](Connection& c) { return insert(c, connection(name)); }).error().key,
                  "connection.name_taken");
}

TEST_P(ConnectionStorage, KeepsTheNewestChecksOnly)
{
    for (std::size_t i = 0; i < limits::connection_checks_max + 5; ++i)
        change([](Connection& c) {
            ASSERT_TRUE(ask(c, wish()).ok());
            EXPECT_EQ(ask(c, wish()).error().key, "connection.check_waits");
            auto const check = take_asked(c);
            finish(c, check.value().id, true, "{}", outbox_start);
        });
    auto const kept = read([](Connection& c) { return Result{checks(c, "most", 1000)}; });
    EXPECT_EQ(kept->size(), limits::connection_checks_max);
    EXPECT_TRUE(kept->front().passed());
    EXPECT_GT(kept->front().id, kept->back().id);
    change([](Connection& c) {
        make_stale(c, "most", "dry_run");
        EXPECT_TRUE(checks(c, "most", 1).front().passed());
        make_stale(c, "most");
        EXPECT_FALSE(checks(c, "most", 1).front().passed());
    });
}

TEST_P(ConnectionStorage, TakesChecksInTheirOrderAndAgainAfterAKill)
{
    change([](Connection& c) {
        ASSERT_TRUE(ask(c, wish("handshake")).ok());
        ASSERT_TRUE(ask(c, wish("dry_run")).ok());
        EXPECT_EQ(take_asked(c).value().kind, "handshake");
        EXPECT_EQ(take_asked(c).value().kind, "dry_run");
        EXPECT_FALSE(take_asked(c).has_value());
        EXPECT_FALSE(has_asked(c));
        ask_again(c);
        EXPECT_TRUE(has_asked(c));
        EXPECT_EQ(take_asked(c).value().kind, "handshake");
    });
}

TEST_P(ConnectionStorage, MovesCertificatesBetweenSlotsAndForgetsOldOnes)
{
    change([](Connection& c) {
        Certificate certificate;
        certificate.target = "most";
        certificate.slot = "current";
        certificate.sealed_key = "k";
        certificate.request = "r";
        certificate.chain = "c";
        certificate.faults = "[]";
        certificate.checked_at = outbox_start;
        certificate.made_at = outbox_start;
        put_certificate(c, certificate);
        move_certificate(c, "most", "current", "old", outbox_start);
        EXPECT_FALSE(find_certificate(c, "most", "current").has_value());
        auto const old = find_certificate(c, "most", "old");
        ASSERT_TRUE(old.has_value());
        EXPECT_TRUE(old->good());
        EXPECT_EQ(old->retired_at, outbox_start);
        forget_old_certificates(c, outbox_start);
        EXPECT_TRUE(find_certificate(c, "most", "old").has_value());
        forget_old_certificates(c, outbox_start + std::chrono::seconds{1});
        EXPECT_FALSE(find_certificate(c, "most", "old").has_value());
    });
}

TEST_P(ConnectionStorage, CandidatesAreWhatDeliveriesWouldSay)
{
    change([](Connection& c) {
        testing::add_history(c, "org0", 0, 1, 12);
        testing::add_organization(c, "new", false);
        testing::enqueue(c, {"new", "", "organization", "new", 1, {}, {{"name", "x"}}});
        testing::add_organization(c, "org1");
        testing::add_product(c, "p", "org1", "gtin");
        testing::enqueue(c, {"org1", "p", "product", "p", 1, {}, {{"name", "x"}}});
    });
    struct Want {
        std::vector<std::string> types;
        bool complete;
    };
    for (auto const& want :
         {Want{{}, true}, Want{{}, false}, Want{{"event"}, true}, Want{{"product", "event"}, true}}) {
        auto const found = *read([&](Connection& c) { return Result{candidates(c, want.types, want.complete, 10)}; });
        auto const name = "t" + std::to_string(want.types.size()) + (want.complete ? "c" : "");
        change([&](Connection& c) {
            targets::Target target{name, "most", true, outbox_start};
            target.record_types = want.types;
            target.complete_products = want.complete;
            targets::put(c, target);
            auto const counts = deliveries::count(c, name);
            EXPECT_EQ(found.ready_count, counts.pending) << name;
            EXPECT_EQ(found.held_count, counts.held) << name;
            EXPECT_EQ(static_cast<std::int64_t>(found.ready.size()), std::min<std::int64_t>(10, counts.pending));
            for (auto const& held : found.held) {
                auto const rows =
                    c.query("SELECT hold FROM delivery WHERE target = $1 AND outbox_seq = $2", {name, held.record.seq});
                EXPECT_EQ(rows.front().text(0), held.hold);
            }
        });
    }
}

} // namespace
} // namespace nguon::db::connections
