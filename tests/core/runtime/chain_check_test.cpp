#include "core/runtime/chain_check.hpp"

#include "core/limits.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/key_pair.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace nguon::tls {
namespace {

using namespace std::chrono_literals;
using testing::CertificateWish;
using testing::TestAuthority;

std::string text_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// A program's exit status and what it wrote.
std::pair<int, std::string> run(std::string const& command)
{
    std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen((command + " 2>&1").c_str(), "r"), &::pclose};
    std::string out;
    std::array<char, 4096> piece{};
    while (auto const got = std::fread(piece.data(), 1, piece.size(), pipe.get())) out.append(piece.data(), got);
    return {::pclose(pipe.release()), out};
}

class ChainCheck : public ::testing::Test {
protected:
    void SetUp() override
    {
        rules_.authority = text_of(authority_.file());
        rules_.now = SystemClock{}.now();
        wish_.usage = "clientAuth";
    }

    std::string request() const { return *make_certificate_request(key_, {"Lai Châu", "Sở", "truyxuat"}); }
    std::string issued(CertificateWish const& wish) const { return authority_.certify(request(), wish); }

    std::vector<std::string> faults_of(std::string const& chain) const
    {
        std::vector<std::string> keys;
        for (auto const& fault : check_chain(chain, key_, rules_).faults) keys.push_back(fault.key);
        return keys;
    }
    bool has(std::string const& chain, std::string const& fault) const
    {
        auto const all = faults_of(chain);
        return std::ranges::find(all, fault) != all.end();
    }

    testing::TempDir dir_;
    TestAuthority authority_{dir_.path()};
    std::string key_ = make_private_key(KeyKind::ec_p256);
    ChainRules rules_;
    CertificateWish wish_;
};

TEST_F(ChainCheck, TheRequestIsOneThatOpensslReads)
{
    for (auto const kind : {KeyKind::ec_p256, KeyKind::rsa_3072}) {
        auto const key = make_private_key(kind);
        std::string const long_name(100, 'a');
        auto const made = make_certificate_request(
            key, {"Lai Châu", "Sở Khoa học và Công nghệ " + long_name, "truyxuat.laichau.gov.vn"});
        ASSERT_TRUE(made.ok());
        auto const file = dir_.path() / "request.csr";
        std::ofstream{file} << *made;
        auto const [status, said] =
            run("openssl req -in " + file.string() + " -noout -verify -subject -nameopt utf8,sep_comma_plus -text");
        EXPECT_EQ(status, 0) << said;
        EXPECT_NE(said.find("verify OK"), std::string::npos) << said;
        EXPECT_NE(said.find("ST=Lai Châu"), std::string::npos) << said;
        EXPECT_NE(said.find("O=Sở Khoa học và Công nghệ"), std::string::npos) << said;
        EXPECT_NE(said.find("TLS Web Client Authentication"), std::string::npos) << said;
        EXPECT_NE(said.find(kind == KeyKind::rsa_3072 ? "3072 bit" : "prime256v1"), std::string::npos) << said;
        EXPECT_EQ(made->find("PRIVATE"), std::string::npos);
    }
    EXPECT_EQ(make_certificate_request("no key", {}).error().key, "chain.key_unreadable");
}

TEST_F(ChainCheck, TakesAGoodChainInEverySpelling)
{
    auto const certificate = issued(wish_);
    auto const pem = dir_.path() / "own.pem";
    std::ofstream{pem} << rules_.authority + certificate; // the authority's stands first
    std::ofstream{dir_.path() / "leaf.pem"} << certificate;
    auto const path = [this](char const* name) { return (dir_.path() / name).string(); };
    ASSERT_EQ(run("openssl x509 -in " + path("leaf.pem") + " -outform DER -out " + path("own.der")).first, 0);
    for (auto const* const form : {"PEM", "DER"})
        ASSERT_EQ(run("openssl crl2pkcs7 -nocrl -certfile " + path("own.pem") + " -outform " + form + " -out " +
                      path("own.p7b.") + form)
                      .first,
                  0);
    for (auto const* const name : {"own.pem", "leaf.pem", "own.der", "own.p7b.PEM", "own.p7b.DER"}) {
        auto const chain = read_chain(text_of(dir_.path() / name), key_);
        ASSERT_TRUE(chain.ok()) << name << chain.error().key;
        EXPECT_TRUE(chain->starts_with(certificate)) << name;
        auto const report = check_chain(*chain, key_, rules_);
        EXPECT_TRUE(report.good()) << name << report.faults.front().key;
        EXPECT_EQ(report.own.sha256.size(), 64U);
    }
}

TEST_F(ChainCheck, RefusesFilesThatAreNoChainOfThisKey)
{
    auto const key = [this](std::string const& file) { return read_chain(file, key_).error().key; };
    EXPECT_EQ(key(""), "chain.unreadable");
    EXPECT_EQ(key("hello"), "chain.unreadable");
    EXPECT_EQ(key(std::string(limits::chain_bytes_max + 1, 'x')), "chain.too_large");
    EXPECT_EQ(key(issued(wish_) + make_private_key(KeyKind::ec_p256)), "chain.holds_key");
    EXPECT_EQ(key(rules_.authority), "chain.key_mismatch");
    auto const other = authority_.issue("other", wish_);
    EXPECT_EQ(key(text_of(other.certificate)), "chain.key_mismatch");
    std::string many;
    for (std::size_t i = 0; i <= limits::chain_certificates_max; ++i) many += rules_.authority;
    EXPECT_EQ(key(many), "chain.too_many");
}

TEST_F(ChainCheck, SaysEachFaultByItsName)
{
    auto const good = issued(wish_);
    EXPECT_EQ(faults_of(good), std::vector<std::string>{});
    EXPECT_TRUE(has("no certificate", "chain.unreadable"));

    auto const other_key = make_private_key(KeyKind::ec_p256);
    EXPECT_EQ(check_chain(good, other_key, rules_).faults.front().key, "chain.key_mismatch");
    EXPECT_EQ(check_chain(good, "no key", rules_).faults.front().key, "chain.key_unreadable");

    auto wish = wish_;
    wish.usage = "serverAuth";
    EXPECT_EQ(faults_of(issued(wish)), std::vector<std::string>{"chain.not_for_clients"});
    wish = wish_;
    wish.valid_from_days = -20;
    wish.valid_to_days = -1;
    EXPECT_EQ(faults_of(issued(wish)), std::vector<std::string>{"chain.expired"});
    wish.valid_from_days = 1;
    wish.valid_to_days = 20;
    EXPECT_EQ(faults_of(issued(wish)), std::vector<std::string>{"chain.not_yet"});
    wish = wish_;
    wish.sha1 = true;
    EXPECT_TRUE(has(issued(wish), "chain.weak_signature"));

    TestAuthority const stranger{dir_.path(), "stranger"};
    EXPECT_EQ(faults_of(stranger.certify(request(), wish_)), std::vector<std::string>{"chain.untrusted"});
    TestAuthority const development{dir_.path(), "development", "Nguồn DEVELOPMENT"};
    rules_.authority = text_of(development.file());
    EXPECT_EQ(faults_of(development.certify(request(), wish_)), std::vector<std::string>{"chain.practice"});
    rules_.practice_host = true;
    EXPECT_EQ(faults_of(development.certify(request(), wish_)), std::vector<std::string>{});
}

TEST_F(ChainCheck, JudgesTheDatesOfTwoClocks)
{
    auto const good = issued(wish_);
    auto const own = check_chain(good, key_, rules_).own;
    rules_.now = own.not_after - limits::clock_skew_max + 1s;
    EXPECT_EQ(faults_of(good), std::vector<std::string>{"chain.expired"});
    rules_.now = own.not_after - limits::clock_skew_max - 1s;
    EXPECT_EQ(faults_of(good), std::vector<std::string>{});
    rules_.now = own.not_before + limits::clock_skew_max - 1s;
    EXPECT_TRUE(has(good, "chain.not_yet"));
}

TEST_F(ChainCheck, RefusesAnAuthoritysOwnCertificate)
{
    auto const key_file = dir_.path() / "own.key";
    std::ofstream{key_file} << key_;
    auto const file = (dir_.path() / "authority.pem").string();
    ASSERT_EQ(run("openssl req -new -x509 -days 9 -subj /CN=x -key " + key_file.string() +
                  " -addext basicConstraints=critical,CA:TRUE -out " + file)
                  .first,
              0);
    EXPECT_TRUE(has(text_of(file), "chain.is_authority"));
}

TEST_F(ChainCheck, WithoutANamedAuthorityTheChainMustBringItsRoot)
{
    auto const good = issued(wish_);
    auto const with_root = read_chain(good + rules_.authority, key_);
    ASSERT_TRUE(with_root.ok());
    rules_.authority.clear();
    EXPECT_EQ(faults_of(good), std::vector<std::string>{"chain.untrusted"});
    EXPECT_EQ(faults_of(*with_root), std::vector<std::string>{});
}

TEST_F(ChainCheck, RefusesAWeakKey)
{
    auto const files = authority_.issue("weak", [this] {
        auto wish = wish_;
        wish.rsa_bits = 1024;
        return wish;
    }());
    auto const report = check_chain(text_of(files.certificate), text_of(files.key), rules_);
    ASSERT_FALSE(report.good());
    EXPECT_TRUE(std::ranges::any_of(report.faults, [](auto const& fault) { return fault.key == "chain.weak_key"; }));
}

TEST_F(ChainCheck, ReadsAuthoritiesAndReceiptKeys)
{
    EXPECT_EQ(read_authorities(rules_.authority)->size(), 1U);
    EXPECT_EQ(read_authorities("x").error().key, "chain.authority_unreadable");
    auto const path = dir_.path() / "receipt.pub";
    ASSERT_EQ(run("openssl genpkey -algorithm ED25519 | openssl pkey -pubout -out " + path.string()).first, 0);
    EXPECT_TRUE(check_receipt_key(text_of(path)).ok());
    EXPECT_EQ(check_receipt_key(rules_.authority).error().key, "chain.receipt_key");
}

TEST_F(ChainCheck, MakesAClientContextOfTexts)
{
    auto const good = issued(wish_);
    auto const context = make_client_context(ClientTexts{good, key_, rules_.authority, {std::string(64, 'a')}});
    ASSERT_TRUE(context.ok()) << context.error().key;
    EXPECT_EQ((*context)->own().sha256.size(), 64U);
    EXPECT_EQ((*context)->pins().size(), 1U);
    auto const key_of = [&](ClientTexts const& texts) { return make_client_context(texts).error().key; };
    EXPECT_EQ(key_of({"x", key_, rules_.authority, {}}), "tls.certificate_unreadable");
    EXPECT_EQ(key_of({good, "x", rules_.authority, {}}), "tls.key_unreadable");
    EXPECT_EQ(key_of({good, make_private_key(KeyKind::ec_p256), rules_.authority, {}}), "tls.key_mismatch");
    EXPECT_EQ(key_of({good, key_, "x", {}}), "tls.authority_unreadable");
    EXPECT_EQ(key_of({good, key_, rules_.authority, {"x"}}), "tls.pin_malformed");
    auto expired = wish_;
    expired.valid_from_days = -9;
    expired.valid_to_days = -1;
    EXPECT_EQ(key_of({issued(expired), key_, rules_.authority, {}}), "tls.certificate_expired");
}

} // namespace
} // namespace nguon::tls
