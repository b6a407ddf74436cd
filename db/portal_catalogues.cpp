#include "db/portal_catalogues.hpp"

#include "core/fold.hpp"
#include "core/limits.hpp"

namespace nguon::db::portal_catalogues {

namespace {

constexpr char entries_of_now[] = "SELECT code, name, parent FROM portal_catalogue_entry WHERE target = $1"
                                  " AND catalogue = $2 AND until_version IS NULL";
/// A value has its counterpart in a match with an entry of now, or in an entry with the very code.
constexpr char open_gaps[] =
    " FROM portal_catalogue_gap g WHERE g.target = $1 AND NOT EXISTS (SELECT 1 FROM portal_catalogue_entry e"
    " WHERE e.target = g.target AND e.catalogue = g.catalogue AND e.until_version IS NULL AND e.code = COALESCE("
    "(SELECT m.code FROM portal_catalogue_match m WHERE m.target = g.target AND m.catalogue = g.catalogue"
    " AND m.value = g.value), g.value)) AND EXISTS (SELECT 1 FROM portal_catalogue k WHERE k.target = g.target"
    " AND k.catalogue = g.catalogue AND k.entries > 0)";

Entry entry_from(Row const& row) { return {row.text(0), row.text(1), row.text(2)}; }

std::vector<Entry> entries_from(Rows const& rows)
{
    std::vector<Entry> out;
    for (auto const& row : rows) out.push_back(entry_from(row));
    return out;
}

/// The portal's revision, one more; its row stays locked until the transaction ends.
void change(Connection& c, std::string_view target, Instant at)
{
    c.execute("INSERT INTO portal_catalogue_sync (target, revision) VALUES ($1, 1)"
              " ON CONFLICT (target) DO UPDATE SET revision = portal_catalogue_sync.revision + 1",
              {target});
    // Whoever lacked an entry looks again; those that still do are held anew.
    c.execute("UPDATE delivery SET state = 'pending', hold = '', error_text = '', created_at = $2, changed_at = $2"
              " WHERE target = $1 AND state = 'held' AND hold = 'catalogue.value'",
              {target, at});
}

struct Difference {
    std::int64_t added = 0;
    std::int64_t changed = 0;
    std::int64_t removed = 0;

    bool any() const { return added + changed + removed > 0; }
};

void put_entry(Connection& c, std::string_view target, std::string_view catalogue, Entry const& entry,
               std::int64_t version)
{
    c.execute("INSERT INTO portal_catalogue_entry (target, catalogue, code, name, folded, parent, since_version)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {target, catalogue, entry.code, entry.name, fold(entry.name), entry.parent, version});
}

void end_entry(Connection& c, std::string_view target, std::string_view catalogue, std::string const& code,
               std::int64_t version)
{
    c.execute("UPDATE portal_catalogue_entry SET until_version = $4 WHERE target = $1 AND catalogue = $2"
              " AND code = $3 AND until_version IS NULL",
              {target, catalogue, code, version});
}

Difference apply(Connection& c, std::string_view target, Fetched const& fetched, std::int64_t version)
{
    std::map<std::string, Entry> before;
    for (auto& entry : entries_from(c.query(entries_of_now, {target, fetched.catalogue}))) before[entry.code] = entry;
    std::map<std::string, Entry> after;
    for (auto const& entry : fetched.entries) after.emplace(entry.code, entry);
    Difference difference;
    for (auto const& [code, entry] : before) {
        auto const now = after.find(code);
        if (now != after.end() && now->second == entry) continue;
        end_entry(c, target, fetched.catalogue, code, version);
        ++(now == after.end() ? difference.removed : difference.changed);
    }
    for (auto const& [code, entry] : after) {
        auto const then = before.find(code);
        if (then != before.end() && then->second == entry) continue;
        put_entry(c, target, fetched.catalogue, entry, version);
        if (then == before.end()) ++difference.added;
    }
    return difference;
}

} // namespace

void store(Connection& c, std::string_view target, Fetched const& fetched, Instant at)
{
    // Two that fetched the same thing at once must not both be its next version.
    c.execute("INSERT INTO portal_catalogue_sync (target, revision) VALUES ($1, 0)"
              " ON CONFLICT (target) DO UPDATE SET revision = portal_catalogue_sync.revision",
              {target});
    auto const known = c.query("SELECT version, absent FROM portal_catalogue WHERE target = $1 AND catalogue = $2",
                               {target, fetched.catalogue});
    auto const version = known.empty() ? std::int64_t{0} : known.front().integer(0);
    auto const difference = apply(c, target, fetched, version + 1);
    if (!known.empty() && !difference.any() && known.front().flag(1) == fetched.absent) {
        c.execute("UPDATE portal_catalogue SET checked_at = $3 WHERE target = $1 AND catalogue = $2",
                  {target, fetched.catalogue, at});
        return;
    }
    auto const count = c.query("SELECT COUNT(*) FROM portal_catalogue_entry WHERE target = $1 AND catalogue = $2"
                               " AND until_version IS NULL",
                               {target, fetched.catalogue});
    c.execute("INSERT INTO portal_catalogue (target, catalogue, version, absent, entries, added, changed, removed,"
              " changed_at, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)"
              " ON CONFLICT (target, catalogue) DO UPDATE SET version = $3, absent = $4, entries = $5, added = $6,"
              " changed = $7, removed = $8, changed_at = $9, checked_at = $9",
              {target, fetched.catalogue, version + 1, fetched.absent, count.front().integer(0), difference.added,
               difference.changed, difference.removed, at});
    change(c, target, at);
}

std::vector<State> states(Connection& c, std::string_view target)
{
    std::vector<State> out;
    for (auto const& row : c.query("SELECT catalogue, version, absent, entries, added, changed, removed, changed_at,"
                                   " checked_at FROM portal_catalogue WHERE target = $1 ORDER BY catalogue",
                                   {target}))
        out.push_back({row.text(0), row.integer(1), row.flag(2), row.integer(3), row.integer(4), row.integer(5),
                       row.integer(6), row.instant(7), row.instant(8)});
    return out;
}

Sync sync_of(Connection& c, std::string_view target)
{
    auto const rows = c.query("SELECT revision, asked_at, synced_at, failed_at, fault FROM portal_catalogue_sync"
                              " WHERE target = $1",
                              {target});
    if (rows.empty()) return {};
    auto const& row = rows.front();
    return {row.integer(0), row.optional_instant(1), row.optional_instant(2), row.optional_instant(3), row.text(4)};
}

void ask(Connection& c, std::string_view target, Instant at)
{
    c.execute("INSERT INTO portal_catalogue_sync (target, revision, asked_at) VALUES ($1, 0, $2)"
              " ON CONFLICT (target) DO UPDATE SET asked_at = $2",
              {target, at});
}

void finish(Connection& c, std::string_view target, Instant at, std::string_view fault)
{
    bool const good = fault.empty();
    c.execute("INSERT INTO portal_catalogue_sync (target, revision) VALUES ($1, 0) ON CONFLICT (target) DO NOTHING",
              {target});
    c.execute("UPDATE portal_catalogue_sync SET asked_at = NULL, fault = $2,"
              " synced_at = CASE WHEN $3 = 1 THEN $4 ELSE synced_at END,"
              " failed_at = CASE WHEN $3 = 1 THEN failed_at ELSE $4 END WHERE target = $1",
              {target, fault, good, at});
}

Known load(Connection& c, std::string_view target)
{
    Known known;
    known.revision = sync_of(c, target).revision;
    for (auto const& state : states(c, target))
        known.entries[state.catalogue] = entries_from(c.query(entries_of_now, {target, state.catalogue}));
    for (auto const& row :
         c.query("SELECT catalogue, value, code FROM portal_catalogue_match WHERE target = $1", {target}))
        known.matches[row.text(0)][row.text(1)] = row.text(2);
    return known;
}

std::vector<Entry> find_entries(Connection& c, std::string_view target, std::string_view catalogue,
                                std::string_view words, std::int64_t limit)
{
    // A text contains another when taking that out changes it, on both engines alike.
    return entries_from(c.query(std::string{entries_of_now} +
                                    " AND ($3 = '' OR replace(folded, $3, '') <> folded"
                                    " OR replace(code, $4, '') <> code) ORDER BY code LIMIT $5",
                                {target, catalogue, fold(words), words, limit}));
}

std::optional<Entry> find_entry(Connection& c, std::string_view target, std::string_view catalogue,
                                std::string_view code)
{
    auto const rows = c.query(std::string{entries_of_now} + " AND code = $3", {target, catalogue, code});
    if (rows.empty()) return std::nullopt;
    return entry_from(rows.front());
}

std::vector<Entry> named(Connection& c, std::string_view target, std::string_view catalogue, std::string_view name)
{
    return entries_from(c.query(std::string{entries_of_now} + " AND folded = $3 ORDER BY code LIMIT 2",
                                {target, catalogue, fold(name)}));
}

std::vector<Match> matches(Connection& c, std::string_view target)
{
    std::vector<Match> out;
    for (auto const& row :
         c.query("SELECT m.catalogue, m.value, m.code, e.name, m.decided_at, m.decided_by FROM portal_catalogue_match m"
                 " LEFT JOIN portal_catalogue_entry e ON e.target = m.target AND e.catalogue = m.catalogue"
                 " AND e.code = m.code AND e.until_version IS NULL WHERE m.target = $1 ORDER BY m.catalogue, m.value",
                 {target}))
        out.push_back({row.text(0), row.text(1), row.text(2), row.text_or_empty(3), row.instant(4), row.text(5)});
    return out;
}

Status put_match(Connection& c, std::string_view target, Match const& match)
{
    if (!find_entry(c, target, match.catalogue, match.code))
        return invalid_fields({{"code", "catalogue.code_unknown", {match.code}}});
    c.execute("INSERT INTO portal_catalogue_match (target, catalogue, value, code, decided_at, decided_by)"
              " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (target, catalogue, value)"
              " DO UPDATE SET code = $4, decided_at = $5, decided_by = $6",
              {target, match.catalogue, match.value, match.code, match.decided_at, match.decided_by});
    change(c, target, match.decided_at);
    return Done{};
}

Status remove_match(Connection& c, std::string_view target, std::string_view catalogue, std::string_view value,
                    Instant at)
{
    auto const removed =
        c.execute("DELETE FROM portal_catalogue_match WHERE target = $1 AND catalogue = $2 AND value = $3",
                  {target, catalogue, value});
    if (removed == 0) return not_found("catalogue.match_unknown");
    change(c, target, at);
    return Done{};
}

std::vector<Gap> gaps(Connection& c, std::string_view target, std::int64_t limit)
{
    static auto const sql = std::string{"SELECT g.catalogue, g.value, g.found_at"} + open_gaps +
                            " ORDER BY g.found_at, g.catalogue, g.value LIMIT $2";
    std::vector<Gap> out;
    for (auto const& row : c.query(sql, {target, limit})) out.push_back({row.text(0), row.text(1), row.instant(2)});
    return out;
}

std::int64_t count_gaps(Connection& c, std::string_view target)
{
    static auto const sql = std::string{"SELECT COUNT(*)"} + open_gaps;
    return c.query(sql, {target}).front().integer(0);
}

bool note_gaps(Connection& c, std::string_view target, std::vector<Gap> const& found, std::int64_t revision, Instant at)
{
    auto const row = c.query("UPDATE portal_catalogue_sync SET revision = revision WHERE target = $1"
                             " RETURNING revision",
                             {target});
    auto const now = row.empty() ? std::int64_t{0} : row.front().integer(0);
    if (now != revision) return false;
    auto const listed = c.query("SELECT COUNT(*) FROM portal_catalogue_gap WHERE target = $1", {target});
    if (listed.front().integer(0) >= static_cast<std::int64_t>(limits::portal_gaps_max)) return true;
    for (auto const& gap : found)
        c.execute("INSERT INTO portal_catalogue_gap (target, catalogue, value, found_at) VALUES ($1, $2, $3, $4)"
                  " ON CONFLICT (target, catalogue, value) DO NOTHING",
                  {target, gap.catalogue, gap.value, at});
    return true;
}

void remove(Connection& c, std::string_view target)
{
    c.execute("DELETE FROM portal_catalogue_gap WHERE target = $1", {target});
    c.execute("DELETE FROM portal_catalogue_match WHERE target = $1", {target});
    c.execute("DELETE FROM portal_catalogue_entry WHERE target = $1", {target});
    c.execute("DELETE FROM portal_catalogue WHERE target = $1", {target});
    c.execute("DELETE FROM portal_catalogue_sync WHERE target = $1", {target});
}

} // namespace nguon::db::portal_catalogues
