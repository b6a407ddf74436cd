#include "core/http/client.hpp"

#include "core/http/listener.hpp"
#include "tests/support/http_test.hpp"

#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace nguon::http {
namespace {

using namespace std::chrono_literals;

/// Takes one connection after the other and answers each with fixed bytes, whatever is asked.
class Script {
public:
    explicit Script(std::vector<std::string> answers, bool hold = false)
        : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, hold_{hold}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(socket_, reinterpret_cast<sockaddr const*>(&address), size) != 0 || ::listen(socket_, 8) != 0) {
            throw std::runtime_error{"no port"};
        }
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this, list = std::move(answers)] { serve(list); }};
    }
    ~Script()
    {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    Script(Script const&) = delete;
    Script& operator=(Script const&) = delete;

    std::uint16_t port() const { return port_; }

private:
    void serve(std::vector<std::string> const& answers)
    {
        std::vector<int> held;
        for (auto const& answer : answers) {
            int const peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) break;
            char request[4096];
            [[maybe_unused]] auto const got = ::recv(peer, request, sizeof request, 0);
            [[maybe_unused]] auto const sent = ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            if (hold_) {
                held.push_back(peer);
            } else {
                ::close(peer);
            }
        }
        char byte = 0;
        for (int const peer : held) {
            while (::recv(peer, &byte, 1, 0) > 0) {
            }
            ::close(peer);
        }
    }

    int socket_;
    bool hold_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

class ClientTest : public ::testing::Test {
protected:
    ClientAnswer ask(std::uint16_t port, ClientRequest request = {}, ClientLimits const& limits = {})
    {
        client_ = make(port, limits);
        return io_.run_on(strand_, client_->send(std::move(request)));
    }

    std::unique_ptr<Client> make(std::uint16_t port, ClientLimits const& limits = {})
    {
        Url url;
        url.secure = false;
        url.host = "127.0.0.1";
        url.port = port;
        return std::make_unique<Client>(strand_, url, nullptr, limits);
    }

    static std::string summary(ClientAnswer const& answer)
    {
        if (auto const* const failure = std::get_if<ClientFailure>(&answer)) {
            return std::string{to_text(failure->fault)} + (failure->maybe_received ? ", maybe received" : "");
        }
        auto const& response = std::get<ClientResponse>(answer);
        return std::to_string(response.status) + " " + response.body;
    }

    ~ClientTest() override
    {
        io_.stop();
        client_.reset();
    }

    testing::IoThreads io_{1};
    net::any_io_executor strand_ = net::make_strand(io_.executor());
    std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, ReadsAWholeAnswer)
{
    Script const server{{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"}};
    auto const answer = ask(server.port());
    ASSERT_EQ(summary(answer), "200 hello");
    EXPECT_EQ(std::get<ClientResponse>(answer).header("x-a"), "b");
}

TEST_F(ClientTest, DoesNotFollowRedirects)
{
    Script const server{{"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"}};
    EXPECT_EQ(summary(ask(server.port())), "302 ");
}

TEST_F(ClientTest, NamesEachWayInWhichAnAnswerCanFail)
{
    struct Case {
        char const* bytes;
        char const* summary;
    };
    for (auto const& [bytes, expected] : {
             Case{"", "reset, maybe received"},
             Case{"HTTP/1.1 200 OK\r\nContent-Le", "reset, maybe received"},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "truncated, maybe received"},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "truncated, maybe received"},
             Case{"SSH-2.0-OpenSSH_9.2\r\n\r\n", "malformed, maybe received"},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "too_large, maybe received"},
         }) {
        Script const server{{bytes}};
        EXPECT_EQ(summary(ask(server.port())), expected) << bytes;
    }
}

TEST_F(ClientTest, NamesAnAddressWhereNobodyListens)
{
    std::uint16_t port = 0;
    {
        Script const server{{}};
        port = server.port();
    }
    EXPECT_EQ(summary(ask(port)), "connect");
    Url url;
    url.secure = false;
    url.host = "no-such-host.invalid";
    url.port = 80;
    Client client{strand_, url, nullptr, {}};
    EXPECT_EQ(summary(io_.run_on(strand_, client.send(ClientRequest{}))), "resolve");
}

TEST_F(ClientTest, SendsNothingInTheClearToOtherMachines)
{
    Url url;
    url.secure = false;
    url.host = "192.0.2.1";
    url.port = 80;
    Client client{strand_, url, nullptr, {}};
    EXPECT_EQ(summary(io_.run_on(strand_, client.send(ClientRequest{}))), "connect");
}

TEST_F(ClientTest, KeepsItsDeadlines)
{
    ClientLimits limits;
    limits.first_byte_time = 50ms;
    {
        Script const server{{""}, true};
        EXPECT_EQ(summary(ask(server.port(), {}, limits)), "timeout, maybe received");
        client_.reset();
    }
    limits = ClientLimits{};
    limits.stall_time = 50ms;
    {
        Script const server{{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh"}, true};
        EXPECT_EQ(summary(ask(server.port(), {}, limits)), "timeout, maybe received");
        client_.reset();
    }
    limits = ClientLimits{};
    limits.total_time = 50ms;
    {
        Script const server{{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh"}, true};
        EXPECT_EQ(summary(ask(server.port(), {}, limits)), "timeout, maybe received");
        client_.reset();
    }
}

TEST_F(ClientTest, SendsMethodFieldsAndBody)
{
    auto handler = [](Request const& request) -> net::awaitable<Response> {
        Response response;
        response.body = std::string{to_text(request.method)} + " " + request.target + " " +
                        std::string{request.header("X-Key")} + " " + request.body.bytes();
        co_return response;
    };
    Listener listener{io_.executor(), handler, {}};
    auto const bound = listener.listen({"127.0.0.1", 0});
    ASSERT_TRUE(bound.ok());
    ClientRequest request;
    request.method = Method::put;
    request.target = "/a?b=c";
    request.headers.add("X-Key", "value");
    request.body = "hello";
    EXPECT_EQ(summary(ask(bound->port, request)), "200 PUT /a?b=c value hello");
}

TEST_F(ClientTest, UsesAConnectionAgain)
{
    std::atomic<int> seen = 0;
    auto handler = [&seen](Request const&) -> net::awaitable<Response> {
        ++seen;
        co_return Response{};
    };
    Listener listener{io_.executor(), handler, {}};
    auto const bound = listener.listen({"127.0.0.1", 0});
    client_ = make(bound->port);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(summary(io_.run_on(strand_, client_->send(ClientRequest{}))), "200 ");
    EXPECT_EQ(seen, 3);
    EXPECT_EQ(listener.connections(), 1U);
}

TEST_F(ClientTest, OpensAnewWhenAKeptConnectionWasClosed)
{
    std::string const good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    Script const server{{good, good}}; // closes each connection after its answer, without saying so
    client_ = make(server.port());
    EXPECT_EQ(summary(io_.run_on(strand_, client_->send(ClientRequest{}))), "200 ok");
    EXPECT_EQ(summary(io_.run_on(strand_, client_->send(ClientRequest{}))), "200 ok");
}

} // namespace
} // namespace nguon::http
