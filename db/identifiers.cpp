#include "db/identifiers.hpp"

#include "db/counters.hpp"

#include <algorithm>

namespace nguon::db::identifiers {
namespace {

bool insert_thing(Connection& c, std::string_view uri, std::int64_t number)
{
    return c.execute("INSERT INTO identifier (uri, id, kind) VALUES ($1, $2, 'thing') ON CONFLICT (uri) DO NOTHING",
                     {uri, number}) > 0;
}

Thing add_thing(Connection& c, std::string_view uri, std::int64_t number)
{
    if (insert_thing(c, uri, number)) return {number, {}, true};
    // Twice in one event, or on PostgreSQL another writer was quicker; its row is visible now.
    return find_thing(c, uri).value_or(Thing{number, {}, false});
}

} // namespace

std::optional<std::int64_t> find(Connection& c, std::string_view uri)
{
    auto const rows = c.query("SELECT id FROM identifier WHERE uri = $1", {uri});
    if (rows.empty()) return std::nullopt;
    return rows.front().integer(0);
}

std::int64_t intern(Connection& c, std::string_view uri, std::string_view kind, std::string_view entity_id)
{
    if (auto const known = find(c, uri)) {
        if (!entity_id.empty())
            c.execute("UPDATE identifier SET entity_id = $2, kind = $3 WHERE uri = $1 AND entity_id IS NULL",
                      {uri, entity_id, kind});
        return *known;
    }
    auto const number = counters::take(c, "identifier");
    auto const rows = c.query("INSERT INTO identifier (uri, id, kind, entity_id) VALUES ($1, $2, $3, $4)"
                              " ON CONFLICT (uri) DO UPDATE SET kind = identifier.kind RETURNING id",
                              {uri, number, kind, entity_id.empty() ? Value{} : Value{entity_id}});
    return rows.front().integer(0);
}

Status add_spelling(Connection& c, std::int64_t number, std::string_view uri, std::string_view kind,
                    std::string_view entity_id)
{
    auto const rows = c.query("INSERT INTO identifier (uri, id, kind, entity_id) VALUES ($1, $2, $3, $4)"
                              " ON CONFLICT (uri) DO UPDATE SET"
                              " kind = CASE WHEN identifier.entity_id IS NULL THEN excluded.kind"
                              " ELSE identifier.kind END,"
                              " entity_id = coalesce(identifier.entity_id, excluded.entity_id)"
                              " RETURNING entity_id",
                              {uri, number, kind, entity_id.empty() ? Value{} : Value{entity_id}});
    if (rows.front().text_or_empty(0) != entity_id) return conflict("identifier.taken", {std::string{uri}});
    return Done{};
}

std::vector<std::int64_t> of_entity(Connection& c, std::string_view entity_id)
{
    std::vector<std::int64_t> out;
    for (auto const& row : c.query("SELECT DISTINCT id FROM identifier WHERE entity_id = $1", {entity_id}))
        out.push_back(row.integer(0));
    return out;
}

std::vector<Spelled> spellings_of(Connection& c, std::string_view uri)
{
    std::vector<Spelled> out;
    for (auto const& row :
         c.query("SELECT s.uri, s.id FROM identifier i JOIN identifier s ON s.id = i.id WHERE i.uri = $1"
                 " UNION SELECT s.uri, s.id FROM identifier i JOIN identifier s ON s.entity_id = i.entity_id"
                 " WHERE i.uri = $1",
                 {uri}))
        out.push_back({row.text(0), row.integer(1)});
    return out;
}

std::optional<Named> entity_of(Connection& c, std::string_view uri)
{
    auto const rows = c.query("SELECT kind, entity_id FROM identifier WHERE uri = $1 AND entity_id IS NOT NULL", {uri});
    if (rows.empty()) return std::nullopt;
    return Named{rows.front().text(0), rows.front().text(1)};
}

std::optional<Thing> find_thing(Connection& c, std::string_view uri)
{
    auto const rows = c.query("SELECT id, kind, entity_id FROM identifier WHERE uri = $1", {uri});
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    Thing thing{row.integer(0), {}, false};
    if (auto entity = row.text_or_empty(2); !entity.empty()) thing.named = Named{row.text(1), std::move(entity)};
    return thing;
}

std::vector<Thing> intern_things(Connection& c, std::span<std::string const> uris)
{
    std::vector<std::optional<Thing>> known;
    for (auto const& uri : uris) known.push_back(find_thing(c, uri));
    auto const unknown = std::ranges::count_if(known, [](auto const& thing) { return !thing; });
    auto number = unknown > 0 ? counters::take(c, "identifier", unknown) : 0;

    std::vector<Thing> things;
    for (std::size_t i = 0; i < uris.size(); ++i)
        things.push_back(known[i] ? *std::move(known[i]) : add_thing(c, uris[i], number++));
    return things;
}

void add_new_spelling(Connection& c, std::int64_t number, std::string_view uri)
{
    static_cast<void>(insert_thing(c, uri, number));
}

} // namespace nguon::db::identifiers
