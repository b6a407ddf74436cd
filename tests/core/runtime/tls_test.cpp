#include "core/runtime/tls.hpp"

#include "core/bytes.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include <fstream>

namespace nguon {
namespace {

class TlsContext : public ::testing::Test {
protected:
    std::string fault_of(tls::ServerFiles const& files) const
    {
        auto const context = tls::make_server_context(files);
        return context.ok() ? "" : context.error().key;
    }

    testing::TempDir dir_;
    testing::TestAuthority authority_{dir_.path()};
    testing::KeyFiles server_ = authority_.issue("server");
};

TEST_F(TlsContext, ReadsWhatACertificateSays)
{
    auto const info = tls::read_certificate(server_.certificate);
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->subject, "CN=localhost,O=Nguon tests");
    EXPECT_EQ(info->host_names, std::vector<std::string>{"localhost"});
    EXPECT_EQ(info->sha256.size(), 64U);
    EXPECT_EQ(info->spki_sha256.size(), 64U);
    EXPECT_FALSE(info->development);
    auto const days = std::chrono::duration<double, std::ratio<86'400>>(info->not_after - info->not_before).count();
    EXPECT_NEAR(days, 31, 0.01);
}

TEST_F(TlsContext, KnowsTheDevelopmentAuthority)
{
    testing::CertificateWish wish;
    wish.organization = "Nguồn DEVELOPMENT";
    auto const files = authority_.issue("dev", wish);
    EXPECT_FALSE(tls::read_certificate(files.certificate)->development) << "the issuer decides, not the subject";
    auto const made = (dir_.path() / "made").string();
    ASSERT_EQ(std::system((NGUON_SOURCE_DIR "/certs/make_dev_certs.sh " + made).c_str()), 0);
    auto const info = tls::read_certificate(made + "/server.pem");
    EXPECT_TRUE(info->development);
    EXPECT_EQ(info->issuer, "CN=Nguồn DEVELOPMENT CA,O=Nguồn DEVELOPMENT") << "as people read it";
}

TEST_F(TlsContext, SaysWhichFileIsWrong)
{
    auto const other = authority_.issue("other");
    testing::CertificateWish wish;
    wish.valid_from_days = -10;
    wish.valid_to_days = -1;
    auto const expired = authority_.issue("expired", wish);
    auto const garbage = dir_.path() / "garbage.pem";
    std::ofstream{garbage} << "not a certificate";

    EXPECT_EQ(fault_of({server_.certificate, server_.key, {}}), "");
    EXPECT_EQ(fault_of({server_.certificate, server_.key, authority_.file()}), "");
    EXPECT_EQ(fault_of({dir_.path() / "missing", server_.key, {}}), "tls.certificate_unreadable");
    EXPECT_EQ(fault_of({garbage, server_.key, {}}), "tls.certificate_unreadable");
    EXPECT_EQ(fault_of({server_.certificate, garbage, {}}), "tls.key_unreadable");
    EXPECT_EQ(fault_of({server_.certificate, other.key, {}}), "tls.key_mismatch");
    EXPECT_EQ(fault_of({expired.certificate, expired.key, {}}), "tls.certificate_expired");
    EXPECT_EQ(fault_of({server_.certificate, server_.key, garbage}), "tls.authority_unreadable");
    auto const refused = tls::make_server_context({server_.certificate, other.key, {}});
    EXPECT_EQ(refused.error().values.at(0), other.key.string());
}

TEST_F(TlsContext, ReadsPinsInBothSpellings)
{
    auto const digest = tls::read_certificate(server_.certificate)->spki_sha256;
    auto const base64 = to_base64(*from_hex(digest));
    tls::ClientFiles files;
    files.authority = authority_.file();
    files.pins = {digest, base64};
    auto const context = tls::make_client_context(files);
    ASSERT_TRUE(context.ok());
    EXPECT_EQ((*context)->pins()[0], (*context)->pins()[1]);
    files.pins = {"abc"};
    EXPECT_EQ(tls::make_client_context(files).error().key, "tls.pin_malformed");
}

TEST_F(TlsContext, IsReplacedInItsSlot)
{
    tls::ContextSlot slot{*tls::make_server_context({server_.certificate, server_.key, {}})};
    auto const next = authority_.issue("next");
    auto const before = slot.get();
    slot.set(*tls::make_server_context({next.certificate, next.key, {}}));
    EXPECT_NE(slot.get(), before);
    EXPECT_NE(slot.get()->own().sha256, before->own().sha256);
}

} // namespace
} // namespace nguon
