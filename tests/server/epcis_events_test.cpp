#include "core/epcis/json.hpp"
#include "core/http/uri.hpp"
#include "db/province_desk.hpp"
#include "tests/support/api_test.hpp"

#include <regex>

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;

class EpcisEvents : public nguon::testing::ApiTest {
protected:
    static std::string path_of(std::string const& event_id)
    {
        return "/epcis/events/" + http::percent_encode(event_id);
    }

    static json events_of(Answer const& answer)
    {
        return json::parse(answer.body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"];
    }

    static json captured(std::string const& event_id, std::string const& biz_step = "storing")
    {
        auto document = json::parse(nguon::testing::captured_document);
        auto& event = document["epcisBody"]["eventList"][0];
        event["eventID"] = event_id;
        event["bizStep"] = biz_step;
        return document;
    }

    static std::string without_request_id(std::string const& body)
    {
        return std::regex_replace(body, std::regex{R"re("requestId":"[^"]*")re"}, "");
    }

    json steps_of_batch()
    {
        auto stranger = browser();
        stranger.headers = {{"Accept", "application/json"}};
        return json::parse(stranger.get("/api/v1/trace/" + a.code).body)["steps"];
    }
};

TEST_F(EpcisEvents, AnEventIsFoundByItsId)
{
    auto const answer = owner->get(path_of(a.event_id));
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("GS1-EPCIS-Version"), "2.0.0");
    auto const events = events_of(answer);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]["eventID"], a.event_id);
    EXPECT_TRUE(events[0].contains("recordTime"));
    auto const read = epcis::parse_document(answer.body);
    ASSERT_TRUE(read.ok()) << answer.body;
    EXPECT_EQ(read->kind, epcis::DocumentKind::query);
}

TEST_F(EpcisEvents, AnIdMayHoldAnySign)
{
    std::string const id = "ni:///sha-256;df7bb3c352fef055578554f09f5e2aa41782150ced7bd0b8af24dd3ccb30ba69?ver=CBV2.0";
    ASSERT_EQ(post("/epcis/capture", captured(id)).status, 202U);
    auto const answer = owner->get(path_of(id));
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(events_of(answer)[0]["eventID"], id);
}

TEST_F(EpcisEvents, TheClientChoosesTheMediaType)
{
    auto const ask = [&](std::string const& accept) {
        auto client = *owner;
        client.headers[0].second = accept;
        return client.get(path_of(a.event_id));
    };
    EXPECT_EQ(ask("application/ld+json").header("Content-Type"), "application/ld+json");
    EXPECT_EQ(ask("application/json;q=0.5, application/ld+json").header("Content-Type"), "application/ld+json");
    EXPECT_EQ(ask("*/*").header("Content-Type"), "application/json");
    auto const refused = ask("application/xml");
    EXPECT_EQ(refused.status, 406U);
    EXPECT_EQ(key_of_problem(refused), "api.not_acceptable");
}

TEST_F(EpcisEvents, HeadAndOptionsAnswer)
{
    auto const head = owner->send("HEAD", path_of(a.event_id), {}, {});
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(head.body, "");
    auto const options = owner->send("OPTIONS", path_of(a.event_id), {}, {});
    EXPECT_EQ(options.status, 204U);
    EXPECT_EQ(options.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(owner->send("DELETE", path_of(a.event_id), {}, {}).status, 405U);
}

TEST_F(EpcisEvents, AnothersEventLooksAbsent)
{
    auto const absent = owner->get(path_of("urn:uuid:0190ffff-0000-7000-8000-00000000dead"));
    auto const foreign = owner->get(path_of(b.event_id));
    EXPECT_EQ(absent.status, 404U);
    EXPECT_EQ(foreign.status, 404U);
    EXPECT_EQ(without_request_id(foreign.body), without_request_id(absent.body));
    EXPECT_EQ(owner->get("/epcis/events/%20").status, 404U);
}

TEST_F(EpcisEvents, AnAuthorityReadsWithinItsAreaAndIsNoted)
{
    auto auditor = program(key_of(Role::province_auditor));
    auto const seen = auditor.get(path_of(a.event_id));
    ASSERT_EQ(seen.status, 200U) << seen.body;
    auto const newest = given(database->read_now([](db::Connection& c) -> Result<db::province_desk::AuditLine> {
        return db::province_desk::audit(c, {.count = 1}).front();
    }));
    EXPECT_EQ(newest.action, "api.read");
    EXPECT_EQ(newest.entity_kind, "events");
    EXPECT_EQ(newest.entity_id, a.event_id);
    auto inspector = program(key_of(Role::inspector, {}, b.commune));
    EXPECT_EQ(inspector.get(path_of(a.event_id)).status, 404U);
    EXPECT_EQ(inspector.get(path_of(b.event_id)).status, 200U);
}

TEST_F(EpcisEvents, WhoDidTheWorkIsForTheDeclarer)
{
    json const values{
        {"time", "2026-11-20T09:00"}, {"quantity", 12.5}, {"quantity_unit", "kg"}, {"performed_by", "Lò Thị Mai"}};
    auto const made =
        post("/api/v1/batches/" + a.batch.text() + "/events", {{"template", "tea.harvest"}, {"values", values}});
    ASSERT_EQ(made.status, 201U) << made.body;
    auto const id = json::parse(made.body)["event_id"].get<std::string>();
    auto const has_person = [](Answer const& answer) { return answer.says("nguon:performed_by"); };
    EXPECT_TRUE(has_person(owner->get(path_of(id))));
    auto auditor = program(key_of(Role::province_auditor));
    auto const seen = auditor.get(path_of(id));
    ASSERT_EQ(seen.status, 200U);
    EXPECT_FALSE(has_person(seen)) << seen.body;
}

TEST_F(EpcisEvents, ADeclaredErrorIsShown)
{
    ASSERT_EQ(post("/api/v1/events/" + a.event + "/error-declarations", example("ErrorDeclaration")).status, 204U);
    auto const events = events_of(owner->get(path_of(a.event_id)));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_FALSE(events[0].contains("errorDeclaration"));
    EXPECT_EQ(events[1]["errorDeclaration"]["reason"], "incorrect_data");
}

TEST_F(EpcisEvents, AnIdThatIsTakenTellsNothing)
{
    std::string const id = "urn:uuid:4c8f0b36-9d1e-4b07-8f63-0c1b6d8a2e99";
    auto rival = program(key_of(Role::enterprise_owner, b.org));
    ASSERT_EQ(send(rival, "POST", "/epcis/capture", captured(id)).status, 202U);
    ASSERT_EQ(send(rival, "POST", "/epcis/capture", captured(id)).status, 202U) << "the very same event again";
    auto const of_another = post("/epcis/capture", captured(id));
    auto const own = send(rival, "POST", "/epcis/capture", captured(id, "packing"));
    EXPECT_EQ(of_another.status, 409U);
    EXPECT_EQ(key_of_problem(of_another), "epcis.event_id_taken");
    EXPECT_EQ(without_request_id(of_another.body), without_request_id(own.body));
}

TEST_F(EpcisEvents, ARivalsDeclarationMarksNothingWrong)
{
    auto const declare = [&](OrganizationId const& by) {
        return write([&](db::Connection& c) -> Status {
            auto const stored = db::events::find(c, a.org, a.event);
            auto event = epcis::parse_document(stored->body)->events.front();
            event.error_declaration = epcis::ErrorDeclaration{};
            event.error_declaration->declared = {to_iso(clock.now()), clock.now()};
            db::events::Capture capture;
            capture.id = new_id<struct CaptureKind>();
            capture.org = by;
            capture.received_at = clock.now();
            db::events::insert_capture(c, capture);
            db::events::Facts facts;
            facts.org = by;
            facts.capture = capture.id;
            facts.record_time = clock.now();
            auto const appended = db::events::append(c, event, facts);
            if (!appended) return appended.error();
            return Done{};
        });
    };
    ASSERT_TRUE(declare(b.org).ok());
    auto const steps = steps_of_batch();
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_FALSE(steps[0]["wrong"].get<bool>());
    EXPECT_FALSE(get("/api/v1/events/" + a.event)["declared_wrong"].get<bool>());
    EXPECT_EQ(events_of(owner->get(path_of(a.event_id))).size(), 1U);
    // Nor does it keep the enterprise from saying so itself.
    EXPECT_EQ(post("/api/v1/events/" + a.event + "/error-declarations", example("ErrorDeclaration")).status, 204U);
    EXPECT_TRUE(steps_of_batch()[0]["wrong"].get<bool>());
    EXPECT_TRUE(get("/api/v1/events/" + a.event)["declared_wrong"].get<bool>());
}

} // namespace
} // namespace nguon::server
