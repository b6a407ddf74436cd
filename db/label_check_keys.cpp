#include "db/label_check_keys.hpp"

namespace nguon::db::label_check_keys {

std::string purpose(std::string_view id) { return "label check " + std::string{id}; }

std::vector<Key> list(Connection& c)
{
    std::vector<Key> keys;
    for (auto const& row : c.query("SELECT id, sealed, created_at FROM label_check_key ORDER BY created_at, id", {}))
        keys.push_back({row.text(0), row.text(1), row.instant(2)});
    return keys;
}

bool insert(Connection& c, Key const& key)
{
    return c.execute(
               "INSERT INTO label_check_key (id, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
               {key.id, key.sealed, key.created_at}) > 0;
}

} // namespace nguon::db::label_check_keys
