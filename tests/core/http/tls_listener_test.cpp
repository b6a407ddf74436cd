#include "core/http/client.hpp"
#include "core/http/listener.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace nguon::http {
namespace {

using namespace std::chrono_literals;
using testing::CertificateWish;
using testing::KeyFiles;

/// Our listener and our client, with certificates made for the test.
class TlsTest : public ::testing::Test {
protected:
    std::shared_ptr<tls::ContextSlot> server_slot(KeyFiles const& files, bool mutual = false) const
    {
        auto context = tls::make_server_context(
            {files.certificate, files.key, mutual ? authority_.file() : std::filesystem::path{}});
        EXPECT_TRUE(context.ok());
        return std::make_shared<tls::ContextSlot>(*context);
    }

    void start(std::shared_ptr<tls::ContextSlot> slot, SessionOptions options = {})
    {
        auto handler = [](Request const& request) -> net::awaitable<Response> {
            Response response;
            response.body = request.peer.certificate_subject + "|" + (request.peer.secure ? "secure" : "plain");
            co_return response;
        };
        listener_ = std::make_unique<Listener>(io_.executor(), handler, std::move(options));
        auto const bound = listener_->listen_tls({"127.0.0.1", 0}, std::move(slot));
        ASSERT_TRUE(bound.ok());
        port_ = bound->port;
    }

    tls::ClientFiles client_files() const
    {
        tls::ClientFiles files;
        files.authority = authority_.file();
        return files;
    }

    ClientAnswer ask(tls::ClientFiles const& files, std::string const& host = "127.0.0.1", int version = 0)
    {
        auto context = tls::make_client_context(files);
        EXPECT_TRUE(context.ok());
        if (version != 0) SSL_CTX_set_max_proto_version((*context)->ssl().native_handle(), version);
        Url url;
        url.host = host;
        url.port = port_;
        Client client{strand_, url, std::make_shared<tls::ContextSlot>(*context)};
        auto answer = io_.run_on(strand_, client.send(ClientRequest{}));
        io_.run_on(strand_, close(client));
        return answer;
    }

    static net::awaitable<void> close(Client& client)
    {
        client.close();
        co_return;
    }

    static std::string body_of(ClientAnswer const& answer)
    {
        auto const* const response = std::get_if<ClientResponse>(&answer);
        return response ? response->body : "no answer: " + std::get<ClientFailure>(answer).detail;
    }
    static std::string fault_of(ClientAnswer const& answer)
    {
        auto const* const failure = std::get_if<ClientFailure>(&answer);
        return failure ? std::string{to_text(failure->fault)} : "answered";
    }

    ~TlsTest() override
    {
        listener_.reset();
        io_.stop();
    }

    testing::TempDir dir_;
    testing::TestAuthority authority_{dir_.path()};
    KeyFiles server_ = authority_.issue("server");
    testing::IoThreads io_{2};
    net::any_io_executor strand_ = net::make_strand(io_.executor());
    std::unique_ptr<Listener> listener_;
    std::uint16_t port_ = 0;
};

TEST_F(TlsTest, ServesOverBothVersions)
{
    start(server_slot(server_));
    EXPECT_EQ(body_of(ask(client_files())), "|secure");
    EXPECT_EQ(body_of(ask(client_files(), "localhost", TLS1_2_VERSION)), "|secure");
}

TEST_F(TlsTest, TellsTheHandlerWhoTheClientIs)
{
    start(server_slot(server_, true));
    CertificateWish wish;
    wish.name = "enterprise";
    auto const ours = authority_.issue("client", wish);
    auto files = client_files();
    files.certificate = ours.certificate;
    files.key = ours.key;
    EXPECT_EQ(body_of(ask(files)), "CN=enterprise,O=Nguon tests|secure");
    EXPECT_EQ(body_of(ask(files, "127.0.0.1", TLS1_2_VERSION)), "CN=enterprise,O=Nguon tests|secure");
}

TEST_F(TlsTest, RefusesClientsWithoutAGoodCertificate)
{
    start(server_slot(server_, true));
    testing::TestAuthority const other{dir_.path(), "other-authority"};
    auto const foreign = other.issue("foreign");
    auto files = client_files();
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto const without = ask(client_files(), "127.0.0.1", version);
        EXPECT_EQ(fault_of(without), "tls_identity") << body_of(without);
        files.certificate = foreign.certificate;
        files.key = foreign.key;
        auto const with_foreign = ask(files, "127.0.0.1", version);
        EXPECT_EQ(fault_of(with_foreign), "tls_identity") << body_of(with_foreign);
    }
}

TEST_F(TlsTest, ServesWithNoCertificateThatClientsWouldRefuse)
{
    CertificateWish expired;
    expired.valid_from_days = -10;
    expired.valid_to_days = -1;
    CertificateWish weak;
    weak.rsa_bits = 1024;
    auto const old = authority_.issue("expired", expired);
    EXPECT_EQ(tls::make_server_context({old.certificate, old.key, {}}).error().key, "tls.certificate_expired");
    auto const small = authority_.issue("weak", weak);
    EXPECT_FALSE(tls::make_server_context({small.certificate, small.key, {}}).ok());
}

TEST_F(TlsTest, TakesAPinnedKeyAnywhereInTheChain)
{
    start(server_slot(server_));
    auto files = client_files();
    files.pins = {std::string(64, 'a'), tls::read_certificate(server_.certificate)->spki_sha256};
    EXPECT_EQ(body_of(ask(files)), "|secure");
    files.pins = {tls::read_certificate(authority_.file())->spki_sha256};
    EXPECT_EQ(body_of(ask(files)), "|secure") << "a pin may name the authority";
}

TEST_F(TlsTest, SwapsTheCertificateWhileServing)
{
    auto const slot = server_slot(server_);
    start(slot);
    auto const next = authority_.issue("next");
    auto const before = std::get<ClientResponse>(ask(client_files())).peer.sha256;
    slot->set(*tls::make_server_context({next.certificate, next.key, {}}));
    auto const after = std::get<ClientResponse>(ask(client_files())).peer.sha256;
    EXPECT_EQ(before, tls::read_certificate(server_.certificate)->sha256);
    EXPECT_EQ(after, tls::read_certificate(next.certificate)->sha256);
}

TEST_F(TlsTest, EndsHandshakesThatTakeTooLong)
{
    SessionOptions options;
    options.limits.handshake_time = 50ms;
    start(server_slot(server_), options);
    testing::RawClient silent{port_};
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(TlsTest, SurvivesWhatIsNotTls)
{
    start(server_slot(server_));
    testing::RawClient confused{port_};
    confused.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    confused.read_all();
    EXPECT_EQ(body_of(ask(client_files())), "|secure");
}

TEST_F(TlsTest, ProbesWithoutSendingARequest)
{
    start(server_slot(server_));
    auto slot = std::make_shared<tls::ContextSlot>(*tls::make_client_context(client_files()));
    Url url;
    url.host = "localhost";
    url.port = port_;
    Client client{strand_, url, slot};
    auto const probed = io_.run_on(strand_, client.probe());
    ASSERT_TRUE(std::holds_alternative<tls::CertificateInfo>(probed));
    EXPECT_EQ(std::get<tls::CertificateInfo>(probed).sha256, tls::read_certificate(server_.certificate)->sha256);
}

} // namespace
} // namespace nguon::http
