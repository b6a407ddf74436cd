#include "db/province_desk.hpp"

#include "db/reference.hpp"
#include "db/sync_desk.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using testing::outbox_start;
using namespace std::chrono_literals;

/// Two firms in two communes of two provinces, as the province's lists see them.
class ProvinceDeskStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) { prepare(c); }).ok());
    }

    static void prepare(Connection& c)
    {
        testing::add_installation(c);
        testing::add_target(c, "most");
        reference::save(c, std::vector<reference::Province>{{"12", "Lai Châu", ""}, {"14", "Sơn La", ""}});
        reference::save(c, std::vector<reference::Commune>{{"03595", "12", "xã", "Bản Bo", {}, {}, ""},
                                                           {"03700", "14", "xã", "Mường La", {}, {}, ""}});
        testing::add_history(c, "tea", 1, 1, 2);
        testing::add_organization(c, "rice", false);
        testing::enqueue(c, {"rice", "", "organization", "rice", 1, {}, nlohmann::json::object()});
        c.execute("UPDATE organization SET commune_code = '03595', public_version = 1 WHERE id = 'tea'");
        c.execute("UPDATE organization SET commune_code = '03700', submitted_at = submitted_at - 1 WHERE id = 'rice'");
        c.execute("UPDATE product SET status = 'pending', public_version = NULL");
        audit_log::append(c, {"somebody", outbox_start, "", ""},
                          {OrganizationId{"tea"}, "product.register", "", "", "{}"});
        audit_log::append(c, {"somebody", outbox_start + 1h, "", ""}, {{}, "key.create", "", "", "{}"});
    }
};

NGUON_ON_BOTH_ENGINES(ProvinceDeskStorage);

TEST_P(ProvinceDeskStorage, QueuesByAgeWithinTheArea)
{
    auto const names = [&](Areas const& areas, std::string const& kind) {
        auto const found = read([&](Connection& c) { return province_desk::queue(c, areas, kind, 0, 10); });
        std::string out;
        for (auto const& waiting : *found) out += waiting.kind + ":" + waiting.name + " ";
        return out;
    };
    EXPECT_EQ(names({}, ""), "organization:rice product:tea-p ");
    EXPECT_EQ(names({}, "product"), "product:tea-p ");
    EXPECT_EQ(names({"03595"}, ""), "product:tea-p ");
    EXPECT_EQ(names({"14"}, ""), "organization:rice ");
    EXPECT_EQ(names({"03595", "14"}, ""), "organization:rice product:tea-p ");
    EXPECT_EQ(names({"99999"}, ""), "");
}

TEST_P(ProvinceDeskStorage, CountsWithinTheArea)
{
    auto const all = read([](Connection& c) { return province_desk::totals(c, {}, outbox_start); });
    EXPECT_EQ(all->organizations, 2);
    EXPECT_EQ(all->products, 1);
    EXPECT_EQ(all->waiting, 2);
    EXPECT_EQ(all->oldest_submission, outbox_start - 1us);
    auto const one = read([](Connection& c) { return province_desk::totals(c, {"14"}, outbox_start); });
    EXPECT_EQ(one->organizations, 1);
    EXPECT_EQ(one->products, 0);
    EXPECT_EQ(one->events, 0);
    EXPECT_EQ(one->waiting, 1);
}

TEST_P(ProvinceDeskStorage, ListsOrganizationsByNameAndState)
{
    auto const count = [&](std::string const& status, std::optional<std::vector<std::string>> const& only) {
        return read([&](Connection& c) { return province_desk::organizations(c, {}, status, only, 0, 10); })->size();
    };
    EXPECT_EQ(count("", {}), 2U);
    EXPECT_EQ(count("approved", {}), 1U);
    EXPECT_EQ(count("", std::vector<std::string>{"rice", "nobody"}), 1U);
    EXPECT_EQ(count("", std::vector<std::string>{}), 0U);
}

TEST_P(ProvinceDeskStorage, FiltersTheAudit)
{
    auto const actions = [&](province_desk::AuditFilter const& filter) {
        auto const lines = read([&](Connection& c) { return province_desk::audit(c, filter); });
        std::string out;
        for (auto const& line : *lines) out += line.action + " ";
        return out;
    };
    EXPECT_EQ(actions({}), "key.create product.register ");
    EXPECT_EQ(actions({.org = OrganizationId{"tea"}}), "product.register ");
    EXPECT_EQ(actions({.areas = {"12"}}), "product.register ");
    EXPECT_EQ(actions({.from = outbox_start + 1us}), "key.create ");
    EXPECT_EQ(actions({.to = outbox_start + 1us}), "product.register ");
    EXPECT_EQ(actions({.before = 2}), "product.register ");
    EXPECT_EQ(actions({.count = 1}), "key.create ");
}

TEST_P(ProvinceDeskStorage, ListsComplaintsAndCertificatesOnEitherEngine)
{
    ASSERT_TRUE(write([](Connection& c) {
                    complaints::Case entry;
                    entry.code = "AAAA";
                    entry.org = OrganizationId{"tea"};
                    entry.topic = "other";
                    entry.created_at = outbox_start;
                    complaints::insert(c, entry, {}, "…");
                    Certificate paper;
                    paper.kind = "vietgap";
                    paper.number = "42";
                    paper.valid_to = "2026-12-01";
                    certificates::Head head;
                    head.id = CertificateId{"paper"};
                    head.org = OrganizationId{"tea"};
                    return certificates::insert(c, head, paper, {}, {"somebody", outbox_start, "", ""});
                }).ok());
    auto const cases = [&](std::string const& status) {
        return read([&](Connection& c) {
                   return province_desk::complaint_lines(c, {"12"}, status, outbox_start, 0, 10);
               })
            ->size();
    };
    EXPECT_EQ(cases(""), 1U);
    EXPECT_EQ(cases("open"), 1U);
    EXPECT_EQ(cases("closed"), 0U);
    auto const papers = [&](std::string const& from, std::string const& to) {
        return read([&](Connection& c) { return province_desk::certificates_ending(c, {}, from, to, 0, 10); })->size();
    };
    EXPECT_EQ(papers("2026-12-01", "2026-12-01"), 1U);
    EXPECT_EQ(papers("2026-12-02", "2026-12-31"), 0U);
}

TEST_P(ProvinceDeskStorage, ShowsSynchronisationByOrganization)
{
    auto const lines = read([](Connection& c) { return sync_desk::organizations(c, {}, "most", {}, 0, 10); });
    ASSERT_EQ(lines->size(), 2U);
    EXPECT_EQ(lines->front().name, "tea"); // its queue is the longer one
    EXPECT_EQ(lines->front().counts.pending, 6);
    EXPECT_EQ(lines->front().oldest_waiting, outbox_start);
    EXPECT_EQ(lines->back().counts.held, 1);
    EXPECT_FALSE(lines->back().oldest_waiting.has_value());
    auto const area = read([](Connection& c) { return sync_desk::organizations(c, {"14"}, "most", {}, 0, 10); });
    EXPECT_EQ(area->size(), 1U);
}

TEST_P(ProvinceDeskStorage, FindsRecordsAndTheirLag)
{
    auto const records = [&](sync_desk::RecordFilter filter) {
        filter.target = "most";
        return read([&](Connection& c) { return sync_desk::records(c, filter); })->size();
    };
    EXPECT_EQ(records({}), 7U);
    EXPECT_EQ(records({.state = "held"}), 1U);
    EXPECT_EQ(records({.areas = {"12"}}), 6U);
    EXPECT_EQ(records({.org = OrganizationId{"rice"}}), 1U);
    EXPECT_EQ(records({.before = 3}), 2U);
    auto const waits = [&](std::int64_t seq) {
        return read([&](Connection& c) { return sync_desk::find(c, "most", seq); })->waits_for_parent;
    };
    EXPECT_FALSE(waits(1)); // the firm itself
    EXPECT_TRUE(waits(2));  // its product
    ASSERT_TRUE(write([](Connection& c) {
                    receipts::Receipt receipt;
                    receipt.portal_id = "P1";
                    receipt.received_at = outbox_start + 90s;
                    receipts::insert(c, "most", 1, receipt);
                    c.execute("UPDATE delivery SET state = 'delivered' WHERE outbox_seq = 1");
                }).ok());
    auto const found = read([](Connection& c) { return sync_desk::find(c, "most", 1); });
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->name, "tea");
    EXPECT_FALSE(waits(2));
    EXPECT_NE(found->payload.find("\"organization\""), std::string::npos);
    EXPECT_EQ(found->key.size(), 64U);
    EXPECT_EQ(found->receipt->portal_id, "P1");
    EXPECT_FALSE(read([](Connection& c) { return sync_desk::find(c, "most", 99); }).ok());
    auto const lag = read([](Connection& c) { return sync_desk::lag(c, "most"); });
    EXPECT_EQ(lag->records, 1);
    EXPECT_EQ(lag->median, 90s);
    EXPECT_EQ(read([](Connection& c) { return sync_desk::of_record(c, "organization", "tea"); })->size(), 1U);
}

} // namespace
} // namespace nguon::db
