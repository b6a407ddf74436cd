#include "tests/connector/connector_over_tls.hpp"

#include <atomic>
#include <set>

namespace nguon::connector {
namespace {

using namespace std::chrono_literals;
using connector::testing::ConnectorOverTls;
namespace testing = nguon::testing;

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
                                                {"jpegs", {testing::sample_picture()}}};
                    testing::enqueue(c, {"org", "p", "product", "p", 2, {{"organization", "org"}}, fields});
                    db::outbox::reconsider_holds(c, OrganizationId{"org"}, testing::outbox_start);
                }).ok());
    ASSERT_TRUE(wait_until([&] { return law().counts.delivered == 2; }));
    EXPECT_EQ(law().counts.superseded, 1);
    EXPECT_TRUE(law().holds());
    EXPECT_EQ(portal_->ledger()["violations"], nlohmann::json::array());
}

/// A product with this picture as its next version.
void enqueue_product(db::Connection& c, std::int64_t version, std::string const& picture)
{
    nlohmann::json const fields{{"name", "Chè"},
                                {"gtin", testing::gtin_of(1)},
                                {"net_weight", "1"},
                                {"weight_unit", "kg"},
                                {"jpegs", {picture}}};
    testing::enqueue(c, {"org", "p", "product", "p", version, {{"organization", "org"}}, fields});
}

void add_firm(db::Connection& c)
{
    testing::add_target(c, "most");
    testing::add_organization(c, "org");
    testing::add_product(c, "p", "org");
    testing::enqueue(c, {"org", "", "organization", "org", 1, {}, {{"name", "x"}}});
}

/// The newest version's words for its pictures, as the portal was sent them.
std::string pictures_sent(db::Connection& c, std::int64_t version)
{
    auto const sent = c.query("SELECT wire FROM delivery WHERE aggregate_id = 'p' AND version = $1", {version});
    auto const wire = nlohmann::json::parse(sent.front().blob(0));
    return wire["duLieu"]["hinhAnh"].dump();
}

TEST_P(ConnectorOverTls, SendsEachPictureOnceAndAnotherWhenItWasChanged)
{
    // The first answer is lost and the second is late: what became of the first is not known, and it goes again.
    start_portal(R"([{"times": 1, "fault": "lose_answer", "path": "HinhAnh"},
                     {"after": 1, "times": 1, "fault": "delay", "milliseconds": 300, "path": "HinhAnh"},
                     {"after": 2, "times": 1, "fault": "error_200", "path": "HinhAnh"}])");
    ASSERT_TRUE(write([](db::Connection& c) {
                    add_firm(c);
                    enqueue_product(c, 1, testing::sample_picture());
                    enqueue_product(c, 2, testing::sample_picture());
                    enqueue_product(c, 3, testing::add_picture(c, "another"));
                }).ok());
    start_connector();
    ASSERT_TRUE(wait_for_delivered(4)) << law().counts.held;
    auto const ledger = portal_->ledger();
    EXPECT_EQ(ledger["violations"], nlohmann::json::array());
    EXPECT_EQ(ledger["pictures"].size(), 2U);
    std::set<std::string> held;
    for (auto const& picture : ledger["pictures"]) held.insert(picture["sha256"].get<std::string>());
    EXPECT_EQ(held, (std::set{testing::sample_picture(), sha256_hex(testing::sample_jpeg("another"))}));
    auto const sent = read([](db::Connection& c) -> Result<std::vector<std::string>> {
        return std::vector{pictures_sent(c, 1), pictures_sent(c, 2), pictures_sent(c, 3)};
    });
    EXPECT_EQ(*sent, (std::vector<std::string>{R"(["ANH1"])", R"(["ANH1"])", R"(["ANH2"])"}));
    expect_exactly_once(4);

    // What the portal wrote down outlives it.
    kill_portal();
    start_portal();
    EXPECT_EQ(portal_->ledger()["pictures"].size(), 2U);
}

TEST_P(ConnectorOverTls, HoldsAProductWhosePictureThePortalRefusesUntilThereIsAnother)
{
    start_portal(R"([{"times": 1, "fault": "refuse", "path": "HinhAnh"}])");
    ASSERT_TRUE(write([](db::Connection& c) {
                    add_firm(c);
                    // Its bytes are no JPEG, which the portal itself finds out.
                    auto const bad = db::blobs::insert(c, "image/jpeg", "GIF89a", false, testing::outbox_start);
                    enqueue_product(c, 1, *bad);
                }).ok());
    start_connector();
    ASSERT_TRUE(wait_until([&] { return law().counts.held == 1; }));
    auto const hold = read([](db::Connection& c) -> Result<std::string> {
        return c.query("SELECT hold FROM delivery WHERE aggregate_id = 'p'").front().text(0);
    });
    EXPECT_EQ(*hold, "product.picture_refused");
    EXPECT_EQ(state_of_target(), "working") << "a picture is no fault of the portal";

    auto const publish = [this](std::int64_t version, std::string content) {
        ASSERT_TRUE(write([version, content](db::Connection& c) {
                        enqueue_product(c, version, testing::add_picture(c, content));
                        db::outbox::reconsider_holds(c, OrganizationId{"org"}, testing::outbox_start);
                    }).ok());
    };
    publish(2, "good");
    ASSERT_TRUE(wait_until([&] { return law().counts.delivered == 2; })) << law().counts.held;
    EXPECT_EQ(law().counts.superseded, 1);
    EXPECT_TRUE(law().holds());
    EXPECT_EQ(portal_->ledger()["pictures"].size(), 1U);

    // One that the portal finds too large holds in the same way.
    kill_portal();
    start_portal(R"([{"times": 1, "fault": "status", "status": 413, "path": "HinhAnh"}])");
    publish(3, "large");
    ASSERT_TRUE(wait_until([&] { return law().counts.held == 1; }));
    EXPECT_TRUE(wait_until([&] {
        return metrics_.counter("limit_hits_total", "", {{"limit", "portal_picture_bytes"}}).value() == 1;
    }));
    publish(4, "small");
    ASSERT_TRUE(wait_until([&] { return law().counts.delivered >= 3 && law().counts.held == 0; }));
    EXPECT_EQ(portal_->ledger()["violations"], nlohmann::json::array());
}

TEST_P(ConnectorOverTls, HoldsAProductWhosePictureWasDamagedHere)
{
    start_portal();
    ASSERT_TRUE(write([](db::Connection& c) {
                    add_firm(c);
                    c.execute("UPDATE blob SET bytes = $1", {db::Blob{testing::sample_jpeg("altered")}});
                    enqueue_product(c, 1, testing::sample_picture());
                }).ok());
    start_connector();
    ASSERT_TRUE(wait_until([&] { return law().counts.held == 1; }));
    EXPECT_TRUE(portal_->ledger()["pictures"].empty());
}

/// A product of a group, with unit and picture.
void enqueue_in_group(db::Connection& c, std::string const& group)
{
    nlohmann::json const fields{{"name", "Chè"},       {"gtin", testing::gtin_of(1)},
                                {"net_weight", "1"},   {"weight_unit", "kg"},
                                {"group_code", group}, {"jpegs", {testing::sample_picture()}}};
    testing::enqueue(c, {"org", "p", "product", "p", 1, {{"organization", "org"}}, fields});
}

std::string group_sent(db::Connection& c)
{
    auto const sent = c.query("SELECT wire FROM delivery WHERE aggregate_id = 'p'");
    return nlohmann::json::parse(sent.front().blob(0))["duLieu"]["idNhomSanPham"];
}

TEST_P(ConnectorOverTls, HoldsAValueThatThePortalDoesNotKnowUntilSomebodyMatchesIt)
{
    start_portal();
    auto const catalogues = dir_.path() / "portal" / "catalogues.json";
    std::ofstream{catalogues} << R"({"nhomSanPham": [{"ma": "CHE", "ten": "Chè"}, {"ma": "GAO", "ten": "Gạo"}]})";
    ASSERT_TRUE(write([](db::Connection& c) {
                    add_firm(c);
                    enqueue_in_group(c, "tea");
                }).ok());
    start_connector();
    ASSERT_TRUE(wait_until([&] { return law().counts.held == 1; }));
    auto const gaps = read([](db::Connection& c) -> Result<std::vector<db::portal_catalogues::Gap>> {
        return db::portal_catalogues::gaps(c, "most", 10);
    });
    ASSERT_EQ(gaps->size(), 1U);
    EXPECT_EQ(gaps->front().catalogue, "nhomSanPham");
    EXPECT_EQ(gaps->front().value, "tea");
    EXPECT_TRUE(law().holds());

    auto const match = [this](std::string const& code) {
        return write([code](db::Connection& c) {
            return db::portal_catalogues::put_match(
                c, "most", {"nhomSanPham", "tea", code, {}, testing::outbox_start, "an admin"});
        });
    };
    EXPECT_FALSE(match("TEA").ok()) << "the portal has no such entry";
    ASSERT_TRUE(match("CHE").ok());
    ASSERT_TRUE(wait_for_delivered(2)) << law().counts.held;
    auto const sent = read([](db::Connection& c) -> Result<std::string> { return group_sent(c); });
    EXPECT_EQ(*sent, "CHE");
    auto const left =
        read([](db::Connection& c) -> Result<std::int64_t> { return db::portal_catalogues::count_gaps(c, "most"); });
    EXPECT_EQ(*left, 0);
}

TEST_P(ConnectorOverTls, FetchesCataloguesAgainWhenAskedAndSendsWhatTheyHaveNow)
{
    start_portal();
    auto const catalogues = dir_.path() / "portal" / "catalogues.json";
    std::ofstream{catalogues} << R"({"nhomSanPham": [{"ma": "rice", "ten": "Gạo"}, {"ma": "cut", "ten": "Bỏ"}]})";
    ASSERT_TRUE(write([](db::Connection& c) {
                    add_firm(c);
                    enqueue_in_group(c, "tea");
                }).ok());
    start_connector();
    ASSERT_TRUE(wait_until([&] { return law().counts.held == 1; }));
    // The first success is followed by a fetch of all of them.
    auto const synced = [this] {
        auto const sync = read([](db::Connection& c) -> Result<db::portal_catalogues::Sync> {
            return db::portal_catalogues::sync_of(c, "most");
        });
        return sync && sync->synced_at && !sync->asked_at && sync->fault.empty();
    };
    ASSERT_TRUE(wait_until(synced));
    std::ofstream{catalogues} << R"({"nhomSanPham": [{"ma": "rice", "ten": "Lúa gạo"}, {"ma": "tea", "ten": "Chè"}]})";
    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    db::portal_catalogues::ask(c, "most", testing::outbox_start);
                    return Done{};
                }).ok());
    ASSERT_TRUE(wait_for_delivered(2)) << law().counts.held;
    auto const states = read([](db::Connection& c) -> Result<std::vector<db::portal_catalogues::State>> {
        return db::portal_catalogues::states(c, "most");
    });
    ASSERT_EQ(states->size(), 4U);
    auto const groups = std::ranges::find(*states, "nhomSanPham", &db::portal_catalogues::State::catalogue);
    EXPECT_EQ(groups->version, 2);
    EXPECT_EQ(groups->entries, 2);
    EXPECT_EQ(groups->added, 1);
    EXPECT_EQ(groups->changed, 1);
    EXPECT_EQ(groups->removed, 1);
    EXPECT_TRUE(synced());
}

TEST_P(ConnectorOverTls, GoesOnWithAPortalThatHasNoCatalogues)
{
    start_portal(R"([{"times": 1000, "fault": "status", "status": 404, "path": "DanhMuc"}])");
    start_connector();
    auto const rows = add_histories(2, 1, 2);
    ASSERT_TRUE(wait_for_delivered(rows));
    expect_exactly_once(rows);
}

TEST_P(ConnectorOverTls, TriesAgainWhenACatalogueCannotBeFetched)
{
    start_portal(R"([{"times": 1, "fault": "html", "path": "DanhMuc"},
                     {"after": 1, "times": 1, "fault": "cut", "path": "DanhMuc"},
                     {"after": 2, "times": 1, "fault": "status", "status": 503, "path": "DanhMuc"}])");
    start_connector();
    auto const rows = add_histories(1, 1, 2);
    ASSERT_TRUE(wait_for_delivered(rows));
    expect_exactly_once(rows);
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

/// A wall clock that somebody sets while the machine runs.
class SetClock final : public Clock {
public:
    Instant now() const override { return SystemClock{}.now() + error_.load(); }
    void set(std::chrono::microseconds error) { error_ = error; }

private:
    std::atomic<std::chrono::microseconds> error_{std::chrono::microseconds{0}};
};

TEST_P(ConnectorOverTls, GoesOnWhenSomebodySetsTheClock)
{
    auto owned = std::make_unique<SetClock>();
    auto& clock = *owned;
    clock_ = std::move(owned);
    start_portal();
    start_connector();
    std::size_t rows = 0;
    auto const deliver_some = [&] {
        auto const number = static_cast<int>(rows);
        auto const added = write([number](db::Connection& c) -> Result<std::size_t> {
            return testing::add_history(c, "org" + std::to_string(number), number, 1, 1);
        });
        rows += added.value_or(0);
        return wait_for_delivered(rows);
    };
    auto const newest_receipt_at = [&] {
        auto const at = read([](db::Connection& c) -> Result<Instant> {
            return c.query("SELECT received_at FROM receipt ORDER BY outbox_seq DESC LIMIT 1").front().instant(0);
        });
        return at.value_or(Instant{});
    };
    ASSERT_TRUE(deliver_some());
    for (auto const step : {-24h * 365, 24h * 3650}) {
        clock.set(step);
        ASSERT_TRUE(deliver_some()) << "after a step of " << step.count() << " hours";
        // What was under way may still bear the old time, but not what is sent from then on.
        EXPECT_TRUE(wait_until(
            [&] { return deliver_some() && std::chrono::abs(newest_receipt_at() - clock.now()) < 1min; }, 20s))
            << "receipts do not follow a step of " << step.count() << " hours";
    }
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
