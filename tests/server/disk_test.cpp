#include "core/runtime/disk_watch.hpp"

#include "tests/support/api_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::key_of_problem;

/// The service on a disk that says what it is told.
class FillingDisk : public nguon::testing::ApiTest {
protected:
    void SetUp() override
    {
        ApiTest::SetUp();
        services->disk = &watch_;
    }

    void leave_free(double share) { free_ = static_cast<std::uint64_t>(share * capacity); }

    Answer upload()
    {
        return owner->send("POST", "/api/v1/products/" + a.product.text() + "/images", "no picture",
                           {{"Content-Type", "image/png"}});
    }

    static constexpr std::uint64_t capacity = 10'000'000'000;

private:
    std::uint64_t free_ = capacity / 2;
    nguon::testing::TempDir dir_;
    DiskWatch watch_{dir_.path(), 0, {}, [this](auto const&) { return DiskSpace{free_, capacity}; }};
};

TEST_F(FillingDisk, TakesNoFilesWhenItIsScarce)
{
    EXPECT_EQ(key_of_problem(upload()), "worker.unavailable") << "no disk is in the way";
    leave_free(0.09);
    auto const refused = upload();
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(key_of_problem(refused), "disk.scarce");
    EXPECT_FALSE(refused.header("Retry-After").empty());
    EXPECT_TRUE(refused.says("Ổ đĩa"));
    EXPECT_EQ(post("/api/v1/batches", new_batch("L-SCARCE")).status, 201U);
}

TEST_F(FillingDisk, TakesNothingFromEnterprisesWhenItIsFull)
{
    leave_free(0.04);
    auto const refused = post("/api/v1/batches", new_batch("L-FULL"));
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(key_of_problem(refused), "disk.full");
    EXPECT_EQ(owner->get("/api/v1/batches").status, 200U) << "reading goes on";
    EXPECT_EQ(browser().get("/check").status, 200U);

    add_person("quan.tri", Role::province_operator);
    auto officer = browser();
    EXPECT_EQ(officer.sign_in("quan.tri").status, 303U);
    auto const paused = officer.post("/province/sync/pause", {{"pause", "1"}, {"reason", "đĩa đầy"}}, "/province/sync");
    EXPECT_EQ(paused.status, 303U) << "administrators can still act";

    leave_free(0.5);
    EXPECT_EQ(post("/api/v1/batches", new_batch("L-FULL")).status, 201U);
}

} // namespace
} // namespace nguon::server
