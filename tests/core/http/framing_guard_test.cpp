#include "core/http/framing_guard.hpp"

#include "tests/core/http/framing_corpus.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nguon::http {
namespace {

using State = FramingGuard::State;
using testing::RefusedMessage;

/// The fault found when the message comes in pieces of `step` bytes; nothing when it is let through.
std::optional<FramingFault> fault_of(std::string_view bytes, std::size_t step)
{
    FramingGuard guard;
    while (guard.state() == State::more && !bytes.empty()) bytes.remove_prefix(guard.feed(bytes.substr(0, step)));
    if (guard.state() == State::refused) return guard.fault();
    if (guard.state() == State::more || guard.framing() != BodyFraming::chunked) return std::nullopt;

    ChunkReader chunks;
    std::string body;
    while (chunks.state() == ChunkReader::State::more && !bytes.empty()) {
        bytes.remove_prefix(chunks.feed(bytes.substr(0, step), body));
    }
    if (chunks.state() == ChunkReader::State::refused) return chunks.fault();
    return std::nullopt;
}

class RefusedFraming : public ::testing::TestWithParam<RefusedMessage> {};

TEST_P(RefusedFraming, IsFoundHoweverItComes)
{
    auto const& message = GetParam();
    for (std::size_t const step : {std::size_t{1}, std::size_t{7}, message.bytes.size()}) {
        auto const fault = fault_of(message.bytes, step);
        ASSERT_TRUE(fault.has_value()) << message.name << " in steps of " << step;
        EXPECT_EQ(to_text(*fault), to_text(message.fault));
        EXPECT_EQ(to_status(*fault), message.status);
    }
}

INSTANTIATE_TEST_SUITE_P(Corpus, RefusedFraming, ::testing::ValuesIn(testing::refused_messages()),
                         [](auto const& one) { return "Class_" + one.param.name; });

FramingGuard read(std::string const& bytes)
{
    FramingGuard guard;
    EXPECT_EQ(guard.feed(bytes), bytes.size());
    return guard;
}

TEST(FramingGuard, ReadsASoundHead)
{
    auto const guard = read("POST /a/b?c=%20d HTTP/1.1\r\nHost: A.example:8080\r\ncontent-LENGTH: 12\r\n"
                            "X-Text: nguồn gốc\r\n\r\n");
    ASSERT_EQ(guard.state(), State::complete);
    EXPECT_EQ(guard.method(), "POST");
    EXPECT_EQ(guard.target(), "/a/b?c=%20d");
    EXPECT_EQ(guard.framing(), BodyFraming::length);
    EXPECT_EQ(guard.content_length(), 12U);
    EXPECT_TRUE(guard.http_1_1());
}

TEST(FramingGuard, LeavesWhatFollowsTheHead)
{
    FramingGuard guard;
    std::string const head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_EQ(guard.feed(head + "GET /next"), head.size());
    EXPECT_EQ(guard.state(), State::complete);
    EXPECT_EQ(guard.head(), head);
}

TEST(FramingGuard, TakesTheFormsThatTheStandardAllows)
{
    for (auto const* const good : {
             "GET http://a/x?y HTTP/1.1\r\nHost: A\r\n\r\n",
             "GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n",
             "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
             "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n",
             "GET / HTTP/1.1\r\nHost:a\r\nContent-Length: 0\r\n\r\n",
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n",
         }) {
        EXPECT_EQ(read(good).state(), State::complete) << good;
    }
    EXPECT_EQ(read("GET http://a/x?y HTTP/1.1\r\nHost: A\r\n\r\n").origin_target(), "/x?y");
    EXPECT_EQ(read("GET http://a?y HTTP/1.1\r\nHost: a\r\n\r\n").origin_target(), "/?y");
}

TEST(FramingGuard, LimitsTheTarget)
{
    auto const with = [](std::size_t size) {
        return fault_of("GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 100);
    };
    EXPECT_EQ(with(limits::target_bytes_max - 1), std::nullopt);
    EXPECT_EQ(with(limits::target_bytes_max), std::nullopt);
    EXPECT_EQ(with(limits::target_bytes_max + 1), FramingFault::target_too_long);
    EXPECT_EQ(fault_of(std::string(limits::header_bytes_max + 1, 'A'), 100), FramingFault::target_too_long);
    EXPECT_EQ(to_status(FramingFault::target_too_long), 414U);
}

TEST(FramingGuard, LimitsTheHead)
{
    auto const with = [](std::size_t size) {
        std::string const start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return fault_of(start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n", 100);
    };
    EXPECT_EQ(with(limits::header_bytes_max - 1), std::nullopt);
    EXPECT_EQ(with(limits::header_bytes_max), std::nullopt);
    EXPECT_EQ(with(limits::header_bytes_max + 1), FramingFault::header_too_long);
    EXPECT_EQ(to_status(FramingFault::header_too_long), 431U);
}

TEST(FramingGuard, LimitsTheLines)
{
    auto const with = [](std::size_t lines) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (std::size_t i = 1; i < lines; ++i) text += "X: y\r\n";
        return fault_of(text + "\r\n", 100);
    };
    EXPECT_EQ(with(limits::header_lines_max - 1), std::nullopt);
    EXPECT_EQ(with(limits::header_lines_max), std::nullopt);
    EXPECT_EQ(with(limits::header_lines_max + 1), FramingFault::header_too_many);
}

TEST(FramingGuard, NamesEveryFaultOnce)
{
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(FramingFault::trailer); ++i) {
        EXPECT_TRUE(names.insert(to_text(static_cast<FramingFault>(i))).second) << i;
    }
}

TEST(ChunkReader, JoinsChunksHoweverTheyCome)
{
    std::string const bytes = "5;name=\"value\"\r\nhello\r\n00A\r\n, chunked!\r\n0\r\n\r\nGET /next";
    for (std::size_t const step : {1U, 3U, 100U}) {
        ChunkReader chunks;
        std::string body;
        std::size_t used = 0;
        while (chunks.state() == ChunkReader::State::more) used += chunks.feed(bytes.substr(used, step), body);
        EXPECT_EQ(chunks.state(), ChunkReader::State::complete);
        EXPECT_EQ(body, "hello, chunked!");
        EXPECT_EQ(bytes.substr(used), "GET /next");
    }
}

TEST(ChunkReader, LimitsExtensionsOfAllChunksTogether)
{
    auto const with = [](std::size_t size) {
        ChunkReader chunks;
        std::string body;
        chunks.feed("1;" + std::string(size / 2, 'a') + "\r\nx\r\n1;" + std::string(size - size / 2, 'a') +
                        "\r\nx\r\n0\r\n\r\n",
                    body);
        return chunks.state();
    };
    EXPECT_EQ(with(limits::chunk_extension_bytes_max - 1), ChunkReader::State::complete);
    EXPECT_EQ(with(limits::chunk_extension_bytes_max), ChunkReader::State::complete);
    EXPECT_EQ(with(limits::chunk_extension_bytes_max + 1), ChunkReader::State::refused);
}

} // namespace
} // namespace nguon::http
