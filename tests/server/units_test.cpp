#include "core/gs1/printed_code.hpp"
#include "tests/support/api_test.hpp"

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::faults_of;
using nguon::testing::Fields;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;
using FaultsByPlace = std::map<std::string, std::string>;

constexpr auto* changes = "/api/v1/unit-changes";

/// Labels with a code of their own: what the API, the console and a buyer see of their states.
class Units : public nguon::testing::ApiTest {
protected:
    void SetUp() override
    {
        ApiTest::SetUp();
        add_person("chu", Role::enterprise_owner, a.org);
        labels = roll(a, 10);
    }

    std::vector<std::string> roll(nguon::testing::Enterprise const& of, std::int64_t count)
    {
        auto work = [&](db::Connection& c) -> Result<std::vector<std::string>> {
            app::LabelRequest wanted;
            wanted.batch = of.batch;
            wanted.kind = "unit";
            wanted.stock = "a4-24";
            wanted.count = count;
            wanted.draw = false;
            app::Actor const actor{"clerk", of.org, "test", clock.now()};
            auto const job = given(app::create_label_job(c, actor, wanted, {settings.public_url, false}));
            return db::printed_codes::codes_of_job(c, of.org, job);
        };
        return given(write(work));
    }

    std::string said(std::string_view key, std::initializer_list<std::string> values = {})
    {
        return locale->text("vi", key, values);
    }

    std::string state(std::string const& code) { return get("/api/v1/units/" + code)["state"].get<std::string>(); }

    std::vector<std::string> labels;
};

TEST_F(Units, AreActivatedFromTheFirstToTheLastLabelOfARoll)
{
    auto const page = "/t/" + labels[4];
    EXPECT_TRUE(browser().get(page).status == 307U || browser().get(page).says(said("origin.verdict.not_activated")));
    auto const done = post(changes, {{"first", labels[2]}, {"last", labels[6]}, {"to", "activated"}});
    ASSERT_EQ(done.status, 200U) << done.body;
    auto const answer = json::parse(done.body);
    EXPECT_EQ(answer["changed"], 5);
    EXPECT_EQ(answer["counts"], (json{{"activated", 5}}));
    EXPECT_EQ(state(labels[1]), "printed");
    EXPECT_EQ(state(labels[2]), "activated");
    EXPECT_EQ(state(labels[6]), "activated");
    EXPECT_EQ(state(labels[7]), "printed");

    // From the other end of the roll, as a scanner reads whole addresses, and over labels that are active already.
    auto const link = "https://truyxuat.example/01/08938505974019/21/";
    auto const again = post(changes, {{"first", link + labels[8]}, {"last", link + labels[0]}, {"to", "activated"}});
    ASSERT_EQ(again.status, 200U) << again.body;
    EXPECT_EQ(json::parse(again.body)["changed"], 4);
    EXPECT_EQ(json::parse(again.body)["counts"], (json{{"activated", 9}}));
    auto const list = get("/api/v1/label-jobs/" + answer["job_id"].get<std::string>() + "/units?state=printed");
    ASSERT_EQ(list["items"].size(), 1U);
    EXPECT_EQ(list["items"][0]["code"], labels[9]);
}

TEST_F(Units, GoOnlyWhereTheirStateLeads)
{
    auto const one = [&](std::string const& to, std::string const& reason = "") {
        json body{{"first", labels[0]}, {"to", to}};
        if (!reason.empty()) body["reason"] = reason;
        return post(changes, body);
    };
    EXPECT_EQ(key_of_problem(one("shipped")), "unit.nothing_to_change");
    EXPECT_EQ(key_of_problem(one("sold")), "unit.nothing_to_change");
    EXPECT_EQ(one("activated").status, 200U);
    EXPECT_EQ(key_of_problem(one("activated")), "unit.nothing_to_change");
    EXPECT_EQ(one("shipped").status, 200U);
    EXPECT_EQ(one("sold").status, 200U);
    EXPECT_EQ(faults_of(one("void")), (FaultsByPlace{{"/reason", "field.required"}}));
    EXPECT_EQ(one("void", "Khách trả lại, tem rách").status, 200U);
    auto const unit = get("/api/v1/units/" + labels[0]);
    EXPECT_EQ(unit["state"], "void");
    EXPECT_EQ(unit["reason"], "Khách trả lại, tem rách");
    EXPECT_EQ(key_of_problem(one("activated")), "unit.nothing_to_change");
    EXPECT_EQ(faults_of(one("printed")), (FaultsByPlace{{"/to", "unit.state_unknown"}}));
}

TEST_F(Units, SayWhichEndIsWrong)
{
    auto const other_roll = roll(a, 3);
    auto const foreign = roll(b, 3);
    auto const ask = [&](std::string const& first, std::string const& last) {
        return faults_of(post(changes, {{"first", first}, {"last", last}, {"to", "activated"}}));
    };
    EXPECT_EQ(ask(labels[0], other_roll[0]), (FaultsByPlace{{"/last", "unit.other_job"}}));
    EXPECT_EQ(ask(labels[0], foreign[0]), (FaultsByPlace{{"/last", "unit.unknown"}}));
    EXPECT_EQ(ask(a.code, labels[0]), (FaultsByPlace{{"/first", "unit.of_lot"}}));
    EXPECT_EQ(ask("(01)08938505974019(10)L261120", labels[0]), (FaultsByPlace{{"/first", "unit.no_code"}}));
    auto wrong = labels[0];
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    EXPECT_EQ(ask(wrong, "mã gì đây").size(), 2U) << "both ends at once";
    for (auto const& label : labels) EXPECT_EQ(state(label), "printed");
}

TEST_F(Units, OfOthersAreNobodysBusiness)
{
    auto const foreign = roll(b, 1).front();
    EXPECT_EQ(owner->get("/api/v1/units/" + foreign).status, 404U);
    EXPECT_EQ(owner->get("/api/v1/units/" + gs1::new_printed_code()).status, 404U);
    auto field_worker = program(key_of(Role::field_worker, a.org));
    EXPECT_EQ(field_worker.get("/api/v1/units/" + labels[0]).status, 403U);
}

TEST_F(Units, TellABuyerWhatTheirStateMeans)
{
    auto const page = [&](std::size_t label) { return browser().get("/01/08938505974019/21/" + labels[label]); };
    EXPECT_TRUE(page(0).says(said("origin.verdict.not_activated")));
    EXPECT_TRUE(page(0).says(said("origin.verdict.not_activated.next")));
    EXPECT_EQ(page(0).status, 200U);
    EXPECT_EQ(post(changes, {{"first", labels[0]}, {"last", labels[9]}, {"to", "activated"}}).status, 200U);
    EXPECT_FALSE(page(0).says(said("origin.verdict.not_activated")));
    EXPECT_EQ(post(changes, {{"first", labels[1]}, {"to", "sold"}}).status, 200U);
    EXPECT_TRUE(page(1).says(said("origin.verdict.sold")));
    EXPECT_TRUE(page(1).says(said("origin.sold_on", {"21/11/2026"})));
    EXPECT_EQ(post(changes, {{"first", labels[2]}, {"to", "void"}, {"reason", "Rách"}}).status, 200U);
    EXPECT_TRUE(page(2).says(said("origin.verdict.void_code")));
    auto const told = json::parse(browser().get("/api/v1/trace/" + labels[1]).body);
    EXPECT_EQ(told["verdict"], "sold");
}

TEST_F(Units, AreActivatedInTheConsoleAfterALook)
{
    auto chu = signed_in("chu");
    auto const empty = chu.get("/console/units");
    EXPECT_TRUE(empty.says(said("console.unit.waiting")));
    EXPECT_TRUE(empty.says("10 " + said("console.label.labels")));

    auto const look = "/console/units?first=" + labels[0] + "&last=" + labels[3] + "&to=activated";
    auto const question = chu.get(look);
    EXPECT_TRUE(question.says(said("console.unit.question.activated", {"4"})));
    EXPECT_TRUE(question.says(gs1::to_grouped_code(labels[3])));
    EXPECT_EQ(state(labels[0]), "printed") << "nothing changes before somebody confirmed";
    Fields const confirmed{{"first", gs1::to_grouped_code(labels[0])},
                           {"last", gs1::to_grouped_code(labels[3])},
                           {"to", "activated"},
                           {"reason", ""}};
    EXPECT_EQ(chu.post("/console/units", confirmed, look).header("Location"), "/console/units?done=units_changed");
    EXPECT_EQ(state(labels[3]), "activated");
    EXPECT_EQ(state(labels[4]), "printed");
    EXPECT_TRUE(chu.get("/console/units").says("6 " + said("console.label.labels")));

    auto const wrong = chu.get("/console/units?first=" + labels[0] + "&last=" + a.code);
    EXPECT_TRUE(wrong.says(said("unit.of_lot", {gs1::to_grouped_code(a.code)})));
    EXPECT_TRUE(wrong.says("value=\"" + labels[0] + "\"")) << "what was typed stands there again";
    auto const unexplained = chu.post("/console/units", {{"first", labels[0]}, {"to", "void"}});
    EXPECT_EQ(unexplained.status, 400U);
    EXPECT_TRUE(unexplained.says(said("field.required")));
}

TEST_F(Units, ThatLieAroundForDaysAreATaskOnTheHomePage)
{
    auto chu = signed_in("chu");
    EXPECT_FALSE(chu.get("/console").says(said("console.home.units.text")));
    clock.advance(std::chrono::hours{24 * 6});
    EXPECT_FALSE(signed_in("chu").get("/console").says(said("console.home.units.text")));
    clock.advance(std::chrono::hours{25});
    EXPECT_TRUE(signed_in("chu").get("/console").says(said("console.home.units.text")));
}

} // namespace
} // namespace nguon::server
