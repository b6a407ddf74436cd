#include "core/http/answer_reader.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace nguon::http {
namespace {

using State = AnswerReader::State;

struct Read {
    State state = State::more;
    ClientFault fault = {};
    unsigned status = 0;
    std::string body = {};
    bool keeps_alive = false;
};

enum class End { none, orderly, broken };

Read read(std::string_view bytes, End end = End::none, bool for_head = false, std::size_t step = 1)
{
    AnswerReader reader{for_head, 1024, 100};
    while (!bytes.empty()) {
        reader.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    if (end != End::none) reader.feed_end(end == End::orderly);
    auto const& response = reader.response();
    return {reader.state(), reader.fault(), response.status, response.body, reader.keeps_alive()};
}

TEST(AnswerReader, ReadsAnswersOfEveryFraming)
{
    for (std::size_t const step : {1U, 1000U}) {
        auto const length = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", End::none, false, step);
        EXPECT_EQ(length.state, State::complete);
        EXPECT_EQ(length.body, "hello");
        EXPECT_TRUE(length.keeps_alive);
        auto const chunked = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                                  End::none, false, step);
        EXPECT_EQ(chunked.state, State::complete);
        EXPECT_EQ(chunked.body, "hello");
        auto const open = read("HTTP/1.1 200 OK\r\n\r\nhello", End::orderly, false, step);
        EXPECT_EQ(open.state, State::complete);
        EXPECT_EQ(open.body, "hello");
        EXPECT_FALSE(open.keeps_alive);
    }
    EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n").state, State::complete);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", End::none, true).state, State::complete);
}

TEST(AnswerReader, SkipsInterimAnswers)
{
    auto const answer = read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                             "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.state, State::complete);
    EXPECT_EQ(answer.status, 201U);
}

TEST(AnswerReader, NeverTakesAPartForTheWhole)
{
    for (std::string const whole : {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}) {
        auto const header_end = whole.find("\r\n\r\n") + 4;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            auto const answer = read(whole.substr(0, size), End::orderly);
            ASSERT_EQ(answer.state, State::failed) << size;
            EXPECT_EQ(answer.fault, size < header_end ? ClientFault::reset : ClientFault::truncated) << size;
        }
    }
}

TEST(AnswerReader, NeedsAnOrderlyEndWhereTheEndIsTheFraming)
{
    auto const answer = read("HTTP/1.1 200 OK\r\n\r\nhel", End::broken);
    EXPECT_EQ(answer.state, State::failed);
    EXPECT_EQ(answer.fault, ClientFault::truncated);
}

TEST(AnswerReader, RefusesAmbiguousFraming)
{
    for (std::string const fields : {"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip",
                                     "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5",
                                     "Content-Length: +5", "Transfer-Encoding: chunked, identity"}) {
        auto const answer = read("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\nhello", End::orderly);
        EXPECT_EQ(answer.state, State::failed) << fields;
        EXPECT_EQ(answer.fault, ClientFault::malformed) << fields;
    }
    EXPECT_EQ(read("<html>\r\n\r\n").fault, ClientFault::malformed);
    EXPECT_EQ(read("HTTP/1.1 101 Switching Protocols\r\n\r\n").fault, ClientFault::malformed);
}

TEST(AnswerReader, LimitsHeaderAndBody)
{
    auto const header = [](std::size_t size) {
        std::string const start = "HTTP/1.1 204 No Content\r\nX: ";
        return read(start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n");
    };
    EXPECT_EQ(header(1024).state, State::complete);
    EXPECT_EQ(header(1025).fault, ClientFault::too_large);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'a')).state, State::complete);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n").fault, ClientFault::too_large);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'a')).fault, ClientFault::too_large);
    auto const interim = read([] {
        std::string endless;
        for (int i = 0; i < 100; ++i) endless += "HTTP/1.1 100 Continue\r\n\r\n";
        return endless;
    }());
    EXPECT_EQ(interim.fault, ClientFault::too_large);
}

TEST(AnswerReader, GivesUpAConnectionThatSaysMore)
{
    auto const answer = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
    EXPECT_EQ(answer.state, State::complete);
    EXPECT_EQ(answer.body, "ok");
    EXPECT_FALSE(answer.keeps_alive);
}

} // namespace
} // namespace nguon::http
