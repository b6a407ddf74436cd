#include "core/runtime/log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace nguon {
namespace {

class Log : public ::testing::Test {
protected:
    Log()
    {
        log::set_sink([this](std::string_view line) { lines_.emplace_back(line); });
    }
    ~Log() override
    {
        log::set_sink({});
        log::set_level(log::Level::info);
    }
    std::vector<std::string> lines_;
};

TEST_F(Log, WritesOneObjectALine)
{
    log::info("batch registered", {{"request", "r1"}, {"count", 3}, {"bytes", 5U}, {"good", true}, {"rate", 0.5}});
    ASSERT_EQ(lines_.size(), 1U);
    auto const line = nlohmann::json::parse(lines_[0]);
    EXPECT_EQ(line["level"], "info");
    EXPECT_EQ(line["text"], "batch registered");
    EXPECT_EQ(line["request"], "r1");
    EXPECT_EQ(line["count"], 3);
    EXPECT_EQ(line["bytes"], 5);
    EXPECT_EQ(line["good"], true);
    EXPECT_EQ(line["rate"], 0.5);
    EXPECT_TRUE(line["time"].get<std::string>().ends_with("Z"));
}

TEST_F(Log, EscapesWhatCouldForgeALineOrATerminal)
{
    using namespace std::string_literals;
    auto const hostile = "a\r\n{\"level\":\"info\"}\x1b[2J\x7f\0b\xff\xe2\x80\xae"s;
    log::warning("odd input", {{"value", hostile}});
    ASSERT_EQ(lines_.size(), 1U);
    for (unsigned char const c : lines_[0]) {
        EXPECT_GE(c, 0x20);
        EXPECT_LT(c, 0x7F);
    }
    EXPECT_TRUE(nlohmann::json::parse(lines_[0])["value"].get<std::string>().starts_with("a\r\n{"));
}

TEST_F(Log, DropsLinesBelowTheLevel)
{
    log::debug("quiet");
    EXPECT_TRUE(lines_.empty());
    log::set_level(log::parse_level("debug"));
    log::debug("loud");
    log::set_level(log::Level::error);
    log::warning("quiet again");
    EXPECT_EQ(lines_.size(), 1U);
}

TEST_F(Log, WritesNumbersThatJsonCannotHoldAsNull)
{
    log::info("numbers",
              {{"nan", std::numeric_limits<double>::quiet_NaN()}, {"big", std::numeric_limits<std::uint64_t>::max()}});
    auto const line = nlohmann::json::parse(lines_.at(0));
    EXPECT_TRUE(line["nan"].is_null());
    EXPECT_EQ(line["big"].get<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
}

TEST_F(Log, KeepsLinesOfThreadsApart)
{
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([i] {
            for (int k = 0; k < 100; ++k) log::info("line", {{"thread", i}, {"number", k}});
        });
    }
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(lines_.size(), 400U);
    for (auto const& line : lines_) EXPECT_TRUE(nlohmann::json::accept(line));
}

TEST(LogLater, WritesLinesTogetherAMomentLater)
{
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) log::info_later("request", {{"number", i}, {"path", "/a\"b"}});
    log::flush();
    auto const written = ::testing::internal::GetCapturedStderr();
    ASSERT_EQ(std::ranges::count(written, '\n'), 3);
    auto const last = nlohmann::json::parse(written.substr(written.rfind('{')));
    EXPECT_EQ(last["number"], 2);
    EXPECT_EQ(last["path"], "/a\"b");
}

/// Standard error is this pipe meanwhile.
class ErrorPipe {
public:
    ErrorPipe()
    {
        if (::pipe(ends_.data()) != 0) throw std::runtime_error{"no pipe"};
        kept_ = ::dup(STDERR_FILENO);
        ::dup2(ends_[1], STDERR_FILENO);
    }
    ~ErrorPipe()
    {
        ::dup2(kept_, STDERR_FILENO);
        for (int const end : {kept_, ends_[0], ends_[1]}) ::close(end);
    }
    ErrorPipe(ErrorPipe const&) = delete;
    ErrorPipe& operator=(ErrorPipe const&) = delete;

    bool has_something(std::chrono::milliseconds patience) const
    {
        ::pollfd wanted{ends_[0], POLLIN, 0};
        return ::poll(&wanted, 1, static_cast<int>(patience.count())) == 1;
    }
    void stop_waiting() const { ::fcntl(ends_[1], F_SETFL, O_NONBLOCK); }

private:
    std::array<int, 2> ends_{};
    int kept_ = -1;
};

TEST(LogLater, WritesByItself)
{
    ErrorPipe const error;
    log::info_later("request", {});
    EXPECT_TRUE(error.has_something(std::chrono::seconds{20}));
}

TEST(LogLater, CountsWhatStandardErrorDoesNotTake)
{
    ErrorPipe const error;
    error.stop_waiting(); // a pipe holds 64 KiB
    log::flush();
    auto const before = log::dropped_lines();
    std::string const value(100 * 1024, 'x');
    log::info_later("request", {{"value", value}});
    log::info_later("request", {{"value", value}});
    log::flush();
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20}; // the writer may have been quicker
    while (log::dropped_lines() < before + 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(log::dropped_lines(), before + 2);
}

TEST(LogLater, DropsAndCountsWhatFindsTheBufferFull)
{
    ::testing::internal::CaptureStderr();
    auto const before = log::dropped_lines();
    log::info_later("request", {{"value", std::string(8 * 1024 * 1024, 'x')}});
    EXPECT_EQ(log::dropped_lines(), before + 1);
    log::flush();
    ::testing::internal::GetCapturedStderr();
}

} // namespace
} // namespace nguon
