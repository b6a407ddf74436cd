#include "core/files.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace nguon {
namespace {

class Files : public ::testing::Test {
protected:
    std::size_t names() const
    {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator{dir.path()}, std::filesystem::directory_iterator{}));
    }

    testing::TempDir dir;
    std::filesystem::path file = dir.path() / "a.bin";
};

TEST_F(Files, ComeBackAsTheyWereWritten)
{
    std::string bytes(200'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
    ASSERT_TRUE(write_file(file, bytes, owner_only).ok());
    EXPECT_EQ(*read_file(file), bytes);
    ASSERT_TRUE(write_file(file, "", readable_by_group).ok());
    EXPECT_EQ(*read_file(file), "");
    EXPECT_EQ(names(), 1U);
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(Files, GiveTheirFirstLineThatIsNotBlankAsASecret)
{
    for (std::string const text : {"mật khẩu 1", "mật khẩu 1\n", "mật khẩu 1\r\n", "\n \t\r\nmật khẩu 1\nother\n"}) {
        ASSERT_TRUE(write_file(file, text, owner_only).ok());
        auto const secret = read_secret(file);
        ASSERT_TRUE(secret.ok()) << text;
        EXPECT_EQ(*secret, "mật khẩu 1") << text;
    }
    ASSERT_TRUE(write_file(file, "\r\n  \n", owner_only).ok());
    EXPECT_EQ(read_secret(file).error().key, "file.no_secret");
    EXPECT_EQ(read_secret(dir.path() / "none").error().key, "file.cannot_read");
    EXPECT_EQ(*read_secret({}), "") << "no file, no secret";
}

TEST_F(Files, ThatAreWrittenOnceStayAsTheFirstWroteThem)
{
    ASSERT_TRUE(write_file_once(file, "first", owner_only).ok());
    ASSERT_TRUE(write_file_once(file, "second", owner_only).ok());
    EXPECT_EQ(*read_file(file), "first");
    EXPECT_EQ(names(), 1U);
    EXPECT_EQ(write_file_once(dir.path() / "none" / "x", "", owner_only).error().key, "file.cannot_write");
}

TEST_F(Files, SayWhyTheyCannotBeRead)
{
    EXPECT_EQ(read_file(file).error().key, "file.cannot_read");
    EXPECT_EQ(read_file(file).error().log_text, "No such file or directory");
    EXPECT_EQ(read_file(dir.path()).error().key, "file.cannot_read");
}

TEST_F(Files, LeaveNothingBehindWhenTheyCannotBeWritten)
{
    auto const full = write_file("/dev/full/x", "text", owner_only);
    EXPECT_EQ(full.error().key, "file.cannot_write");
    // A directory stands under the name: everything is written but the last step.
    std::filesystem::create_directories(file / "occupied");
    EXPECT_EQ(write_file(file, "text", owner_only).error().key, "file.cannot_write");
    EXPECT_EQ(names(), 1U);
}

} // namespace
} // namespace nguon
