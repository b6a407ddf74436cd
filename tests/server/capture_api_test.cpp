#include "tests/support/api_test.hpp"

#include <fmt/format.h>

namespace nguon::server {
namespace {

using nguon::testing::key_of_problem;
using nlohmann::json;

class Capture : public nguon::testing::ApiTest {
protected:
    static json document(json const& events)
    {
        return {{"@context", json::array({"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                                          {{"nguon", "urn:nguon:epcis:"}, {"mine", "urn:nguon:epcis:"}}})},
                {"type", "EPCISDocument"},
                {"schemaVersion", "2.0"},
                {"creationDate", "2026-11-21T08:00:00+07:00"},
                {"epcisBody", {{"eventList", events}}}};
    }
    static json event(int number = 1)
    {
        return {{"type", "ObjectEvent"},
                {"eventID", "urn:uuid:4c8f0b36-9d1e-4b07-8f63-" + fmt::format("{:012}", number)},
                {"eventTime", "2026-11-20T16:00:00+07:00"},
                {"eventTimeZoneOffset", "+07:00"},
                {"epcList", {"urn:uuid:5d8f0b36-9d1e-4b07-8f63-0c1b6d8a2e55"}},
                {"action", "OBSERVE"},
                {"bizStep", "storing"}};
    }
    json newest() { return get("/api/v1/events?limit=1")["items"][0]; }
};

TEST_F(Capture, TakesADocumentWhole)
{
    auto const answer = post("/epcis/capture", document({event(1), event(2)}));
    ASSERT_EQ(answer.status, 202U) << answer.body;
    auto const job = get(answer.header("Location"));
    EXPECT_EQ(job["eventCount"], 2);
    EXPECT_TRUE(job["success"].get<bool>());
    auto const count = get("/api/v1/events?limit=100")["items"].size();
    auto broken = event(4);
    broken["action"] = "LOOK";
    EXPECT_EQ(post("/epcis/capture", document({event(3), broken})).status, 400U);
    EXPECT_EQ(get("/api/v1/events?limit=100")["items"].size(), count);
    auto rival = program(key_of(Role::enterprise_owner, b.org));
    EXPECT_EQ(rival.get(answer.header("Location")).status, 404U);
}

TEST_F(Capture, BelievesNothingAnEventSaysOfItself)
{
    auto claiming = event();
    claiming["nguon:mark"] = "confirmed";
    claiming["mine:template"] = "tea.processing";
    claiming["nguon:evidence"] = json::array({std::string(64, 'a')});
    claiming["nguon:grade"] = "Đinh";
    ASSERT_EQ(post("/epcis/capture", document(json::array({claiming}))).status, 202U);
    auto const stored = newest();
    EXPECT_EQ(stored["mark"], "self_declared");
    EXPECT_FALSE(stored.contains("template"));
    for (auto const* name : {"nguon:mark", "mine:template", "nguon:evidence"})
        EXPECT_FALSE(stored["event"].contains(name)) << name;
    EXPECT_EQ(stored["event"]["nguon:grade"], "Đinh");
}

TEST_F(Capture, OnlyOnesOwnEventsAreDeclaredWrong)
{
    ASSERT_EQ(post("/epcis/capture", document(json::array({event()}))).status, 202U);
    auto wrong = event();
    wrong["errorDeclaration"] = {{"declarationTime", "2026-11-21T07:00:00+07:00"}, {"reason", "incorrect_data"}};
    auto rival = program(key_of(Role::enterprise_owner, b.org));
    auto const refused = send(rival, "POST", "/epcis/capture", document(json::array({wrong})));
    EXPECT_EQ(refused.status, 400U) << refused.body;
    EXPECT_EQ(post("/epcis/capture", document(json::array({wrong}))).status, 202U);
}

TEST_F(Capture, HoldsTheLimitOfEvents)
{
    auto const events = [](std::size_t count) {
        auto out = json::array();
        for (std::size_t i = 0; i < count; ++i) out.push_back(event(static_cast<int>(i + 100)));
        return out;
    };
    EXPECT_EQ(key_of_problem(post("/epcis/capture", document(events(limits::capture_events_max + 1)))),
              "epcis.too_many");
    EXPECT_EQ(post("/epcis/capture", document(events(limits::capture_events_max))).status, 202U);
}

TEST_F(Capture, TheProvinceActsForItsOwnOrganization)
{
    auto operator_ = program(key_of(Role::province_operator));
    EXPECT_EQ(key_of_problem(send(operator_, "POST", "/epcis/capture", document(json::array({event()})))),
              "api.no_organization");
}

} // namespace
} // namespace nguon::server
