#include "server/app/recall_cases.hpp"

#include "core/limits/recalls.hpp"
#include "core/runtime/metrics.hpp"
#include "db/reference.hpp"
#include "server/app/check_batch.hpp"
#include "server/app/organizations.hpp"
#include "server/app/recall_forms.hpp"
#include "server/app/recall_watch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/recall_chain.hpp"
#include "tests/support/storage_test.hpp"

namespace nguon::server {
namespace {

using app::Acknowledgement;
using app::RecallTracing;
using nguon::testing::RecallChain;

constexpr auto reason = "Độ ẩm vượt mức cho phép.";

/// Two lots of leaf become tea, which becomes a blend; another tea has nothing to do with it.
class RecallCases : public nguon::testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        auto work = [this](db::Connection& c) -> Status {
            nguon::testing::add_installation(c);
            nguon::testing::add_target(c, "most");
            db::reference::save(c, std::vector<db::reference::ProductGroup>{{"tea", "Chè", "Tea", "tea", ""}});
            OrganizationInput input;
            input.organization.kind = "cooperative";
            input.organization.name = "Hợp tác xã Chè Bản Bo";
            input.organization.tax_code = "0100109106";
            input.organization.address.line = "Bản Hon 2";
            input.organization.address.commune_text = "xã Bản Bo";
            input.phone = "0213000111";
            org = *app::register_organization(c, officer("clerk"), input);
            Product product;
            product.name = "Chè Shan tuyết";
            product.group_code = "tea";
            product.gtin = "08938505974019";
            auto actor = officer("clerk");
            actor.org = org;
            auto const id = *app::register_product(c, actor, product, {});
            RecallChain chain{c, actor, id};
            leaf = chain.lot("LEAF1");
            other_leaf = chain.lot("LEAF2");
            tea = chain.lot("TEA", "40");
            blend = chain.lot("BLEND");
            unrelated = chain.lot("OTHER");
            chain.harvest(leaf);
            chain.make(tea, {leaf, other_leaf});
            chain.make(blend, {tea});
            chain.ship(blend);
            tea_code = chain.code(tea);
            leaf_code = chain.code(leaf);
            blend_code = chain.code(blend);
            unrelated_code = chain.code(unrelated);
            place = chain.place();
            return Done{};
        };
        auto const done = write(work);
        ASSERT_TRUE(done.ok()) << done.error().key << done.error().log_text;
    }

    app::Actor officer(std::string const& subject) { return {subject, {}, "test", clock.now()}; }
    app::Actor firm()
    {
        auto actor = officer("clerk");
        actor.org = org;
        return actor;
    }

    Result<RecallTracing> trace(app::RecallScope const& scope)
    {
        return read([&](db::Connection& c) { return app::trace_recall(c, scope); });
    }
    std::set<std::string> lots(Result<RecallTracing> const& tracing, bool included = true)
    {
        std::set<std::string> out;
        if (!tracing) return {tracing.error().key};
        for (auto const& lot : tracing->lots)
            if (lot.included == included) out.insert(head(lot.batch).lot);
        return out;
    }
    db::batches::Head head(BatchId const& batch)
    {
        return *read([&](db::Connection& c) { return db::batches::find_any(c, batch); });
    }

    std::string open(bool drill = false)
    {
        auto const tracing = trace({"batch", tea_code, {}, {}});
        EXPECT_TRUE(tracing.ok());
        app::NewRecall wanted;
        wanted.drill = drill;
        wanted.reason = reason;
        wanted.notice = "Trả hàng về nơi mua.";
        auto const id = write([&](db::Connection& c) { return app::open_recall(c, officer("an"), wanted, *tracing); });
        EXPECT_TRUE(id.ok());
        return id.value_or("");
    }
    std::string publish(std::string const& id, std::string const& who)
    {
        auto const done = write([&](db::Connection& c) { return app::publish_recall(c, officer(who), id); });
        return done ? "done" : done.error().key;
    }
    std::string say(std::string const& id, BatchId const& batch, db::recalls::Figures const& figures)
    {
        auto const done = write([&](db::Connection& c) {
            return app::acknowledge_recall(c, firm(), id, batch, Acknowledgement{figures, "kg", ""});
        });
        return done ? "done" : done.error().key;
    }
    std::int64_t withdrawals()
    {
        return *read([](db::Connection& c) {
            return c.query("SELECT count(*) FROM outbox WHERE op = 'withdraw'").front().integer(0);
        });
    }
    std::vector<std::string> steps(std::string const& id)
    {
        std::vector<std::string> out;
        auto const all = read([&](db::Connection& c) { return db::recalls::steps(c, id); });
        for (auto const& step : *all) out.push_back(step.what);
        return out;
    }

    nguon::testing::FakeClock clock;
    OrganizationId org;
    BatchId leaf, other_leaf, tea, blend, unrelated;
    PlaceId place;
    std::string tea_code, leaf_code, blend_code, unrelated_code;
};
NGUON_ON_BOTH_ENGINES(RecallCases);

using Lots = std::set<std::string>;

TEST_P(RecallCases, TracesALotAnIngredientAFirmAndAPlace)
{
    auto const of_batch = trace({"batch", tea_code, {}, {}});
    EXPECT_EQ(lots(of_batch), (Lots{"TEA", "BLEND"}));
    EXPECT_EQ(lots(of_batch, false), (Lots{"LEAF1", "LEAF2"})); // shown, not recalled
    ASSERT_TRUE(of_batch.ok());
    auto const& customers = of_batch->findings["customers"];
    ASSERT_EQ(customers.size(), 1U);
    EXPECT_EQ(customers[0]["name"], "Cửa hàng Tân Phong");
    EXPECT_EQ(customers[0]["quantity"], 12);
    std::set<std::string> missing;
    for (auto const& line : of_batch->findings["missing"]) missing.insert(line["what"]);
    EXPECT_EQ(missing, (Lots{"not_received", "origin_unknown"})); // of the blend, of the second leaf
    EXPECT_EQ(of_batch->score, 50);

    EXPECT_EQ(lots(trace({"ingredient", leaf_code, {}, {}})), (Lots{"LEAF1", "TEA", "BLEND"}));
    EXPECT_EQ(lots(trace({"firm", "0100109106", "2026-11-01", "2026-11-30"})),
              (Lots{"LEAF1", "LEAF2", "TEA", "BLEND", "OTHER"}));
    EXPECT_EQ(lots(trace({"firm", org.text(), "2026-11-21", ""})), (Lots{"recall.nothing_found"}));
    EXPECT_EQ(lots(trace({"place", place.text(), "2026-11-20", "2026-11-30"})),
              (Lots{"LEAF1", "LEAF2", "TEA", "BLEND"}));
    EXPECT_EQ(lots(trace({"place", place.text(), "2026-11-25", ""})), (Lots{"recall.nothing_found"}));
    auto const few = read([&](db::Connection& c) { return app::trace_recall(c, {"firm", org.text(), "", ""}, 3); });
    EXPECT_EQ(lots(few), (Lots{"recall.too_many_lots"}));
    EXPECT_EQ(lots(trace({"firm", "9999999999", "", ""})), (Lots{"recall.firm_unknown"}));
    EXPECT_EQ(lots(trace({"place", "không có", "", ""})), (Lots{"recall.place_unknown"}));
    EXPECT_EQ(lots(trace({"batch", "https://id.gs1.org/01/08938505974019/10/NONE", "", ""})), (Lots{"trace.unknown"}));
}

TEST_P(RecallCases, NeedsASecondPersonToPublish)
{
    auto const id = open();
    EXPECT_EQ(publish(id, "an"), "recall.second_person");
    EXPECT_EQ(head(tea).status, "active");
    EXPECT_EQ(withdrawals(), 0);
    // Who changes the draft is no second person either.
    app::DraftChange change{reason, "Gọi số điện thoại trên tem.", std::vector{tea}};
    ASSERT_TRUE(write([&](db::Connection& c) { return app::change_draft(c, officer("binh"), id, change); }).ok());
    EXPECT_EQ(publish(id, "binh"), "recall.second_person");
    EXPECT_EQ(publish(id, "cuc"), "done");
    EXPECT_EQ(publish(id, "dung"), "recall.not_draft");
    EXPECT_EQ(head(tea).status, "recalled");
    EXPECT_EQ(head(tea).status_reason, reason);
    EXPECT_EQ(head(blend).status, "active"); // taken out of the draft
    EXPECT_EQ(withdrawals(), 1);
    auto const said = read([&](db::Connection& c) { return db::recalls::find_public(c, tea); });
    ASSERT_TRUE(*said);
    EXPECT_EQ((*said)->notice, "Gọi số điện thoại trên tem.");
    EXPECT_EQ(steps(id), (std::vector<std::string>{"opened", "traced", "drafted", "published"}));
}

TEST_P(RecallCases, BalancesWhatTheFirmsSay)
{
    auto const id = open();
    EXPECT_EQ(say(id, tea, {40, 10, 20, 5, 5}), "recall.unknown"); // nobody was asked yet
    ASSERT_EQ(publish(id, "cuc"), "done");
    EXPECT_EQ(say(id, leaf, {40, 10, 20, 5, 5}), "recall.unknown"); // not in it
    EXPECT_EQ(say(id, tea, {40, 10, 20, 5, 5}), "done");
    EXPECT_EQ(say(id, blend, {30, 10, 15, {}, 0}), "invalid");
    EXPECT_EQ(say(id, blend, {30, 10, 15, 2.5, 0}), "done");
    auto const balance = read([&](db::Connection& c) { return db::recalls::balance(c, id); });
    ASSERT_EQ(balance->size(), 1U);
    EXPECT_EQ(balance->front().sums.made, 70.0);
    EXPECT_EQ(balance->front().sums.difference(), 2.5);
    EXPECT_EQ(read([&](db::Connection& c) { return db::recalls::waiting_of(c, org); }).value_or(-1), 0);

    auto const close = [&](std::string const& text) {
        auto const done = write([&](db::Connection& c) { return app::close_recall(c, officer("an"), id, text); });
        return done ? std::string{"done"} : done.error().key;
    };
    EXPECT_EQ(close(""), "invalid");
    EXPECT_EQ(close("Thu đủ hàng."), "done");
    EXPECT_EQ(close("Thu đủ hàng."), "recall.not_open");
    EXPECT_EQ(head(tea).status, "recalled");
    EXPECT_EQ(say(id, tea, {40, 10, 20, 5, 5}), "recall.not_open");
}

TEST_P(RecallCases, EndsTheRecallOfOneLotWithItsReason)
{
    auto const id = open();
    ASSERT_EQ(publish(id, "cuc"), "done");
    auto const other = open();
    ASSERT_EQ(publish(other, "cuc"), "done"); // the same lots once more
    EXPECT_EQ(withdrawals(), 2);
    auto const end = [&](std::string const& of, std::string const& why) {
        auto const done = write([&](db::Connection& c) { return app::end_recall_lot(c, officer("an"), of, tea, why); });
        return done ? std::string{"done"} : done.error().key;
    };
    EXPECT_EQ(end(id, ""), "invalid");
    EXPECT_EQ(end(id, "Kiểm lại đạt"), "done");
    EXPECT_EQ(head(tea).status, "recalled"); // the other case holds it
    EXPECT_EQ(end(other, "Nhầm lô"), "done");
    EXPECT_EQ(end(other, "Nhầm lô"), "recall.lot_not_recalled");
    EXPECT_EQ(head(tea).status, "active");
    EXPECT_EQ(head(blend).status, "recalled");
    auto const ended = read([&](db::Connection& c) { return db::recalls::find_ended(c, tea); });
    ASSERT_TRUE(*ended);
    EXPECT_EQ((*ended)->reason, "Nhầm lô");
    auto const last = read([&](db::Connection& c) {
        return c.query("SELECT op FROM outbox WHERE aggregate_id = $1 ORDER BY version DESC LIMIT 1", {tea})
            .front()
            .text(0);
    });
    EXPECT_EQ(*last, "upsert"); // the portals learn of it
}

TEST_P(RecallCases, ADrillTouchesNothingButItsCase)
{
    auto const before =
        read([](db::Connection& c) { return c.query("SELECT coalesce(max(seq), 0) FROM outbox").front().integer(0); });
    auto const id = open(true);
    EXPECT_EQ(publish(id, "an"), "recall.second_person");
    clock.advance(std::chrono::minutes{7});
    EXPECT_EQ(publish(id, "cuc"), "done");
    EXPECT_EQ(say(id, tea, {40, 10, 20, 5, 5}), "done");
    EXPECT_EQ(head(tea).status, "active");
    EXPECT_EQ(read([&](db::Connection& c) { return db::recalls::find_public(c, tea).has_value(); }).value_or(true),
              false);
    EXPECT_EQ(read([](db::Connection& c) {
                  return c.query("SELECT coalesce(max(seq), 0) FROM outbox").front().integer(0);
              }).value_or(-1),
              *before);
    auto const all = read([&](db::Connection& c) { return db::recalls::steps(c, id); });
    EXPECT_EQ(all->back().at - all->front().at, std::chrono::minutes{7}); // the stop-watch
    auto const entry = read([&](db::Connection& c) { return db::recalls::find(c, id); });
    EXPECT_TRUE(entry->number.starts_with("DT-2026-"));
}

TEST_P(RecallCases, TheProgramDrillsOnceAMonth)
{
    Metrics metrics;
    app::RecallWatch watch{database(), clock, metrics, {.holder = "test", .take_over = true}};
    auto const drills = [&] {
        return read([](db::Connection& c) { return db::recalls::list(c, {}, "drill", "", 0, 10); })->size();
    };
    watch.round();
    EXPECT_EQ(drills(), 1U);
    clock.advance(std::chrono::hours{24 * 29});
    watch.round();
    EXPECT_EQ(drills(), 1U);
    clock.advance(std::chrono::hours{24 * 2});
    watch.round();
    EXPECT_EQ(drills(), 2U);
    auto const last = read([](db::Connection& c) { return db::recalls::list(c, {}, "drill", "", 0, 1).front(); });
    EXPECT_TRUE(last->automatic);
    EXPECT_EQ(last->state, "closed");
    EXPECT_GE(last->lots, 1);
    // Nobody is asked for anything.
    EXPECT_EQ(read([&](db::Connection& c) { return db::recalls::waiting_of(c, org); }).value_or(-1), 0);
    EXPECT_TRUE(
        read([&](db::Connection& c) { return db::recalls::of_organization(c, org, 10).empty(); }).value_or(false));
}

TEST_P(RecallCases, FinishesWhatAStoppedServerLeft)
{
    auto const id = open();
    ASSERT_EQ(publish(id, "cuc"), "done");
    ASSERT_TRUE(write([&](db::Connection& c) {
                    c.execute("UPDATE recall_lot SET published_at = NULL WHERE batch_id = $1", {blend});
                }).ok());
    Metrics metrics;
    app::RecallWatch watch{database(), clock, metrics, {.holder = "test", .take_over = true}};
    watch.round();
    auto const totals = read([&](db::Connection& c) { return db::recalls::totals(c, id); });
    EXPECT_EQ(totals->published, totals->lots);
}

TEST_P(RecallCases, PublishesAThousandLotsAtATimeAndEachOnce)
{
    auto const slice = static_cast<std::int64_t>(limits::recall_lots_published);
    auto const added = write([&](db::Connection& c) -> Status {
        auto const product = db::batches::find_any(c, leaf)->product;
        for (std::int64_t i = 0; i < slice + 20; ++i) {
            Batch batch;
            batch.lot = "NHIEU-" + std::to_string(i);
            batch.made_on = "2026-11-20";
            if (auto made = app::register_batch(c, firm(), product, batch); !made) return std::move(made).error();
        }
        return Done{};
    });
    ASSERT_TRUE(added.ok()) << added.error().key;
    auto const tracing = trace({"firm", org.text(), "2026-11-01", "2026-11-30"});
    ASSERT_TRUE(tracing.ok()) << tracing.error().key;
    app::NewRecall wanted;
    wanted.reason = reason;
    wanted.notice = "Trả hàng về nơi mua.";
    auto const id = *write([&](db::Connection& c) { return app::open_recall(c, officer("an"), wanted, *tracing); });
    auto const totals = [&] { return *read([&](db::Connection& c) { return db::recalls::totals(c, id); }); };
    auto const lots = totals().lots;
    ASSERT_EQ(lots, slice + 25); // with those of the chain

    ASSERT_EQ(publish(id, "cuc"), "done");
    EXPECT_EQ(totals().published, slice);
    EXPECT_EQ(withdrawals(), slice);

    // The server stopped here; whoever takes over goes on, and a second one finds nothing left.
    Metrics metrics;
    app::RecallWatch watch{database(), clock, metrics, {.holder = "test", .take_over = true}};
    watch.round();
    EXPECT_EQ(totals().published, lots);
    EXPECT_EQ(withdrawals(), lots);
    EXPECT_NE(metrics.text().find("limit_hits_total{limit=\"recall.lots_published\"} 1"), std::string::npos);
    EXPECT_EQ(*write([&](db::Connection& c) { return app::publish_more(c, officer("cuc"), id); }), 0);
    watch.round();
    EXPECT_EQ(withdrawals(), lots);
}

TEST_P(RecallCases, ScoresHowCompleteALotIs)
{
    auto const check = [&](std::string const& code) {
        return read([&](db::Connection& c) { return app::check_batch(c, code, clock.now()); });
    };
    auto const keys = [](app::Completeness const& checked) {
        std::set<std::string> out;
        for (auto const& lack : checked.lacks) out.insert(lack.key);
        return out;
    };
    auto const of_tea = check(tea_code);
    ASSERT_TRUE(of_tea.ok());
    EXPECT_TRUE(of_tea->story.back_known);
    EXPECT_TRUE(of_tea->story.forward_known);
    EXPECT_FALSE(is_complete(of_tea->story)); // four items are missing
    EXPECT_EQ(of_tea->items.size(), 9U);
    EXPECT_EQ(score_of(of_tea->story), 6 * of_tea->story.items_present + 36);
    EXPECT_EQ(keys(*of_tea), (Lots{"item.product_images", "item.origin", "item.expiry_date", "item.applied_standards",
                                   "evidence", "step"}));
    auto const of_blend = check(blend_code);
    EXPECT_TRUE(of_blend->story.forward_known); // shipped to a shop that is named, though nobody received it
    auto const of_other = check(unrelated_code);
    EXPECT_FALSE(of_other->story.back_known);
    EXPECT_FALSE(of_other->story.forward_known);
    EXPECT_TRUE(keys(*of_other).contains("forward"));
    EXPECT_LT(score_of(of_other->story), score_of(of_tea->story));
    EXPECT_EQ(check("08938505974019").error().key, "check.no_lot");
    EXPECT_EQ(check("https://id.gs1.org/01/08938505974026/10/X").error().key, "check.unknown");
}

} // namespace
} // namespace nguon::server
