#include "connector/epcis_target.hpp"

#include "connector/epcis_wire.hpp"
#include "connector/reconciliation.hpp"
#include "core/bytes.hpp"
#include "core/epcis/json.hpp"

#include <gtest/gtest.h>

#include <map>

#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using nlohmann::json;

json event_body(std::string const& id = "")
{
    json event{{"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
               {"type", "ObjectEvent"},
               {"eventTime", "2026-11-21T08:00:00.000+07:00"},
               {"eventTimeZoneOffset", "+07:00"},
               {"epcList", {"urn:epc:id:sgtin:8939999.000001.17"}},
               {"action", "OBSERVE"},
               {"bizStep", "shipping"}};
    if (!id.empty()) event["eventID"] = id;
    return event;
}

Record event(int number, json body)
{
    Record record;
    record.seq = number;
    record.type = "event";
    record.id = "0190-event-" + std::to_string(number);
    record.version = 1;
    record.op = "capture";
    record.key = "key-" + std::to_string(number);
    record.payload = json{{"event", std::move(body)}, {"type", "event"}, {"id", record.id}, {"version", 1}}.dump();
    record.sha256 = sha256_hex(record.payload);
    record.created_at = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
    return record;
}

Record event(int number) { return event(number, event_body("urn:uuid:0000-" + std::to_string(number))); }

Record sent_before(Record record)
{
    record.wire = *make_event_wire(record);
    record.wire_sha256 = sha256_hex(record.wire);
    return record;
}

json job(bool success, json errors = json::array())
{
    return {{"captureID", "7"},
            {"createdAt", "2026-11-21T01:00:00Z"},
            {"finishedAt", "2026-11-21T01:00:02Z"},
            {"running", false},
            {"success", success},
            {"captureErrorBehaviour", "rollback"},
            {"errors", std::move(errors)}};
}

json query_of(json events)
{
    return {
        {"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
        {"type", "EPCISQueryDocument"},
        {"schemaVersion", "2.0"},
        {"epcisBody", {{"queryResults", {{"queryName", "x"}, {"resultsBody", {{"eventList", std::move(events)}}}}}}}};
}

TEST(EpcisWire, GivesAnEventWithoutAnIdOurs)
{
    EXPECT_EQ(event_id_of(*make_event_wire(event(4, event_body()))), "urn:uuid:0190-event-4");
    EXPECT_EQ(event_id_of(*make_event_wire(event(4, event_body("urn:uuid:own")))), "urn:uuid:own");
    EXPECT_EQ(*make_event_wire(event(4)), *make_event_wire(event(4)));
}

TEST(EpcisWire, HasNoWireForWhatIsNoEvent)
{
    Record record;
    record.payload = R"({"fields":{}})";
    EXPECT_FALSE(make_event_wire(record));
    record.payload = "no JSON";
    EXPECT_FALSE(make_event_wire(record));
}

TEST(EpcisWire, PutsWiresUnchangedIntoADocumentThatReadersTake)
{
    auto const own = *make_event_wire(event(1));
    auto extended = event_body("urn:uuid:2");
    extended["@context"] = {"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                            {{"nguon", "https://nguon.vn/ns/"}}};
    extended["nguon:mark"] = "evidenced";
    auto const other = *make_event_wire(event(2, extended));
    auto const document = epcis_document({own, other}, Instant{});
    EXPECT_NE(document.find(own + "," + other), std::string::npos);
    auto const read = epcis::parse_document(document);
    ASSERT_TRUE(read.ok()) << read.error().key;
    EXPECT_EQ(read->events.size(), 2U);
    EXPECT_EQ(read->schema_version, "2.0");
}

TEST(EpcisWire, RecognisesAnEventInOtherSpelling)
{
    auto const wire = *make_event_wire(event(1));
    auto theirs = json::parse(wire);
    theirs["epcList"] = {"https://id.gs1.org/01/08939999000017/21/17"};
    theirs["eventTime"] = "2026-11-21T01:00:00Z";
    theirs["recordTime"] = "2026-11-21T02:00:00Z";
    theirs["@context"] = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
    EXPECT_EQ(match_event(wire, query_of({theirs}).dump()), EventMatch::same);
    EXPECT_EQ(match_event(wire, theirs.dump()), EventMatch::same) << "a bare event";
    theirs["bizStep"] = "receiving";
    EXPECT_EQ(match_event(wire, query_of({theirs}).dump()), EventMatch::differs);
    EXPECT_EQ(match_event(wire, query_of(json::array()).dump()), EventMatch::absent);
    for (auto const* const text : {"", "<html>", "[]", "{}", R"({"epcisBody":{}})", R"({"epcisBody":{"eventList":7}})"})
        EXPECT_EQ(match_event(wire, text), EventMatch::unreadable) << text;
}

TEST(EpcisWire, TellsADeclarationOfErrorFromTheEventItDeclaresWrong)
{
    auto body = event_body("urn:uuid:1");
    auto const plain = *make_event_wire(event(1, body));
    body["errorDeclaration"] = {{"declarationTime", "2026-11-22T00:00:00Z"}, {"reason", "incorrect_data"}};
    auto const declaring = *make_event_wire(event(2, body));
    auto const both = query_of({json::parse(plain), json::parse(declaring)}).dump();
    EXPECT_EQ(match_event(plain, both), EventMatch::same);
    EXPECT_EQ(match_event(declaring, both), EventMatch::same);
    EXPECT_EQ(match_event(declaring, query_of({json::parse(plain)}).dump()), EventMatch::absent);
}

/// A conversation whose answers the test gives.
class EpcisTalk : public ::testing::Test {
protected:
    static EpcisSettings settings()
    {
        EpcisSettings settings;
        settings.base_url = "https://partner.example";
        settings.base_path = "/epcis";
        settings.secret_header = "X-API-Key";
        settings.secret = "hush";
        return settings;
    }

    void begin(std::vector<Record> records) { talk = target.begin(std::move(records)); }

    Request request()
    {
        auto step = talk->next(now);
        if (auto* const wanted = std::get_if<Request>(&step)) return *wanted;
        ADD_FAILURE() << "no request";
        return {};
    }
    Freeze freeze()
    {
        auto step = talk->next(now);
        if (auto* const wanted = std::get_if<Freeze>(&step)) return *wanted;
        ADD_FAILURE() << "no freeze";
        return {};
    }
    void answer(unsigned status, json const& body = json::object(), std::string location = "")
    {
        Answer answer;
        answer.status = status;
        answer.body = body.dump();
        answer.peer_certificate_sha256 = std::string(64, 'a');
        if (!location.empty()) answer.headers.emplace_back("location", std::move(location));
        talk->take(answer, now);
    }
    Conclusion conclusion()
    {
        auto step = talk->next(now);
        if (auto* const end = std::get_if<Conclusion>(&step)) return *end;
        ADD_FAILURE() << "no conclusion";
        return {};
    }
    static std::string header(Request const& request, std::string const& wanted)
    {
        for (auto const& [name, value] : request.headers)
            if (name == wanted) return value;
        return {};
    }

    Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    EpcisTarget target{settings()};
    std::unique_ptr<Conversation> talk;
};

TEST_F(EpcisTalk, FreezesEventsAndCapturesThemAsOneDocument)
{
    begin({event(1), event(2)});
    auto const frozen = freeze();
    ASSERT_EQ(frozen.wires.size(), 2U);
    auto const sent = request();
    EXPECT_EQ(sent.method, http::Method::post);
    EXPECT_EQ(sent.path, "/epcis/capture");
    EXPECT_EQ(header(sent, "Content-Type"), "application/json");
    EXPECT_EQ(header(sent, "GS1-EPCIS-Version"), "2.0.0");
    EXPECT_EQ(header(sent, "GS1-Capture-Error-Behaviour"), "rollback");
    EXPECT_EQ(header(sent, "X-API-Key"), "hush");
    EXPECT_NE(sent.body.find(frozen.wires[0].wire + "," + frozen.wires[1].wire), std::string::npos);
}

TEST_F(EpcisTalk, CallsNothingDeliveredBeforeTheJobHasEndedWell)
{
    begin({event(1)});
    auto const wire = freeze().wires.front();
    (void)request();
    answer(202, json::object(), "https://partner.example/epcis/capture/7");
    auto const ticket = freeze();
    ASSERT_EQ(ticket.links.size(), 1U);
    EXPECT_EQ(request().path, "/epcis/capture/7");
    auto running = job(true);
    running["running"] = true;
    answer(200, running);
    auto const waiting = conclusion();
    EXPECT_EQ(waiting.reading.answer_class, AnswerClass::accepted);
    EXPECT_EQ(waiting.records.front().verdict, Verdict::undecided);

    // Later, perhaps after a restart: the job is asked for, nothing is captured again.
    auto record = sent_before(event(1));
    record.portal_id = ticket.links.front().portal_id;
    begin({record});
    EXPECT_EQ(request().path, "/epcis/capture/7");
    answer(200, job(true));
    auto const end = conclusion();
    EXPECT_EQ(end.reading.answer_class, AnswerClass::decided);
    auto const& outcome = end.records.front();
    ASSERT_EQ(outcome.verdict, Verdict::delivered);
    EXPECT_EQ(outcome.receipt->payload_sha256, wire.wire_sha256);
    EXPECT_TRUE(outcome.receipt->signature.empty()) << "nothing was signed";
    EXPECT_EQ(outcome.receipt->peer_certificate_sha256.size(), 64U);
    EXPECT_EQ(outcome.receipt->received_at, now);
    EXPECT_EQ(to_iso(outcome.receipt->accepted_at), "2026-11-21T01:00:02.000Z");
    auto const evidence = json::parse(outcome.receipt->body);
    EXPECT_EQ(evidence["signed"], false);
    EXPECT_EQ(json::parse(evidence["body"].get<std::string>()), job(true));
    EXPECT_EQ(outcome.portal_id, "urn:uuid:0000-1");
}

TEST_F(EpcisTalk, AsksForAnEventThatMayHaveArrivedBeforeSendingItAgain)
{
    begin({sent_before(event(1)), sent_before(event(2))});
    EXPECT_EQ(request().path, "/epcis/events/urn%3Auuid%3A0000-1");
    answer(200, query_of({event_body("urn:uuid:0000-1")}));
    EXPECT_EQ(request().path, "/epcis/events/urn%3Auuid%3A0000-2");
    answer(404);
    auto const sent = request();
    EXPECT_EQ(sent.method, http::Method::post);
    EXPECT_EQ(sent.body.find("0000-1"), std::string::npos);
    EXPECT_NE(sent.body.find(sent_before(event(2)).wire), std::string::npos) << "the stored bytes";
    Answer lost;
    lost.fault = Fault::reset;
    talk->take(lost, now);
    auto const end = conclusion();
    EXPECT_EQ(end.records[0].verdict, Verdict::delivered);
    EXPECT_EQ(end.records[1].verdict, Verdict::undecided);
    EXPECT_EQ(end.reading.answer_class, AnswerClass::transient);
}

TEST_F(EpcisTalk, ReadsBackWhatIsADuplicateAndCapturesTheRest)
{
    begin({event(1), event(2)});
    (void)freeze();
    (void)request();
    answer(409, {{"type", "epcisException:ResourceAlreadyExistsException"}});
    (void)request();
    answer(200, query_of({event_body("urn:uuid:0000-1")}));
    (void)request();
    answer(404);
    EXPECT_EQ(request().body.find("0000-1"), std::string::npos);
    answer(202, json::object(), "/epcis/capture/8");
    (void)freeze();
    (void)request();
    answer(200, job(true));
    auto const end = conclusion();
    EXPECT_EQ(end.records[0].verdict, Verdict::delivered);
    EXPECT_EQ(end.records[1].verdict, Verdict::delivered);
}

TEST_F(EpcisTalk, ParksAnEventWhoseIdStandsForSomethingElseThere)
{
    begin({event(1)});
    (void)freeze();
    (void)request();
    answer(409);
    (void)request();
    auto other = event_body("urn:uuid:0000-1");
    other["bizStep"] = "receiving";
    answer(200, query_of({other}));
    auto const end = conclusion();
    EXPECT_EQ(end.records.front().verdict, Verdict::conflict);
    EXPECT_EQ(end.records.front().code, "event.differs");
}

TEST_F(EpcisTalk, LeavesTheSearchForAnEventAtFaultToTheEngine)
{
    begin({event(1), event(2)});
    (void)freeze();
    (void)request();
    answer(202, json::object(), "capture/9");
    (void)freeze();
    EXPECT_EQ(request().path, "/epcis/capture/9");
    answer(200,
           job(false, {{{"type", "epcisException:ValidationException"}, {"status", 400}, {"detail", "eventTime"}}}));
    auto const ticket = freeze();
    ASSERT_EQ(ticket.links.size(), 2U);
    EXPECT_EQ(ticket.links.front().portal_id, "") << "a failed job is not asked for again";
    auto const end = conclusion();
    EXPECT_EQ(end.reading.answer_class, AnswerClass::record_fault);
    EXPECT_EQ(end.reading.code, "ValidationException");
    EXPECT_EQ(end.records.front().verdict, Verdict::undecided);

    // What was rolled back for certain need not be asked for.
    begin({sent_before(event(1))});
    EXPECT_EQ(request().method, http::Method::post);
    answer(400);
    EXPECT_EQ(conclusion().reading.answer_class, AnswerClass::record_fault);
}

TEST_F(EpcisTalk, AsksForTheEventsOfAJobThatThePortalHasForgotten)
{
    auto record = sent_before(event(1));
    record.portal_id = "capture:/epcis/capture/7";
    begin({record});
    EXPECT_EQ(request().path, "/epcis/capture/7");
    answer(404);
    EXPECT_EQ(freeze().links.front().portal_id, "");
    EXPECT_EQ(request().path, "/epcis/events/urn%3Auuid%3A0000-1");
    answer(404);
    EXPECT_EQ(request().method, http::Method::post);
}

TEST_F(EpcisTalk, ReadsBackWhatWasCapturedAtOnce)
{
    begin({event(1), event(2)});
    (void)freeze();
    (void)request();
    answer(201);
    (void)request();
    answer(200, query_of({event_body("urn:uuid:0000-1")}));
    (void)request();
    answer(404);
    auto const end = conclusion();
    EXPECT_EQ(end.records[0].verdict, Verdict::delivered);
    EXPECT_EQ(end.records[1].verdict, Verdict::undecided) << "said, but not shown";
    EXPECT_EQ(end.records[1].code, "event.unseen");
}

TEST_F(EpcisTalk, ReadsBackWhatAJobWithoutAnEndClaims)
{
    auto record = sent_before(event(1));
    record.portal_id = "capture:/epcis/capture/7";
    begin({record});
    (void)request();
    auto unclear = job(true);
    unclear.erase("finishedAt");
    answer(200, unclear);
    EXPECT_EQ(request().path, "/epcis/events/urn%3Auuid%3A0000-1");
    answer(404);
    EXPECT_EQ(conclusion().reading.answer_class, AnswerClass::accepted) << "success is true from the start";
}

TEST_F(EpcisTalk, TriesAnEventLaterThatIsThereButNotShown)
{
    begin({event(1)});
    (void)freeze();
    for (int capture = 0; capture < 2; ++capture) {
        EXPECT_EQ(request().method, http::Method::post);
        answer(409, {{"detail", "an earlier capture has it, disposition in_progress"}});
        if (capture == 1) break;
        (void)request();
        answer(404);
    }
    auto const end = conclusion();
    EXPECT_EQ(end.records.front().verdict, Verdict::retry);
    EXPECT_EQ(end.records.front().code, "event.unseen");

    begin({event(2), event(3)});
    (void)freeze();
    (void)request();
    answer(409);
    for (int asked = 0; asked < 2; ++asked) {
        (void)request();
        answer(404);
    }
    (void)request();
    answer(409);
    EXPECT_EQ(conclusion().reading.answer_class, AnswerClass::conflict) << "a smaller batch tells which";
}

TEST_F(EpcisTalk, FollowsNoJobToAnotherHost)
{
    for (auto const* const location : {"https://elsewhere.example/capture/7", "//elsewhere.example/7",
                                       "https://partner.example.evil.example/7", "http://partner.example/epcis/7"}) {
        begin({event(1)});
        (void)freeze();
        (void)request();
        answer(202, json::object(), location);
        auto const end = conclusion();
        EXPECT_EQ(end.reading.answer_class, AnswerClass::contract) << location;
        EXPECT_EQ(end.reading.code, "location");
    }
}

TEST_F(EpcisTalk, BelievesNothingThatIsNotAJob)
{
    for (auto const& body : {json("text"), json::array(), json::object(), json{{"success", true}}}) {
        auto record = sent_before(event(1));
        record.portal_id = "capture:/epcis/capture/7";
        begin({record});
        (void)request();
        answer(200, body);
        auto const end = conclusion();
        EXPECT_EQ(end.reading.answer_class, AnswerClass::unknown) << body;
        EXPECT_EQ(end.records.front().verdict, Verdict::undecided);
    }
}

TEST_F(EpcisTalk, TakesEventsOnly)
{
    auto record = event(1);
    record.type = "batch";
    auto damaged = sent_before(event(2));
    damaged.wire_sha256 = sha256_hex("other");
    begin({record, damaged});
    auto const end = conclusion();
    EXPECT_FALSE(end.exchanged);
    EXPECT_EQ(end.records[0].verdict, Verdict::held);
    EXPECT_EQ(end.records[0].code, "target.type");
    EXPECT_EQ(end.records[1].verdict, Verdict::conflict);
}

/// Comparing 101 events, so that a second page is asked for; what each is answered with is by its number.
struct Compared {
    std::vector<std::string> findings = {}; // "KIND KEY"
    std::string fault = {};
    std::int64_t compared = 0;
    std::size_t pages = 0;
};

Compared compare(std::map<int, Answer> const& answers)
{
    EpcisSettings settings;
    settings.base_url = "https://partner.example";
    EpcisTarget target{settings};
    std::vector<db::reconciliations::Accepted> events;
    for (int number = 1; number <= 101; ++number) {
        auto const record = sent_before(event(number));
        db::reconciliations::Accepted one;
        one.seq = number;
        one.key = record.key;
        one.sha256 = record.wire_sha256;
        one.wire = record.wire;
        one.accepted_at = record.created_at + std::chrono::seconds{number};
        events.push_back(std::move(one));
    }
    auto const now = events.back().accepted_at + std::chrono::hours{1};
    auto const work = target.reconcile({events.front().accepted_at, now});
    Compared seen;
    for (int asked = 0; asked <= 101;) {
        auto step = work->next(now);
        if (auto const* const end = std::get_if<ReconcileEnd>(&step)) {
            seen.fault = end->fault;
            break;
        }
        if (auto const* const wires = std::get_if<AskWires>(&step)) {
            ++seen.pages;
            std::vector<db::reconciliations::Accepted> page;
            for (auto const& one : events)
                if (one.accepted_at > wires->from || (one.accepted_at == wires->from && one.seq > wires->after_seq))
                    if (std::ssize(page) < wires->count) page.push_back(one);
            work->take_accepted(std::move(page));
        } else if (auto const* const found = std::get_if<ReportFindings>(&step)) {
            for (auto const& finding : found->findings) seen.findings.push_back(finding.kind + " " + finding.key);
        } else {
            ++asked;
            Answer answer;
            answer.status = 200;
            answer.body = events[static_cast<std::size_t>(asked - 1)].wire;
            if (auto const other = answers.find(asked); other != answers.end()) answer = other->second;
            work->take(answer, now);
        }
    }
    seen.compared = work->compared();
    return seen;
}

TEST(EpcisReconciliation, AsksForEveryEventAndTellsWhatIsGoneOrDiffers)
{
    EXPECT_EQ(compare({}).compared, 101);
    EXPECT_EQ(compare({}).pages, 2U);
    EXPECT_TRUE(compare({}).findings.empty());
    Answer gone;
    gone.status = 404;
    Answer other;
    other.status = 200;
    auto changed = event_body("urn:uuid:0000-101");
    changed["bizStep"] = "receiving";
    other.body = changed.dump();
    auto const seen = compare({{7, gone}, {101, other}});
    EXPECT_EQ(seen.findings, (std::vector<std::string>{"missing key-7", "differs key-101"}));
    EXPECT_EQ(seen.fault, "");
}

TEST(EpcisReconciliation, ReportsWhatItFoundBeforeTheRepositoryWentAway)
{
    Answer gone;
    gone.status = 404;
    Answer away;
    away.status = 503;
    auto const seen = compare({{7, gone}, {9, away}});
    EXPECT_EQ(seen.findings, std::vector<std::string>{"missing key-7"});
    EXPECT_EQ(seen.fault, "transient 503");
    Answer rubbish;
    rubbish.status = 200;
    rubbish.body = "<html>";
    EXPECT_EQ(compare({{1, rubbish}}).fault, "unknown body");
}

} // namespace
} // namespace nguon::connector
