#include "db/api_keys.hpp"

namespace nguon::db::api_keys {
namespace {

constexpr std::string_view select_key =
    "SELECT id, key_sha256, name, created_at, expires_at, revoked_at, used_at FROM api_key";

std::optional<ApiKey> first(Rows const& rows)
{
    if (rows.empty()) return std::nullopt;
    auto const& row = rows.front();
    return ApiKey{row.text(0),
                  row.text(1),
                  row.text(2),
                  row.instant(3),
                  row.optional_instant(4),
                  row.optional_instant(5),
                  row.optional_instant(6)};
}

} // namespace

void insert(Connection& c, ApiKey const& key)
{
    c.execute("INSERT INTO api_key (id, key_sha256, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
              {key.id, key.key_sha256, key.name, key.created_at, key.expires_at});
}

std::optional<ApiKey> find_by_hash(Connection& c, std::string_view key_sha256)
{
    return first(c.query(std::string{select_key} + " WHERE key_sha256 = $1", {key_sha256}));
}

std::optional<ApiKey> find(Connection& c, std::string_view id)
{
    return first(c.query(std::string{select_key} + " WHERE id = $1", {id}));
}

void touch(Connection& c, std::string_view id, Instant now)
{
    c.execute("UPDATE api_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)", {id, now});
}

Status revoke(Connection& c, std::string_view id, Instant now)
{
    auto const revoked =
        c.execute("UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", {id, now});
    if (revoked == 0) return not_found("key.unknown");
    return Done{};
}

} // namespace nguon::db::api_keys
