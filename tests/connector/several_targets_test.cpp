#include "tests/connector/connector_over_tls.hpp"

#include <filesystem>
#include <set>

namespace nguon::connector {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
namespace support = nguon::testing;

/// `most`, `epcis` and `file` side by side, each against the practice portal's own counter for it.
class SeveralTargets : public connector::testing::ConnectorOverTls {
protected:
    void SetUp() override
    {
        ConnectorOverTls::SetUp();
        auto fast = std::make_unique<connector::testing::FastClock>();
        steady_ = [clock = *fast] { return clock.steady(); };
        clock_ = std::move(fast);
        drop_dir_ = dir_.path() / "drop";
        capture_token_ = "hush";
        std::ofstream{dir_.path() / "secret"} << "hush\n";
    }

    TargetSettings epcis_settings() const
    {
        auto settings = target_settings();
        settings.name = "epcis";
        settings.adapter = "epcis";
        settings.url += "/epcis/";
        settings.client_secret_file = dir_.path() / "secret";
        return settings;
    }

    TargetSettings file_settings() const
    {
        TargetSettings settings;
        settings.name = "file";
        settings.adapter = "file";
        settings.url = drop_dir_.string();
        settings.key = certs_->path() / "bundle.key";
        settings.receipt_key = certs_->path() / "receipt.pub";
        return settings;
    }

    std::vector<TargetSettings> all_settings() const { return {target_settings(), epcis_settings(), file_settings()}; }

    static json event_body(std::string const& id)
    {
        return {{"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
                {"type", "ObjectEvent"},
                {"eventID", "urn:uuid:" + id},
                {"eventTime", "2026-11-21T08:00:00.000+07:00"},
                {"eventTimeZoneOffset", "+07:00"},
                {"epcList", {"urn:uuid:" + id}},
                {"action", "OBSERVE"},
                {"bizStep", "shipping"}};
    }

    /// An organization with a product, a batch and so many events; the number of outbox rows.
    std::int64_t add_events(std::string const& org, int number, int events)
    {
        auto const added = write([&](db::Connection& c) -> Result<std::size_t> {
            auto rows = support::add_history(c, org, number, 1, 0);
            for (int e = 0; e < events; ++e) {
                auto const id = org + "-event-" + std::to_string(e);
                support::enqueue(c, {org, org + "-p", "event", id, 1, {{"batch", org + "-b0"}}, event_body(id)});
            }
            return rows + static_cast<std::size_t>(events);
        });
        EXPECT_TRUE(added.ok());
        return static_cast<std::int64_t>(added.value_or(0));
    }

    /// Everything in `list` of the portal's ledger took effect once, with the digest that our receipt bears.
    void expect_once(std::string const& target, char const* list, std::size_t count)
    {
        auto const seen = law(target);
        EXPECT_TRUE(seen.holds()) << target;
        EXPECT_EQ(seen.counts.delivered, static_cast<std::int64_t>(count)) << target;
        auto const ledger = portal_->ledger();
        EXPECT_EQ(ledger["violations"], json::array());
        EXPECT_EQ(ledger[list].size(), count) << target;
        auto const digests = read([&](db::Connection& c) -> Result<std::set<std::string>> {
            std::set<std::string> found;
            for (auto const& row : c.query("SELECT payload_sha256 FROM receipt WHERE target = $1", {target}))
                found.insert(row.text(0));
            return found;
        });
        for (auto const& record : ledger[list]) {
            EXPECT_EQ(record["effects"], 1);
            EXPECT_TRUE(digests->contains(record["sha256"].get<std::string>()));
        }
    }

    bool wait_for(std::string const& target, std::int64_t rows)
    {
        return wait_until([&] { return law(target).counts.delivered == rows; }, 90s);
    }
};

NGUON_ON_BOTH_ENGINES(SeveralTargets);

TEST_P(SeveralTargets, CapturesEventsAndExcludesWhatARepositoryDoesNotTake)
{
    start_portal();
    start_connector(epcis_settings());
    auto const rows = add_events("org0", 0, 12);
    ASSERT_TRUE(wait_for("epcis", 12)) << law("epcis").counts.pending;
    expect_once("epcis", "events", 12);
    EXPECT_EQ(law("epcis").counts.excluded, rows - 12);
    auto const views = read([](db::Connection& c) {
        return db::deliveries::of_record(c, OrganizationId{"org0"}, "event", "org0-event-3");
    });
    ASSERT_EQ(views->size(), 1U);
    ASSERT_TRUE(views->front().receipt.has_value());
    auto const& receipt = *views->front().receipt;
    EXPECT_EQ(receipt.portal_id, "urn:uuid:org0-event-3");
    EXPECT_EQ(receipt.signature, "");
    EXPECT_EQ(receipt.peer_certificate_sha256.size(), 64U);
    auto const evidence = json::parse(receipt.body);
    EXPECT_EQ(json::parse(evidence["body"].get<std::string>())["success"], true);
}

TEST_P(SeveralTargets, CapturesOnceWhateverBecomesOfAnswersAndJobs)
{
    start_portal(R"([{"after": 0, "times": 1, "fault": "lose_answer", "path": "/epcis/capture"},
                     {"after": 3, "times": 1, "fault": "unfinished", "path": "/epcis/capture"},
                     {"after": 1, "times": 1, "fault": "status", "status": 503, "path": "/epcis/events"},
                     {"after": 3, "times": 1, "fault": "html", "path": "/epcis/events"}])");
    start_connector(epcis_settings());
    add_events("org0", 0, 8);
    add_events("org1", 1, 8);
    ASSERT_TRUE(wait_for("epcis", 16)) << law("epcis").counts.pending;
    expect_once("epcis", "events", 16);
}

TEST_P(SeveralTargets, LeavesAPortalAloneAsLongAsItWorksOnAJob)
{
    start_portal(R"([{"times": 100, "fault": "unfinished", "retryAfter": 300, "path": "/epcis/capture/"}])");
    start_connector(epcis_settings());
    add_events("org0", 0, 1);
    auto const waits = [this] {
        auto const seen = read([](db::Connection& c) -> Result<std::int64_t> {
            return c
                .query("SELECT COALESCE(MAX(not_before - changed_at), 0) FROM delivery"
                       " WHERE error_class = 'accepted'")
                .front()
                .integer(0);
        });
        return std::chrono::microseconds{seen.value_or(0)};
    };
    ASSERT_TRUE(wait_until([&] { return waits() > 60s; }));
    EXPECT_GE(waits(), 295s) << "not the 15 s of a portal that says nothing";
}

TEST_P(SeveralTargets, ReadsBackWhatARepositoryCapturesAtOnce)
{
    start_portal(R"([{"times": 100, "fault": "created", "path": "/epcis/capture"}])");
    start_connector(epcis_settings());
    add_events("org0", 0, 5);
    ASSERT_TRUE(wait_for("epcis", 5));
    expect_once("epcis", "events", 5);
}

TEST_P(SeveralTargets, FindsTheOneEventThatARepositoryDoesNotTake)
{
    start_portal();
    add_events("org0", 0, 9);
    ASSERT_TRUE(write([](db::Connection& c) {
                    auto body = event_body("bad");
                    body.erase("eventTime");
                    support::enqueue(c, {"org0", "org0-p", "event", "bad", 1, {{"batch", "org0-b0"}}, body});
                }).ok());
    start_connector(epcis_settings());
    ASSERT_TRUE(wait_until([&] { return law("epcis").counts.delivered == 9 && law("epcis").counts.refused == 1; }, 90s))
        << law("epcis").counts.pending;
    expect_once("epcis", "events", 9);
}

TEST_P(SeveralTargets, StopsWhenTheRepositoryRefusesOurSecret)
{
    start_portal();
    std::ofstream{dir_.path() / "secret"} << "another\n";
    start_connector(epcis_settings());
    add_events("org0", 0, 1);
    ASSERT_TRUE(wait_until([&] { return state_of_target() == "stopped_identity"; }));
    EXPECT_EQ(law("epcis").counts.delivered, 0);
}

TEST_P(SeveralTargets, DeliversBundlesThroughLateForgedAndLostReceipts)
{
    start_portal(R"([{"after": 0, "times": 2, "fault": "status", "path": "/drop/"},
                     {"after": 2, "times": 1, "fault": "lose_answer", "path": "/drop/"},
                     {"after": 4, "times": 1, "fault": "wrong_receipt", "path": "/drop/"},
                     {"after": 6, "times": 1, "fault": "error_200", "path": "/drop/"}])");
    start_connector(file_settings());
    auto const rows = add_events("org0", 0, 3);
    ASSERT_TRUE(wait_for("file", rows)) << law("file").counts.pending;
    expect_once("file", "files", static_cast<std::size_t>(rows));
    auto const attempts = read([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT COALESCE(SUM(attempts), 0) FROM delivery").front().integer(0);
    });
    EXPECT_EQ(*attempts, 0) << "waiting for a receipt spends none";
}

TEST_P(SeveralTargets, ClearsFilesLongAfterTheirReceiptsAndNothingWithoutOne)
{
    namespace fs = std::filesystem;
    start_portal();
    start_connector(file_settings());
    auto const rows = add_events("org0", 0, 2);
    ASSERT_TRUE(wait_for("file", rows)) << law("file").counts.pending;
    auto const names = [this](char const* directory) {
        std::set<std::string> found;
        for (auto const& entry : fs::directory_iterator{drop_dir_ / directory})
            found.insert(entry.path().filename().string());
        return found;
    };
    auto const delivered = names("kept");
    ASSERT_FALSE(delivered.empty());
    EXPECT_FALSE(names("incoming").empty());
    // What goes out now is never answered.
    kill_portal();
    add_events("org1", 1, 0);
    // A bundle has gone out when it is marked as sent; before that, a file may be there under a name it does not keep.
    auto const sent = [&names] {
        return std::ranges::count_if(names("kept"), [](auto const& name) { return name.ends_with(".sent"); });
    };
    auto const sent_before = sent();
    ASSERT_TRUE(wait_until([&] { return sent() > sent_before; }));
    kill_connector();
    auto const all = names("kept");

    // Everything is old, the receipts too; of the first bundle one is not.
    auto const age = 91 * 24h;
    for (auto const* const directory : {"kept", "incoming"})
        for (auto const& entry : fs::directory_iterator{drop_dir_ / directory})
            fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - age);
    auto const first = *delivered.begin();
    ASSERT_TRUE(write([old = clock_->now() - age](db::Connection& c) -> Status {
                    c.execute("UPDATE receipt SET received_at = $1 WHERE target = 'file' AND outbox_seq <> (SELECT"
                              " MIN(outbox_seq) FROM receipt WHERE target = 'file')",
                              {old});
                    return Done{};
                }).ok());
    start_connector(file_settings());
    auto const stem = [](std::string const& name) { return name.substr(0, name.find('.')); };
    std::set<std::string> stay{stem(first)};
    for (auto const& name : all)
        if (!delivered.contains(name)) stay.insert(stem(name));
    ASSERT_TRUE(wait_until([&] {
        auto const left = names("kept");
        return std::ranges::all_of(left, [&](auto const& name) { return stay.contains(stem(name)); });
    }));
    for (auto const& name : all) EXPECT_EQ(names("kept").contains(name), stay.contains(stem(name))) << name;
    for (auto const& name : names("incoming")) EXPECT_TRUE(stay.contains(stem(name))) << name;
    EXPECT_TRUE(wait_until([&] {
        return metrics_.counter("bundles_cleared_total", "", {{"target", "file"}}).value() > 0;
    }));
    EXPECT_TRUE(law("file").holds());
}

TEST_P(SeveralTargets, KeepsTheLawForEachOfThreeThroughFaultsAndKills)
{
    std::string const script = R"({"seed": 5, "rate": 0.1})";
    start_portal(script);
    start_connector(all_settings());
    auto const rows = add_events("org0", 0, 15) + add_events("org1", 1, 15);
    ASSERT_TRUE(wait_until([&] { return law("most").counts.delivered > 4 && law("epcis").counts.delivered > 0; }));
    kill_connector();
    for (auto const* const target : {"most", "epcis", "file"}) EXPECT_TRUE(law(target).holds()) << target;
    kill_portal();
    start_portal(script);
    start_connector(all_settings());
    ASSERT_TRUE(wait_until([&] { return law("file").counts.delivered > 4; }, 90s));
    kill_connector();
    start_connector(all_settings());
    ASSERT_TRUE(wait_for("most", rows)) << law("most").counts.pending;
    ASSERT_TRUE(wait_for("epcis", 30)) << law("epcis").counts.pending;
    ASSERT_TRUE(wait_for("file", rows)) << law("file").counts.pending;
    expect_once("most", "records", static_cast<std::size_t>(rows));
    expect_once("epcis", "events", 30);
    expect_once("file", "files", static_cast<std::size_t>(rows));
    EXPECT_EQ(law("epcis").counts.excluded, rows - 30);
}

} // namespace
} // namespace nguon::connector
