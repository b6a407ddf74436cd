#include "connector/connection_checks.hpp"

#include "connector/answers.hpp"
#include "connector/catalogue_keeper.hpp"
#include "connector/transport.hpp"
#include "core/json.hpp"
#include "db/connections.hpp"

#include <boost/asio/this_coro.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

constexpr std::int64_t records_tried = 10;
constexpr std::size_t body_bytes_shown = 64 * 1024;
constexpr int steps_max = 20;
constexpr std::chrono::milliseconds refusal_patience{1500};

json error_of(std::string key, std::vector<std::string> values)
{
    return {{"error", {{"key", std::move(key)}, {"values", std::move(values)}}}};
}

json error_of(Answer const& answer)
{
    return error_of("connection.fault." + std::string{to_text(answer.fault)}, {storable_text(answer.fault_text)});
}

json to_json(tls::CertificateInfo const& peer)
{
    return {{"subject", peer.subject},
            {"issuer", peer.issuer},
            {"host_names", peer.host_names},
            {"not_before", to_iso(peer.not_before)},
            {"not_after", to_iso(peer.not_after)},
            {"sha256", peer.sha256},
            {"spki_sha256", peer.spki_sha256},
            {"issuers_spki_sha256", peer.issuers_spki_sha256}};
}

/// Our own bytes, whole where a page can show them.
std::string shown(std::string const& body)
{
    if (body.size() <= body_bytes_shown) return body;
    return storable_text(body, body_bytes_shown);
}

/// A record that no portal would keep from signing in.
Record sample_record()
{
    Record record;
    record.type = "organization";
    record.id = "sample";
    record.version = 1;
    record.op = "upsert";
    record.key = "sample";
    record.payload = R"({"fields":{"name":"sample"},"id":"sample","type":"organization"})";
    return record;
}

/// What a portal says that knows nothing yet: a token for who asks for one, an empty list for who looks up.
Answer answer_of_nobody()
{
    Answer answer;
    answer.status = 200;
    answer.body = R"({"access_token":"dry-run","expires_in":600,"data":[]})";
    return answer;
}

/// What people call the record, as far as it says: a name, a lot.
std::string name_of(Record const& record)
{
    auto const payload = json::parse(record.payload, nullptr, false);
    auto const* const fields = member_at(payload, "fields");
    if (fields == nullptr) return {};
    for (auto const* const member : {"name", "lot", "number"})
        if (auto name = text_at(*fields, member); !name.empty()) return name;
    return {};
}

json describe(db::connections::Candidate const& candidate)
{
    auto const& record = candidate.record;
    return {{"type", record.type},
            {"id", record.id},
            {"version", record.version},
            {"name", name_of(record)},
            {"organization_id", record.org.text()},
            {"hold", candidate.hold}};
}

/// Plays the conversation of one record up to the request that would carry it.
json rehearse(Target& target, db::connections::Candidate const& candidate, Instant now)
{
    auto out = describe(candidate);
    auto record = candidate.record;
    // Nothing is sent, so the portal gives no number to a picture either.
    for (auto& picture : record.pictures) picture.portal_id = "(" + picture.sha256 + ")";
    auto const conversation = target.begin({std::move(record)});
    bool frozen = false;
    for (int step = 0; step < steps_max; ++step) {
        auto const next = conversation->next(now);
        if (auto const* const conclusion = std::get_if<Conclusion>(&next)) {
            out["hold"] = "target";
            if (!conclusion->records.empty()) {
                auto const& outcome = conclusion->records.front();
                if (outcome.verdict == Verdict::held) out["hold"] = outcome.code;
                out["reason"] = outcome.text.empty() ? outcome.code : outcome.text;
            }
            return out;
        }
        if (std::holds_alternative<Freeze>(next)) {
            frozen = true;
            continue;
        }
        auto const& request = std::get<Request>(next);
        if (frozen) {
            out["method"] = std::string{http::to_text(request.method)};
            out["path"] = request.path;
            out["body"] = shown(request.body);
            return out;
        }
        auto const answer = answer_of_nobody();
        conversation->take(answer, now);
    }
    out["hold"] = "target";
    return out;
}

} // namespace

net::awaitable<CheckOutcome> try_handshake(ConnectorTarget target)
{
    auto const url = http::parse_url(target.target->probe_url());
    if (!url || !url->secure) {
        auto detail = error_of("target.url", {target.target->probe_url()});
        co_return CheckOutcome{false, std::move(detail)};
    }
    auto const executor = co_await net::this_coro::executor;
    http::Client client{executor, *url, target.tls, target.limits};
    auto const outcome = co_await client.probe(refusal_patience);
    if (auto const* const failure = std::get_if<http::ClientFailure>(&outcome)) {
        auto const answer = to_answer(*failure);
        auto detail = error_of(answer);
        co_return CheckOutcome{false, std::move(detail)};
    }
    auto const peer = to_json(std::get<tls::CertificateInfo>(outcome));
    json detail{{"peer", peer}};
    co_return CheckOutcome{true, std::move(detail)};
}

net::awaitable<CheckOutcome> try_sign_in(ConnectorTarget target, Clock const& clock)
{
    auto const executor = co_await net::this_coro::executor;
    Transport transport{executor, target.tls, target.files, target.limits};
    std::vector<Record> records;
    records.push_back(sample_record());
    auto const conversation = target.target->begin(std::move(records));
    auto const first = conversation->next(clock.now());
    auto const* const request = std::get_if<Request>(&first);
    if (target.row.adapter != "most" || request == nullptr) {
        json detail{{"skipped", true}};
        co_return CheckOutcome{true, std::move(detail)};
    }
    auto const answer = co_await transport.send(*request);
    if (answer.fault != Fault::none) {
        auto detail = error_of(answer);
        co_return CheckOutcome{false, std::move(detail)};
    }
    conversation->take(answer, clock.now());
    auto const after = conversation->next(clock.now());
    if (auto const* const conclusion = std::get_if<Conclusion>(&after)) {
        auto const& reading = conclusion->reading;
        auto detail = error_of("connection.sign_in_refused",
                               {std::to_string(answer.status), storable_text(reading.code + " " + reading.text)});
        co_return CheckOutcome{false, std::move(detail)};
    }
    json detail = json::object();
    if (auto const skew = clock_skew(answer.header("date"), clock.now()))
        detail["skew_seconds"] = std::chrono::round<std::chrono::seconds>(*skew).count();
    co_return CheckOutcome{true, std::move(detail)};
}

net::awaitable<CheckOutcome> try_catalogues(db::Database& database, ConnectorTarget target, Clock const& clock)
{
    auto const fetch = target.target->fetch_catalogues();
    if (!fetch) {
        json detail{{"skipped", true}};
        co_return CheckOutcome{true, std::move(detail)};
    }
    auto const executor = co_await net::this_coro::executor;
    Transport transport{executor, target.tls, target.files, target.limits};
    auto const end = co_await fetch_catalogues(*fetch, transport, clock);
    auto work = [name = target.target->name(), end, now = clock.now()](db::Connection& c) -> Status {
        for (auto const& fetched : end.catalogues) db::portal_catalogues::store(c, name, fetched, now);
        db::portal_catalogues::finish(c, name, now, end.fault);
        return Done{};
    };
    auto const stored = co_await database.write_unseen(std::move(work));
    if (!end.fault.empty()) {
        auto detail = error_of("connection.catalogues_failed", {storable_text(end.fault)});
        co_return CheckOutcome{false, std::move(detail)};
    }
    if (!stored) {
        auto detail = error_of(stored.error().key, stored.error().values);
        co_return CheckOutcome{false, std::move(detail)};
    }
    json detail{{"catalogues", json::array()}};
    for (auto const& fetched : end.catalogues)
        detail["catalogues"].push_back(
            {{"name", fetched.catalogue}, {"entries", fetched.entries.size()}, {"absent", fetched.absent}});
    co_return CheckOutcome{true, std::move(detail)};
}

net::awaitable<CheckOutcome> try_dry_run(db::Database& database, ConnectorTarget target, Instant now)
{
    auto look_up = [name = target.target->name()](db::Connection& c) -> Result<db::portal_catalogues::Known> {
        return db::portal_catalogues::load(c, name);
    };
    auto known = co_await database.read(std::move(look_up));
    if (known && target.target->catalogues() != nullptr) target.target->catalogues()->load(*std::move(known));
    auto work = [types = target.row.record_types,
                 complete = target.row.complete_products](db::Connection& c) -> Result<db::connections::Candidates> {
        return db::connections::candidates(c, types, complete, records_tried);
    };
    auto const found = co_await database.read(std::move(work));
    if (!found) {
        auto detail = error_of(found.error().key, found.error().values);
        co_return CheckOutcome{false, std::move(detail)};
    }
    json detail{{"ready", json::array()},
                {"held", json::array()},
                {"ready_count", found->ready_count},
                {"held_count", found->held_count}};
    for (auto const& candidate : found->ready) {
        auto tried = rehearse(*target.target, candidate, now);
        bool const goes = tried.contains("body");
        detail[goes ? "ready" : "held"].push_back(std::move(tried));
    }
    for (auto const& candidate : found->held) detail["held"].push_back(describe(candidate));
    co_return CheckOutcome{true, std::move(detail)};
}

} // namespace nguon::connector
