#include "db/operations.hpp"

#include "core/limits.hpp"
#include "tests/db/engine_test.hpp"

#include <future>

namespace nguon::testing {

namespace {

using db::Operation;
using db::OperationAnswer;

class OperationStorage : public EngineTest {
protected:
    static Operation operation(std::string const& key, std::string const& digest = "d1")
    {
        return Operation{OrganizationId{"org-tea"}, key, digest, Instant{std::chrono::seconds{1000}}};
    }

    /// Inserts an item and answers 201, once for the operation.
    Result<OperationAnswer> insert_once(Operation const& operation)
    {
        return database().write_now(operation, [](db::Connection& c) -> Result<OperationAnswer> {
            auto const seq = insert_item(c, "item-" + std::to_string(count_items(c)));
            return OperationAnswer{201, "/items/" + std::to_string(seq), "{\"seq\":" + std::to_string(seq) + "}"};
        });
    }
};
NGUON_ON_BOTH_ENGINES(OperationStorage);

} // namespace

TEST_P(OperationStorage, AnswersARepeatAsBefore)
{
    auto const first = insert_once(operation("k"));
    auto const again = insert_once(operation("k"));

    ASSERT_TRUE(first.ok());
    ASSERT_TRUE(again.ok());
    EXPECT_FALSE(first->repeated);
    EXPECT_TRUE(again->repeated);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(again->location, first->location);
    EXPECT_EQ(again->body, first->body);
    EXPECT_EQ(items(), 1);
}

TEST_P(OperationStorage, RefusesTheKeyOfAnotherRequest)
{
    ASSERT_TRUE(insert_once(operation("k", "d1")).ok());
    auto const other = insert_once(operation("k", "d2"));
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, ErrorCode::invalid);
    EXPECT_EQ(other.error().key, "operation.key_reused");
    EXPECT_EQ(items(), 1);
}

TEST_P(OperationStorage, SeparatesOrganizationsAndKeys)
{
    auto foreign = operation("k");
    foreign.org = OrganizationId{"org-bakery"};
    EXPECT_TRUE(insert_once(operation("k")).ok());
    EXPECT_TRUE(insert_once(foreign).ok());
    EXPECT_TRUE(insert_once(operation("k2")).ok());
    EXPECT_EQ(items(), 3);
}

TEST_P(OperationStorage, WorksEachTimeWithoutAKey)
{
    ASSERT_TRUE(insert_once(operation("")).ok());
    ASSERT_TRUE(insert_once(operation("")).ok());
    EXPECT_EQ(items(), 2);
}

TEST_P(OperationStorage, KeepsNothingOfARefusal)
{
    auto const refused = database().write_now(operation("k"), [](db::Connection& c) -> Result<OperationAnswer> {
        insert_item(c, "a");
        return conflict("batch.exists");
    });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "batch.exists");
    auto const later = insert_once(operation("k"));
    ASSERT_TRUE(later.ok());
    EXPECT_FALSE(later->repeated);
}

TEST_P(OperationStorage, WorksOnceWhenTheSameRequestComesTwiceAtOnce)
{
    Gate gate;
    auto first = std::async(std::launch::async, [&] {
        return database().write_now(operation("k"), [&](db::Connection& c) -> Result<OperationAnswer> {
            insert_item(c, "a");
            gate.pass();
            return OperationAnswer{201, "/items/a", ""};
        });
    });
    gate.wait_until_reached();
    auto second = std::async(std::launch::async, [&] { return insert_once(operation("k")); });

    if (GetParam() == Engine::postgres) {
        auto const running = second.get();
        ASSERT_FALSE(running.ok());
        EXPECT_EQ(running.error().code, ErrorCode::conflict);
        EXPECT_EQ(running.error().key, "operation.running");
        gate.open();
    } else {
        // One writer: the second waits its turn and then finds the answer.
        gate.open();
        auto const repeated = second.get();
        ASSERT_TRUE(repeated.ok());
        EXPECT_TRUE(repeated->repeated);
        EXPECT_EQ(repeated->location, "/items/a");
    }
    EXPECT_TRUE(first.get().ok());
    EXPECT_TRUE(insert_once(operation("k"))->repeated);
    EXPECT_EQ(items(), 1);
}

TEST_P(OperationStorage, ForgetsAfterThirtyDays)
{
    ASSERT_TRUE(insert_once(operation("k")).ok());
    auto const forget_at = [this](Instant now) {
        return write([now](auto& c) { return db::operations::forget_old(c, now); }).value_or(-1);
    };
    auto const end = operation("k").asked_at + limits::operation_kept_time;
    EXPECT_EQ(forget_at(end), 0);
    EXPECT_EQ(forget_at(end + std::chrono::microseconds{1}), 1);
    EXPECT_FALSE(insert_once(operation("k"))->repeated);
}

} // namespace nguon::testing
