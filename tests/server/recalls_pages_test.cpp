#include "tests/support/province_test.hpp"
#include "tests/support/recall_chain.hpp"

#include "server/app/organizations.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::Fields;
using nguon::testing::RecallChain;

constexpr auto reason = "Phát hiện dư lượng thuốc vượt mức cho phép";

/// Tea was made of a lot of leaf and shipped; two officers, one of a commune only, and a member of the firm.
class RecallPages : public nguon::testing::ProvinceTest {
protected:
    void SetUp() override
    {
        ProvinceTest::SetUp();
        add_officer("lan.vu", Role::province_operator);
        add_officer("ban.xa", Role::province_operator, nguon::testing::tam_commune);
        add_officer("xa.bo", Role::commune_officer, nguon::testing::bo_commune);
        add_person("chu.che", Role::enterprise_owner, tea.org);
        add_person("chu.gao", Role::enterprise_owner, rice.org);
        do_write([&](db::Connection& c) {
            app::Actor actor{"clerk", tea.org, "test", clock.now()};
            RecallChain chain{c, actor, tea.product};
            leaf = chain.lot("LEAF");
            chain.harvest(leaf);
            made = chain.lot("TEA", "40");
            chain.make(made, {leaf});
            chain.ship(made);
            code = chain.code(made);
            leaf_code = chain.code(leaf);
        });
    }

    Answer open(Browser& client, std::string const& kind = "real")
    {
        return client.post("/province/recalls/new", {{"kind", kind},
                                                     {"scope", "ingredient"},
                                                     {"subject", leaf_code},
                                                     {"reason", reason},
                                                     {"notice", "Trả hàng về nơi mua."}});
    }
    static std::string path_of(Answer const& answer)
    {
        auto const location = answer.header("Location");
        return location.substr(0, location.find('?'));
    }
    std::string banner() { return say("origin.verdict.recalled"); }

    BatchId leaf, made;
    std::string code, leaf_code, blend_code;
};

TEST_F(RecallPages, TwoPeopleRecallAndTheFirmAnswers)
{
    auto mai = signed_in("mai.lo");
    auto const opened = open(mai);
    ASSERT_EQ(opened.status, 303U) << opened.body;
    auto const path = path_of(opened);
    auto const draft = mai.get(path);
    EXPECT_TRUE(draft.says("TEA"));
    EXPECT_TRUE(draft.says("0213000111")); // whom to call
    EXPECT_TRUE(draft.says(say("recalls.needs_other")));
    EXPECT_FALSE(draft.says(">" + say("recalls.publish") + "<"));
    auto const alone = mai.post(path, {{"action", "publish"}});
    EXPECT_EQ(alone.status, 403U);
    EXPECT_TRUE(alone.says(say("recall.second_person")));
    EXPECT_FALSE(browser().get("/t/" + code).says(banner()));
    EXPECT_EQ(signed_in("chu.che").get(path_of(opened)).status, 403U);
    EXPECT_FALSE(signed_in("chu.che").get("/console/recalls").says(reason)); // a draft is nobody's task

    auto lan = signed_in("lan.vu");
    connector_woken = 0;
    EXPECT_EQ(lan.post(path, {{"action", "publish"}}).status, 303U);
    EXPECT_GT(connector_woken, 0);
    auto const page = browser().get("/t/" + code);
    EXPECT_TRUE(page.says(banner()));
    EXPECT_TRUE(page.says("Trả hàng về nơi mua."));
    EXPECT_TRUE(browser().get("/t/" + leaf_code).says(banner()));
    EXPECT_FALSE(browser().get("/t/" + tea.batch_code).says(banner()));

    auto firm = signed_in("chu.che");
    EXPECT_TRUE(firm.get("/console").says(say("recalls.home_waiting", {"2"})));
    auto const tasks = firm.get("/console/recalls");
    EXPECT_TRUE(tasks.says(reason));
    auto const task = "/console/recalls/" + path.substr(path.rfind('/') + 1);
    EXPECT_EQ(signed_in("chu.gao").get(task).status, 404U);
    Fields said{{"lot", made.text()}, {"made", "40"},     {"sold", "10,5"}, {"in_stock", "20"},
                {"returned", "5"},    {"destroyed", "4"}, {"unit", "kg"}};
    auto wrong = said;
    wrong[2].second = "mười";
    auto const refused = firm.post(task, wrong);
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("mười"));
    EXPECT_EQ(firm.post(task, said).status, 303U);
    auto const balance = lan.get(path);
    EXPECT_TRUE(balance.says("0,5")); // unaccounted for
    EXPECT_TRUE(balance.says(say("recalls.step.acknowledged")));
    auto const sheet = lan.get(path + "/lots.xlsx");
    EXPECT_EQ(sheet.status, 200U);
    EXPECT_TRUE(sheet.body.starts_with("PK"));
    EXPECT_TRUE(lan.get(path + "/report.docx").body.starts_with("PK"));

    EXPECT_EQ(lan.post(path, {{"action", "end_lot"}, {"lot", leaf.text()}, {"reason", "Búp tươi đạt"}}).status, 303U);
    auto const ended = browser().get("/t/" + leaf_code);
    EXPECT_FALSE(ended.says(banner()));
    EXPECT_TRUE(ended.says("Búp tươi đạt"));
    EXPECT_EQ(lan.post(path, {{"action", "close"}, {"conclusion", ""}}).status, 400U);
    EXPECT_EQ(lan.post(path, {{"action", "close"}, {"conclusion", "Thu đủ."}}).status, 303U);
    EXPECT_TRUE(lan.get(path).says("Thu đủ."));
    EXPECT_TRUE(browser().get("/t/" + code).says(banner()));
    EXPECT_TRUE(was_noted("recall.published"));
    EXPECT_TRUE(was_noted("recall.read"));
}

TEST_F(RecallPages, ADrillLooksTheSameAndNobodyOutsideSeesIt)
{
    auto mai = signed_in("mai.lo");
    auto const path = path_of(open(mai, "drill"));
    EXPECT_TRUE(mai.get(path).says(say("recalls.drill_mark")));
    EXPECT_EQ(signed_in("lan.vu").post(path, {{"action", "publish"}}).status, 303U);
    EXPECT_FALSE(browser().get("/t/" + code).says(banner()));
    auto firm = signed_in("chu.che");
    auto const task = firm.get("/console/recalls/" + path.substr(path.rfind('/') + 1));
    EXPECT_TRUE(task.says(say("recalls.drill_mark")));
    EXPECT_TRUE(mai.get("/province/recalls?kind=drill").says("DT-2026-001"));
    EXPECT_FALSE(mai.get("/province/recalls?kind=real").says("DT-2026-001"));
}

TEST_F(RecallPages, OnlyWhoRecallsInTheWholeProvinceOpensACase)
{
    auto limited = signed_in("ban.xa");
    EXPECT_EQ(limited.get("/province/recalls/new").status, 403U);
    auto mai = signed_in("mai.lo");
    auto const path = path_of(open(mai));
    EXPECT_EQ(limited.get(path).status, 404U); // no firm of that commune
    EXPECT_EQ(signed_in("xa.bo").get(path).status, 200U);
    EXPECT_EQ(signed_in("xa.bo").post_raw(path, {{"action", "publish"}}).status, 403U);
    auto const refused = mai.post("/province/recalls/new", {{"kind", "real"}, {"scope", "batch"}, {"subject", "xyz"}});
    EXPECT_EQ(refused.status, 400U);
    EXPECT_TRUE(refused.says("xyz"));
    auto const cancelled = mai.post(path, {{"action", "cancel"}});
    EXPECT_EQ(cancelled.status, 303U);
    EXPECT_EQ(signed_in("lan.vu").post(path, {{"action", "publish"}}, "/province/recalls/new").status, 409U);
}

TEST_F(RecallPages, TracesAsListPictureAndSheet)
{
    auto mai = signed_in("mai.lo");
    auto const page = mai.get("/province/trace?code=" + code);
    EXPECT_EQ(page.status, 200U);
    EXPECT_TRUE(page.says("LEAF"));
    EXPECT_TRUE(page.says("90 kg"));
    EXPECT_TRUE(page.says(say("trace.gap.not_received")));
    EXPECT_TRUE(page.says(say("check.lot_title")));
    EXPECT_TRUE(page.says(say("trace.shipped")));
    EXPECT_TRUE(page.says("Cửa hàng Tân Phong"));
    EXPECT_FALSE(mai.get("/province/trace?code=" + code + "&direction=back").says(say("trace.shipped")));
    EXPECT_TRUE(was_noted("trace.read"));
    auto const picture = mai.get("/province/trace?code=" + code + "&format=svg");
    EXPECT_EQ(picture.header("Content-Type"), "image/svg+xml");
    EXPECT_TRUE(picture.says("<svg") && picture.says("<path"));
    EXPECT_TRUE(mai.get("/province/trace?code=" + code + "&format=xlsx").body.starts_with("PK"));
    EXPECT_EQ(mai.get("/province/trace?code=khong-co").status, 400U);
    // The leaf's officer sees it, another commune's does not.
    EXPECT_EQ(signed_in("xa.bo").get("/province/trace?code=" + code).status, 200U);
    EXPECT_EQ(signed_in("ban.xa").get("/province/trace?code=" + code).status, 404U);
    EXPECT_EQ(signed_in("chu.che").get("/console/trace?code=" + code).status, 200U);
    EXPECT_EQ(signed_in("chu.gao").get("/console/trace?code=" + code).status, 404U);
}

TEST_F(RecallPages, AnEnterpriseSeesItsOwnAndOneStepBeyond)
{
    // Rice (in this story) buys tea and blends it; what the tea was made of is not its business.
    do_write([&](db::Connection& c) {
        app::Actor actor{"clerk", rice.org, "test", clock.now()};
        RecallChain chain{c, actor, rice.product};
        auto const blend = chain.lot("BLEND");
        app::NewEvent event;
        event.batch = blend;
        event.template_key = "tea.processing";
        event.values = {
            {"time", {"2026-11-21T07:30"}}, {"quantity", {"5"}},    {"quantity_unit", {"kg"}},        {"input", {code}},
            {"input_quantity", {"4"}},      {"input_unit", {"kg"}}, {"place", {chain.place().text()}}};
        ASSERT_TRUE(app::record_event(c, actor, event).ok());
        blend_code = chain.code(blend);
    });
    auto const seen = signed_in("chu.gao").get("/console/trace?code=" + blend_code);
    EXPECT_TRUE(seen.says("Chè Shan tuyết · TEA"));
    EXPECT_FALSE(seen.says("LEAF"));
    EXPECT_TRUE(seen.says(say("trace.hidden", {"1"})));
    EXPECT_FALSE(seen.says("Cửa hàng Tân Phong")); // to whom the supplier sells
    auto const whole = signed_in("mai.lo").get("/province/trace?code=" + blend_code);
    EXPECT_TRUE(whole.says("LEAF"));
    auto const supplier = signed_in("chu.che").get("/console/trace?code=" + code);
    EXPECT_TRUE(supplier.says("BLEND")); // one step forward
}

} // namespace
} // namespace nguon::server
