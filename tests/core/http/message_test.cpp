#include "core/http/message.hpp"

#include "core/http/spool.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

namespace nguon::http {
namespace {

TEST(Headers, CompareNamesWithoutCase)
{
    Headers headers;
    headers.add("Content-Type", "a");
    headers.add("content-type", "b");
    EXPECT_EQ(headers.get("CONTENT-TYPE"), "a");
    headers.set("Content-type", "c");
    EXPECT_EQ(std::distance(headers.begin(), headers.end()), 1);
    EXPECT_EQ(headers.get("content-type"), "c");
    headers.remove("CONTENT-TYPE");
    EXPECT_FALSE(headers.has("content-type"));
    EXPECT_EQ(headers.get("content-type"), "");
}

TEST(HeadersDeathTest, TakeNoLineEnds)
{
    Headers headers;
    EXPECT_DEATH(headers.add("X", "a\r\nSet-Cookie: b"), "is_one_line");
}

TEST(Spool, KeepsSmallBodiesInMemory)
{
    testing::TempDir dir;
    for (std::size_t const size : {std::size_t{0}, std::size_t{9}, std::size_t{10}}) {
        Spool spool{dir.path(), 10};
        spool.append(std::string(size, 'a'));
        auto const body = spool.finish();
        EXPECT_FALSE(body.is_spooled());
        EXPECT_EQ(body.bytes(), std::string(size, 'a'));
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(Spool, WritesLargerBodiesToAFileThatGoesWithTheLastCopy)
{
    testing::TempDir dir;
    {
        Spool spool{dir.path(), 10};
        spool.append("0123456789");
        spool.append("a");
        spool.append("bc");
        auto const body = spool.finish();
        auto const copy = body;
        ASSERT_TRUE(copy.is_spooled());
        EXPECT_EQ(copy.size(), 13U);
        EXPECT_EQ(copy.bytes(), "0123456789abc");
        auto const mode = std::filesystem::status(copy.file()).permissions();
        EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(Spool, RemovesWhatIsNotFinished)
{
    testing::TempDir dir;
    {
        Spool spool{dir.path(), 1};
        spool.append("abc");
        EXPECT_FALSE(std::filesystem::is_empty(dir.path()));
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

} // namespace
} // namespace nguon::http
