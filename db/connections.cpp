#include "db/connections.hpp"

#include "core/limits.hpp"
#include "db/portal_catalogues.hpp"

#include <sstream>

namespace nguon::db::connections {

namespace {

constexpr char columns[] =
    "SELECT target, adapter, url, secret_header, sealed_secret, mapping, authority, client_authority, receipt_key,"
    " pins, declaration_number, declaration_date, declaration_standard, stage, live_since, reviewed_at, reviewed_by,"
    " stop_reason, revision, settings_revision, certificate_revision, problem, changed_at, changed_by, title"
    " FROM portal_connection";

std::string joined(std::vector<std::string> const& pins)
{
    std::string text;
    for (auto const& pin : pins) text += pin + "\n";
    return text;
}

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

PortalConnection connection_from(Row const& row)
{
    PortalConnection out;
    out.target = row.text(0);
    out.adapter = row.text(1);
    out.url = row.text(2);
    out.secret_header = row.text(3);
    out.sealed_secret = row.text(4);
    out.mapping = row.text(5);
    out.authority = row.text(6);
    out.client_authority = row.text(7);
    out.receipt_key = row.text(8);
    out.pins = lines_of(row.text(9));
    out.declaration_number = row.text(10);
    out.declaration_date = row.text(11);
    out.declaration_standard = row.text(12);
    out.stage = row.text(13);
    out.live_since = row.optional_instant(14);
    out.reviewed_at = row.optional_instant(15);
    out.reviewed_by = row.text(16);
    out.stop_reason = row.text(17);
    out.revision = row.integer(18);
    out.settings_revision = row.integer(19);
    out.certificate_revision = row.integer(20);
    out.problem = row.text(21);
    out.changed_at = row.instant(22);
    out.changed_by = row.text(23);
    out.title = row.text(24);
    return out;
}

Certificate certificate_from(Row const& row)
{
    Certificate out;
    out.target = row.text(0);
    out.slot = row.text(1);
    out.sealed_key = row.text(2);
    out.request = row.text(3);
    out.chain = row.text(4);
    out.subject = row.text(5);
    out.issuer = row.text(6);
    out.fingerprint = row.text(7);
    out.valid_from = row.optional_instant(8);
    out.valid_to = row.optional_instant(9);
    out.faults = row.text(10);
    out.checked_at = row.optional_instant(11);
    out.retired_at = row.optional_instant(12);
    out.made_at = row.instant(13);
    out.made_by = row.text(14);
    return out;
}

Check check_from(Row const& row)
{
    Check out;
    out.id = row.integer(0);
    out.target = row.text(1);
    out.kind = row.text(2);
    out.state = row.text(3);
    out.good = row.flag(4);
    out.stale = row.flag(5);
    out.outcome = row.text(6);
    out.asked_at = row.instant(7);
    out.asked_by = row.text(8);
    out.done_at = row.optional_instant(9);
    return out;
}

Candidate candidate_from(Row const& row)
{
    Candidate out;
    auto& record = out.record;
    record.seq = row.integer(0);
    record.org = row.id<OrganizationId>(1);
    record.type = row.text(2);
    record.id = row.text(3);
    record.version = row.integer(4);
    record.op = row.text(5);
    record.key = row.text(6);
    record.payload = row.text(7);
    record.sha256 = row.text(8);
    record.created_at = row.instant(9);
    out.hold = row.text(10);
    return out;
}

} // namespace

std::string key_purpose(std::string const& target) { return "connection/" + target + "/key"; }
std::string secret_purpose(std::string const& target) { return "connection/" + target + "/secret"; }

Status insert(Connection& c, PortalConnection const& connection)
{
    if (!c.query("SELECT name FROM target WHERE name = $1", {connection.target}).empty())
        return conflict("connection.name_taken", {connection.target});
    auto const rows = c.execute("INSERT INTO portal_connection (target, adapter, url, stage, revision,"
                                " settings_revision, certificate_revision, changed_at, changed_by, title)"
                                " VALUES ($1, $2, $3, $4, 1, 1, 1, $5, $6, $7) ON CONFLICT (target) DO NOTHING",
                                {connection.target, connection.adapter, connection.url, connection.stage,
                                 connection.changed_at, connection.changed_by, connection.title});
    if (rows == 0) return conflict("connection.name_taken", {connection.target});
    return Done{};
}

std::optional<PortalConnection> find(Connection& c, std::string_view target)
{
    static auto const sql = std::string{columns} + " WHERE target = $1";
    auto const rows = c.query(sql, {target});
    if (rows.empty()) return std::nullopt;
    return connection_from(rows.front());
}

std::vector<PortalConnection> list(Connection& c)
{
    static auto const sql = std::string{columns} + " ORDER BY target";
    std::vector<PortalConnection> out;
    for (auto const& row : c.query(sql)) out.push_back(connection_from(row));
    return out;
}

Status save(Connection& c, PortalConnection const& connection)
{
    auto const rows = c.execute(
        "UPDATE portal_connection SET adapter = $3, url = $4, secret_header = $5, sealed_secret = $6, mapping = $7,"
        " authority = $8, client_authority = $9, receipt_key = $10, pins = $11, declaration_number = $12,"
        " declaration_date = $13, declaration_standard = $14, stage = $15, live_since = $16, reviewed_at = $17,"
        " reviewed_by = $18, stop_reason = $19, settings_revision = $20, certificate_revision = $21, changed_at = $22,"
        " changed_by = $23, title = $24, revision = revision + 1 WHERE target = $1 AND revision = $2",
        {connection.target,
         connection.revision,
         connection.adapter,
         connection.url,
         connection.secret_header,
         connection.sealed_secret,
         connection.mapping,
         connection.authority,
         connection.client_authority,
         connection.receipt_key,
         joined(connection.pins),
         connection.declaration_number,
         connection.declaration_date,
         connection.declaration_standard,
         connection.stage,
         connection.live_since,
         connection.reviewed_at,
         connection.reviewed_by,
         connection.stop_reason,
         connection.settings_revision,
         connection.certificate_revision,
         connection.changed_at,
         connection.changed_by,
         connection.title});
    if (rows == 0) return conflict("connection.changed_meanwhile");
    return Done{};
}

std::int64_t count_open(Connection& c, std::string_view target)
{
    return c
        .query("SELECT COUNT(*) FROM delivery WHERE target = $1"
               " AND state IN ('held', 'pending', 'in_flight', 'refused', 'parked')",
               {target})
        .front()
        .integer(0);
}

void remove(Connection& c, std::string_view target)
{
    disable_target(c, target);
    portal_catalogues::remove(c, target);
    c.execute("DELETE FROM connection_check WHERE target = $1", {target});
    c.execute("DELETE FROM pin_proposal WHERE target = $1", {target});
    c.execute("DELETE FROM portal_certificate WHERE target = $1", {target});
    c.execute("DELETE FROM portal_connection WHERE target = $1", {target});
}

void set_problem(Connection& c, std::string_view target, std::string_view problem)
{
    c.execute("UPDATE portal_connection SET problem = $2 WHERE target = $1 AND problem <> $2", {target, problem});
}

void disable_target(Connection& c, std::string_view target)
{
    c.execute("UPDATE target SET enabled = 0 WHERE name = $1", {target});
}

std::vector<LiveRevision> live(Connection& c)
{
    std::vector<LiveRevision> out;
    for (auto const& row : c.query("SELECT target, settings_revision, certificate_revision FROM portal_connection"
                                   " WHERE stage = 'live' ORDER BY target"))
        out.push_back({row.text(0), row.integer(1), row.integer(2)});
    return out;
}

std::optional<Certificate> find_certificate(Connection& c, std::string_view target, std::string_view slot)
{
    auto const rows =
        c.query("SELECT target, slot, sealed_key, request, chain, subject, issuer, fingerprint, valid_from, valid_to,"
                " faults, checked_at, retired_at, made_at, made_by FROM portal_certificate"
                " WHERE target = $1 AND slot = $2",
                {target, slot});
    if (rows.empty()) return std::nullopt;
    return certificate_from(rows.front());
}

void put_certificate(Connection& c, Certificate const& certificate)
{
    c.execute("INSERT INTO portal_certificate (target, slot, sealed_key, request, chain, subject, issuer, fingerprint,"
              " valid_from, valid_to, faults, checked_at, retired_at, made_at, made_by)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
              " ON CONFLICT (target, slot) DO UPDATE SET sealed_key = excluded.sealed_key,"
              " request = excluded.request, chain = excluded.chain, subject = excluded.subject,"
              " issuer = excluded.issuer, fingerprint = excluded.fingerprint, valid_from = excluded.valid_from,"
              " valid_to = excluded.valid_to, faults = excluded.faults, checked_at = excluded.checked_at,"
              " retired_at = excluded.retired_at, made_at = excluded.made_at, made_by = excluded.made_by",
              {certificate.target, certificate.slot, certificate.sealed_key, certificate.request, certificate.chain,
               certificate.subject, certificate.issuer, certificate.fingerprint, certificate.valid_from,
               certificate.valid_to, certificate.faults, certificate.checked_at, certificate.retired_at,
               certificate.made_at, certificate.made_by});
}

void remove_certificate(Connection& c, std::string_view target, std::string_view slot)
{
    c.execute("DELETE FROM portal_certificate WHERE target = $1 AND slot = $2", {target, slot});
}

void move_certificate(Connection& c, std::string_view target, std::string_view from, std::string_view to,
                      std::optional<Instant> retired_at)
{
    c.execute("UPDATE portal_certificate SET slot = $3, retired_at = $4 WHERE target = $1 AND slot = $2",
              {target, from, to, retired_at});
}

void forget_old_certificates(Connection& c, Instant before)
{
    c.execute("DELETE FROM portal_certificate WHERE slot = 'old' AND retired_at < $1", {before});
}

std::optional<PinProposal> find_proposal(Connection& c, std::string_view target)
{
    auto const rows =
        c.query("SELECT pins, reason, proposed_at, proposed_by FROM pin_proposal WHERE target = $1", {target});
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    return PinProposal{lines_of(row.text(0)), row.text(1), row.instant(2), row.text(3)};
}

void put_proposal(Connection& c, std::string_view target, PinProposal const& proposal)
{
    c.execute("INSERT INTO pin_proposal (target, pins, reason, proposed_at, proposed_by) VALUES ($1, $2, $3, $4, $5)"
              " ON CONFLICT (target) DO UPDATE SET pins = excluded.pins, reason = excluded.reason,"
              " proposed_at = excluded.proposed_at, proposed_by = excluded.proposed_by",
              {target, joined(proposal.pins), proposal.reason, proposal.proposed_at, proposal.proposed_by});
}

void remove_proposal(Connection& c, std::string_view target)
{
    c.execute("DELETE FROM pin_proposal WHERE target = $1", {target});
}

Status ask(Connection& c, Check const& wanted)
{
    // Two that ask at once on PostgreSQL take their turns at the connection's row.
    c.execute("UPDATE portal_connection SET revision = revision WHERE target = $1", {wanted.target});
    auto const waiting = c.query("SELECT id FROM connection_check WHERE target = $1 AND kind = $2 AND state <> 'done'",
                                 {wanted.target, wanted.kind});
    if (!waiting.empty()) return conflict("connection.check_waits");
    c.execute("INSERT INTO connection_check (target, kind, state, asked_at, asked_by)"
              " VALUES ($1, $2, 'asked', $3, $4)",
              {wanted.target, wanted.kind, wanted.asked_at, wanted.asked_by});
    c.execute("DELETE FROM connection_check WHERE target = $1 AND id NOT IN (SELECT id FROM connection_check"
              " WHERE target = $1 ORDER BY id DESC LIMIT $2)",
              {wanted.target, static_cast<std::int64_t>(limits::connection_checks_max)});
    return Done{};
}

std::vector<Check> checks(Connection& c, std::string_view target, std::int64_t limit)
{
    std::vector<Check> out;
    for (auto const& row : c.query("SELECT id, target, kind, state, good, stale, outcome, asked_at, asked_by, done_at"
                                   " FROM connection_check WHERE target = $1 ORDER BY id DESC LIMIT $2",
                                   {target, limit}))
        out.push_back(check_from(row));
    return out;
}

void make_stale(Connection& c, std::string_view target, std::string_view kind)
{
    c.execute("UPDATE connection_check SET stale = 1 WHERE target = $1 AND ($2 = '' OR kind = $2)", {target, kind});
}

bool has_asked(Connection& c)
{
    return !c.query("SELECT id FROM connection_check WHERE state = 'asked' LIMIT 1").empty();
}

std::optional<Check> take_asked(Connection& c)
{
    auto const rows = c.query("UPDATE connection_check SET state = 'running' WHERE state = 'asked' AND id ="
                              " (SELECT MIN(id) FROM connection_check WHERE state = 'asked')"
                              " RETURNING id, target, kind, state, good, stale, outcome, asked_at, asked_by, done_at");
    if (rows.empty()) return std::nullopt;
    return check_from(rows.front());
}

void finish(Connection& c, std::int64_t id, bool good, std::string_view outcome, Instant at)
{
    c.execute("UPDATE connection_check SET state = 'done', good = $2, outcome = $3, done_at = $4 WHERE id = $1",
              {id, good, outcome, at});
}

void ask_again(Connection& c) { c.execute("UPDATE connection_check SET state = 'asked' WHERE state = 'running'"); }

namespace {

/// What would hold a message back, as outbox::reconsider_holds says it.
constexpr char candidate_rows[] =
    "SELECT o.seq, o.org_id, o.aggregate_type, o.aggregate_id, o.version, o.op, o.idempotency_key, o.payload, o.sha256,"
    " o.created_at, CASE WHEN org.status <> 'approved' THEN 'organization.pending'"
    " WHEN p.id IS NOT NULL AND p.public_version IS NULL THEN 'product.pending'"
    " WHEN p.id IS NOT NULL AND p.missing <> '' AND $2 = 1 THEN 'product.incomplete' ELSE '' END AS hold"
    " FROM outbox o JOIN organization org ON org.id = o.org_id LEFT JOIN product p ON p.id = o.product_id"
    " WHERE ($1 = '' OR replace($1, ' ' || o.aggregate_type || ' ', '') <> $1)";

constexpr char candidate_columns[] =
    "SELECT x.seq, x.org_id, x.aggregate_type, x.aggregate_id, x.version, x.op, x.idempotency_key, x.payload, x.sha256,"
    " x.created_at, x.hold FROM (";
constexpr char of_ready[] = ") x WHERE x.hold = '' ORDER BY x.seq LIMIT $3";
constexpr char of_held[] = ") x WHERE x.hold <> '' ORDER BY x.seq LIMIT $3";

std::vector<Candidate> oldest(Connection& c, std::string const& sql, std::string const& types, bool complete,
                              std::int64_t limit)
{
    std::vector<Candidate> out;
    for (auto const& row : c.query(sql, {types, complete, limit})) {
        auto& record = out.emplace_back(candidate_from(row)).record;
        if (record.type == "product") record.pictures = deliveries::pictures_of(c, {}, record.payload);
    }
    return out;
}

} // namespace

Candidates candidates(Connection& c, std::vector<std::string> const& record_types, bool complete_products,
                      std::int64_t limit)
{
    static auto const ready = std::string{candidate_columns} + candidate_rows + of_ready;
    static auto const held = std::string{candidate_columns} + candidate_rows + of_held;
    static auto const counted = std::string{"SELECT COALESCE(SUM(CASE WHEN x.hold = '' THEN 1 ELSE 0 END), 0),"
                                            " COUNT(x.seq) FROM ("} +
                                candidate_rows + ") x";
    std::string types;
    for (auto const& type : record_types) types += (types.empty() ? " " : "") + type + " ";
    Candidates out;
    out.ready = oldest(c, ready, types, complete_products, limit);
    out.held = oldest(c, held, types, complete_products, limit);
    auto const counts = c.query(counted, {types, complete_products}).front();
    out.ready_count = counts.integer(0);
    out.held_count = counts.integer(1) - out.ready_count;
    return out;
}

} // namespace nguon::db::connections
