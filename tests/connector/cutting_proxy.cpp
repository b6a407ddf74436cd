#include "tests/connector/cutting_proxy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nguon::connector::testing {

namespace {

constexpr int poll_milliseconds = 100; // between two looks at whether the proxy is to stop

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connect_to(std::uint16_t port)
{
    auto const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto const address = loopback(port);
    if (::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
    return -1;
}

void check(bool good, char const* what)
{
    if (!good) throw std::runtime_error{what};
}

SSL_CTX* make_context(SSL_METHOD const* method, std::filesystem::path const& certs, std::string const& name)
{
    auto* const context = SSL_CTX_new(method);
    // A session ticket is no plain text; reading must not wait for what follows it.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    auto const file = (certs / name).string();
    check(SSL_CTX_use_certificate_chain_file(context, (file + ".pem").c_str()) == 1 &&
              SSL_CTX_use_PrivateKey_file(context, (file + ".key").c_str(), SSL_FILETYPE_PEM) == 1,
          "no certificate for the proxy");
    return context;
}

} // namespace

/// One connection, with TLS or without.
class CuttingProxy::Side {
public:
    Side(int fd, SSL_CTX* context, bool is_server) : fd_{fd}
    {
        int const on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (context == nullptr || fd_ < 0) return;
        ssl_.reset(SSL_new(context));
        SSL_set_fd(ssl_.get(), fd_);
        good_ = (is_server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get())) == 1;
    }
    ~Side()
    {
        ssl_.reset();
        if (fd_ >= 0) ::close(fd_);
    }
    Side(Side const&) = delete;
    Side& operator=(Side const&) = delete;

    bool is_open() const { return fd_ >= 0 && good_; }
    int fd() const { return fd_; }
    bool has_more() const { return ssl_ && SSL_pending(ssl_.get()) > 0; }

    /// Nothing: the connection is over. Empty: nothing for us has come.
    std::optional<std::string_view> read()
    {
        if (!ssl_) {
            auto const got = ::recv(fd_, piece_.data(), piece_.size(), 0);
            if (got <= 0) return std::nullopt;
            return std::string_view{piece_.data(), static_cast<std::size_t>(got)};
        }
        auto const got = SSL_read(ssl_.get(), piece_.data(), static_cast<int>(piece_.size()));
        if (got > 0) return std::string_view{piece_.data(), static_cast<std::size_t>(got)};
        if (SSL_get_error(ssl_.get(), got) == SSL_ERROR_WANT_READ) return std::string_view{};
        return std::nullopt;
    }

    bool write(std::string_view bytes)
    {
        if (ssl_) return bytes.empty() || SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
        while (!bytes.empty()) {
            auto const sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void end(Cut::Ending ending)
    {
        if (ending == Cut::Ending::reset) {
            linger const none{1, 0};
            ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
            return;
        }
        if (ssl_) SSL_shutdown(ssl_.get());
        ::shutdown(fd_, SHUT_WR);
        drain();
    }

private:
    /// To close with bytes unread would be a reset, which takes along what the other side has not read yet.
    void drain() const
    {
        pollfd waits{fd_, POLLIN, 0};
        std::array<char, 4096> rest{};
        while (::poll(&waits, 1, poll_milliseconds) > 0 && ::recv(fd_, rest.data(), rest.size(), 0) > 0) {
        }
    }

    int fd_;
    bool good_ = true;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
    std::array<char, 16 * 1024> piece_ = {};
};

CuttingProxy::CuttingProxy(std::uint16_t portal_port, Layer layer, std::filesystem::path const& certs)
    : portal_port_{portal_port}
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    if (layer == Layer::plain_text) {
        to_client_.reset(make_context(TLS_server_method(), certs, "portal"));
        to_portal_.reset(make_context(TLS_client_method(), certs, "connector"));
    }
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    check(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listener_, 16) == 0 &&
              ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
          "the proxy cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
}

CuttingProxy::~CuttingProxy()
{
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void CuttingProxy::arm(std::optional<Cut> cut)
{
    std::lock_guard const lock{mutex_};
    next_cut_ = cut;
    seen_ = {};
}

CuttingProxy::Seen CuttingProxy::seen() const
{
    std::lock_guard const lock{mutex_};
    return seen_;
}

void CuttingProxy::serve()
{
    while (!stopping_) {
        pollfd waits{listener_, POLLIN, 0};
        if (::poll(&waits, 1, poll_milliseconds) <= 0) continue;
        auto const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        std::optional<Cut> cut;
        {
            std::lock_guard const lock{mutex_};
            cut = std::exchange(next_cut_, std::nullopt);
            ++seen_.connections;
        }
        Side client{fd, to_client_.get(), true};
        if (!client.is_open()) continue;
        Side portal{connect_to(portal_port_), to_portal_.get(), false};
        if (portal.is_open()) carry(client, portal, cut);
    }
}

void CuttingProxy::carry(Side& client, Side& portal, std::optional<Cut> cut)
{
    bool goes_on = true;
    while (goes_on && !stopping_) {
        std::array<pollfd, 2> waits{{{client.fd(), POLLIN, 0}, {portal.fd(), POLLIN, 0}}};
        bool const buffered = client.has_more() || portal.has_more();
        if (!buffered && ::poll(waits.data(), waits.size(), poll_milliseconds) <= 0) continue;
        if (client.has_more() || waits[0].revents != 0) goes_on = pass(client, portal, Cut::Direction::to_portal, cut);
        if (goes_on && (portal.has_more() || waits[1].revents != 0))
            goes_on = pass(portal, client, Cut::Direction::to_client, cut);
    }
}

bool CuttingProxy::pass(Side& from, Side& to, Cut::Direction direction, std::optional<Cut> const& cut)
{
    auto const bytes = from.read();
    if (!bytes) return false;
    bool is_over = false;
    auto part = *bytes;
    {
        std::lock_guard const lock{mutex_};
        auto& passed = direction == Cut::Direction::to_portal ? seen_.to_portal : seen_.to_client;
        if (cut && cut->direction == direction && passed + part.size() >= cut->after) {
            part = part.substr(0, cut->after - passed);
            is_over = seen_.cut = true;
        }
        passed += part.size();
    }
    bool const written = to.write(part);
    if (!is_over) return written;
    from.end(cut->ending);
    to.end(cut->ending);
    return false;
}

} // namespace nguon::connector::testing
