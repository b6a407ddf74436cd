#include "connector/make_target.hpp"

#include "tests/connector/signing_keys.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace nguon::connector {
namespace {

class MakeTarget : public ::testing::Test {
protected:
    TargetSettings settings(std::string adapter, std::string url) const
    {
        TargetSettings settings;
        settings.name = "partner";
        settings.adapter = std::move(adapter);
        settings.url = std::move(url);
        return settings;
    }
    static std::string fault_of(TargetSettings const& settings, TargetExtras const& extras = {})
    {
        auto const made = make_target(settings, extras);
        return made ? "" : made.error().key;
    }

    nguon::testing::TempDir dir;
};

TEST_F(MakeTarget, BuildsARepositoryFromItsAddressWithPath)
{
    auto const made = make_target(settings("epcis", "https://partner.example:8443/epcis/v2/"), {});
    ASSERT_TRUE(made.ok()) << made.error().key;
    EXPECT_EQ(made->target->probe_url(), "https://partner.example:8443");
    EXPECT_EQ(made->row.name, "partner");
    EXPECT_EQ(made->row.record_types, std::vector<std::string>{"event"});
    EXPECT_FALSE(made->row.complete_products) << "a partner demands no GTIN, picture or weight";
}

TEST_F(MakeTarget, SaysWhatIsWrongWithARepository)
{
    EXPECT_EQ(fault_of(settings("epcis", "partner")), "target.url");
    EXPECT_EQ(fault_of(settings("epcis", "http://partner.example")), "target.url");
    EXPECT_EQ(fault_of(settings("epcis", "https://partner.example/?a=b")), "target.url");
    auto wrong = settings("epcis", "https://partner.example");
    wrong.secret_header = "X Key";
    EXPECT_EQ(fault_of(wrong), "target.secret_header");
    TargetExtras extras;
    extras.client_secret_file = dir.path() / "none";
    EXPECT_EQ(fault_of(settings("epcis", "https://partner.example"), extras), "file.cannot_read");
    EXPECT_EQ(fault_of(settings("fax", "https://partner.example")), "target.adapter_unknown");
}

TEST_F(MakeTarget, BuildsAFolderWithBothKeys)
{
    auto const ours = testing::make_signing_key(dir.path(), "ours");
    auto const theirs = testing::make_signing_key(dir.path(), "theirs");
    auto folder = settings("file", (dir.path() / "drop").string());
    EXPECT_EQ(fault_of(folder), "target.signing_key");
    folder.key = ours.secret;
    EXPECT_EQ(fault_of(folder), "target.receipt_key_missing");
    folder.receipt_key = ours.secret;
    EXPECT_EQ(fault_of(folder), "receipt.key_unreadable");
    folder.receipt_key = theirs.open;
    auto const lines = make_target(folder, {});
    ASSERT_TRUE(lines.ok()) << lines.error().key;
    EXPECT_TRUE(lines->row.record_types.empty());
    EXPECT_TRUE(std::filesystem::is_directory(dir.path() / "drop/incoming"));
    folder.bundle_format = "epcis";
    EXPECT_EQ(make_target(folder, {})->row.record_types, std::vector<std::string>{"event"});
}

TEST_F(MakeTarget, SendsEverythingToTheMinistryAndHoldsIncompleteProducts)
{
    auto const row = target_row(settings("most", "https://portal.example"), {});
    EXPECT_TRUE(row.record_types.empty());
    EXPECT_TRUE(row.complete_products);
}

TEST_F(MakeTarget, SaysWhatPeopleCallIt)
{
    auto named = settings("most", "https://portal.example");
    EXPECT_EQ(target_row(named, {}).title, "");
    named.title = "Cổng vùng Tây Bắc";
    EXPECT_EQ(target_row(named, {}).title, "Cổng vùng Tây Bắc");
    named.adapter = "epcis";
    EXPECT_EQ(make_target(named, {})->row.title, "Cổng vùng Tây Bắc")
        << "what the connector itself puts into the table";
}

} // namespace
} // namespace nguon::connector
