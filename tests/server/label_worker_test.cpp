#include "server/app/label_worker.hpp"

#include "core/runtime/metrics.hpp"
#include "server/app/labels.hpp"
#include "server/app/units.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/label_storage_test.hpp"

#include <functional>
#include <set>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using testing::outbox_start;

/// Workers of one or several servers on one queue.
class LabelQueue : public testing::LabelStorageTest {
protected:
    std::unique_ptr<LabelWorker> worker(std::string holder, LabelWorkerOptions options = {})
    {
        options.holder = std::move(holder);
        options.idle = 20ms;
        auto out = std::make_unique<LabelWorker>(database(), clock, metrics, options);
        out->start();
        return out;
    }

    bool wait_until(std::function<bool()> const& done)
    {
        for (auto const end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;) {
            if (done()) return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }
    bool wait_for_state(std::string const& id, std::string const& wanted)
    {
        return wait_until([&] { return state(id) == wanted; });
    }

    std::string file_of(std::string const& id)
    {
        std::string out;
        for (std::int64_t number = 0;; ++number) {
            auto const piece = read([&](db::Connection& c) { return db::label_jobs::piece(c, tea, id, number); });
            if (!piece || piece->empty()) return out;
            out += *piece;
        }
    }

    std::int64_t leases()
    {
        return *read([](db::Connection& c) -> Result<std::int64_t> {
            return c.query("SELECT count(*) FROM lease").front().integer(0);
        });
    }

    Actor actor() const { return {"clerk", tea, "test", outbox_start}; }

    testing::FakeClock clock{outbox_start};
    Metrics metrics;
};

TEST_P(LabelQueue, DrawsWhatWaitsAndStoresTheProofOfTheFile)
{
    insert(a_job("job-of-a-lot", 200));
    auto const drawing = worker("one");
    ASSERT_TRUE(wait_for_state("job-of-a-lot", "done"));
    auto const done = job("job-of-a-lot");
    auto const file = file_of("job-of-a-lot");
    EXPECT_TRUE(file.starts_with("%PDF-"));
    EXPECT_EQ(done.file_size, static_cast<std::int64_t>(file.size()));
    EXPECT_EQ(done.sha256, sha256_hex(file));
    EXPECT_EQ(done.labels_done, 200);
    EXPECT_EQ(done.file_until, outbox_start + limits::label_file_kept_time);
    EXPECT_EQ(done.created_by, "clerk");
    EXPECT_EQ(leases(), 0) << "a lease for each job would stay for ever";
}

TEST_P(LabelQueue, GivesOutTheCodesOfALargeJobInBlocks)
{
    insert(a_job("job-of-units", 2'300, "unit"));
    auto const drawing = worker("one");
    ASSERT_TRUE(wait_for_state("job-of-units", "done"));
    auto const codes = codes_of("job-of-units");
    EXPECT_EQ(codes.size(), 2'300U);
    EXPECT_GT(file_of("job-of-units").size(), limits::label_piece_bytes) << "it came in several pieces";
    EXPECT_EQ(sha256_hex(file_of("job-of-units")), job("job-of-units").sha256);
}

TEST_P(LabelQueue, DrawsAFileAgainWithTheSameBytes)
{
    insert(a_job("job-drawn-twice", 24, "unit"));
    auto const drawing = worker("one");
    ASSERT_TRUE(wait_for_state("job-drawn-twice", "done"));
    auto const before = job("job-drawn-twice").sha256;
    clock.advance(limits::label_file_kept_time);
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    while (db::label_jobs::forget_files(c, clock.now())) {
                    }
                    // Meanwhile the product has another name; the labels on the shelf do not.
                    c.execute("UPDATE product SET name = 'Tên mới' WHERE id = 'tea-product'");
                    return redraw_label_job(c, actor(), "job-drawn-twice");
                }).ok());
    drawing->wake();
    ASSERT_TRUE(wait_until([&] { return job("job-drawn-twice").has_file(); }));
    EXPECT_EQ(job("job-drawn-twice").sha256, before);
    EXPECT_EQ(sha256_hex(file_of("job-drawn-twice")), before);
}

TEST_P(LabelQueue, IsSharedByServersWithoutDrawingAJobTwice)
{
    constexpr int jobs = 12;
    for (int i = 0; i < jobs; ++i) insert(a_job("job-number-" + std::to_string(i), 30));
    auto const first = worker("one");
    auto const second = worker("two");
    for (int i = 0; i < jobs; ++i) ASSERT_TRUE(wait_for_state("job-number-" + std::to_string(i), "done")) << i;
    for (int i = 0; i < jobs; ++i) EXPECT_EQ(job("job-number-" + std::to_string(i)).attempts, 1) << i;
    EXPECT_EQ(metrics.counter("label_jobs_total", "", {{"outcome", "done"}}).value(), jobs);
}

TEST_P(LabelQueue, TakesUpWhatAKilledServerLeft)
{
    insert(a_job("job-left-behind", 30));
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    auto const lease = db::label_jobs::lease_of("job-left-behind");
                    if (auto held = db::leases::acquire(c, {lease, "dead", clock.now(), 30s, false}); !held)
                        return held.error();
                    return db::label_jobs::begin(c, "job-left-behind");
                }).ok());
    auto const drawing = worker("alive");
    EXPECT_EQ(state("job-left-behind"), "running");
    clock.advance(31s);
    drawing->wake();
    ASSERT_TRUE(wait_for_state("job-left-behind", "done"));
    EXPECT_EQ(job("job-left-behind").attempts, 2);
}

TEST_P(LabelQueue, GivesUpAJobThatEndedItsServerThreeTimes)
{
    insert(a_job("job-of-doom", 30));
    ASSERT_TRUE(write([](db::Connection& c) -> Status {
                    c.execute("UPDATE label_job SET attempts = 3, state = 'running'");
                    return Done{};
                }).ok());
    auto const drawing = worker("one");
    ASSERT_TRUE(wait_for_state("job-of-doom", "failed"));
    EXPECT_EQ(job("job-of-doom").fault, "label_job.crashed");
}

TEST_P(LabelQueue, FailsAJobThatCannotBeDrawnAndSaysWhy)
{
    auto broken = a_job("job-without-stock");
    broken.stock = "letter";
    insert(broken);
    auto const drawing = worker("one");
    ASSERT_TRUE(wait_for_state("job-without-stock", "failed"));
    EXPECT_EQ(job("job-without-stock").fault, "label.stock_unknown");
    EXPECT_FALSE(job("job-without-stock").has_file());
}

TEST_P(LabelQueue, RefusesAFileBeyondTheLimit)
{
    insert(a_job("job-too-large", 300, "unit"));
    LabelWorkerOptions options;
    options.file_bytes_max = 20'000;
    auto const drawing = worker("one", options);
    ASSERT_TRUE(wait_for_state("job-too-large", "failed"));
    EXPECT_EQ(job("job-too-large").fault, "label_job.file_too_large");
    EXPECT_EQ(metrics.counter("limit_hits_total", "", {{"limit", "label_job.file_too_large"}}).value(), 1);
}

TEST_P(LabelQueue, PutsBackWhatItDrawsWhenTheServerStops)
{
    insert(a_job("job-in-the-middle", 60'000, "unit"));
    auto drawing = worker("one");
    ASSERT_TRUE(wait_for_state("job-in-the-middle", "running"));
    drawing->stop();
    EXPECT_EQ(state("job-in-the-middle"), "queued");
    EXPECT_EQ(job("job-in-the-middle").attempts, 0);
    EXPECT_EQ(leases(), 0);
}

TEST_P(LabelQueue, StopsACancelledJobAndVoidsItsCodes)
{
    insert(a_job("job-cancelled-late", 60'000, "unit"));
    auto const drawing = worker("one");
    ASSERT_TRUE(wait_until([&] { return !codes_of("job-cancelled-late").empty(); }));
    ASSERT_TRUE(
        write([&](db::Connection& c) -> Status { return cancel_label_job(c, actor(), "job-cancelled-late"); }).ok());
    ASSERT_TRUE(wait_until([&] {
        return metrics.counter("label_jobs_total", "", {{"outcome", "cancelled"}}).value() == 1;
    }));
    EXPECT_EQ(state("job-cancelled-late"), "cancelled");
    auto const units = *read([&](db::Connection& c) {
        return Result{db::printed_codes::count(c, tea, {"job-cancelled-late", "0", "~"})};
    });
    ASSERT_EQ(units.size(), 1U);
    EXPECT_EQ(units.begin()->first, "void");
    EXPECT_LT(units.begin()->second, 60'000);
}

NGUON_ON_BOTH_ENGINES(LabelQueue);

} // namespace
} // namespace nguon::server::app
