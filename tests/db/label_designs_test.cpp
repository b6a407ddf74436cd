#include "db/label_designs.hpp"

#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::db::label_designs {
namespace {

class LabelDesignStorage : public testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([this](Connection& c) {
                        testing::add_organization(c, tea.text());
                        testing::add_organization(c, rice.text());
                        insert(c, {"d1", tea, "Tem hộp", "{}", 1, testing::outbox_start});
                        insert(c, {"d2", tea, "Tem túi", "{}", 1, testing::outbox_start + std::chrono::seconds{1}});
                        insert(c, {"r1", rice, "Tem gạo", "{}", 1, testing::outbox_start});
                    }).ok());
    }

    OrganizationId tea{"org-tea"};
    OrganizationId rice{"org-rice"};
};

TEST_P(LabelDesignStorage, KeepsEachOrganizationsDesignsApart)
{
    ASSERT_TRUE(write([this](Connection& c) {
                    auto const own = list(c, tea);
                    ASSERT_EQ(own.size(), 2U);
                    EXPECT_EQ(own.front().name, "Tem hộp");
                    EXPECT_EQ(find(c, tea, "r1").error().key, "label_design.unknown");
                    EXPECT_EQ(remove(c, tea, "r1").error().key, "label_design.unknown");
                    EXPECT_EQ(change(c, {"r1", tea, "x", "{}", 1, {}}).error().key, "label_design.unknown");
                    EXPECT_EQ(find(c, rice, "r1")->name, "Tem gạo");
                }).ok());
}

TEST_P(LabelDesignStorage, CountsVersionsAndForgetsWhatIsRemoved)
{
    ASSERT_TRUE(write([this](Connection& c) {
                    ASSERT_TRUE(change(c, {"d1", tea, "Tem quà", R"({"a":1})", 1, {}}).ok());
                    auto const changed = find(c, tea, "d1");
                    ASSERT_TRUE(changed.ok());
                    EXPECT_EQ(changed->version, 2);
                    EXPECT_EQ(changed->name, "Tem quà");
                    EXPECT_EQ(changed->design, R"({"a":1})");
                    EXPECT_EQ(changed->created_at, testing::outbox_start);
                    ASSERT_TRUE(remove(c, tea, "d1").ok());
                    EXPECT_EQ(list(c, tea).size(), 1U);
                }).ok());
}

NGUON_ON_BOTH_ENGINES(LabelDesignStorage);

} // namespace
} // namespace nguon::db::label_designs
