#include "db/complaints.hpp"

#include "db/blobs.hpp"
#include "db/deadlines.hpp"
#include "db/people.hpp"
#include "db/province_desk.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db {
namespace {

using namespace std::chrono_literals;
using complaints::Case;
using testing::outbox_start;

class ComplaintStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        auto const ready = write([](Connection& c) {
            testing::add_installation(c);
            testing::add_history(c, "tea", 1, 1, 1);
        });
        ASSERT_TRUE(ready.ok()) << ready.error().log_text;
    }

    Case add(std::string const& code, Instant at = outbox_start, std::string const& product = "tea-p")
    {
        Case entry;
        entry.code = code;
        entry.org = OrganizationId{"tea"};
        entry.product = ProductId{product};
        entry.topic = "wrong_data";
        entry.created_at = at;
        entry.answer_due_at = at + 1h;
        entry.settle_due_at = at + 10h;
        auto const done = write([&](Connection& c) { complaints::insert(c, entry, {}, "lời"); });
        EXPECT_TRUE(done.ok()) << done.error().log_text;
        return find(code);
    }

    Case find(std::string const& code)
    {
        return read([&](Connection& c) { return complaints::find(c, code); }).value_or(Case{});
    }

    Status update(Case const& entry, Instant at)
    {
        return write([&](Connection& c) { return complaints::update(c, entry, at); });
    }
};
NGUON_ON_BOTH_ENGINES(ComplaintStorage);

TEST_P(ComplaintStorage, KeepsEverythingOfACase)
{
    auto entry = add("AAAA");
    EXPECT_EQ(entry.status, "received");
    EXPECT_TRUE(entry.is_open());
    EXPECT_EQ(entry.due_at(), outbox_start + 1h);
    entry.status = "answered";
    entry.answer = "Đã xem";
    entry.outcome = "upheld";
    entry.shown_on_product = true;
    entry.taken_up_at = outbox_start + 5min;
    entry.settled_at = outbox_start + 2h;
    entry.question = "Vì sao?";
    entry.firm_due_at = outbox_start + 24h;
    entry.firm_answered_at = outbox_start + 1h;
    ASSERT_TRUE(update(entry, outbox_start + 2h).ok());
    auto const kept = find("AAAA");
    EXPECT_EQ(kept.answer, "Đã xem");
    EXPECT_EQ(kept.outcome, "upheld");
    EXPECT_EQ(kept.question, "Vì sao?");
    EXPECT_EQ(kept.firm_due_at, entry.firm_due_at);
    EXPECT_EQ(kept.firm_answered_at, entry.firm_answered_at);
    EXPECT_EQ(kept.settled_at, entry.settled_at);
    EXPECT_FALSE(kept.is_open());
    EXPECT_EQ(read([](Connection& c) { return complaints::shown_of(c, ProductId{"tea-p"}); })->size(), 1U);
    // Somebody who still looks at the first state changes nothing.
    EXPECT_EQ(update(entry, outbox_start + 3h).error().key, "record.changed_meanwhile");
}

TEST_P(ComplaintStorage, IsTheFirmsOwnOnly)
{
    add("AAAA");
    auto const seen = [&](char const* org) {
        return read([&](Connection& c) { return complaints::find(c, OrganizationId{org}, "AAAA"); });
    };
    EXPECT_TRUE(seen("tea").ok());
    EXPECT_EQ(seen("rice").error().key, "complaint.unknown");
}

TEST_P(ComplaintStorage, NumbersStepsAndKeepsFiles)
{
    add("AAAA");
    auto const done = write([](Connection& c) {
        complaints::append(c, "AAAA", {0, outbox_start, "x", "received", "", "everyone"});
        complaints::append(c, "AAAA", {0, outbox_start + 1h, "y", "asked_firm", "Vì sao?", "firm"});
        complaints::add_file(c, "AAAA", {"11", "reporter"}, outbox_start);
        complaints::add_file(c, "AAAA", {"11", "firm"}, outbox_start); // the same picture once
        complaints::add_file(c, "AAAA", {"22", "firm"}, outbox_start);
    });
    ASSERT_TRUE(done.ok()) << done.error().log_text;
    auto const steps = *read([](Connection& c) { return complaints::steps(c, "AAAA"); });
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[1].number, 2);
    EXPECT_EQ(steps[1].note, "Vì sao?");
    EXPECT_EQ(steps[1].seen_by, "firm");
    EXPECT_EQ(read([](Connection& c) { return complaints::files(c, "AAAA"); })->size(), 2U);
}

TEST_P(ComplaintStorage, FindsOpenCasesAboutTheSame)
{
    auto first = add("AAAA");
    auto const second = add("BBBB", outbox_start + 1h);
    add("CCCC", outbox_start + 2h, "other");
    auto const codes = [&] {
        std::string out;
        auto const alike = read([&](Connection& c) { return complaints::alike(c, second); });
        for (auto const& entry : *alike) out += entry.code + " ";
        return out;
    };
    EXPECT_EQ(codes(), "AAAA ");
    first.main_code = "DDDD";
    ASSERT_TRUE(update(first, outbox_start + 3h).ok());
    EXPECT_EQ(codes(), "");
    EXPECT_EQ(read([](Connection& c) { return complaints::joined(c, "DDDD"); })->size(), 1U);
}

TEST_P(ComplaintStorage, ListsWhatIsDueFirstAndCountsWhatIsLate)
{
    add("AAAA", outbox_start);
    auto second = add("BBBB", outbox_start + 10min);
    add("CCCC", outbox_start + 20min);
    second.taken_up_at = outbox_start + 15min;
    ASSERT_TRUE(update(second, outbox_start + 15min).ok());
    auto const now = outbox_start + 65min;
    auto const codes = [&](std::string const& status) {
        std::string out;
        auto const lines =
            read([&](Connection& c) { return province_desk::complaint_lines(c, {}, status, now, 0, 10); });
        for (auto const& line : *lines) out += line.code + " ";
        return out;
    };
    EXPECT_EQ(codes(""), "AAAA CCCC BBBB ");
    EXPECT_EQ(codes("late"), "AAAA ");
    EXPECT_EQ(read([&](Connection& c) { return province_desk::totals(c, {}, now); })->late_complaints, 1);

    auto const counts = *read(
        [&](Connection& c) { return province_desk::complaint_counts(c, {}, outbox_start, outbox_start + 1h, now); });
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0].received, 3);
    EXPECT_EQ(counts[0].taken_up_in_time, 2);
    EXPECT_EQ(counts[0].settled, 0);
}

TEST_P(ComplaintStorage, PutsWhatTheFirmWasAskedFirst)
{
    auto first = add("AAAA");
    add("BBBB", outbox_start + 1h);
    first.question = "Vì sao?";
    ASSERT_TRUE(update(first, outbox_start + 2h).ok());
    auto const list = *read([](Connection& c) { return complaints::of_organization(c, OrganizationId{"tea"}, 0, 9); });
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].code, "AAAA");
    EXPECT_EQ(
        *read([](Connection& c) -> Result<std::int64_t> { return complaints::count_asked(c, OrganizationId{"tea"}); }),
        1);
}

TEST_P(ComplaintStorage, ErasesWordsAndPictures)
{
    auto entry = add("AAAA");
    std::string picture;
    auto const kept = write([&](Connection& c) -> Status {
        picture = *blobs::insert(c, "image/jpeg", "jpeg", true, outbox_start);
        complaints::add_file(c, "AAAA", {picture, "reporter"}, outbox_start);
        return Done{};
    });
    ASSERT_TRUE(kept.ok());
    auto const due = [&] {
        return read([](Connection& c) { return complaints::details_before(c, outbox_start + 10h, 9); })->size();
    };
    EXPECT_EQ(due(), 0U); // still open
    entry.settled_at = outbox_start + 1h;
    ASSERT_TRUE(update(entry, outbox_start + 1h).ok());
    EXPECT_EQ(due(), 1U);
    auto const erased = write([&](Connection& c) -> Status {
        for (auto const& file : complaints::erase_detail(c, "AAAA")) blobs::erase_uncited(c, file, outbox_start);
        return Done{};
    });
    ASSERT_TRUE(erased.ok()) << erased.error().log_text;
    EXPECT_EQ(due(), 0U);
    EXPECT_EQ(read([](Connection& c) -> Result<std::string> { return complaints::text(c, "AAAA"); }).value_or("?"), "");
    EXPECT_FALSE(read([&](Connection& c) { return blobs::find_any(c, picture); }).ok());
}

TEST_P(ComplaintStorage, KnowsTheClocksOfTheDesk)
{
    auto const found = read([](Connection& c) { return deadlines::find(c, "firm_explanation"); });
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->amount, 24);
    EXPECT_EQ(found->unit, "hours");
    auto const changed = write([](Connection& c) -> Status {
        deadlines::add_missing(c, {{"2026-09-02", false, "Quốc khánh"}});
        deadlines::save(c, {"2026-09-02", true, "ngày làm việc"});
        deadlines::add_missing(c, {{"2026-09-02", false, "Quốc khánh"}}); // the operator's word stands
        return deadlines::change(c, {"data_request", 12, "hours", ""}, outbox_start);
    });
    ASSERT_TRUE(changed.ok());
    EXPECT_EQ(read([](Connection& c) { return deadlines::find(c, "data_request"); })->amount, 12);
    EXPECT_TRUE(read([](Connection& c) { return deadlines::calendar(c); })->front().working);
    EXPECT_EQ(write([](Connection& c) {
                  return deadlines::change(c, {"none", 1, "hours", ""}, outbox_start);
              })
                  .error()
                  .key,
              "deadline.unknown");
}

} // namespace
} // namespace nguon::db
