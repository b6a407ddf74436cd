#include "core/http/listener.hpp"

#include "core/runtime/log.hpp"
#include "tests/core/http/framing_corpus.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <mutex>

namespace nguon::http {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

/// A service on a free port with answers for everything that the tests ask.
class ListenerTest : public ::testing::Test {
protected:
    void start(SessionOptions options = {})
    {
        options.spool_dir = spool_.path();
        options.metrics = &metrics_;
        if (!options.body_policy) {
            options.body_policy = [](Method, std::string_view path) {
                return path == "/large" ? BodyLimits{1024 * 1024, 60s} : BodyLimits{1000, 60s};
            };
        }
        options.on_access = [this](AccessRecord const& record) {
            std::lock_guard const lock{mutex_};
            records_.push_back(record);
        };
        auto handler = [this](Request const& request) { return answer(request); };
        listener_ = std::make_unique<Listener>(io_.executor(), handler, std::move(options));
        auto const bound = listener_->listen({"127.0.0.1", 0});
        ASSERT_TRUE(bound.ok());
        port_ = bound->port;
    }

    ~ListenerTest() override
    {
        log::set_sink({});
        open_gate();
        listener_.reset();
        io_.stop();
    }

    net::awaitable<Response> answer(Request const& request)
    {
        ++handled_;
        Response response;
        if (request.path == "/throw") throw std::runtime_error{"broken"};
        if (request.path == "/wait") co_await wait_for_gate();
        if (request.path == "/file") response.body = FileRange{spool_.path() / "file", 2, 5};
        if (request.path == "/huge") response.body = FileRange{spool_.path() / "file", 0, 64U * 1024 * 1024};
        if (request.path == "/chunks") response.body = generator(3);
        if (request.path == "/large") response.header("X-Spooled", request.body.is_spooled() ? "yes" : "no");
        if (request.path == "/large") response.body = std::to_string(request.body.bytes().size());
        if (request.path == "/echo") response.body = request.body.bytes();
        if (request.path == "/empty") response.status = 204;
        if (request.path == "/forge") response.header("Content-Length", "1").header("X-Request-Id", "mine");
        if (request.path == "/page") response.body = std::make_shared<std::string const>("shared page");
        co_return response;
    }

    Generator generator(int pieces)
    {
        auto left = std::make_shared<int>(pieces);
        return [left]() -> net::awaitable<std::string> {
            if (*left == 0) co_return std::string{};
            co_return "piece " + std::to_string((*left)--) + "\n";
        };
    }

    net::awaitable<void> wait_for_gate()
    {
        net::steady_timer timer{co_await net::this_coro::executor};
        while (!gate_) {
            timer.expires_after(1ms);
            co_await timer.async_wait(net::use_awaitable);
        }
    }
    void open_gate() { gate_ = true; }
    void await_handler()
    {
        while (handled_ == 0) std::this_thread::yield();
    }

    std::string exchange(std::string_view bytes)
    {
        RawClient client{port_};
        client.send(bytes);
        return client.read_all();
    }

    /// Waits for `count` of them: a record is written after the answer, so the client may be here first.
    std::vector<AccessRecord> records(std::size_t count = 1)
    {
        while (true) {
            {
                std::lock_guard const lock{mutex_};
                if (records_.size() >= count) return records_;
            }
            std::this_thread::yield();
        }
    }

    testing::TempDir spool_;
    Metrics metrics_;
    testing::IoThreads io_{2};
    std::unique_ptr<Listener> listener_;
    std::uint16_t port_ = 0;
    std::atomic<int> handled_ = 0;
    std::atomic<bool> gate_ = false;
    std::mutex mutex_;
    std::vector<AccessRecord> records_;
};

std::string const close_line = "Connection: close\r\n";

std::string get(std::string const& path, std::string const& fields = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post(std::string const& path, std::string const& body, std::string const& fields = close_line)
{
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields +
           "\r\n" + body;
}

TEST_F(ListenerTest, RefusesEveryMessageOfTheCorpusAndCloses)
{
    start();
    for (auto const& message : testing::refused_messages()) {
        auto const answer = exchange(message.bytes + get("/smuggled"));
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(message.status) + " ")) << message.name;
        EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << message.name;
        EXPECT_THAT(answer, HasSubstr("urn:nguon:problem:http." + std::string{to_text(message.fault)})) << message.name;
        EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << message.name << ": a second answer";
    }
    EXPECT_EQ(handled_, 0) << "no handler saw any of them";
    EXPECT_THAT(metrics_.text(), HasSubstr("nguon_http_refusals_total{reason=\"transfer_encoding\"}"));
}

TEST_F(ListenerTest, AnswersEveryKindOfBody)
{
    start();
    std::ofstream{spool_.path() / "file"} << "0123456789";
    EXPECT_THAT(exchange(get("/page", close_line)),
                EndsWith("Content-Length: 11\r\nConnection: close\r\n\r\nshared page"));
    EXPECT_THAT(exchange(get("/file", close_line)), EndsWith("Content-Length: 5\r\nConnection: close\r\n\r\n23456"));
    EXPECT_THAT(exchange(get("/chunks", close_line)), EndsWith("\r\n\r\n8\r\npiece 3\n\r\n8\r\npiece 2\n\r\n"
                                                               "8\r\npiece 1\n\r\n0\r\n\r\n"));
    EXPECT_THAT(exchange("GET /chunks HTTP/1.0\r\nHost: a\r\n\r\n"), EndsWith("\r\n\r\npiece 3\npiece 2\npiece 1\n"));
    EXPECT_THAT(exchange(get("/empty", close_line)), Not(HasSubstr("Content-Length")));
    EXPECT_THAT(exchange(post("/echo", "hello")), EndsWith("\r\n\r\nhello"));
}

TEST_F(ListenerTest, AnswersHeadWithoutABody)
{
    start();
    auto const answer = exchange("HEAD /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("Content-Length: 11\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ListenerTest, WritesFramingAndRequestIdItself)
{
    start();
    auto const answer = exchange(get("/forge", "X-Request-Id: theirs\r\n" + close_line));
    EXPECT_THAT(answer, HasSubstr("Content-Length: 0\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("mine")));
    EXPECT_THAT(answer, Not(HasSubstr("theirs")));
    EXPECT_THAT(answer, HasSubstr("X-Request-Id: " + records().at(0).request_id));
}

TEST_F(ListenerTest, AsksForKeptAnswersBeforeTheHandler)
{
    SessionOptions options;
    options.kept_answers = [](Request const& request) -> std::optional<Response> {
        if (request.path != "/kept") return std::nullopt;
        Response response;
        response.kept_fields = std::make_shared<std::string const>("Content-Type: text/plain\r\n");
        response.body = std::make_shared<std::string const>("ready");
        return response;
    };
    start(options);
    auto const kept = exchange("GET /kept HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(kept, HasSubstr("\r\nContent-Type: text/plain\r\n"));
    EXPECT_THAT(kept, HasSubstr("\r\nContent-Length: 5\r\n"));
    EXPECT_THAT(kept, EndsWith("\r\n\r\nready"));
    EXPECT_EQ(handled_, 0);
    EXPECT_THAT(exchange("HEAD /kept HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), EndsWith("\r\n\r\n"));
    EXPECT_EQ(handled_, 0);
    exchange("POST /kept HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    exchange("GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(handled_, 2);
    EXPECT_EQ(records(4).size(), 4U);
}

TEST_F(ListenerTest, RunsConnectionsOnTheExecutorsItIsGiven)
{
    SessionOptions options;
    std::atomic<int> given = 0;
    options.next_executor = [this, &given]() -> net::any_io_executor {
        ++given;
        return net::make_strand(io_.executor());
    };
    start(options);
    EXPECT_THAT(exchange("GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), EndsWith("shared page"));
    EXPECT_GE(given, 1);
    listener_.reset();
}

TEST_F(ListenerTest, AnswersPipelinedRequestsInOrder)
{
    start();
    std::string all;
    for (int i = 0; i < 50; ++i) all += post("/echo", "body " + std::to_string(i) + ";", {});
    auto const answers = exchange(all + get("/empty", close_line));
    std::size_t at = 0;
    for (int i = 0; i < 50; ++i) {
        at = answers.find("body " + std::to_string(i) + ";", at);
        ASSERT_NE(at, std::string::npos) << i;
    }
}

TEST_F(ListenerTest, ReadsBytesThatComeOneByOne)
{
    start();
    RawClient client{port_};
    for (char const c : post("/echo", "slow")) client.send({&c, 1});
    EXPECT_THAT(client.read_all(), EndsWith("\r\n\r\nslow"));
}

TEST_F(ListenerTest, ReadsChunkedBodies)
{
    start();
    auto const head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    EXPECT_THAT(exchange(head + std::string{"5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n"}), EndsWith("\r\n\r\nhello!"));
}

TEST_F(ListenerTest, TakesBodiesUpToTheLimitOfTheirPath)
{
    start();
    EXPECT_THAT(exchange(post("/echo", std::string(999, 'a'))), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(exchange(post("/echo", std::string(1000, 'a'))), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(exchange(post("/echo", std::string(1001, 'a'))), StartsWith("HTTP/1.1 413"));
    auto const head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    auto const chunk = "1f4\r\n" + std::string(500, 'a') + "\r\n";
    EXPECT_THAT(exchange(head + chunk + chunk + "0\r\n\r\n"), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(exchange(head + chunk + chunk + "1\r\na\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 413"));
    EXPECT_EQ(handled_, 3);
}

TEST_F(ListenerTest, RefusesALargeBodyBeforeReadingIt)
{
    start();
    auto const answer = exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(answer, HasSubstr("Nội dung gửi lên quá lớn."));
}

TEST_F(ListenerTest, LetsTheRefusalArriveThoughTheClientKeepsSending)
{
    start();
    RawClient client{port_};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
    client.send(std::string(200'000, 'a'));
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413"));
}

TEST_F(ListenerTest, TakesAndDropsABodyThatIsTooLargeSoThatABrowserReadsTheAnswer)
{
    SessionOptions options;
    options.limits.dropped_body_bytes_max = 20'000'000;
    start(options);
    for (auto const* expect : {"", "Expect: 100-continue\r\n"}) {
        RawClient client{port_};
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{expect} + "Content-Length: 20000000\r\n\r\n");
        if (*expect == 0) client.send(std::string(20'000'000, 'a'));
        EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413"));
    }
    EXPECT_EQ(handled_, 0);
}

TEST_F(ListenerTest, SpoolsLargeBodiesAndRemovesTheFile)
{
    start();
    auto const small = exchange(post("/large", std::string(limits::body_memory_bytes, 'a')));
    EXPECT_THAT(small, HasSubstr("X-Spooled: no"));
    auto const large = exchange(post("/large", std::string(limits::body_memory_bytes + 1, 'a')));
    EXPECT_THAT(large, HasSubstr("X-Spooled: yes"));
    EXPECT_THAT(large, EndsWith("\r\n\r\n65537"));
    EXPECT_EQ(records(2).size(), 2U);
    EXPECT_TRUE(std::filesystem::is_empty(spool_.path()));
}

TEST_F(ListenerTest, RemovesTheSpoolOfABodyThatBreaksOff)
{
    start();
    {
        RawClient client{port_};
        client.send("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + std::string(100'000, 'a'));
    }
    EXPECT_EQ(records().at(0).status, 0U);
    EXPECT_TRUE(std::filesystem::is_empty(spool_.path()));
    EXPECT_EQ(handled_, 0);
}

TEST_F(ListenerTest, AsksForTheBodyWhenTheClientWaits)
{
    start();
    RawClient client{port_};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n" + close_line +
                "\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    EXPECT_THAT(client.read_all(), EndsWith("\r\n\r\nhello"));

    EXPECT_THAT(exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"),
                StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(exchange(post("/echo", "x", "Expect: miracles\r\n")), StartsWith("HTTP/1.1 417"));
}

TEST_F(ListenerTest, TurnsAnExceptionIntoALogged500)
{
    std::string logged;
    log::set_sink([&](std::string_view line) { logged += line; });
    start();
    auto const answer = exchange(get("/throw", close_line));
    log::set_sink({});
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
    EXPECT_THAT(answer, HasSubstr("application/problem+json"));
    EXPECT_THAT(answer, Not(HasSubstr("broken")));
    EXPECT_THAT(logged, HasSubstr("broken"));
}

TEST_F(ListenerTest, CancelsAHandlerThatTakesTooLong)
{
    log::set_sink([](std::string_view) {});
    SessionOptions options;
    options.limits.handler_time = 50ms;
    start(options);
    auto const answer = exchange(get("/wait", close_line));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(answer, HasSubstr("Retry-After"));
}

TEST_F(ListenerTest, GivesTheHeaderATotalTime)
{
    SessionOptions options;
    options.limits.header_time = 100ms;
    start(options);
    RawClient client{port_};
    auto const begin = std::chrono::steady_clock::now();
    // A byte every few milliseconds never lets a deadline between two reads pass.
    std::atomic<bool> answered = false;
    std::thread drip{[&] {
        client.send("GET / HTTP/1.1\r\nX: ");
        for (int i = 0; i < 2000 && !answered && client.send("a"); ++i) std::this_thread::sleep_for(5ms);
    }};
    auto const answer = client.read_until("\r\n\r\n");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    answered = true;
    drip.join();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 408"));
}

TEST_F(ListenerTest, ClosesSilentConnectionsWithoutAWord)
{
    SessionOptions options;
    options.limits.header_time = 50ms;
    start(options);
    EXPECT_EQ(RawClient{port_}.read_all(), "");
    std::lock_guard const lock{mutex_};
    EXPECT_TRUE(records_.empty());
}

TEST_F(ListenerTest, ClosesKeptConnectionsAfterTheirTime)
{
    SessionOptions options;
    options.limits.keep_alive_time = 50ms;
    start(options);
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_THAT(exchange(get("/page")), EndsWith("shared page"));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(ListenerTest, DemandsARateOfTheBody)
{
    SessionOptions options;
    options.limits.body_grace_time = 50ms;
    start(options);
    RawClient client{port_};
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nsome");
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 408"));
}

TEST_F(ListenerTest, EndsAnAnswerThatNobodyReads)
{
    SessionOptions options;
    options.limits.response_time = 100ms;
    options.limits.close_time = 100ms;
    start(options);
    std::ofstream{spool_.path() / "file"} << "0123456789";
    std::filesystem::resize_file(spool_.path() / "file", 64U * 1024 * 1024); // more than any socket buffer holds
    RawClient client{port_};
    client.send(get("/huge"));
    EXPECT_LT(records().at(0).response_bytes, 64U * 1024 * 1024);
}

TEST_F(ListenerTest, EndsAConnectionAfterItsNumberOfRequests)
{
    SessionOptions options;
    options.limits.requests_max = 2;
    start(options);
    auto const answers = exchange(get("/page") + get("/page") + get("/page"));
    EXPECT_EQ(handled_, 2);
    EXPECT_THAT(answers, HasSubstr("Connection: close"));
}

TEST_F(ListenerTest, RefusesConnectionsAboveTheLimit)
{
    SessionOptions options;
    options.limits.connections_max = 1;
    start(options);
    RawClient first{port_};
    first.send(get("/page"));
    first.read_until("shared page");
    EXPECT_THAT(RawClient{port_}.read_all(), StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(metrics_.text(), HasSubstr("nguon_http_refused_connections_total 1"));
    first.send(get("/page", close_line));
    EXPECT_THAT(first.read_all(), EndsWith("shared page"));
}

TEST_F(ListenerTest, KeepsHttp10ConnectionsWhenAsked)
{
    start();
    RawClient client{port_};
    client.send("GET /page HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n");
    EXPECT_THAT(client.read_until("shared page"), HasSubstr("Connection: keep-alive\r\n"));
    client.send("GET /page HTTP/1.0\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.read_all(), HasSubstr("Connection: close\r\n"));
}

TEST_F(ListenerTest, RecordsEachRequestWithoutItsQuery)
{
    start();
    exchange(post("/echo?name=Lan", "hello"));
    auto const seen = records();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].method, "POST");
    EXPECT_EQ(seen[0].path, "/echo");
    EXPECT_EQ(seen[0].status, 200U);
    EXPECT_EQ(seen[0].peer, "127.0.0.1");
    EXPECT_EQ(seen[0].request_bytes, 5U);
    EXPECT_GT(seen[0].response_bytes, 5U);
    EXPECT_EQ(seen[0].request_id.size(), 16U);
    EXPECT_THAT(metrics_.text(), HasSubstr("nguon_http_requests_total 1"));
}

TEST_F(ListenerTest, SaysWhyItCannotListen)
{
    start();
    EXPECT_EQ(listener_->listen({"127.0.0.1", port_}).error().key, "listen.in_use");
    EXPECT_EQ(listener_->listen({"localhost", 0}).error().key, "listen.address");
    EXPECT_EQ(listener_->listen({"192.0.2.1", 0}).error().key, "listen.failed");
    EXPECT_TRUE(listener_->listen({"127.0.0.1", 0}).ok()) << "several addresses at once";
}

TEST_F(ListenerTest, DrainsIdleConnectionsAtOnce)
{
    start();
    RawClient idle{port_};
    RawClient kept{port_};
    kept.send(get("/page"));
    kept.read_until("shared page");
    EXPECT_EQ(io_.run(listener_->drain()), 0U);
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_EQ(kept.read_all(), "");
    EXPECT_THROW(RawClient{port_}, std::runtime_error);
}

TEST_F(ListenerTest, LetsOpenRequestsFinishWhenDraining)
{
    SessionOptions options;
    options.limits.close_time = 50ms;
    start(options);
    RawClient client{port_};
    client.send(get("/wait"));
    await_handler();
    auto drained = net::co_spawn(io_.executor(), listener_->drain(), net::use_future);
    EXPECT_EQ(drained.wait_for(20ms), std::future_status::timeout);
    open_gate();
    EXPECT_THAT(client.read_all(), HasSubstr("Connection: close"));
    EXPECT_EQ(drained.get(), 0U);
}

TEST_F(ListenerTest, CancelsRequestsThatOutlastTheDrain)
{
    SessionOptions options;
    options.limits.drain_time = 50ms;
    start(options);
    RawClient client{port_};
    client.send(get("/wait"));
    await_handler();
    EXPECT_EQ(io_.run(listener_->drain()), 1U);
    EXPECT_EQ(client.read_all(), "");
    EXPECT_EQ(listener_->connections(), 0U);
}

TEST_F(ListenerTest, OutlivesClientsThatLeave)
{
    start();
    for (int i = 0; i < 20; ++i) {
        RawClient client{port_};
        client.send(get("/wait"));
    }
    open_gate();
    while (listener_->connections() > 0) std::this_thread::yield();
    EXPECT_THAT(exchange(get("/page", close_line)), EndsWith("shared page"));
}

} // namespace
} // namespace nguon::http
