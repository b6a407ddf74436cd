#include "db/events.hpp"

#include "core/bytes.hpp"
#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "db/counters.hpp"
#include "db/event_index.hpp"
#include "db/outbox.hpp"
#include "db/parameter_text.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <stdexcept>

#include <zstd.h>

namespace nguon::db::events {
namespace {

constexpr int document_compression_level = 3;
constexpr std::size_t document_bytes_max = 256U * 1024 * 1024;
constexpr std::int64_t ancestry_depth_max = 12;

std::string compress(std::string const& bytes)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    auto const size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), document_compression_level);
    if (ZSTD_isError(size) != 0) throw std::runtime_error{"zstd cannot compress"};
    out.resize(size);
    return out;
}

std::string decompress(std::string const& bytes)
{
    auto const size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > document_bytes_max)
        throw DbError{DbErrorKind::corrupt, "a captured document cannot be decompressed"};
    std::string out(size, '\0');
    if (ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size()) != size)
        throw DbError{DbErrorKind::corrupt, "a captured document cannot be decompressed"};
    return out;
}

std::string repeat_key(Facts const& facts, epcis::Event const& event, std::string const& hash)
{
    auto text = facts.org.text() + "\n" + hash + "\n" + event.event_id + "\n";
    if (event.error_declaration) text += event.error_declaration->declared.text + event.error_declaration->reason;
    return sha256_hex(text);
}

constexpr std::string_view select_event =
    "SELECT e.seq, e.id, e.org_id, e.event_id, e.type, e.event_time, e.event_time_offset, e.record_time,"
    " e.declared_by, e.template, e.mark, e.error_declared_at, e.hash, e.body, e.capture_id FROM event e";

Stored from_row(Row const& row)
{
    Stored stored;
    stored.seq = row.integer(0);
    stored.id = row.text(1);
    stored.org = row.id<OrganizationId>(2);
    stored.event_id = row.text(3);
    stored.type = row.text(4);
    stored.event_time = {row.instant(5), std::chrono::minutes{row.integer(6)}};
    stored.record_time = row.instant(7);
    stored.declared_by = row.text(8);
    stored.template_key = row.text(9);
    stored.mark = row.text(10);
    stored.error_declared_at = row.optional_instant(11);
    stored.hash = row.text(12);
    stored.body = row.text(13);
    stored.capture = row.id<CaptureId>(14);
    return stored;
}

std::vector<Stored> from_rows(Rows const& rows)
{
    std::vector<Stored> out;
    for (auto const& row : rows) out.push_back(from_row(row));
    return out;
}

/// What must be delivered before the event: the records of ours that it mentions.
std::vector<outbox::Parent> parents_of(std::vector<event_index::Entity> const& entities)
{
    std::vector<outbox::Parent> parents;
    for (auto const& entity : entities)
        if (entity.kind == "batch" || entity.kind == "product" || entity.kind == "place")
            parents.push_back({entity.kind, entity.id});
    return parents;
}

ProductId product_of(Connection& c, std::vector<event_index::Entity> const& entities)
{
    for (auto const& entity : entities) {
        if (entity.kind == "product") return ProductId{entity.id};
        if (entity.kind != "batch") continue;
        auto const rows = c.query("SELECT product_id FROM batch WHERE id = $1", {entity.id});
        if (!rows.empty()) return rows.front().id<ProductId>(0);
    }
    return {};
}

} // namespace

Packed pack(std::string const& document) { return {compress(document), sha256_hex(document)}; }

void insert_capture(Connection& c, Capture const& capture) { insert_capture(c, capture, pack(capture.document)); }

void insert_capture(Connection& c, Capture const& capture, Packed const& document)
{
    c.execute("INSERT INTO capture (id, org_id, declared_by, received_at, media_type, document, document_sha256,"
              " finished_at, event_count) VALUES ($1, $2, $3, $4, $5, $6, $7, $4, $8)",
              {capture.id, capture.org, capture.declared_by, capture.received_at, capture.media_type,
               Blob{document.bytes}, document.sha256, capture.events});
}

Result<Capture> find_capture(Connection& c, OrganizationId const& org, CaptureId const& id)
{
    auto const rows = c.query("SELECT id, org_id, declared_by, received_at, media_type, document FROM capture"
                              " WHERE org_id = $1 AND id = $2",
                              {org, id});
    if (rows.empty()) return not_found("capture.unknown");
    auto const& row = rows.front();
    return Capture{row.id<CaptureId>(0), row.id<OrganizationId>(1), row.text(2), row.instant(3),
                   row.text(4),          decompress(row.blob(5))};
}

namespace {

Capture job_from_row(Row const& row)
{
    Capture job;
    job.id = row.id<CaptureId>(0);
    job.org = row.id<OrganizationId>(1);
    job.received_at = row.instant(2);
    job.error_behaviour = row.text(3);
    job.events = row.integer(4);
    job.errors = row.text(5);
    return job;
}

constexpr std::string_view select_job =
    "SELECT k.id, k.org_id, k.received_at, k.error_behaviour, k.event_count, k.errors FROM capture k"
    " WHERE k.org_id = $1";

} // namespace

Result<Capture> find_capture_job(Connection& c, OrganizationId const& org, CaptureId const& id)
{
    auto const rows = c.query(std::string{select_job} + " AND k.id = $2", {org, id});
    if (rows.empty()) return not_found("capture.unknown");
    return job_from_row(rows.front());
}

std::vector<Capture> capture_jobs(Connection& c, OrganizationId const& org, std::optional<Capture> const& behind,
                                  std::int64_t count)
{
    auto const from = behind ? behind->received_at : Instant::max();
    std::vector<Capture> out;
    for (auto const& row : c.query(std::string{select_job} + " AND (k.received_at, k.id) < ($2, $3)"
                                                             " ORDER BY k.received_at DESC, k.id DESC LIMIT $4",
                                   {org, from, behind ? behind->id : CaptureId{}, count}))
        out.push_back(job_from_row(row));
    return out;
}

void finish_capture(Connection& c, Capture const& capture)
{
    c.execute("UPDATE capture SET error_behaviour = $2, event_count = $3, errors = $4, success = $5 WHERE id = $1",
              {capture.id, capture.error_behaviour, capture.events, capture.errors, capture.errors == "[]"});
}

Prepared prepare(epcis::Event const& event)
{
    return {epcis::event_hash(event), epcis::canonical_body(event), event_index::mentions_of(event),
            event_terms::terms_of(event)};
}

Result<Appended> append(Connection& c, epcis::Event const& event, Facts const& facts)
{
    return append(c, event, prepare(event), facts);
}

Result<Appended> append(Connection& c, epcis::Event const& event, Prepared const& prepared, Facts const& facts)
{
    auto const key = repeat_key(facts, event, prepared.hash);
    if (auto const rows = c.query("SELECT seq, id FROM event WHERE repeat_key = $1", {key}); !rows.empty())
        return Appended{rows.front().integer(0), rows.front().text(1), true};
    // CBV: the same eventID twice is an error unless the later one declares the earlier wrong.
    if (!event.event_id.empty() && !event.error_declaration &&
        !c.query("SELECT seq FROM event WHERE event_id = $1 LIMIT 1", {event.event_id}).empty())
        return conflict("epcis.event_id_taken", {event.event_id});

    Appended const appended{counters::take(c, "event"), new_uuid(), false};
    auto const entries = event_index::entries_of(c, prepared.mentions);
    c.execute("INSERT INTO event (seq, id, org_id, capture_id, ordinal, event_id, type, action, event_time,"
              " event_time_offset, record_time, declared_by, biz_step, disposition, read_point, biz_location, template,"
              " mark, error_declared_at, error_reason, hash, repeat_key, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
              " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
              {appended.seq,
               appended.id,
               facts.org,
               facts.capture,
               facts.ordinal,
               event.event_id,
               epcis::name_of(event.type),
               epcis::name_of(event.action),
               event.event_time.at,
               static_cast<std::int64_t>(event.offset.count()),
               facts.record_time,
               facts.declared_by,
               event.biz_step,
               event.disposition,
               entries.read_point,
               entries.biz_location,
               facts.template_key,
               facts.mark,
               event.error_declaration ? Value{event.error_declaration->declared.at} : Value{},
               event.error_declaration ? event.error_declaration->reason : std::string{},
               prepared.hash,
               key,
               prepared.body});
    event_index::insert(c, appended.seq, entries);
    event_terms::insert(c, facts.org, appended.seq, event.event_time.at, prepared.terms);

    outbox::Message message;
    message.org = facts.org;
    message.product = product_of(c, entries.entities);
    message.aggregate_type = "event";
    message.aggregate_id = appended.id;
    message.op = "capture";
    message.parents = parents_of(entries.entities);
    message.parents.push_back({"organization", facts.org.text()});
    message.at = facts.record_time;
    outbox::enqueue_canonical(c, message, prepared.body);
    return appended;
}

std::vector<Stored> journey(Connection& c, BatchId const& batch, std::size_t count)
{
    // Of a transformation that an input shares with other products only the way to this batch is shown.
    return from_rows(c.query(
        "WITH RECURSIVE line (identifier_id, depth) AS ("
        " SELECT id, 0 FROM identifier WHERE entity_id = $1"
        " UNION"
        " SELECT i.identifier_id, line.depth + 1 FROM line"
        " JOIN event_identifier o ON o.identifier_id = line.identifier_id AND o.role = 'output'"
        " JOIN event_identifier i ON i.event_seq = o.event_seq AND i.role = 'input'"
        " WHERE line.depth < $2) " +
            std::string{select_event} +
            " WHERE e.seq IN (SELECT x.event_seq FROM event_identifier x"
            " JOIN line ON line.identifier_id = x.identifier_id)"
            " AND (e.type <> 'TransformationEvent' OR EXISTS (SELECT 1 FROM event_identifier o"
            " JOIN line ON line.identifier_id = o.identifier_id WHERE o.event_seq = e.seq AND o.role = 'output'))"
            " ORDER BY e.event_time, e.seq LIMIT $3",
        {batch, ancestry_depth_max, static_cast<std::int64_t>(count)}));
}

std::vector<Stored> of_batch(Connection& c, OrganizationId const& org, BatchId const& batch, std::size_t count)
{
    return from_rows(c.query(std::string{select_event} +
                                 " WHERE e.org_id = $1 AND e.seq IN (SELECT x.event_seq FROM identifier i"
                                 " JOIN event_identifier x ON x.identifier_id = i.id WHERE i.entity_id = $2)"
                                 " ORDER BY e.event_time DESC, e.seq DESC LIMIT $3",
                             {org, batch, static_cast<std::int64_t>(count)}));
}

std::vector<Stored> of_organization(Connection& c, OrganizationId const& org, std::int64_t before, std::size_t count)
{
    auto const newest = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
    return from_rows(
        c.query(std::string{select_event} + " WHERE e.org_id = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3",
                {org, newest, static_cast<std::int64_t>(count)}));
}

Result<Stored> find(Connection& c, OrganizationId const& org, std::string_view id)
{
    auto const rows = c.query(std::string{select_event} + " WHERE e.org_id = $1 AND e.id = $2", {org, id});
    if (rows.empty()) return not_found("event.unknown");
    return from_row(rows.front());
}

std::optional<Stored> find_by_number(Connection& c, std::int64_t seq)
{
    auto const rows = c.query(std::string{select_event} + " WHERE e.seq = $1", {seq});
    if (rows.empty()) return std::nullopt;
    return from_row(rows.front());
}

std::vector<Stored> of_numbers(Connection& c, std::span<std::int64_t const> seqs,
                               std::optional<OrganizationId> const& org)
{
    if (seqs.empty()) return {};
    assert(seqs.size() <= numbers_max);
    constexpr std::string_view numbers = parameter_text<2, numbers_max>.view();
    static std::string const sql =
        std::string{select_event} + " WHERE ($1 = '' OR e.org_id = $1) AND e.seq IN (" + std::string{numbers} + ")";
    std::vector<Value> parameters{org ? Value{*org} : Value{""}};
    for (std::size_t i = 0; i < numbers_max; ++i) parameters.emplace_back(seqs[std::min(i, seqs.size() - 1)]);
    return from_rows(c.query(sql, parameters));
}

std::optional<Stored> latest_of_template(Connection& c, OrganizationId const& org, std::string_view template_key)
{
    auto const rows =
        c.query(std::string{select_event} + " WHERE e.org_id = $1 AND e.template = $2 ORDER BY e.seq DESC LIMIT 1",
                {org, template_key});
    if (rows.empty()) return std::nullopt;
    return from_row(rows.front());
}

std::vector<Stored> of_capture(Connection& c, OrganizationId const& org, CaptureId const& capture)
{
    return from_rows(c.query(
        std::string{select_event} + " WHERE e.org_id = $1 AND e.capture_id = $2 ORDER BY e.ordinal", {org, capture}));
}

std::vector<Stored> of_event_id(Connection& c, std::string_view event_id)
{
    return from_rows(c.query(std::string{select_event} + " WHERE e.event_id = $1 ORDER BY e.seq", {event_id}));
}

bool is_declared_wrong(Connection& c, OrganizationId const& org, std::string_view event_id)
{
    return !c.query("SELECT seq FROM event WHERE event_id = $1 AND error_declared_at IS NOT NULL AND org_id IN ($2,"
                    " (SELECT id FROM organization WHERE kind = 'authority' ORDER BY created_at, id LIMIT 1)) LIMIT 1",
                    {event_id, org})
                .empty();
}

bool has_own(Connection& c, OrganizationId const& org, std::string_view event_id)
{
    return !c.query("SELECT seq FROM event WHERE event_id = $1 AND org_id = $2 LIMIT 1", {event_id, org}).empty();
}

std::int64_t count(Connection& c) { return c.query("SELECT coalesce(max(seq), 0) FROM event").front().integer(0); }

} // namespace nguon::db::events
