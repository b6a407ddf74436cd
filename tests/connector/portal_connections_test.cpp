#include "connector/portal_connections.hpp"

#include "tests/connector/connector_over_tls.hpp"

#include <iterator>

namespace nguon::connector {
namespace {

using namespace std::chrono_literals;
using connector::testing::ConnectorOverTls;
using nlohmann::json;
namespace support = nguon::testing;

std::string text_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// Connections that stand in tables, beside what the configuration may have.
class PortalConnectionsOverTls : public ConnectorOverTls {
protected:
    void SetUp() override
    {
        ConnectorOverTls::SetUp();
        use_sealer(sealer_);
    }

    void use_sealer(std::shared_ptr<Sealer const> sealer, std::vector<std::string> configured = {})
    {
        PortalConnectionOptions options;
        options.public_url = "https://truyxuat.example";
        options.configured = std::move(configured);
        source_ = std::make_shared<PortalConnections>(database(), *clock_, std::move(sealer), std::move(options));
    }

    std::string file(char const* name) const { return text_of(certs_->path() / name); }

    db::connections::Certificate certificate(std::string const& target, std::string const& chain,
                                             std::string const& key) const
    {
        db::connections::Certificate out;
        out.target = target;
        out.slot = "current";
        out.sealed_key = sealer_->seal(key, db::connections::key_purpose(target));
        out.request = "csr";
        out.chain = chain;
        out.faults = "[]";
        out.made_at = out.checked_at.emplace(support::outbox_start);
        return out;
    }

    void add_connection(std::string const& target)
    {
        auto const own = certificate(target, file("connector.pem"), file("connector.key"));
        auto const done = write([&](db::Connection& c) -> Status {
            db::connections::PortalConnection connection;
            connection.target = target;
            connection.adapter = "most";
            connection.url = "https://localhost:" + std::to_string(port_);
            connection.changed_at = support::outbox_start;
            if (auto inserted = db::connections::insert(c, connection); !inserted) return inserted;
            connection.authority = file("ca.pem");
            connection.receipt_key = file("receipt.pub");
            if (auto saved = db::connections::save(c, connection); !saved) return saved;
            db::connections::put_certificate(c, own);
            return Done{};
        });
        ASSERT_TRUE(done.ok()) << done.error().key;
    }

    template <typename Change>
    void change(std::string const& target, Change change)
    {
        auto const done = write([&](db::Connection& c) -> Status {
            auto connection = db::connections::find(c, target);
            change(c, *connection);
            return db::connections::save(c, *connection);
        });
        ASSERT_TRUE(done.ok()) << done.error().key;
    }

    void go_live(std::string const& target)
    {
        change(target, [](db::Connection&, db::connections::PortalConnection& connection) {
            connection.stage = "live";
            ++connection.settings_revision;
        });
    }

    void swap(std::string const& target, db::connections::Certificate const& other)
    {
        change(target, [&](db::Connection& c, db::connections::PortalConnection& connection) {
            db::connections::put_certificate(c, other);
            ++connection.certificate_revision;
        });
    }

    /// A key pair that the portal's authority certified, for so many days.
    std::pair<std::string, std::string> issue(int days)
    {
        auto const at = [this](char const* name) { return (dir_.path() / name).string(); };
        auto const ca = (certs_->path() / "ca").string();
        auto const command =
            "cd " + dir_.path().string() +
            " && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key"
            " -subj /O=tests/CN=other -out other.csr 2>/dev/null && openssl x509 -req -in other.csr -CA " +
            ca + ".pem -CAkey " + ca + ".key -CAcreateserial -CAserial other.srl -sha256 -days " +
            std::to_string(days) + " -out other.pem 2>/dev/null";
        EXPECT_EQ(std::system(command.c_str()), 0);
        return {text_of(at("other.pem")), text_of(at("other.key"))};
    }

    db::connections::Check try_out(std::string const& target, std::string const& kind)
    {
        db::connections::Check wanted;
        wanted.target = target;
        wanted.kind = kind;
        wanted.asked_at = clock_->now();
        EXPECT_TRUE(write([&](db::Connection& c) { return db::connections::ask(c, wanted); }).ok());
        return newest(target);
    }

    /// The newest check, once it is done.
    db::connections::Check newest(std::string const& target)
    {
        db::connections::Check out;
        EXPECT_TRUE(wait_until([&] {
            auto const all = read([&](db::Connection& c) -> Result<std::vector<db::connections::Check>> {
                return db::connections::checks(c, target, 1);
            });
            if (!all || all->empty()) return false;
            out = all->front();
            return out.state == "done";
        }));
        return out;
    }

    std::int64_t deliveries()
    {
        return *read([](db::Connection& c) -> Result<std::int64_t> {
            return c.query("SELECT COUNT(outbox_seq) FROM delivery").front().integer(0);
        });
    }

    std::string state_of(std::string const& target)
    {
        auto const states = read([](db::Connection& c) { return Result{db::targets::states(c)}; });
        auto const found = std::ranges::find(*states, target, &db::targets::TargetState::target);
        return found == states->end() ? std::string{} : found->state;
    }

    std::shared_ptr<Sealer const> sealer_ = std::make_shared<Sealer>(std::string(32, 's'));
};

NGUON_ON_BOTH_ENGINES(PortalConnectionsOverTls);

TEST_P(PortalConnectionsOverTls, AConnectionGoesLiveStopsAndResumesWhileTheConnectorRuns)
{
    start_portal();
    start_connector(std::vector<TargetSettings>{});
    auto const rows = add_histories(2, 1, 3);
    add_connection("most");
    ASSERT_TRUE(try_out("most", "handshake").good);
    EXPECT_EQ(deliveries(), 0) << "until it is live nothing waits for it";

    go_live("most");
    ASSERT_TRUE(wait_for_delivered(rows)) << law().counts.pending;
    expect_exactly_once(rows);
    EXPECT_TRUE(wait_until([&] { return state_of("most") == "working"; }));

    change("most", [](db::Connection& c, db::connections::PortalConnection& connection) {
        connection.stage = "stopped";
        db::connections::disable_target(c, connection.target);
    });
    std::this_thread::sleep_for(1500ms); // the connector's look
    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    support::add_history(c, "late", 50, 1, 1);
                    return Done{};
                }).ok());
    EXPECT_EQ(law().counts.total(), static_cast<std::int64_t>(rows));
    go_live("most");
    ASSERT_TRUE(wait_for_delivered(rows + 5)) << law().counts.pending;
    expect_exactly_once(rows + 5);
}

TEST_P(PortalConnectionsOverTls, SwapsItsCertificateAtLoadWithoutAFailedSend)
{
    start_portal();
    add_connection("most");
    go_live("most");
    start_connector(std::vector<TargetSettings>{});
    auto const rows = add_histories(6, 3, 40);
    auto const [chain, key] = issue(20);
    auto const first = certificate("most", file("connector.pem"), file("connector.key"));
    auto const second = certificate("most", chain, key);
    for (int i = 0; law().counts.delivered < static_cast<std::int64_t>(rows) && i < 100; ++i) {
        swap("most", i % 2 == 0 ? second : first);
        std::this_thread::sleep_for(300ms);
    }
    swap("most", second);
    ASSERT_TRUE(wait_for_delivered(rows)) << law().counts.pending;
    expect_exactly_once(rows);
    for (auto const* const bad : {"unknown", "transient", "identity", "contract", "portal_certificate", "conflict"})
        EXPECT_EQ(metrics_.counter("send_total", "", {{"target", "most"}, {"class", bad}}).value(), 0U) << bad;
    auto const ends = [&] {
        auto const states = read([](db::Connection& c) { return Result{db::targets::states(c)}; });
        auto const at = states->empty() ? std::nullopt : states->front().certificate_expires_at;
        return at && *at - SystemClock{}.now() < std::chrono::hours{24 * 21};
    };
    EXPECT_TRUE(wait_until(ends)) << "the new certificate is the one in use";
}

TEST_P(PortalConnectionsOverTls, AnotherCertificateSetsRightWhatThePortalRefused)
{
    start_portal();
    support::TestAuthority const stranger{dir_.path(), "stranger"};
    auto const bad = stranger.issue("bad");
    add_connection("most");
    go_live("most");
    swap("most", certificate("most", text_of(bad.certificate), text_of(bad.key)));
    start_connector(std::vector<TargetSettings>{});
    auto const rows = add_histories(1, 1, 1);
    ASSERT_TRUE(wait_until([&] { return state_of("most") == "stopped_identity"; })) << state_of("most");
    swap("most", certificate("most", file("connector.pem"), file("connector.key")));
    ASSERT_TRUE(wait_for_delivered(rows)) << "it does not wait for the probe of five minutes";
    expect_exactly_once(rows);
}

TEST_P(PortalConnectionsOverTls, HandshakesTellBothSidesFaults)
{
    start_portal();
    start_connector(std::vector<TargetSettings>{});
    add_connection("most");
    auto const good = try_out("most", "handshake");
    auto const detail = json::parse(good.outcome);
    EXPECT_TRUE(good.good) << good.outcome;
    EXPECT_EQ(detail["peer"]["spki_sha256"].get<std::string>().size(), 64U);
    EXPECT_EQ(detail["peer"]["issuers_spki_sha256"].size(), 1U);

    support::TestAuthority const stranger{dir_.path(), "stranger"};
    auto const bad = stranger.issue("bad");
    auto own = certificate("most", text_of(bad.certificate), text_of(bad.key));
    own.slot = "next";
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    db::connections::put_certificate(c, own);
                    return Done{};
                }).ok());
    auto const refused = try_out("most", "handshake_next");
    EXPECT_FALSE(refused.good);
    EXPECT_EQ(json::parse(refused.outcome)["error"]["key"], "connection.fault.own_certificate") << refused.outcome;

    change("most", [&](db::Connection&, auto& connection) { connection.authority = text_of(stranger.file()); });
    auto const doubted = try_out("most", "handshake");
    EXPECT_EQ(json::parse(doubted.outcome)["error"]["key"], "connection.fault.portal_certificate") << doubted.outcome;
    change("most", [&](db::Connection&, auto& connection) {
        connection.authority = file("ca.pem");
        connection.pins = {std::string(64, 'a'), std::string(64, 'b')};
    });
    EXPECT_FALSE(try_out("most", "handshake").good);
    change("most", [&](db::Connection&, auto& connection) {
        connection.pins = {detail["peer"]["issuers_spki_sha256"][0].get<std::string>(), std::string(64, 'b')};
    });
    EXPECT_TRUE(try_out("most", "handshake").good);
    kill_portal();
    auto const away = json::parse(try_out("most", "handshake").outcome);
    EXPECT_EQ(away["error"]["key"], "connection.fault.connect");
    EXPECT_EQ(deliveries(), 0);
}

TEST_P(PortalConnectionsOverTls, TheDryRunShowsTheBytesAndSendsNothing)
{
    start_portal();
    start_connector(std::vector<TargetSettings>{});
    add_connection("most");
    auto const rows = add_histories(1, 1, 2);
    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    support::add_organization(c, "waiting", false);
                    support::enqueue(c, {"waiting", "", "organization", "waiting", 1, {}, {{"name", "x"}}});
                    return Done{};
                }).ok());
    auto const signed_in = try_out("most", "sign_in");
    EXPECT_TRUE(signed_in.good) << signed_in.outcome;
    auto const tried = try_out("most", "dry_run");
    ASSERT_TRUE(tried.good) << tried.outcome;
    auto const detail = json::parse(tried.outcome);
    EXPECT_EQ(detail["ready_count"], static_cast<std::int64_t>(rows));
    ASSERT_EQ(detail["ready"].size(), rows);
    EXPECT_EQ(detail["held_count"], 1);
    EXPECT_EQ(detail["held"][0]["hold"], "organization.pending");
    EXPECT_TRUE(portal_->ledger()["records"].empty()) << "nothing was sent";
    EXPECT_EQ(deliveries(), 0);

    // What goes later are these bytes, except for numbers that the portal gave meanwhile.
    go_live("most");
    ASSERT_TRUE(wait_for_delivered(rows));
    auto const wire = *read([](db::Connection& c) -> Result<std::string> {
        return c.query("SELECT wire FROM delivery ORDER BY outbox_seq LIMIT 1").front().blob(0);
    });
    EXPECT_EQ(detail["ready"][0]["body"], wire + "\n");
}

TEST_P(PortalConnectionsOverTls, OneThatCannotBeUsedSaysSoAndKeepsNobodyElse)
{
    start_portal();
    use_sealer(std::make_shared<Sealer>(std::string(32, 'o')), {"most"});
    add_connection("broken");
    go_live("broken");
    start_connector();
    auto const rows = add_histories(1, 1, 1);
    ASSERT_TRUE(wait_for_delivered(rows)) << "the configured portal works";
    EXPECT_TRUE(wait_until([&] { return state_of("broken") == "stopped_setup"; }));
    auto const problem =
        *read([](db::Connection& c) -> Result<std::string> { return db::connections::find(c, "broken")->problem; });
    EXPECT_EQ(json::parse(problem)["key"], "sealed.other_key");
    EXPECT_EQ(law("broken").counts.total(), static_cast<std::int64_t>(rows)) << "what waits for it counts";

    // The operator brings the right key and starts again.
    connector_io_->run(connector_->stop());
    connector_.reset();
    graveyard_.push_back(std::move(connector_io_));
    use_sealer(sealer_, {"most"});
    start_connector();
    EXPECT_TRUE(wait_until([&] { return state_of("broken") == "working"; }));
    EXPECT_TRUE(wait_until([&] {
        return read([](db::Connection& c) -> Result<std::string> {
                   return db::connections::find(c, "broken")->problem;
               }).value_or("?") == "";
    }));
}

TEST_P(PortalConnectionsOverTls, AKilledConnectorsCheckIsTakenUpAgain)
{
    start_portal();
    add_connection("most");
    db::connections::Check wanted;
    wanted.target = "most";
    wanted.kind = "handshake";
    wanted.asked_at = clock_->now();
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    auto asked = db::connections::ask(c, wanted);
                    EXPECT_TRUE(db::connections::take_asked(c).has_value());
                    EXPECT_FALSE(db::connections::take_asked(c).has_value());
                    return asked;
                }).ok());
    EXPECT_EQ(write([&](db::Connection& c) { return db::connections::ask(c, wanted); }).error().key,
              "connection.check_waits");
    start_connector(std::vector<TargetSettings>{});
    EXPECT_TRUE(newest("most").good);
}

} // namespace
} // namespace nguon::connector
