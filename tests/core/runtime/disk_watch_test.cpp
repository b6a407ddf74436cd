#include "core/runtime/disk_watch.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace nguon {
namespace {

constexpr std::uint64_t giga = 1'000'000'000;

TEST(DiskLevel, FollowsTheShareThatIsFree)
{
    EXPECT_EQ(level_of({20 * giga, 100 * giga}), DiskLevel::plenty);
    EXPECT_EQ(level_of({14 * giga, 100 * giga}), DiskLevel::low);
    EXPECT_EQ(level_of({9 * giga, 100 * giga}), DiskLevel::scarce);
    EXPECT_EQ(level_of({4 * giga, 100 * giga}), DiskLevel::full);
    EXPECT_EQ(level_of({0, 100 * giga}), DiskLevel::full);
}

TEST(DiskLevel, LeavesALargeDiskWithRoomAlone)
{
    EXPECT_EQ(level_of({6 * giga, 10'000 * giga}), DiskLevel::scarce);
    EXPECT_EQ(level_of({20 * giga, 10'000 * giga}), DiskLevel::plenty);
}

/// A disk of 10,000 MB that says what it is told, and holds a ballast of 1 MB.
class Ballast : public ::testing::Test {
protected:
    bool is_there() const { return std::filesystem::exists(dir.path() / "ballast"); }

    testing::TempDir dir;
    std::uint64_t free = 9'000'000'000;
    DiskWatch watch{dir.path(), 1'000'000, {}, [this](auto const&) { return DiskSpace{free, 10 * giga}; }};
};

TEST_F(Ballast, IsGivenUpWhenTheDiskIsFullAndLaidDownAgain)
{
    EXPECT_FALSE(is_there());
    watch.keep_ballast();
    EXPECT_TRUE(is_there());
    EXPECT_EQ(std::filesystem::file_size(dir.path() / "ballast"), 1'000'000U);
    EXPECT_EQ(watch.look(), DiskLevel::plenty);

    free = 499'500'000;
    EXPECT_EQ(watch.look(), DiskLevel::full);
    EXPECT_FALSE(is_there());
    free = 500'500'000; // its room is free now
    EXPECT_EQ(watch.look(), DiskLevel::full) << "that room is not for enterprises";
    watch.keep_ballast();
    EXPECT_FALSE(is_there());

    free = 5'000'000'000;
    watch.keep_ballast();
    EXPECT_TRUE(is_there());
    free = 500'500'000;
    EXPECT_EQ(watch.look(), DiskLevel::scarce);
}

TEST_F(Ballast, StaysAwayFromASmallDisk)
{
    DiskWatch small{dir.path(), 1'000'000, {}, [](auto const&) { return DiskSpace{15'000'000, 48'000'000}; }};
    small.keep_ballast();
    EXPECT_FALSE(is_there());
}

TEST_F(Ballast, IsFoundAgainAfterARestart)
{
    watch.keep_ballast();
    free = 100'000'000;
    DiskWatch again{dir.path(), 1'000'000, {}, [this](auto const&) { return DiskSpace{free, 10 * giga}; }};
    EXPECT_FALSE(is_there()) << "it is given up at once";
}

TEST(DiskWatch, MeasuresTheDiskThatItIsOn)
{
    testing::TempDir const dir;
    DiskWatch watch{dir.path(), 0};
    watch.look();
    EXPECT_GT(watch.space().capacity, 0U);
    EXPECT_LE(watch.space().free, watch.space().capacity);
}

} // namespace
} // namespace nguon
