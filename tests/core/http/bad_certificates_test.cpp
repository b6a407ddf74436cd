#include "core/http/client.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <future>
#include <thread>

namespace nguon::http {
namespace {

namespace ssl = boost::asio::ssl;
using testing::CertificateWish;

/// A server without scruples: any certificate, any version. Says how many bytes a client sent it behind the handshake.
class ShadyServer {
public:
    struct Manners {
        testing::KeyFiles files = {};
        int version = TLS1_3_VERSION;
        std::string staple = {}; // an OCSP answer
    };

    explicit ShadyServer(Manners manners) : manners_{std::move(manners)}
    {
        auto* const native = context_.native_handle();
        SSL_CTX_set_security_level(native, 0);
        SSL_CTX_set_cipher_list(native, "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(native, manners_.version);
        SSL_CTX_set_max_proto_version(native, manners_.version);
        context_.use_certificate_chain_file(manners_.files.certificate.string());
        context_.use_private_key_file(manners_.files.key.string(), ssl::context::pem);
        SSL_CTX_callback_ctrl(native, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, reinterpret_cast<void (*)()>(&staple));
        SSL_CTX_ctrl(native, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB_ARG, 0, &manners_.staple);
        thread_ = std::jthread{[this] { serve(); }};
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::size_t bytes_received() { return received_.get_future().get(); }

private:
    static int staple(SSL* connection, void* argument)
    {
        auto const& bytes = *static_cast<std::string const*>(argument);
        if (bytes.empty()) return SSL_TLSEXT_ERR_NOACK;
        auto* const copy = OPENSSL_memdup(bytes.data(), bytes.size());
        SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, static_cast<long>(bytes.size()), copy);
        return SSL_TLSEXT_ERR_OK;
    }

    void serve()
    {
        ssl::stream<net::ip::tcp::socket> stream{io_, context_};
        boost::system::error_code error;
        acceptor_.accept(stream.next_layer(), error);
        if (!error) stream.handshake(ssl::stream_base::server, error);
        std::array<char, 1024> bytes{};
        auto const count = error ? 0 : stream.read_some(net::buffer(bytes), error);
        if (count > 0) net::write(stream, net::buffer(answer), error);
        received_.set_value(count);
    }

    static constexpr std::string_view answer = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";

    Manners manners_;
    net::io_context io_;
    ssl::context context_{ssl::context::tls_server};
    net::ip::tcp::acceptor acceptor_{io_, {net::ip::make_address("127.0.0.1"), 0}};
    std::promise<std::size_t> received_;
    std::jthread thread_;
};

class BadCertificates : public ::testing::TestWithParam<int> {
protected:
    ~BadCertificates() override { io_.stop(); }

    ClientAnswer ask(std::uint16_t port, tls::ClientFiles const& files, std::string const& host)
    {
        auto const context = tls::make_client_context(files);
        EXPECT_TRUE(context.ok());
        Url url;
        url.host = host;
        url.port = port;
        Client client{strand_, url, std::make_shared<tls::ContextSlot>(*context)};
        return io_.run_on(strand_, client.send(ClientRequest{}));
    }

    tls::ClientFiles trusting() const
    {
        tls::ClientFiles files;
        files.authority = authority_.file();
        return files;
    }

    /// What became of a request to such a server, and the bytes it got to see.
    struct Outcome {
        std::string fault = {};
        std::string detail = {};
        bool maybe_received = false;
        std::size_t bytes = 0;
    };
    Outcome meet(ShadyServer::Manners manners, tls::ClientFiles const& files, std::string const& host = "localhost")
    {
        ShadyServer server{std::move(manners)};
        auto const answer = ask(server.port(), files, host);
        auto const* const failure = std::get_if<ClientFailure>(&answer);
        return {failure ? std::string{to_text(failure->fault)} : "answered", failure ? failure->detail : "",
                failure != nullptr && failure->maybe_received, server.bytes_received()};
    }
    Outcome meet(CertificateWish const& wish, std::string const& host = "localhost")
    {
        return meet({authority_.issue("server", wish), GetParam(), {}}, trusting(), host);
    }

    void expect_refused(Outcome const& outcome, char const* what)
    {
        EXPECT_EQ(outcome.fault, "tls_certificate") << what << ": " << outcome.detail;
        EXPECT_FALSE(outcome.maybe_received) << what;
        EXPECT_EQ(outcome.bytes, 0U) << what;
    }

    testing::TempDir dir_;
    testing::TestAuthority authority_{dir_.path()};
    testing::IoThreads io_{2};
    net::any_io_executor strand_ = net::make_strand(io_.executor());
};

INSTANTIATE_TEST_SUITE_P(Versions, BadCertificates, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](auto const& test) { return test.param == TLS1_2_VERSION ? "Tls12" : "Tls13"; });

TEST_P(BadCertificates, GoodOnesAreTaken)
{
    auto const outcome = meet(CertificateWish{});
    EXPECT_EQ(outcome.fault, "answered") << outcome.detail;
    EXPECT_GT(outcome.bytes, 0U);
}

TEST_P(BadCertificates, GetNoByteOfARequest)
{
    CertificateWish expired;
    expired.valid_from_days = -10;
    expired.valid_to_days = -1;
    CertificateWish early;
    early.valid_from_days = 1;
    CertificateWish elsewhere;
    elsewhere.alternative_names = "DNS:elsewhere.example";
    CertificateWish address_only;
    address_only.alternative_names = "IP:127.0.0.1";
    CertificateWish name_only; // the common name alone names nobody (RFC 9525)
    name_only.alternative_names = {};
    CertificateWish too_wide;
    too_wide.alternative_names = "DNS:*";
    CertificateWish with_nul;
    with_nul.alternative_names = {};
    with_nul.raw_dns_name = std::string{"localhost\0.attacker.example", 27};
    CertificateWish self_signed;
    self_signed.self_signed = true;
    CertificateWish weak_key;
    weak_key.rsa_bits = 1024;
    CertificateWish weak_digest;
    weak_digest.sha1 = true;
    for (auto const& [what, wish] :
         {std::pair{"expired", expired}, std::pair{"early", early}, std::pair{"elsewhere", elsewhere},
          std::pair{"address only", address_only}, std::pair{"name only", name_only}, std::pair{"too wide", too_wide},
          std::pair{"with a NUL", with_nul}, std::pair{"self-signed", self_signed}, std::pair{"1024 bits", weak_key},
          std::pair{"SHA-1", weak_digest}})
        expect_refused(meet(wish), what);
}

/// An address is named by an entry for addresses only (RFC 9525 §6.4), however a name is spelled.
TEST_P(BadCertificates, OfNamesAloneAreNotAnAddress)
{
    CertificateWish names;
    names.alternative_names = "DNS:localhost";
    CertificateWish spelled;
    spelled.alternative_names = "DNS:127.0.0.1";
    CertificateWish other_address;
    other_address.alternative_names = "DNS:localhost,IP:192.0.2.1";
    for (auto const& [what, wish] : {std::pair{"names", names}, std::pair{"spelled as a name", spelled},
                                     std::pair{"another address", other_address}}) {
        auto const outcome = meet(wish, "127.0.0.1");
        expect_refused(outcome, what);
        EXPECT_NE(outcome.detail.find("mismatch"), std::string::npos) << outcome.detail;
    }
    CertificateWish address;
    address.alternative_names = "IP:127.0.0.1";
    EXPECT_EQ(meet(address, "127.0.0.1").fault, "answered");
}

TEST_P(BadCertificates, SayInWordsWhatIsWrong)
{
    CertificateWish early;
    early.valid_from_days = 1;
    EXPECT_EQ(meet(early).detail, "certificate is not yet valid");
}

TEST_P(BadCertificates, OfAnUnknownAuthorityOrWithoutAPinnedKeyGetNothing)
{
    testing::TestAuthority const other{dir_.path(), "other-authority"};
    expect_refused(meet({other.issue("foreign"), GetParam(), {}}, trusting()), "unknown authority");
    auto pinned = trusting();
    pinned.pins = {std::string(64, 'a')};
    auto const outcome = meet({authority_.issue("server"), GetParam(), {}}, pinned);
    expect_refused(outcome, "pin");
    EXPECT_EQ(outcome.detail, "no pinned key in the chain");
}

TEST_P(BadCertificates, ThatTheirAuthorityRevokedGetNothing)
{
    auto const files = authority_.issue("server");
    auto const good = meet({files, GetParam(), authority_.ocsp_answer(files, false)}, trusting());
    EXPECT_EQ(good.fault, "answered") << good.detail;
    expect_refused(meet({files, GetParam(), authority_.ocsp_answer(files, true)}, trusting()), "revoked");
    expect_refused(meet({files, GetParam(), "no answer"}, trusting()), "unreadable staple");
}

/// The mutant that skips the host name: with the chain alone the same certificate would have been taken.
TEST_P(BadCertificates, OfAnotherHostWouldPassWithoutTheCheckOfTheName)
{
    CertificateWish elsewhere;
    elsewhere.alternative_names = "DNS:elsewhere.example";
    ShadyServer server{{authority_.issue("server", elsewhere), GetParam(), {}}};
    auto const context = tls::make_client_context(trusting());
    net::io_context io;
    ssl::stream<net::ip::tcp::socket> stream{io, (*context)->ssl()};
    stream.next_layer().connect({net::ip::make_address("127.0.0.1"), server.port()});
    boost::system::error_code error;
    stream.handshake(ssl::stream_base::client, error);
    EXPECT_FALSE(error) << error.message();
    net::write(stream, net::buffer("x", 1), error);
    EXPECT_EQ(server.bytes_received(), 1U);
}

TEST(OldTls, IsNotSpoken)
{
    testing::TempDir const dir;
    testing::TestAuthority const authority{dir.path()};
    testing::IoThreads io{1};
    auto const strand = net::make_strand(io.executor());
    tls::ClientFiles files;
    files.authority = authority.file();
    for (int const version : {TLS1_VERSION, TLS1_1_VERSION}) {
        ShadyServer server{{authority.issue("server"), version, {}}};
        Url url;
        url.host = "localhost";
        url.port = server.port();
        Client client{strand, url, std::make_shared<tls::ContextSlot>(*tls::make_client_context(files))};
        auto const answer = io.run_on(strand, client.send(ClientRequest{}));
        EXPECT_TRUE(std::holds_alternative<ClientFailure>(answer));
        EXPECT_EQ(server.bytes_received(), 0U);
    }
    io.stop();
}

} // namespace
} // namespace nguon::http
