#include "connector/epcis_target.hpp"
#include "connector/most_target.hpp"
#include "connector/practice_portal/practice_portal.hpp"
#include "connector/transport.hpp"
#include "core/bytes.hpp"
#include "tests/connector/cutting_proxy.hpp"
#include "tests/connector/sim_installation.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

#include <nlohmann/json.hpp>

/// Connections that end at every byte of an exchange, on real sockets under real TLS: the practice portal's ledger has
/// each record once, with the bytes that were frozen, and nothing counts as delivered by a part of an answer.
namespace nguon::connector {
namespace {

using nlohmann::json;
using testing::Cut;
using testing::CuttingProxy;
namespace support = nguon::testing;

enum class Adapter { most, epcis };

/// Every so many offsets, begun anywhere: runs add up to all of them. At night all of them.
std::size_t stride()
{
    if (auto const* const wanted = std::getenv("TESTS_OFFSET_STRIDE")) return std::strtoull(wanted, nullptr, 10);
    return support::is_nightly() ? 1 : 7;
}

class ByteOffsets : public ::testing::Test {
protected:
    static constexpr int conversations_max = 6;
    // ECDSA signatures differ by a few bytes in length, so no exchange ends where the first one did.
    static constexpr std::size_t length_error = 16;

    static void SetUpTestSuite()
    {
        certs_ = std::make_unique<support::TempDir>();
        auto const command = std::string{NGUON_SOURCE_DIR "/certs/make_dev_certs.sh "} + certs_->path().string();
        ASSERT_EQ(std::system(command.c_str()), 0);
    }
    static void TearDownTestSuite() { certs_.reset(); }

    void SetUp() override
    {
        practice_portal::PortalSettings settings;
        settings.data_dir = dir_.path();
        settings.certs_dir = certs_->path();
        settings.listen = {"127.0.0.1", 0};
        auto opened = practice_portal::PracticePortal::open(portal_io_.executor(), settings, clock_);
        ASSERT_TRUE(opened.ok()) << opened.error().key;
        portal_ = std::move(*opened);
        auto const endpoint = portal_->start();
        ASSERT_TRUE(endpoint.ok()) << endpoint.error().key;
        portal_port_ = endpoint->port;
        tls::ClientFiles const files{
            certs_->path() / "connector.pem", certs_->path() / "connector.key", certs_->path() / "ca.pem", {}};
        auto context = tls::make_client_context(files);
        ASSERT_TRUE(context.ok()) << context.error().key;
        tls_ = std::make_shared<tls::ContextSlot>(std::move(*context));
    }

    void TearDown() override
    {
        if (portal_) portal_io_.run(portal_->stop());
        portal_.reset();
    }

    static std::unique_ptr<Target> make_target(Adapter adapter, std::uint16_t port)
    {
        auto const url = "https://localhost:" + std::to_string(port);
        if (adapter == Adapter::epcis) {
            EpcisSettings settings;
            settings.base_url = url;
            settings.base_path = "/epcis";
            return std::make_unique<EpcisTarget>(settings);
        }
        auto settings = default_most_settings();
        settings.api_url = url;
        EXPECT_TRUE(settings.receipt_keys.add(certs_->path() / "receipt.pub").ok());
        return std::make_unique<MostTarget>(std::move(settings));
    }

    Record new_record(Adapter adapter)
    {
        Record record;
        record.seq = ++records_;
        record.org = OrganizationId{"org"};
        record.version = 1;
        record.type = adapter == Adapter::most ? "organization" : "event";
        // One length for all, or offsets would not mean the same.
        auto const number = std::to_string(100'000 + records_);
        record.id = "0190-" + number;
        record.key = sha256_hex(record.id);
        json const event{{"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
                         {"type", "ObjectEvent"},
                         {"eventID", "urn:uuid:00000000-0000-7000-8000-000000" + number},
                         {"eventTime", "2026-11-21T08:00:00.000+07:00"},
                         {"eventTimeZoneOffset", "+07:00"},
                         {"epcList", {"urn:epc:id:sgtin:8939999.000001.17"}},
                         {"action", "OBSERVE"}};
        json const fields{{"name", "Hợp tác xã"}};
        record.op = adapter == Adapter::most ? "upsert" : "capture";
        record.payload =
            json{{"type", record.type}, {"id", record.id}, {"version", 1}, {"fields", fields}, {"event", event}}.dump();
        record.sha256 = sha256_hex(record.payload);
        return record;
    }

    using Change = std::function<void(Answer&)>;

    /// One conversation, as the engine leads it; what it stores is kept in the record.
    net::awaitable<RecordOutcome> converse(Target& target, Transport& transport, Record& record, Change change)
    {
        std::vector<Record> claimed{record};
        auto const conversation = target.begin(std::move(claimed));
        while (true) {
            auto step = conversation->next(clock_.now());
            if (auto* const request = std::get_if<Request>(&step)) {
                auto answer = co_await transport.send(std::move(*request));
                if (change) change(answer);
                conversation->take(answer, clock_.now());
            } else if (auto const* const freeze = std::get_if<Freeze>(&step)) {
                keep(record, *freeze);
            } else {
                co_return std::get<Conclusion>(step).records.front();
            }
        }
    }

    void keep(Record& record, Freeze const& freeze)
    {
        for (auto const& frozen : freeze.wires) {
            EXPECT_TRUE(record.wire.empty() || record.wire == frozen.wire);
            record.wire = frozen.wire;
            record.wire_sha256 = frozen.wire_sha256;
        }
        for (auto const& link : freeze.links) record.portal_id = link.portal_id;
    }

    bool is_delivered(Target& target, Transport& transport, Record& record, Change change = {})
    {
        auto const outcome = io_.run(converse(target, transport, record, std::move(change)));
        EXPECT_TRUE(outcome.verdict == Verdict::delivered || outcome.verdict == Verdict::undecided ||
                    outcome.verdict == Verdict::retry)
            << outcome.code << " " << outcome.text;
        if (outcome.verdict == Verdict::delivered) digests_[record.key] = record.wire_sha256;
        return outcome.verdict == Verdict::delivered;
    }

    /// Delivers a record whose first connection is cut; true when the cut came to pass.
    bool deliver(Adapter adapter, CuttingProxy& proxy, std::optional<Cut> cut, bool is_partial)
    {
        proxy.arm(cut);
        auto const target = make_target(adapter, proxy.port());
        Transport transport{io_.executor(), tls_, nullptr, {}};
        auto record = new_record(adapter);
        bool delivered = is_delivered(*target, transport, record);
        auto const seen = proxy.seen();
        EXPECT_FALSE(delivered && is_partial && seen.cut && seen.connections == 1)
            << "delivered by a part of an answer";
        for (int number = 1; !delivered && number < conversations_max; ++number)
            delivered = is_delivered(*target, transport, record);
        EXPECT_TRUE(delivered) << "it never arrived";
        return seen.cut;
    }

    /// How long the exchange is that nobody disturbs.
    CuttingProxy::Seen measure(Adapter adapter, CuttingProxy& proxy)
    {
        proxy.arm({});
        auto const target = make_target(adapter, proxy.port());
        Transport transport{io_.executor(), tls_, nullptr, {}};
        auto record = new_record(adapter);
        EXPECT_TRUE(is_delivered(*target, transport, record));
        return proxy.seen();
    }

    void cut_everywhere(Adapter adapter, CuttingProxy::Layer layer)
    {
        CuttingProxy proxy{portal_port_, layer, certs_->path()};
        auto const whole = measure(adapter, proxy);
        ASSERT_EQ(whole.connections, 1U);
        std::size_t cuts = 0;
        for (auto const direction : {Cut::Direction::to_portal, Cut::Direction::to_client}) {
            auto const length = direction == Cut::Direction::to_portal ? whole.to_portal : whole.to_client;
            ASSERT_GT(length, length_error);
            for (auto const ending : {Cut::Ending::reset, Cut::Ending::closed}) {
                for (auto after = random_.below(stride()); after <= length; after += stride()) {
                    SCOPED_TRACE("cut after " + std::to_string(after) + " of " + std::to_string(length) + " bytes " +
                                 (direction == Cut::Direction::to_portal ? "to the portal" : "to the client") +
                                 (ending == Cut::Ending::reset ? ", reset" : ", closed"));
                    bool const is_partial = after + length_error < length;
                    bool const cut = deliver(adapter, proxy, Cut{direction, after, ending}, is_partial);
                    EXPECT_TRUE(cut || !is_partial) << "nothing was cut";
                    cuts += cut ? 1 : 0;
                    ASSERT_LT(::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count(),
                              20);
                }
            }
        }
        std::printf("%zu bytes to the portal, %zu to the client; cut %zu times\n", whole.to_portal, whole.to_client,
                    cuts);
        expect_each_once(adapter);
    }

    /// The portal's own account: each record once, with the bytes that were frozen.
    void expect_each_once(Adapter adapter)
    {
        auto const ledger = portal_->ledger();
        EXPECT_EQ(ledger["violations"], json::array());
        EXPECT_EQ(digests_.size(), static_cast<std::size_t>(records_));
        auto const& effects = ledger[adapter == Adapter::most ? "records" : "events"];
        EXPECT_EQ(effects.size(), static_cast<std::size_t>(records_));
        for (auto const& effect : effects) {
            EXPECT_EQ(effect["effects"], 1);
            if (adapter == Adapter::epcis) continue;
            EXPECT_EQ(effect["confirmed"], true);
            EXPECT_EQ(effect["sha256"], digests_[effect["key"].get<std::string>()]);
        }
    }

    static inline std::unique_ptr<support::TempDir> certs_;

    support::TempDir dir_{testing::memory_dir()};
    SystemClock clock_;
    SystemRandom random_;
    support::IoThreads portal_io_{1};
    support::IoThreads io_{1};
    std::unique_ptr<practice_portal::PracticePortal> portal_;
    std::uint16_t portal_port_ = 0;
    std::shared_ptr<tls::ContextSlot> tls_;
    int records_ = 0;
    std::map<std::string, std::string> digests_; // of the delivered, by key
};

TEST_F(ByteOffsets, OfTcpWithMost) { cut_everywhere(Adapter::most, CuttingProxy::Layer::tcp); }
TEST_F(ByteOffsets, OfTcpWithEpcis) { cut_everywhere(Adapter::epcis, CuttingProxy::Layer::tcp); }
TEST_F(ByteOffsets, OfPlainTextWithMost) { cut_everywhere(Adapter::most, CuttingProxy::Layer::plain_text); }
TEST_F(ByteOffsets, OfPlainTextWithEpcis) { cut_everywhere(Adapter::epcis, CuttingProxy::Layer::plain_text); }

/// A header that promises less than there is: what the client reads seems whole and is not.
class ShortBodies : public ByteOffsets {
protected:
    void shorten_everywhere(Adapter adapter)
    {
        std::vector<std::size_t> lengths;
        EXPECT_TRUE(deliver_shortened(adapter, [&lengths](Answer& answer) { lengths.push_back(answer.body.size()); }));
        std::size_t shortened = 0;
        for (std::size_t number = 0; number < lengths.size(); ++number) {
            for (std::size_t kept = 0; kept < lengths[number]; ++kept) {
                SCOPED_TRACE("answer " + std::to_string(number) + " ends after " + std::to_string(kept) + " of " +
                             std::to_string(lengths[number]) + " bytes");
                std::size_t seen = 0;
                bool const delivered = deliver_shortened(adapter, [&](Answer& answer) {
                    if (seen++ == number) answer.body.resize(std::min(kept, answer.body.size()));
                });
                EXPECT_FALSE(delivered && seen == number + 1) << "delivered by a part of an answer";
                ++shortened;
            }
        }
        std::printf("%zu answers, shortened %zu times\n", lengths.size(), shortened);
        expect_each_once(adapter);
    }

private:
    /// Whether the first conversation delivered it; in the end it always arrives.
    bool deliver_shortened(Adapter adapter, Change change)
    {
        // Several records share a connection here.
        if (!transport_) transport_ = std::make_unique<Transport>(io_.executor(), tls_, nullptr, http::ClientLimits{});
        auto const target = make_target(adapter, portal_port_);
        auto record = new_record(adapter);
        bool const delivered = is_delivered(*target, *transport_, record, std::move(change));
        bool arrived = delivered;
        for (int number = 1; !arrived && number < conversations_max; ++number)
            arrived = is_delivered(*target, *transport_, record);
        EXPECT_TRUE(arrived) << "it never arrived";
        return delivered;
    }

    std::unique_ptr<Transport> transport_;
};

TEST_F(ShortBodies, DeliverNothingWithMost) { shorten_everywhere(Adapter::most); }
TEST_F(ShortBodies, DeliverNothingWithEpcis) { shorten_everywhere(Adapter::epcis); }

} // namespace
} // namespace nguon::connector
