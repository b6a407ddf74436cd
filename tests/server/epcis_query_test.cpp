#include "core/epcis/json.hpp"
#include "core/http/uri.hpp"
#include "core/limits/epcis_query.hpp"
#include "db/event_terms.hpp"
#include "server/app/event_term_filler.hpp"
#include "tests/support/api_test.hpp"

#include <set>
#include <thread>

#include <fmt/format.h>

namespace nguon::server {
namespace {

using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::faults_of;
using nguon::testing::Fields;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;

constexpr auto* epc = "urn:epc:id:sgtin:0614141.107346.2017";
constexpr auto* epc_link = "https://id.gs1.org/01/10614141073464/21/2017";

/// The standard's interface as a program of the first enterprise uses it.
class EpcisQuery : public nguon::testing::ApiTest {
protected:
    static json event(int number, json const& more = json::object())
    {
        json out{{"@context",
                  {"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                   {{"ex", "https://ns.example.com/epcis/"}}}},
                 {"type", "ObjectEvent"},
                 {"eventID", fmt::format("urn:uuid:4c8f0b36-9d1e-4b07-8f63-{:012}", number)},
                 {"eventTime", fmt::format("2026-11-20T16:{:02}:00+07:00", number % 60)},
                 {"eventTimeZoneOffset", "+07:00"},
                 {"epcList", {epc}},
                 {"action", "OBSERVE"},
                 {"bizStep", "receiving"}};
        out.update(more);
        if (out["type"] != "ObjectEvent") out.erase("epcList");
        return out;
    }

    static json document(json const& events)
    {
        return {{"@context",
                 {"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                  {{"ex", "https://ns.example.com/epcis/"}}}},
                {"type", "EPCISDocument"},
                {"schemaVersion", "2.0"},
                {"creationDate", "2026-11-21T08:00:00+07:00"},
                {"epcisBody", {{"eventList", events}}}};
    }

    void capture(int number, json const& more = json::object())
    {
        auto const answer = post("/epcis/events", event(number, more));
        ASSERT_EQ(answer.status, 201U) << answer.body;
    }

    static json events_of(Answer const& answer)
    {
        EXPECT_EQ(answer.status, 200U) << answer.body;
        if (answer.status != 200) return json::array();
        return json::parse(answer.body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"];
    }

    /// The last digits of the eventIDs, in the answer's order.
    static std::string numbers_of(Answer const& answer)
    {
        std::string out;
        for (auto const& item : events_of(answer)) {
            auto const id = item["eventID"].get<std::string>();
            out += (out.empty() ? "" : " ") + std::to_string(std::stoi(id.substr(id.size() - 4)));
        }
        return out;
    }

    std::string ask(std::string const& query, std::string const& resource = "/epcis/events")
    {
        return numbers_of(owner->send("GET", resource + "?" + query, {}, {{"GS1-Extensions", extensions}}));
    }

    /// Path and query of the next page; "" on the last.
    static std::string next_of(Answer const& answer)
    {
        auto const link = answer.header("Link");
        auto const begin = link.find("/epcis");
        if (begin == std::string::npos) return "";
        EXPECT_TRUE(link.ends_with(">; rel=\"next\"")) << link;
        EXPECT_NE(answer.header("GS1-Next-Page-Token-Expires"), "");
        return link.substr(begin, link.find('>') - begin);
    }

    static std::string encoded(std::string_view text) { return http::percent_encode(text); }

    static constexpr auto* extensions = "ex=https://ns.example.com/epcis/";
};

TEST_F(EpcisQuery, FindsEventsByEveryKindOfParameter)
{
    capture(1);
    capture(2, {{"bizStep", "shipping"},
                {"epcList", {epc_link}},
                {"disposition", "in_transit"},
                {"persistentDisposition", {{"set", {"completeness_verified"}}}},
                {"readPoint", {{"id", "urn:epc:id:sgln:4012345.00005.0"}}},
                {"ex:grade", "A"},
                {"bizTransactionList", {{{"type", "po"}, {"bizTransaction", "https://example.com/po/1"}}}}});
    capture(3, {{"type", "AggregationEvent"},
                {"parentID", "urn:epc:id:sscc:0614141.1234567890"},
                {"childEPCs", {"urn:epc:id:sgtin:0614141.107346.9"}}});
    capture(
        4, {{"quantityList",
             {{{"epcClass", "urn:epc:class:lgtin:4012345.012345.L1"}, {"quantity", 12.5}, {"uom", "KGM"}}}},
            {"action", "ADD"},
            {"ilmd", {{"ex:farm", "Bản Bo"}}},
            {"sensorElementList", {{{"sensorReport", {{{"type", "Temperature"}, {"value", 26.0}, {"uom", "CEL"}}}}}}}});
    std::vector<std::pair<std::string, std::string>> const cases{
        {"EQ_bizStep=shipping", "2"},
        {"EQ_bizStep=" + encoded("https://ref.gs1.org/cbv/BizStep-shipping"), "2"},
        {"EQ_disposition=urn:epcglobal:cbv:disp:in_transit", "2"},
        {"EQ_persistentDisposition_set=completeness_verified", "2"},
        {"EQ_readPoint=" + encoded("https://id.gs1.org/414/4012345000054"), "2"},
        {"EQ_bizTransaction_po=" + encoded("https://example.com/po/1"), "2"},
        {"EQ_ex:grade=A", "2"},
        {"EQ_" + encoded("https://ns.example.com/epcis/grade") + "=A", "2"},
        {std::string{"MATCH_epc="} + epc + "&orderBy=eventTime&orderDirection=ASC", "1 2 4"},
        {"MATCH_epc=" + encoded(epc_link) + "&orderBy=eventTime", "4 2 1"},
        {"MATCH_epc=urn:epc:idpat:sgtin:0614141.107346.*&eventType=AggregationEvent", "3"},
        {"MATCH_parentID=" + encoded("https://id.gs1.org/00/106141412345678908"), "3"},
        {"MATCH_epcClass=urn:epc:class:lgtin:4012345.012345.L1", "4"},
        {"GT_quantity_KGM=12&EQ_bizStep=receiving", "4"},
        {"GE_value_KEL=299.15", "4"},
        {"EXISTS_ILMD_ex:farm", "4"},
        {"EQ_ILMD_ex:farm=" + encoded("Bản Bo"), "4"},
        {"EQ_action=ADD|DELETE&EQ_bizStep=receiving", "4"},
        {"EQ_eventID=urn:uuid:4c8f0b36-9d1e-4b07-8f63-000000000003", "3"},
        {"GE_eventTime=2026-11-20T09:03:00Z&LT_eventTime=2026-11-20T09:04:00Z", "3"},
        {"GE_recordTime=2030-01-01T00:00:00Z", ""},
        {"orderBy=eventTime&eventCountLimit=2&LT_eventTime=2026-11-20T09:05:00Z&GE_eventTime=2026-11-20T09:01:00Z",
         "4 3"},
        {"EQ_bizStep=storing&EQ_disposition=stolen", ""},
    };
    for (auto const& [query, numbers] : cases) EXPECT_EQ(ask(query), numbers) << query;
}

TEST_F(EpcisQuery, ResourcesLeadToTheirEvents)
{
    capture(1, {{"readPoint", {{"id", "urn:epc:id:sgln:4012345.00005.0"}}}});
    capture(2, {{"bizStep", "shipping"}});
    auto const members = [&](std::string const& path) { return get(path)["member"]; };
    auto const holds = [](json const& list, std::string const& wanted) {
        return std::ranges::find(list, json(wanted)) != list.end();
    };
    EXPECT_EQ(get("/epcis/bizSteps")["type"], "Collection");
    EXPECT_TRUE(holds(members("/epcis/bizSteps"), "receiving")) << "bare words in JSON";
    EXPECT_TRUE(holds(members("/epcis/readPoints"), "https://id.gs1.org/414/4012345000054"));
    EXPECT_TRUE(holds(members("/epcis/epcs?perPage=1000"), epc_link));
    EXPECT_EQ(members("/epcis/eventTypes").size(), 5U);
    EXPECT_TRUE(holds(members("/epcis"), "events"));
    EXPECT_EQ(members("/epcis/bizSteps/shipping"), json::array({"events"}));
    EXPECT_EQ(ask("", "/epcis/bizSteps/shipping/events"), "2");
    EXPECT_EQ(ask("orderBy=eventTime", "/epcis/epcs/" + encoded(epc_link) + "/events"), "2 1");
    EXPECT_EQ(ask("EQ_bizStep=shipping", "/epcis/epcs/" + encoded(epc) + "/events"), "2");
    EXPECT_EQ(ask("EQ_bizStep=storing", "/epcis/epcs/" + encoded(epc) + "/events"), "") << "nothing is no 404 here";
    EXPECT_EQ(ask("", "/epcis/readPoints/" + encoded("urn:epc:id:sgln:4012345.00005.0") + "/events"), "1");
    auto const absent = owner->get("/epcis/bizSteps/destroying/events");
    EXPECT_EQ(absent.status, 404U);
    EXPECT_EQ(json::parse(absent.body)["type"], "epcisException:NoSuchResourceException");
    EXPECT_EQ(owner->get("/epcis/bizSteps/destroying").status, 404U);
    EXPECT_EQ(owner->get("/epcis/eventTypes/AssociationEvent").status, 200U);
    EXPECT_EQ(owner->get("/epcis/eventTypes/LookEvent").status, 404U);
}

TEST_F(EpcisQuery, PagesFollowEachOtherWhileOthersWrite)
{
    for (int i = 1; i <= 10; ++i) capture(i);
    std::string seen;
    auto path = std::string{"/epcis/events?perPage=3&orderBy=eventTime&MATCH_epc="} + epc;
    while (!path.empty()) {
        auto const answer = owner->get(path);
        seen += (seen.empty() ? "" : " ") + numbers_of(answer);
        path = next_of(answer);
        if (seen == "10 9 8") capture(59); // newer than all
    }
    EXPECT_EQ(seen, "10 9 8 7 6 5 4 3 2 1");

    auto const first = owner->get("/epcis/events?perPage=4&EQ_bizStep=receiving&orderBy=eventTime&eventCountLimit=6");
    EXPECT_EQ(numbers_of(first), "59 10 9 8");
    auto const last = owner->get(next_of(first));
    EXPECT_EQ(numbers_of(last), "7 6");
    EXPECT_EQ(next_of(last), "") << "the limit counts over pages";

    auto const token = next_of(first).substr(next_of(first).find("nextPageToken="));
    auto const other = owner->get("/epcis/events?EQ_bizStep=shipping&" + token);
    EXPECT_EQ(key_of_problem(other), "epcis.query.token") << "of another query";
    EXPECT_EQ(key_of_problem(owner->get("/epcis/events?nextPageToken=abc")), "epcis.query.token");

    auto const steps = owner->get("/epcis/epcs?perPage=1");
    EXPECT_EQ(json::parse(steps.body)["member"].size(), 1U);
    EXPECT_NE(next_of(steps), "");
    EXPECT_EQ(json::parse(owner->get(next_of(steps)).body)["member"].size(), 1U);
}

TEST_F(EpcisQuery, RefusalsAreTheStandardsExceptions)
{
    for (int i = 1; i <= 3; ++i) capture(i);
    struct Refusal {
        std::string path;
        unsigned status;
        std::string type;
    };
    std::vector<Refusal> const refusals{
        {"/epcis/events?EQ_bizStepp=receiving", 400, "QueryParameterException"},
        {"/epcis/events?GE_eventTime=now", 400, "QueryParameterException"},
        {"/epcis/events?maxEventCount=2&EQ_bizStep=receiving", 413, "QueryTooLargeException"},
        {"/epcis/events/urn:uuid:none", 404, "NoSuchResourceException"},
        {"/epcis/epcs?EQ_bizStep=receiving", 400, "QueryParameterException"},
    };
    for (auto const& refusal : refusals) {
        auto const answer = owner->get(refusal.path);
        EXPECT_EQ(answer.status, refusal.status) << refusal.path << answer.body;
        EXPECT_EQ(json::parse(answer.body)["type"], "epcisException:" + refusal.type) << refusal.path;
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    }
    EXPECT_EQ(ask("maxEventCount=3&MATCH_epc=" + std::string{epc} + "&orderBy=eventTime"), "3 2 1");
    auto const several = owner->get("/epcis/events?EQ_bizStep=recieving&perPage=x");
    EXPECT_EQ(faults_of(several).size(), 2U) << several.body;
    auto const strange = owner->send("GET", "/epcis/events", {}, {{"GS1-EPCIS-Min", "3.0.0"}});
    EXPECT_EQ(strange.status, 406U);
    EXPECT_EQ(json::parse(strange.body)["type"], "epcisException:NotAcceptableException");
    EXPECT_EQ(browser().get("/epcis/events").status, 401U);
    EXPECT_EQ(json::parse(browser().get("/epcis/events").body)["type"], "epcisException:SecurityException");
}

TEST_F(EpcisQuery, OneEventIsTakenOnceAndFoundWhereItSaysItIs)
{
    auto const first = post("/epcis/events", event(1));
    ASSERT_EQ(first.status, 201U) << first.body;
    EXPECT_EQ(first.header("GS1-EPCIS-Version"), "2.0.0");
    EXPECT_EQ(events_of(owner->get(first.header("Location"))).size(), 1U);
    auto const again = post("/epcis/events", event(1));
    EXPECT_EQ(again.status, 409U);
    EXPECT_EQ(json::parse(again.body)["type"], "epcisException:ResourceAlreadyExistsException");
    EXPECT_EQ(ask(std::string{"MATCH_epc="} + epc), "1");

    auto nameless = event(2);
    nameless.erase("eventID");
    auto const named = post("/epcis/events", nameless);
    ASSERT_EQ(named.status, 201U) << named.body;
    auto const found = events_of(owner->get(named.header("Location")));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0]["eventID"].get<std::string>().starts_with("ni:///sha-256;"));

    EXPECT_EQ(key_of_problem(post("/epcis/events", document(json::array({event(3)})))), "epcis.not_one_event");
    auto const xml = owner->send("POST", "/epcis/events", "<x/>", {{"Content-Type", "application/xml"}});
    EXPECT_EQ(xml.status, 415U);
    EXPECT_EQ(json::parse(xml.body)["type"], "epcisException:UnsupportedMediaTypeException");
}

TEST_F(EpcisQuery, ProceedTakesWhatCanBeTakenAndSaysWhatCannot)
{
    capture(1);
    auto broken = event(2);
    broken["action"] = "LOOK";
    auto unknown_step = event(3, {{"bizStep", "reciving"}});
    auto taken = event(1, {{"bizStep", "shipping"}}); // the eventID exists with other content
    auto const events = json::array({event(4), broken, unknown_step, taken, event(5)});
    EXPECT_EQ(post("/epcis/capture", document(events)).status, 400U) << "rollback is the standard's default";
    EXPECT_EQ(ask("MATCH_epc=" + std::string{epc}), "1");

    auto const answer = post("/epcis/capture", document(events), {{"GS1-Capture-Error-Behaviour", "proceed"}});
    ASSERT_EQ(answer.status, 202U) << answer.body;
    auto const job = get(answer.header("Location"));
    EXPECT_FALSE(job["success"].get<bool>());
    EXPECT_FALSE(job["running"].get<bool>());
    EXPECT_EQ(job["captureErrorBehaviour"], "proceed");
    EXPECT_EQ(job["eventCount"], 2);
    ASSERT_EQ(job["errors"].size(), 3U) << job;
    EXPECT_EQ(job["errors"][0]["event"], 1);
    EXPECT_EQ(job["errors"][0]["errors"][0]["pointer"], "/epcisBody/eventList/1/action");
    EXPECT_EQ(job["errors"][1]["errors"][0]["pointer"], "/epcisBody/eventList/2/bizStep");
    EXPECT_EQ(job["errors"][2]["type"], "epcisException:ResourceAlreadyExistsException");
    EXPECT_EQ(ask("orderBy=eventTime&MATCH_epc=" + std::string{epc}), "5 4 1");
    EXPECT_EQ(key_of_problem(post("/epcis/capture", document(events), {{"GS1-Capture-Error-Behaviour", "hope"}})),
              "epcis.error_behaviour");
}

TEST_F(EpcisQuery, CaptureJobsAreListedPageByPage)
{
    for (int i = 1; i <= 5; ++i) {
        clock.advance(std::chrono::seconds{1});
        ASSERT_EQ(post("/epcis/capture", document(json::array({event(i)}))).status, 202U);
    }
    std::set<std::string> seen;
    std::string path = "/epcis/capture?perPage=2";
    std::size_t pages = 0;
    while (!path.empty() && ++pages < 10) {
        auto const answer = owner->get(path);
        ASSERT_EQ(answer.status, 200U) << answer.body;
        auto const jobs = json::parse(answer.body);
        ASSERT_TRUE(jobs.is_array()) << "a bare list, as the standard has it";
        for (auto const& job : jobs) EXPECT_TRUE(seen.insert(job["captureID"]).second);
        path = next_of(answer);
    }
    EXPECT_TRUE(seen.contains(a.capture.text()));
    EXPECT_FALSE(seen.contains(b.capture.text()));
    EXPECT_GE(seen.size(), 6U);
}

TEST_F(EpcisQuery, OptionsTellWhatIsSupported)
{
    auto const options = owner->send("OPTIONS", "/epcis/capture", {}, {});
    EXPECT_EQ(options.status, 204U);
    EXPECT_EQ(options.header("Allow"), "POST, GET, HEAD, OPTIONS");
    EXPECT_EQ(options.header("GS1-EPCIS-Version"), "2.0.0");
    EXPECT_EQ(options.header("GS1-EPCIS-Min"), "2.0.0");
    EXPECT_EQ(options.header("GS1-CBV-Max"), "2.0.0");
    EXPECT_NE(options.header("GS1-EPC-Format").find("Always_GS1_Digital_Link"), std::string::npos);
    EXPECT_EQ(options.header("GS1-EPCIS-Capture-Limit"), std::to_string(limits::capture_events_max));
    EXPECT_EQ(options.header("GS1-EPCIS-Capture-File-Size-Limit"), std::to_string(limits::json_body_bytes));
    EXPECT_EQ(options.header("GS1-Capture-Error-Behaviour"), "all");
    for (auto const* path : {"/epcis", "/epcis/events", "/epcis/events/x", "/epcis/eventTypes", "/epcis/epcs/x",
                             "/epcis/bizSteps/x/events", "/epcis/readPoints", "/epcis/capture/x"}) {
        auto const answer = owner->send("OPTIONS", path, {}, {});
        EXPECT_EQ(answer.status, 204U) << path;
        EXPECT_EQ(answer.header("GS1-CBV-Version"), "2.0.0") << path;
    }
    auto many = json::array();
    for (std::size_t i = 0; i <= limits::capture_events_max; ++i) many.push_back(event(static_cast<int>(i)));
    auto const refused = post("/epcis/capture", document(many));
    EXPECT_EQ(refused.status, 413U);
    EXPECT_EQ(json::parse(refused.body)["type"], "epcisException:CaptureLimitExceededException");
    EXPECT_EQ(refused.header("GS1-EPCIS-Capture-Limit"), std::to_string(limits::capture_events_max));
}

TEST_F(EpcisQuery, IdentifiersGoOutAsTheReaderWants)
{
    capture(1, {{"readPoint", {{"id", "urn:epc:id:sgln:4012345.00005.0"}}}});
    auto const asked = [&](std::string const& format) {
        Fields const fields = format.empty() ? Fields{} : Fields{{"GS1-EPC-Format", format}};
        return owner->send("GET", "/epcis/events?EQ_bizStep=receiving", {}, fields);
    };
    EXPECT_EQ(events_of(asked(""))[0]["epcList"][0], epc_link);
    EXPECT_EQ(events_of(asked(""))[0]["readPoint"]["id"], "https://id.gs1.org/414/4012345000054");
    EXPECT_EQ(events_of(asked("Never_Translates"))[0]["epcList"][0], epc);
    EXPECT_EQ(events_of(asked("Always_EPC_URN"))[0]["epcList"][0], epc);
    EXPECT_EQ(key_of_problem(asked("Sometimes")), "epcis.format");
}

TEST_F(EpcisQuery, EachSeesItsOwnAndTheAuditorAllWhichIsNoted)
{
    capture(1);
    auto rival = program(key_of(Role::enterprise_owner, b.org));
    auto const find = "/epcis/events?MATCH_epc=" + std::string{epc};
    EXPECT_EQ(numbers_of(owner->get(find)), "1");
    EXPECT_EQ(numbers_of(rival.get(find)), "");
    EXPECT_EQ(rival.get("/epcis/epcs/" + encoded(epc)).status, 404U);
    auto const mentions = [&](Browser& client, std::string const& list) {
        return client.get("/epcis/" + list + "?perPage=1000").says(list == "epcs" ? epc_link : "receiving");
    };
    for (auto const* list : {"epcs", "bizSteps"}) {
        EXPECT_TRUE(mentions(*owner, list)) << list;
        EXPECT_FALSE(mentions(rival, list)) << list;
    }
    auto auditor = program(key_of(Role::province_auditor));
    EXPECT_EQ(numbers_of(auditor.get(find)), "1");
    EXPECT_TRUE(mentions(auditor, "epcs"));
    auto const noted = given(database->read_now([](db::Connection& c) -> Result<std::int64_t> {
        return c.query("SELECT count(*) FROM audit WHERE action = 'epcis.query'").front().integer(0);
    }));
    EXPECT_EQ(noted, 2) << "an enterprise's own queries are its own matter";

    auto inspector = [&](std::string const& commune) { return program(key_of(Role::inspector, {}, commune)); };
    EXPECT_EQ(numbers_of(inspector(a.commune).get(find)), "1");
    EXPECT_EQ(numbers_of(inspector(b.commune).get(find)), "");
    EXPECT_EQ(inspector(b.commune).get("/epcis/epcs/" + encoded(epc)).status, 404U);
}

TEST_F(EpcisQuery, EarlierEventsAreIndexedInTheBackground)
{
    capture(1);
    given(write([](db::Connection& c) -> Status {
        c.execute("DELETE FROM event_term");
        c.execute("INSERT INTO event_term_gap (below) VALUES ($1)", {std::int64_t{1'000'000}});
        return Done{};
    }));
    EXPECT_EQ(ask("EQ_bizStep=receiving"), "1") << "meanwhile";
    app::EventTermFiller filler{*database};
    filler.start();
    auto const complete = [&] {
        return given(
            database->read_now([](db::Connection& c) -> Result<bool> { return db::event_terms::is_complete(c); }));
    };
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!complete() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    EXPECT_TRUE(complete());
    filler.stop();
    EXPECT_EQ(ask("EQ_bizStep=receiving"), "1");
}

} // namespace
} // namespace nguon::server
