#include "connector/receipt_keys.hpp"

#include "connector/practice_portal/receipt_signer.hpp"
#include "tests/connector/signing_keys.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using nlohmann::json;
using practice_portal::Acceptance;
using practice_portal::forged;

class Receipts : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(keys_.add(files_.open).ok()); }

    static Acceptance accepted(std::size_t number)
    {
        auto const text = std::to_string(number);
        return {"key-" + text, "digest-" + text, "2026-11-22T08:00:00.000Z", "N" + text};
    }
    std::vector<json> sign(std::size_t count) const
    {
        std::vector<Acceptance> all;
        for (std::size_t number = 0; number < count; ++number) all.push_back(accepted(number));
        return signer_.sign_all(all);
    }
    /// "" or the key of the error.
    std::string fault(json const& receipt, std::size_t number, ReceiptKeys::GoodSignature* last = nullptr) const
    {
        auto const of = accepted(number);
        auto const read = keys_.verify(receipt, of.key, of.sha256, last);
        if (!read) return read.error().key;
        EXPECT_EQ(read->portal_id, of.portal_id);
        return {};
    }

    nguon::testing::TempDir dir_;
    testing::SigningKey files_ = testing::make_signing_key(dir_.path(), "receipt");
    practice_portal::ReceiptSigner signer_ = *practice_portal::ReceiptSigner::load(files_.secret);
    ReceiptKeys keys_;
};

TEST_F(Receipts, OfABatchAreEachProvenByThemselves)
{
    for (std::size_t const count : {1U, 2U, 3U, 7U, 64U, 200U}) {
        auto const receipts = sign(count);
        ASSERT_EQ(receipts.size(), count);
        for (std::size_t number = 0; number < count; ++number) {
            EXPECT_EQ(fault(receipts[number], number), "") << number << " of " << count;
            EXPECT_EQ(receipts[number]["signature"], receipts[0]["signature"]);
        }
    }
    EXPECT_FALSE(sign(1).front().contains("batch"));
}

TEST_F(Receipts, OfABatchProveNothingElse)
{
    auto const receipts = sign(5);
    ReceiptKeys::GoodSignature last;
    ASSERT_EQ(fault(receipts[2], 2, &last), "");
    EXPECT_EQ(fault(receipts[2], 3, &last), "receipt.other_key");
    auto const changed = [&](std::vector<std::string> const& place, json const& value) {
        auto receipt = receipts[2];
        auto* member = &receipt;
        for (auto const& name : place) member = &(*member)[name];
        *member = value;
        // What was found good before must not speak for what is presented now.
        EXPECT_EQ(fault(receipt, 2), fault(receipt, 2, &last));
        return fault(receipt, 2, &last);
    };
    EXPECT_EQ(changed({"acceptedAt"}, "2026-11-22T09:00:00.000Z"), "receipt.signature");
    EXPECT_EQ(changed({"batch", "index"}, 3U), "receipt.signature");
    EXPECT_EQ(changed({"batch", "index"}, 5U), "receipt.signature");
    EXPECT_EQ(changed({"batch", "size"}, 6U), "receipt.signature");
    EXPECT_EQ(changed({"batch", "size"}, "5"), "receipt.incomplete");
    EXPECT_EQ(changed({"batch", "path"}, receipts[3]["batch"]["path"]), "receipt.signature");
    EXPECT_EQ(changed({"batch", "path"}, ""), "receipt.signature");
    EXPECT_EQ(changed({"batch", "path"}, "AAAA"), "receipt.incomplete");
    EXPECT_EQ(changed({"batch"}, 7), "receipt.incomplete");
    EXPECT_EQ(changed({"signature"}, forged(receipts[2])["signature"]), "receipt.signature");
    EXPECT_EQ(changed({"keyId"}, "0123456789abcdef"), "receipt.key_unknown");
    auto alone = receipts[2];
    alone.erase("batch");
    EXPECT_EQ(fault(alone, 2, &last), "receipt.signature");
}

TEST_F(Receipts, NameTheSignatureThatWasFoundGood)
{
    auto const receipts = sign(2);
    ReceiptKeys::GoodSignature last;
    ASSERT_EQ(fault(receipts[0], 0, &last), "");
    auto const first = last;
    EXPECT_FALSE(first.text.empty());
    EXPECT_EQ(fault(receipts[1], 1, &last), "");
    EXPECT_EQ(last, first);
    EXPECT_EQ(fault(forged(receipts[1]), 1, &last), "receipt.signature");
    EXPECT_EQ(last, first) << "a bad one is not remembered";
}

} // namespace
} // namespace nguon::connector
