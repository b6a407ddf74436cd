#include "db/event_queries.hpp"

#include "core/epcis/json.hpp"
#include "core/epcis/query_match.hpp"
#include "core/limits/epcis_query.hpp"
#include "db/identifiers.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::db {
namespace {

using nlohmann::json;
namespace queries = event_queries;

Instant const start = nguon::testing::outbox_start;
OrganizationId const org{"org-1"};
OrganizationId const rival{"org-2"};

/// What both the index and a look at every single event must answer alike.
constexpr std::array<std::string_view, 22> asked{
    "",
    "eventType=AggregationEvent",
    "EQ_bizStep=receiving",
    "EQ_bizStep=urn:epcglobal:cbv:bizstep:receiving|shipping",
    "EQ_action=ADD",
    "EQ_disposition=in_transit&EQ_bizStep=shipping",
    "MATCH_epc=urn:epc:id:sgtin:0614141.107346.3",
    "MATCH_anyEPC=https://id.gs1.org/01/10614141073464/21/3",
    "MATCH_epc=urn:epc:idpat:sgtin:0614141.107346.*",
    "MATCH_epc=urn:epc:idpat:sgtin:0614141.*.*",
    "MATCH_anyEPC=urn:epc:idpat:sgtin:*.*.*",
    "MATCH_parentID=https://id.gs1.org/00/106141412345678908",
    "MATCH_epcClass=https://id.gs1.org/01/04012345123456/10/L2",
    "EQ_quantity=2",
    "EQ_readPoint=https://id.gs1.org/414/4012345000054",
    "EQ_ex:grade=A",
    "EXISTS_ILMD_ex:farm",
    "EQ_eventID=urn:uuid:5|urn:uuid:11",
    "EXISTS_errorDeclaration=true",
    "GE_eventTime=2026-11-20T01:10:00Z&LT_eventTime=2026-11-20T01:40:00Z",
    "EQ_bizTransaction_po=https://example.com/po/1",
    "EQ_bizStep=stocking",
};

epcis::Query query(std::string_view text)
{
    auto const parameters = epcis::read_query_string(text);
    auto read = epcis::read_query(*parameters, *epcis::read_extensions("ex=https://ns.example.com/epcis/"));
    EXPECT_TRUE(read.ok()) << text;
    return *std::move(read);
}

/// The n-th event: kinds, words and things in turns; times jump about.
epcis::Event event(int n)
{
    json out{{"@context", {epcis::standard_context, {{"ex", "https://ns.example.com/epcis/"}}}},
             {"type", n % 7 == 0 ? "AggregationEvent" : "ObjectEvent"},
             {"action", n % 3 == 0 ? "ADD" : "OBSERVE"},
             {"eventID", fmt::format("urn:uuid:{}", n)},
             {"eventTime", fmt::format("2026-11-20T01:{:02}:00Z", n * 17 % 60)},
             {"eventTimeZoneOffset", "+07:00"},
             {"bizStep", n % 2 == 0 ? "receiving" : "shipping"}};
    if (n % 5 == 0) out["disposition"] = "in_transit";
    if (n % 6 == 1) out["readPoint"]["id"] = "urn:epc:id:sgln:4012345.00005.0";
    if (n % 4 == 1) out["ex:grade"] = n % 8 == 1 ? "A" : "B";
    if (n % 10 == 3) out["bizTransactionList"] = {{{"type", "po"}, {"bizTransaction", "https://example.com/po/1"}}};
    auto const epc = n % 2 == 0 ? fmt::format("urn:epc:id:sgtin:0614141.107346.{}", n % 9)
                                : fmt::format("https://shop.example/01/10614141073464/21/{}", n % 9);
    if (n % 7 == 0) {
        out["parentID"] = "urn:epc:id:sscc:0614141.1234567890";
        out["childEPCs"] = {epc};
    } else {
        out["epcList"] = {epc};
        out["quantityList"] = {
            {{"epcClass", fmt::format("urn:epc:class:lgtin:4012345.012345.L{}", n % 4)}, {"quantity", n % 4}}};
        if (n % 3 == 0) out["ilmd"] = {{"ex:farm", {{"ex:area", n}}}};
    }
    auto document = epcis::parse_document(out.dump());
    EXPECT_TRUE(document.ok()) << out;
    return document->events.front();
}

class EventQueries : public nguon::testing::StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([](Connection& c) -> Status {
                        nguon::testing::add_installation(c);
                        nguon::testing::add_organization(c, org.text());
                        nguon::testing::add_organization(c, rival.text());
                        return Done{};
                    }).ok());
    }

    void append(epcis::Event const& added, OrganizationId const& by = org)
    {
        auto const at = start + std::chrono::seconds{count_++ * 7 % 50}; // not in the order of the numbers
        auto const written = write([&](Connection& c) {
            events::Capture capture;
            capture.id = new_id<struct CaptureKind>();
            capture.org = by;
            capture.received_at = at;
            events::insert_capture(c, capture);
            events::Facts facts;
            facts.org = by;
            facts.capture = capture.id;
            facts.record_time = at;
            return events::append(c, added, facts);
        });
        ASSERT_TRUE(written.ok()) << written.error().key;
    }
    void append_many(int count)
    {
        for (int n = 0; n < count; ++n) append(event(n), n % 11 == 10 ? rival : org);
        auto wrong = event(2);
        wrong.error_declaration = epcis::ErrorDeclaration{};
        wrong.error_declaration->declared = {to_iso(start), start};
        append(wrong);
    }

    /// Page after page until there is no more.
    std::vector<std::int64_t> answer(queries::Reader const& reader, epcis::Query const& wanted, std::int64_t count)
    {
        std::vector<std::int64_t> out;
        std::optional<queries::Position> from;
        do {
            auto const page = read([&](Connection& c) { return queries::run(c, reader, wanted, from, count); });
            EXPECT_TRUE(page.ok()) << page.error().key << page.error().log_text;
            if (!page) return out;
            EXPECT_LE(std::ssize(page->events), count);
            for (auto const& stored : page->events) out.push_back(stored.seq);
            from = page->next;
        } while (from);
        return out;
    }

    /// By looking at everything.
    std::vector<std::int64_t> expected(queries::Reader const& reader, epcis::Query const& wanted)
    {
        struct Found {
            std::int64_t at;
            std::int64_t seq;
            auto operator<=>(Found const&) const = default;
        };
        std::vector<Found> found;
        std::vector<std::int64_t> seqs;
        for (std::int64_t seq = 1; seq <= count_; ++seq) seqs.push_back(seq);
        for (std::size_t at = 0; at < seqs.size(); at += events::numbers_max) {
            auto const some = std::span{seqs}.subspan(at, std::min(events::numbers_max, seqs.size() - at));
            auto const stored = *read([&](Connection& c) -> Result<std::vector<events::Stored>> {
                return events::of_numbers(c, some, reader.org);
            });
            for (auto const& item : stored) {
                auto const document = epcis::parse_document(item.body);
                if (!epcis::matches(wanted, document->events.front(), item.record_time)) continue;
                auto const by = wanted.order == epcis::Order::record_time ? item.record_time : item.event_time.at;
                found.push_back({to_micros(by), item.seq});
            }
        }
        std::ranges::sort(found);
        if (!wanted.ascending) std::ranges::reverse(found);
        std::vector<std::int64_t> out;
        for (auto const& item : found) out.push_back(item.seq);
        return out;
    }

    std::int64_t count_ = 0;
};
NGUON_ON_BOTH_ENGINES(EventQueries);

TEST_P(EventQueries, TheIndexFindsWhatALookAtEveryEventFinds)
{
    append_many(120);
    queries::Reader const all{};
    queries::Reader const own{org, {}};
    for (auto const text : asked) {
        for (auto const order : {"", "&orderBy=eventTime", "&orderBy=eventTime&orderDirection=ASC",
                                 "&orderBy=recordTime", "&orderBy=recordTime&orderDirection=ASC"}) {
            auto const wanted = query(std::string{text} + order);
            EXPECT_EQ(answer(all, wanted, 7), expected(all, wanted)) << text << order;
            EXPECT_EQ(answer(own, wanted, 1000), expected(own, wanted)) << text << order;
        }
        EXPECT_EQ(expected(all, query(text)).empty(), text == "EQ_bizStep=stocking") << text;
    }
}

TEST_P(EventQueries, WalksInsteadOfSortingWhereThereIsMuch)
{
    append_many(60);
    // More than are sorted in memory: every event has the same term and thing.
    for (std::int64_t i = 0; i < limits::query_set_max; ++i) {
        auto same = event(4);
        same.event_id = fmt::format("urn:uuid:same-{}", i);
        same.event_time.at += std::chrono::seconds{i % 600};
        same.event_time.text = to_iso(same.event_time.at);
        append(same);
    }
    queries::Reader const all{};
    queries::Reader const others{rival, {}};
    for (auto const* text : {"EQ_bizStep=receiving", "EQ_bizStep=receiving|shipping&EQ_action=OBSERVE",
                             "MATCH_epc=urn:epc:id:sgtin:0614141.107346.4", "EQ_bizStep=receiving&orderBy=recordTime",
                             "EQ_bizStep=receiving&orderBy=eventTime&orderDirection=ASC"}) {
        auto const wanted = query(text);
        EXPECT_EQ(answer(all, wanted, 300), expected(all, wanted)) << text;
        EXPECT_EQ(answer(others, wanted, 300), expected(others, wanted)) << text;
    }
    auto const wanted = query("EQ_bizStep=receiving&EQ_quantity=99");
    auto const page = read([&](Connection& c) { return queries::run(c, all, wanted, {}, 30); });
    ASSERT_TRUE(page.ok());
    EXPECT_TRUE(page->events.empty());
    EXPECT_TRUE(page->next.has_value()) << "a page that looked at enough ends and says where to go on";
    EXPECT_TRUE(answer(all, wanted, 30).empty());
}

TEST_P(EventQueries, PagesHoldWhileOthersWrite)
{
    append_many(40);
    queries::Reader const all{};
    auto const wanted = query("EQ_bizStep=receiving&orderBy=eventTime&orderDirection=ASC");
    auto const before = expected(all, wanted);
    auto const first = *read([&](Connection& c) { return queries::run(c, all, wanted, {}, 5); });
    append(event(400)); // sorts among the others
    append(event(402));
    std::vector<std::int64_t> seen;
    for (auto const& stored : first.events) seen.push_back(stored.seq);
    auto from = first.next;
    while (from) {
        auto const page = *read([&](Connection& c) { return queries::run(c, all, wanted, from, 5); });
        for (auto const& stored : page.events) seen.push_back(stored.seq);
        from = page.next;
    }
    auto sorted = seen;
    std::ranges::sort(sorted);
    EXPECT_TRUE(std::ranges::adjacent_find(sorted) == sorted.end()) << "nothing twice";
    for (auto const seq : before) EXPECT_TRUE(std::ranges::binary_search(sorted, seq)) << "nothing left out";
}

TEST_P(EventQueries, OrdersByAFieldOfSomebodysOwn)
{
    append_many(40);
    auto const wanted = query("EXISTS_ex:grade&orderBy=ex:grade&orderDirection=ASC");
    std::string grades;
    std::optional<queries::Position> from;
    do {
        auto const page = *read([&](Connection& c) { return queries::run(c, {}, wanted, from, 3); });
        for (auto const& stored : page.events) grades += json::parse(stored.body)["ex:grade"].get<std::string>();
        from = page.next;
    } while (from);
    EXPECT_EQ(grades, "AAAAABBBBB");
}

TEST_P(EventQueries, CountsBeforeItAnswers)
{
    append_many(40);
    auto const kept = [&](std::string_view text) {
        auto const wanted = query(text);
        return read([&](Connection& c) { return queries::check_max_event_count(c, {}, wanted); });
    };
    auto const number = expected({}, query("EQ_bizStep=receiving")).size();
    EXPECT_TRUE(kept(fmt::format("EQ_bizStep=receiving&maxEventCount={}", number)).ok());
    auto const refused = kept(fmt::format("EQ_bizStep=receiving&maxEventCount={}", number - 1));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "epcis.query.too_large");
}

TEST_P(EventQueries, EventsFromBeforeTheIndexAreFoundMeanwhileAndIndexed)
{
    append_many(30);
    ASSERT_TRUE(write([&](Connection& c) -> Status {
                    c.execute("DELETE FROM event_term");
                    c.execute("DELETE FROM event_value");
                    c.execute("INSERT INTO event_term_gap (below) VALUES ($1)", {count_ + 1});
                    return Done{};
                }).ok());
    auto const wanted = query("EQ_bizStep=receiving");
    auto const all = expected({}, wanted);
    append(event(200));
    EXPECT_EQ(answer({}, wanted, 5).size(), all.size() + 1);
    int rounds = 0;
    while (*write([](Connection& c) -> Result<bool> { return event_terms::fill_gap(c, 10); })) ++rounds;
    EXPECT_GE(rounds, 3);
    EXPECT_TRUE(*read([](Connection& c) -> Result<bool> { return event_terms::is_complete(c); }));
    EXPECT_EQ(answer({}, wanted, 5).size(), all.size() + 1);
    auto const steps = *read(
        [](Connection& c) -> Result<std::vector<std::string>> { return queries::values(c, {}, "bizStep", "", 10); });
    EXPECT_EQ(steps, (std::vector<std::string>{"https://ref.gs1.org/cbv/BizStep-receiving",
                                               "https://ref.gs1.org/cbv/BizStep-shipping"}));
}

TEST_P(EventQueries, ANameThatCameLaterFindsTheThing)
{
    auto early = event(1);
    early.epc_list = {"urn:uuid:00000000-0000-7000-8000-000000000001"};
    append(early);
    auto const link = "https://id.gs1.org/01/04012345123456/10/L9";
    ASSERT_TRUE(write([&](Connection& c) {
                    auto const number = *identifiers::find(c, early.epc_list.front());
                    return identifiers::add_spelling(c, number, link, "batch", "");
                }).ok());
    EXPECT_EQ(answer({}, query(std::string{"MATCH_epc="} + link), 5).size(), 1U);
}

TEST_P(EventQueries, ListsKnowWhoseEventsTheyAre)
{
    append(event(1), org);
    append(event(2), rival);
    auto const steps = [&](queries::Reader const& reader) {
        return read([&](Connection& c) -> Result<std::vector<std::string>> {
                   return queries::values(c, reader, "bizStep", "", 10);
               })
            ->size();
    };
    auto const things = [&](queries::Reader const& reader) {
        return read([&](Connection& c) -> Result<queries::Things> { return queries::things(c, reader, 0, 10); })
            ->uris.size();
    };
    auto const reads_rival = [](OrganizationId const& of) { return of == rival; };
    EXPECT_EQ(steps({}), 2U);
    EXPECT_EQ(steps({org, {}}), 1U);
    EXPECT_EQ(steps({{}, reads_rival}), 1U);
    EXPECT_EQ(things({}), 4U);
    EXPECT_EQ(things({org, {}}), 2U);
    EXPECT_EQ(things({{}, reads_rival}), 2U);
    EXPECT_EQ(answer({{}, reads_rival}, query(""), 5).size(), 1U);
}

} // namespace
} // namespace nguon::db
