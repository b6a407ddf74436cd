#include "db/label_jobs.hpp"

#include "tests/support/label_storage_test.hpp"

namespace nguon::db::label_jobs {
namespace {

using namespace std::chrono_literals;
using testing::outbox_start;

constexpr std::int64_t any = 1'000'000;

class LabelJobStorage : public testing::LabelStorageTest {
protected:
    std::string next_id(Instant now, std::int64_t labels_max = any)
    {
        auto const job = *read([&](Connection& c) { return Result{next(c, now, labels_max)}; });
        return job ? job->id : std::string{};
    }

    /// The epoch under which `holder` has the job; 0 when somebody else has.
    std::int64_t take(std::string const& id, Instant now, std::string const& holder = "a")
    {
        auto const epoch = write([&](Connection& c) -> Result<std::int64_t> {
            auto taken = leases::acquire(c, {lease_of(id), holder, now, 30s, false});
            if (!taken) return taken.error();
            if (auto begun = begin(c, id); !begun) return begun.error();
            return taken;
        });
        return epoch.value_or(0);
    }

    Status put(std::string const& id, std::int64_t epoch, std::int64_t number, std::string const& bytes)
    {
        auto work = [=](Connection& c) { return add_piece(c, id, number, bytes); };
        return write(leases::under(lease_of(id), epoch, work));
    }

    Status end(std::string const& id, std::int64_t epoch, std::int64_t size)
    {
        Finished const finished{65, "digest", size, outbox_start, outbox_start + 24h};
        auto work = [=](Connection& c) { return finish(c, id, finished); };
        return write(leases::under(lease_of(id), epoch, work));
    }

    std::string bytes_of(std::string const& id)
    {
        std::string out;
        for (std::int64_t number = 0;; ++number) {
            auto const bytes = read([&](Connection& c) { return piece(c, tea, id, number); });
            if (!bytes || bytes->empty()) return out;
            out += *bytes;
        }
    }
};

TEST_P(LabelJobStorage, IsDrawnByOneAtATimeInTheOrderOfTheQueue)
{
    auto second = a_job("second");
    second.queued_at = outbox_start + 1s;
    insert(second);
    insert(a_job("first"));
    auto large = a_job("large", 50'000);
    large.queued_at = outbox_start - 1s;
    insert(large);
    auto const now = outbox_start + 1min;
    EXPECT_EQ(next_id(now), "large");
    EXPECT_EQ(next_id(now, 1'000), "first");
    EXPECT_EQ(take("first", now), 1);
    EXPECT_EQ(take("first", now, "b"), 0);
    EXPECT_EQ(next_id(now, 1'000), "second");
    EXPECT_EQ(next_id(now + 31s, 1'000), "first") << "whoever had it was killed";
}

TEST_P(LabelJobStorage, RefusesWhatAKilledServerWritesAfterwards)
{
    insert(a_job("one"));
    auto const dead = take("one", outbox_start, "dead");
    ASSERT_TRUE(put("one", dead, 0, "half a fi").ok());
    auto const alive = take("one", outbox_start + 31s, "alive");
    ASSERT_EQ(alive, dead + 1);
    EXPECT_EQ(put("one", dead, 1, "le").error().key, "sync.fenced");
    EXPECT_EQ(end("one", dead, 11).error().key, "sync.fenced");
    ASSERT_TRUE(put("one", alive, 0, "the ").ok());
    ASSERT_TRUE(put("one", alive, 1, "whole").ok());
    EXPECT_EQ(bytes_of("one"), "") << "not before its end";
    ASSERT_TRUE(end("one", alive, 9).ok());
    EXPECT_EQ(bytes_of("one"), "the whole");
    EXPECT_EQ(job("one").attempts, 2);
    EXPECT_EQ(job("one").sha256, "digest");
    EXPECT_TRUE(job("one").has_file());
}

TEST_P(LabelJobStorage, StopsWhenItIsCancelled)
{
    insert(a_job("one"));
    auto const epoch = take("one", outbox_start);
    ASSERT_TRUE(put("one", epoch, 0, "half").ok());
    ASSERT_TRUE(write([&](Connection& c) { return cancel(c, tea, "one", outbox_start); }).ok());
    EXPECT_EQ(put("one", epoch, 1, "rest").error().key, "label_job.state");
    EXPECT_EQ(end("one", epoch, 8).error().key, "label_job.state");
    EXPECT_EQ(state("one"), "cancelled");
    EXPECT_EQ(write([&](Connection& c) { return cancel(c, tea, "one", outbox_start); }).error().key, "label_job.state");
    EXPECT_EQ(next_id(outbox_start + 1h), "");
    EXPECT_TRUE(*write([&](Connection& c) { return Result{forget_files(c, outbox_start)}; }));
    auto const left = read([](Connection& c) { return c.query("SELECT count(*) FROM label_file_piece").front(); });
    EXPECT_EQ(left->integer(0), 0);
}

TEST_P(LabelJobStorage, KeepsAFileForItsTimeAndDrawsItAgain)
{
    insert(a_job("one"));
    auto const epoch = take("one", outbox_start);
    ASSERT_TRUE(put("one", epoch, 0, "file").ok());
    ASSERT_TRUE(end("one", epoch, 4).ok());
    EXPECT_FALSE(*write([&](Connection& c) { return Result{forget_files(c, outbox_start + 23h)}; }));
    EXPECT_EQ(bytes_of("one"), "file");
    EXPECT_TRUE(*write([&](Connection& c) { return Result{forget_files(c, outbox_start + 24h)}; }));
    EXPECT_FALSE(*write([&](Connection& c) { return Result{forget_files(c, outbox_start + 24h)}; }));
    EXPECT_FALSE(job("one").has_file());
    EXPECT_EQ(job("one").sha256, "digest") << "what it was stays known";
    ASSERT_TRUE(write([&](Connection& c) { return queue(c, tea, "one", outbox_start + 25h); }).ok());
    EXPECT_EQ(next_id(outbox_start + 25h), "one");
    EXPECT_EQ(write([&](Connection& c) { return queue(c, tea, "one", outbox_start); }).error().key, "label_job.state");
}

TEST_P(LabelJobStorage, HoldsTheRestUntilTheTestLabelIsRight)
{
    auto held = a_job("one");
    held.state = "held";
    held.queued_at.reset();
    insert(held);
    EXPECT_EQ(next_id(outbox_start + 1h), "");
    ASSERT_TRUE(write([&](Connection& c) { return release(c, tea, "one", 2, outbox_start); }).ok());
    EXPECT_EQ(next_id(outbox_start + 1h), "one");
    EXPECT_EQ(job("one").first_label, 2);
    EXPECT_EQ(job("one").count, 64);
    EXPECT_EQ(job("one").first_position, 2);
    EXPECT_EQ(write([&](Connection& c) { return release(c, tea, "one", 2, outbox_start); }).error().key,
              "label_job.state");
}

TEST_P(LabelJobStorage, HidesJobsAndFilesOfOtherOrganizations)
{
    insert(a_job("one"));
    auto const epoch = take("one", outbox_start);
    ASSERT_TRUE(put("one", epoch, 0, "file").ok());
    ASSERT_TRUE(end("one", epoch, 4).ok());
    EXPECT_EQ(read([&](Connection& c) { return find(c, rice, "one"); }).error().key, "label_job.unknown");
    EXPECT_EQ(read([&](Connection& c) { return piece(c, rice, "one", 0); }).error().key, "label_job.unknown");
    EXPECT_EQ(write([&](Connection& c) { return cancel(c, rice, "one", outbox_start); }).error().key,
              "label_job.state");
    EXPECT_TRUE(read([&](Connection& c) { return Result{list(c, rice, 0, 10)}; })->empty());
}

NGUON_ON_BOTH_ENGINES(LabelJobStorage);

} // namespace
} // namespace nguon::db::label_jobs
