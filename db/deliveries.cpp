#include "db/deliveries.hpp"

#include "db/areas.hpp"
#include "db/delivery_log.hpp"
#include "db/reconciliations.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace nguon::db::deliveries {

namespace {

constexpr std::array<std::pair<State, std::string_view>, 8> state_names{{{State::held, "held"},
                                                                         {State::pending, "pending"},
                                                                         {State::in_flight, "in_flight"},
                                                                         {State::delivered, "delivered"},
                                                                         {State::refused, "refused"},
                                                                         {State::parked, "parked"},
                                                                         {State::superseded, "superseded"},
                                                                         {State::excluded, "excluded"}}};

/// Everything that delivery d builds on has arrived, or never will because the target does not take it: earlier
/// versions and what it refers to.
constexpr char has_all_before[] =
    " AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.target = d.target AND e.aggregate_type = d.aggregate_type"
    " AND e.aggregate_id = d.aggregate_id AND e.version < d.version"
    " AND e.state NOT IN ('delivered', 'superseded', 'excluded'))"
    " AND NOT EXISTS (SELECT 1 FROM outbox_parent p WHERE p.outbox_seq = d.outbox_seq AND NOT EXISTS"
    " (SELECT 1 FROM delivery q WHERE q.target = d.target AND q.aggregate_type = p.parent_type"
    " AND q.aggregate_id = p.parent_id AND q.state IN ('delivered', 'excluded')))";

/// Deliveries in any order. For those of the last minutes the outbox leads the way, from its end: to look through a
/// backlog of a million for them would take longer than to send it.
constexpr char from_all[] = " FROM delivery d JOIN outbox o ON o.seq = d.outbox_seq WHERE d.outbox_seq > $1";
constexpr char from_newest[] = " FROM outbox o CROSS JOIN delivery d WHERE d.outbox_seq = o.seq AND o.seq > $1";
constexpr char can_go[] = " AND d.target = $2 AND d.state = 'pending' AND d.not_before <= $3"
                          " AND ($4 = 0 OR d.wire IS NULL OR d.error_class IN ('accepted', 'in_progress'))";
// A text contains an item when taking the item out changes it: both engines agree on that.
constexpr char has_turn[] = " AND d.org_id > $5 AND replace($6, ',' || d.org_id || ',', '') = $6";
constexpr char claimed_columns[] = "SELECT d.outbox_seq, d.org_id, d.aggregate_type, d.aggregate_id, d.version, o.op,"
                                   " o.idempotency_key, o.payload, o.sha256, d.attempts, d.wire, d.wire_sha256,"
                                   " o.created_at, d.error_class,"
                                   // What the target needs beside it: versions around it and the portal's numbers.
                                   " (SELECT COALESCE(MAX(v.version), 0) FROM delivery v WHERE v.target = d.target"
                                   " AND v.aggregate_type = d.aggregate_type AND v.aggregate_id = d.aggregate_id"
                                   " AND v.state = 'delivered'),"
                                   " (SELECT MAX(v.version) FROM delivery v WHERE v.target = d.target"
                                   " AND v.aggregate_type = d.aggregate_type AND v.aggregate_id = d.aggregate_id),"
                                   " (SELECT i.portal_id FROM portal_id i WHERE i.target = d.target"
                                   " AND i.aggregate_type = d.aggregate_type AND i.aggregate_id = d.aggregate_id),"
                                   " (SELECT COUNT(*) FROM outbox_parent p WHERE p.outbox_seq = d.outbox_seq)";

/// The last number of the outbox that was written before `at`; numbers and times rise together.
std::int64_t last_seq_before(Connection& c, Instant at)
{
    std::int64_t before = 0; // is earlier
    auto behind = c.query("SELECT COALESCE(MAX(seq), 0) + 1 FROM outbox", {}).front().integer(0);
    while (behind - before > 1) {
        auto const middle = before + (behind - before) / 2;
        auto const rows = c.query("SELECT seq, created_at FROM outbox WHERE seq >= $1 ORDER BY seq LIMIT 1", {middle});
        if (!rows.empty() && rows.front().instant(1) < at) {
            before = rows.front().integer(0);
        } else {
            behind = middle;
        }
    }
    return before;
}

/// What both looks at the waiting deliveries share.
struct Look {
    Connection& c;
    ClaimRequest const& request;
    std::int64_t after_seq = 0;

    bool newest_only() const { return request.created_since.has_value(); }
};

Look look_of(Connection& c, ClaimRequest const& request)
{
    return {c, request, request.created_since ? last_seq_before(c, *request.created_since) : 0};
}

/// Organizations with something pending, one after the other behind $5: each is found in the index, whatever lies
/// between, and only until one can go. A busy organization may have a backlog of a million, which nobody must
/// read through to pass it by. The recursion goes in their order on both engines; were it another, a turn would be
/// unfair.
constexpr char each_organization[] =
    "WITH RECURSIVE waiting (org_id) AS (SELECT MIN(d.org_id) FROM delivery d WHERE d.target = $2"
    " AND d.state = 'pending' AND d.org_id > $5 UNION ALL SELECT (SELECT MIN(d.org_id) FROM delivery d"
    " WHERE d.target = $2 AND d.state = 'pending' AND d.org_id > w.org_id) FROM waiting w WHERE w.org_id IS NOT NULL)"
    " SELECT w.org_id FROM waiting w WHERE w.org_id IS NOT NULL AND replace($6, ',' || w.org_id || ',', '') = $6"
    " AND EXISTS (SELECT 1 FROM delivery d WHERE d.outbox_seq > $1 AND d.org_id = w.org_id";

/// The organization whose turn it is. A held, refused or parked earlier version or parent blocks visibly, because the
/// row stays pending.
std::optional<OrganizationId> next_organization(Look const& look, std::string const& after)
{
    static auto const of_all = std::string{each_organization} + can_go + has_all_before + ") LIMIT 1";
    static auto const of_newest = std::string{"SELECT d.org_id"} + from_newest + can_go + has_turn + has_all_before +
                                  " ORDER BY d.org_id, d.outbox_seq LIMIT 1";
    auto const& request = look.request;
    auto const rows = look.c.query(
        look.newest_only() ? of_newest : of_all,
        {look.after_seq, request.target, request.now, request.first_time_only, after, listed(request.busy_orgs)});
    if (rows.empty()) return std::nullopt;
    return rows.front().id<OrganizationId>(0);
}

Rows eligible_rows(Look const& look, OrganizationId const& org, std::size_t count)
{
    constexpr char order[] = " ORDER BY d.outbox_seq LIMIT $6";
    constexpr char of_organization[] = " AND d.org_id = $5";
    static auto const of_all =
        std::string{claimed_columns} + from_all + can_go + of_organization + has_all_before + order;
    static auto const of_newest =
        std::string{claimed_columns} + from_newest + can_go + of_organization + has_all_before + order;
    auto const& request = look.request;
    std::vector<Value> const parameters{
        look.after_seq, request.target, request.now, request.first_time_only, org, static_cast<std::int64_t>(count)};
    auto const& sql = look.newest_only() ? of_newest : of_all;
    if (look.c.dialect() == Dialect::sqlite) return look.c.query(sql, parameters);
    // Only PostgreSQL has several writers that could take the same rows.
    return look.c.query(sql + " FOR UPDATE OF d SKIP LOCKED", parameters);
}

Claimed claimed_from(Row const& row)
{
    Claimed record;
    record.seq = row.integer(0);
    record.org = row.id<OrganizationId>(1);
    record.type = row.text(2);
    record.id = row.text(3);
    record.version = row.integer(4);
    record.op = row.text(5);
    record.key = row.text(6);
    record.payload = row.text(7);
    record.sha256 = row.text(8);
    record.attempts = row.integer(9);
    if (!row.is_null(10)) record.wire = row.blob(10);
    record.wire_sha256 = row.text(11);
    record.created_at = row.instant(12);
    record.error_class = row.text(13);
    record.delivered_version = row.integer(14);
    record.has_newer = row.integer(15) > record.version;
    record.portal_id = row.text_or_empty(16);
    return record;
}

void add_parents(Connection& c, std::string const& target, Claimed& record)
{
    for (auto const& row : c.query("SELECT p.parent_type, p.parent_id, i.portal_id FROM outbox_parent p"
                                   " LEFT JOIN portal_id i ON i.target = $1 AND i.aggregate_type = p.parent_type"
                                   " AND i.aggregate_id = p.parent_id WHERE p.outbox_seq = $2"
                                   " ORDER BY p.parent_type, p.parent_id",
                                   {target, record.seq}))
        record.parents.push_back({row.text(0), row.text(1), row.text_or_empty(2)});
    // What was sent once goes as it is.
    if (record.type == "product" && record.wire.empty()) record.pictures = pictures_of(c, target, record.payload);
}

} // namespace

std::vector<Picture> pictures_of(Connection& c, std::string_view target, std::string_view payload)
{
    auto const content = nlohmann::json::parse(payload, nullptr, false);
    nlohmann::json::json_pointer const place{"/fields/jpegs"};
    std::vector<Picture> pictures;
    if (!content.is_object() || !content.contains(place) || !content.at(place).is_array()) return pictures;
    for (auto const& named : content.at(place)) {
        if (!named.is_string()) continue;
        auto& picture = pictures.emplace_back();
        picture.sha256 = named.get<std::string>();
        auto const stored = c.query("SELECT size FROM blob WHERE sha256 = $1 AND erased_at IS NULL", {picture.sha256});
        if (!stored.empty()) picture.bytes = stored.front().integer(0);
        auto const number = c.query("SELECT portal_id FROM portal_id WHERE target = $1 AND aggregate_type = $2"
                                    " AND aggregate_id = $3",
                                    {target, picture_type, picture.sha256});
        if (!number.empty()) picture.portal_id = number.front().text(0);
    }
    return pictures;
}

namespace {

void put_portal_id(Connection& c, std::string const& target, PortalId const& link)
{
    c.execute("INSERT INTO portal_id (target, aggregate_type, aggregate_id, portal_id) VALUES ($1, $2, $3, $4)"
              " ON CONFLICT (target, aggregate_type, aggregate_id) DO UPDATE SET portal_id = excluded.portal_id",
              {target, link.type, link.id, link.portal_id});
}

/// The number that a delivered record got. An event has no second version and nothing is built on it: its number stands
/// in its receipt, and here only in the place of what was noted on the way.
void put_final_portal_id(Connection& c, std::string const& target, PortalId const& link)
{
    if (link.type != "event") return put_portal_id(c, target, link);
    c.execute("UPDATE portal_id SET portal_id = $1 WHERE target = $2 AND aggregate_type = $3 AND aggregate_id = $4",
              {link.portal_id, target, link.type, link.id});
}

void add(Counts& counts, std::string_view state, std::int64_t number)
{
    if (state == "held")
        counts.held += number;
    else if (state == "pending")
        counts.pending += number;
    else if (state == "in_flight")
        counts.in_flight += number;
    else if (state == "delivered")
        counts.delivered += number;
    else if (state == "refused")
        counts.refused += number;
    else if (state == "parked")
        counts.parked += number;
    else if (state == "superseded")
        counts.superseded += number;
    else if (state == "excluded")
        counts.excluded += number;
}

constexpr std::string_view select_view =
    "SELECT d.target, d.outbox_seq, d.org_id, d.aggregate_type, d.aggregate_id, d.version, o.op, d.state,"
    " d.hold, d.attempts, d.not_before, d.error_class, d.error_code, d.error_text, o.sha256,"
    " o.created_at, d.changed_at FROM delivery d JOIN outbox o ON o.seq = d.outbox_seq";

View view_from(Row const& row)
{
    View view;
    view.target = row.text(0);
    view.seq = row.integer(1);
    view.org = row.id<OrganizationId>(2);
    view.type = row.text(3);
    view.id = row.text(4);
    view.version = row.integer(5);
    view.op = row.text(6);
    view.state = read_state(row.text(7)).value_or(State::parked);
    view.hold = row.text(8);
    view.attempts = row.integer(9);
    view.not_before = row.instant(10);
    view.error_class = row.text(11);
    view.error_code = row.text(12);
    view.error_text = row.text(13);
    view.payload_sha256 = row.text(14);
    view.created_at = row.instant(15);
    view.changed_at = row.instant(16);
    return view;
}

} // namespace

std::string_view to_text(State state)
{
    for (auto const& [value, name] : state_names)
        if (value == state) return name;
    return "parked";
}

Result<State> read_state(std::string_view text)
{
    for (auto const& [value, name] : state_names)
        if (name == text) return value;
    return invalid("delivery.state_unknown", {std::string{text}});
}

std::vector<Claimed> claim(Connection& c, ClaimRequest const& request)
{
    auto const look = look_of(c, request);
    auto org = next_organization(look, request.after_org);
    if (!org && !request.after_org.empty()) org = next_organization(look, "");
    if (!org) return {};

    auto records_max = request.records_max;
    if (auto const limit = request.org_limits.find(org->text()); limit != request.org_limits.end())
        records_max = std::min(records_max, limit->second);
    std::vector<Claimed> claimed;
    std::size_t bytes = 0;
    for (auto const& row : eligible_rows(look, *org, records_max)) {
        auto record = claimed_from(row);
        if (!claimed.empty() && record.type != claimed.front().type) continue;
        bytes += std::max(record.wire.size(), record.payload.size());
        if (!claimed.empty() && bytes > request.bytes_max) break;
        if (row.integer(17) > 0) add_parents(c, request.target, record);
        c.execute("UPDATE delivery SET state = 'in_flight', epoch = $1, changed_at = $2"
                  " WHERE target = $3 AND outbox_seq = $4",
                  {request.epoch, request.now, request.target, record.seq});
        claimed.push_back(std::move(record));
    }
    return claimed;
}

bool has_eligible(Connection& c, ClaimRequest const& request)
{
    return next_organization(look_of(c, request), "").has_value();
}

Status freeze(Connection& c, std::string const& target, std::int64_t epoch, std::vector<Frozen> const& wires,
              std::vector<PortalId> const& links, Instant now)
{
    for (auto const& frozen : wires) {
        auto const changed = c.execute("UPDATE delivery SET wire = $1, wire_sha256 = $2, changed_at = $3"
                                       " WHERE target = $4 AND outbox_seq = $5 AND state = 'in_flight' AND epoch = $6"
                                       " AND (wire IS NULL OR wire_sha256 = $2)",
                                       {Blob{frozen.wire}, frozen.wire_sha256, now, target, frozen.seq, epoch});
        if (changed != 1) return conflict("sync.fenced");
    }
    for (auto const& link : links) put_portal_id(c, target, link);
    return Done{};
}

Result<Sent> find_sent(Connection& c, OrganizationId const& org, std::string const& target, std::int64_t seq)
{
    auto const rows = c.query("SELECT o.payload, d.wire FROM delivery d JOIN outbox o ON o.seq = d.outbox_seq"
                              " WHERE d.target = $1 AND d.outbox_seq = $2 AND d.org_id = $3",
                              {target, seq, org});
    if (rows.empty()) return not_found("delivery.unknown");
    auto const& row = rows.front();
    return Sent{row.text(0), row.is_null(1) ? std::string{} : row.blob(1)};
}

namespace {

/// What is held for want of a catalogue's entry waits for a change of the catalogues; one that has come since then
/// would be waited for in vain.
Settlement looked_again(Connection& c, std::string const& target, Settlement settlement, Instant now)
{
    if (!settlement.lack) return settlement;
    if (portal_catalogues::note_gaps(c, target, settlement.lack->gaps, settlement.lack->revision, now))
        return settlement;
    settlement.state = State::pending;
    settlement.hold.clear();
    settlement.not_before = now + std::chrono::seconds{1};
    return settlement;
}

using UnderWay = std::map<std::int64_t, delivery_log::Delivered>; // by number in the outbox

/// Adds what is under way of that delivery's organization: one batch. One look for all of it, because a statement that
/// changes a row and returns it would make SQLite keep every page it touches a second time.
void add_under_way(Connection& c, std::string const& target, std::int64_t epoch, std::int64_t seq, UnderWay& found)
{
    for (auto const& row :
         c.query("SELECT d.outbox_seq, d.aggregate_type, d.aggregate_id, d.version, o.idempotency_key, o.sha256,"
                 " d.wire_sha256 FROM delivery d JOIN outbox o ON o.seq = d.outbox_seq WHERE d.target = $1"
                 " AND d.state = 'in_flight' AND d.epoch = $2 AND d.org_id = (SELECT e.org_id FROM delivery e"
                 " WHERE e.target = $1 AND e.outbox_seq = $3)",
                 {target, epoch, seq}))
        found.emplace(row.integer(0), delivery_log::Delivered{row.text(1), row.text(2), row.integer(3), row.text(4),
                                                              row.text(5), row.text(6)});
}

} // namespace

Status settle(Connection& c, std::string const& target, std::int64_t epoch, std::vector<Settlement> const& settlements,
              Instant now)
{
    std::vector<delivery_log::NewEntry> delivered;
    std::set<std::int64_t> receipted;
    UnderWay known;
    for (auto const& settlement : settlements) {
        auto const one = looked_again(c, target, settlement, now);
        assert((one.state == State::delivered) == one.receipt.has_value());
        assert(one.error_class.empty() || std::ranges::find(error_classes, one.error_class) != error_classes.end());
        if (!known.contains(one.seq)) add_under_way(c, target, epoch, one.seq, known);
        auto const what = known.find(one.seq);
        auto const changed = c.execute(
            "UPDATE delivery SET state = $1, hold = $2, attempts = attempts + $3, not_before = $4, error_class = $5,"
            " error_code = $6, error_text = $7, changed_at = $8 WHERE target = $9 AND outbox_seq = $10"
            " AND state = 'in_flight' AND epoch = $11",
            {to_text(one.state), one.hold, one.attempt, one.not_before, one.error_class, one.error_code, one.error_text,
             now, target, one.seq, epoch});
        if (changed != 1 || what == known.end()) return conflict("sync.fenced");
        if (one.receipt) {
            if (receipts::insert(c, target, one.seq, *one.receipt))
                delivered.push_back({target, one.seq, delivery_log::entry_text(target, what->second, *one.receipt)});
            receipted.insert(one.seq);
        }
        if (!one.portal_id.empty()) put_final_portal_id(c, target, {what->second.type, what->second.id, one.portal_id});
    }
    reconciliations::close_delivered(c, target, receipted, now);
    delivery_log::append(c, delivered);
    return Done{};
}

std::int64_t recover(Connection& c, std::string const& target, std::int64_t epoch, Instant now)
{
    // A clock that once ran ahead must not keep anything waiting longer than the longest backoff.
    auto const latest = now + std::chrono::minutes{15};
    c.execute("UPDATE delivery SET not_before = $1 WHERE target = $2 AND state = 'pending' AND not_before > $1",
              {latest, target});
    return c.execute("UPDATE delivery SET state = 'pending', error_class = 'unknown', error_code = 'restart',"
                     " not_before = 0, changed_at = $1 WHERE target = $2 AND state = 'in_flight' AND epoch < $3",
                     {now, target, epoch});
}

bool all_receipted_before(Connection& c, std::string const& target, std::vector<std::string> const& keys,
                          Instant before)
{
    return !keys.empty() && std::ranges::all_of(keys, [&](std::string const& key) {
        return !c.query("SELECT r.outbox_seq FROM outbox o JOIN receipt r ON r.outbox_seq = o.seq AND r.target = $1"
                        " WHERE o.idempotency_key = $2 AND r.received_at < $3",
                        {target, key, before})
                    .empty();
    });
}

Counts count(Connection& c, std::string const& target)
{
    Counts counts;
    for (auto const& row : c.query("SELECT state, COUNT(*) FROM delivery WHERE target = $1 GROUP BY state", {target}))
        add(counts, row.text(0), row.integer(1));
    return counts;
}

Counts count(Connection& c, OrganizationId const& org, std::string const& target)
{
    Counts counts;
    for (auto const& row : c.query(
             "SELECT state, COUNT(*) FROM delivery WHERE target = $1 AND org_id = $2 GROUP BY state", {target, org}))
        add(counts, row.text(0), row.integer(1));
    return counts;
}

std::vector<OrganizationCounts> count_by_organization(Connection& c, std::string const& target)
{
    std::vector<OrganizationCounts> all;
    for (auto const& row : c.query("SELECT org_id, state, COUNT(*), MIN(created_at) FROM delivery WHERE target = $1"
                                   " GROUP BY org_id, state ORDER BY org_id",
                                   {target})) {
        auto const org = row.id<OrganizationId>(0);
        if (all.empty() || all.back().org != org) all.push_back({org, {}, {}});
        add(all.back().counts, row.text(1), row.integer(2));
        if (row.text(1) != "pending" && row.text(1) != "in_flight") continue;
        auto& oldest = all.back().oldest_pending;
        oldest = oldest ? std::min(*oldest, row.instant(3)) : row.instant(3);
    }
    return all;
}

std::optional<Instant> oldest_pending(Connection& c, std::string const& target)
{
    static auto const sql = std::string{"SELECT MIN(d.created_at) FROM delivery d WHERE d.target = $1"
                                        " AND d.state IN ('pending', 'in_flight')"} +
                            has_all_before;
    auto const rows = c.query(sql, {target});
    return rows.front().optional_instant(0);
}

Conservation conservation(Connection& c, std::string const& target)
{
    Conservation law;
    law.created = c.query("SELECT COUNT(*) FROM outbox").front().integer(0);
    law.counts = count(c, target);
    law.without_receipt =
        c.query("SELECT COUNT(*) FROM delivery d WHERE d.target = $1 AND d.state = 'delivered' AND NOT EXISTS"
                " (SELECT 1 FROM receipt r WHERE r.target = d.target AND r.outbox_seq = d.outbox_seq)",
                {target})
            .front()
            .integer(0);
    return law;
}

Status requeue(Connection& c, OrganizationId const& org, std::string const& target, std::int64_t seq, Instant now)
{
    auto const changed =
        c.execute("UPDATE delivery SET state = 'pending', attempts = 0, not_before = 0,"
                  " created_at = $1, changed_at = $1 WHERE target = $2 AND outbox_seq = $3 AND org_id = $4"
                  " AND state IN ('refused', 'parked')",
                  {now, target, seq, org});
    if (changed == 1) return Done{};
    auto const known =
        c.query("SELECT state FROM delivery WHERE target = $1 AND outbox_seq = $2 AND org_id = $3", {target, seq, org});
    if (known.empty()) return not_found("delivery.unknown");
    return conflict("delivery.not_stopped", {known.front().text(0)});
}

std::int64_t requeue_refused(Connection& c, OrganizationId const& org, std::string const& target, Instant now)
{
    return c.execute("UPDATE delivery SET state = 'pending', attempts = 0, not_before = 0, created_at = $1,"
                     " changed_at = $1 WHERE target = $2 AND org_id = $3 AND state = 'refused'",
                     {now, target, org});
}

std::vector<View> page(Connection& c, Filter const& filter)
{
    std::vector<View> views;
    auto const state = filter.state ? std::string{to_text(*filter.state)} : std::string{};
    for (auto const& row : c.query(std::string{select_view} + " WHERE d.target = $1 AND ($2 = '' OR d.org_id = $2)"
                                                              " AND ($3 = '' OR d.state = $3) AND d.outbox_seq < $4"
                                                              " ORDER BY d.outbox_seq DESC LIMIT $5",
                                   {filter.target, filter.org, state, filter.before.value_or(INT64_MAX), filter.limit}))
        views.push_back(view_from(row));
    return views;
}

std::vector<View> of_record(Connection& c, OrganizationId const& org, std::string const& type, std::string const& id)
{
    std::vector<View> views;
    for (auto const& row :
         c.query(std::string{select_view} + " WHERE d.org_id = $1 AND d.aggregate_type = $2"
                                            " AND d.aggregate_id = $3 ORDER BY d.version DESC, d.target",
                 {org, type, id})) {
        auto view = view_from(row);
        if (auto receipt = receipts::find(c, org, view.target, view.seq)) view.receipt = std::move(*receipt);
        views.push_back(std::move(view));
    }
    return views;
}

} // namespace nguon::db::deliveries
