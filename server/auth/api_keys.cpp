#include "server/auth/api_keys.hpp"

#include "core/bytes.hpp"
#include "db/api_keys.hpp"
#include "db/grants.hpp"

#include <algorithm>
#include <cctype>

namespace nguon::server {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t key_chars = 43; // of base64url without padding

} // namespace

bool looks_like_key(std::string_view text)
{
    return text.starts_with(key_prefix) && text.size() == key_prefix.size() + key_chars &&
           std::ranges::all_of(
               text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; });
}

Result<CreatedKey> create_key(db::Connection& c, NewKey const& wanted, Instant now)
{
    if (wanted.org.empty() && !is_authority(wanted.role)) return invalid("key.org_needed");
    if (!wanted.scopes.empty() && (wanted.scopes & scopes_of(wanted.role)).empty()) return invalid("key.scopes");

    CreatedKey created{new_uuid(), std::string{key_prefix} + to_base64url(random_bytes(key_bytes))};
    db::api_keys::ApiKey key;
    key.id = created.id;
    key.key_sha256 = sha256_hex(created.key);
    key.name = wanted.name;
    key.created_at = now;
    key.expires_at = wanted.expires_at;
    db::api_keys::insert(c, key);

    db::grants::Grant grant;
    grant.id = new_uuid();
    grant.subject = created.id;
    grant.role = to_text(wanted.role);
    if (!wanted.org.empty()) grant.org = wanted.org;
    if (!wanted.area.empty()) grant.area = wanted.area;
    grant.scopes = wanted.scopes.to_text();
    grant.valid_from = now;
    grant.granted_by = wanted.created_by;
    db::grants::insert(c, grant);
    return created;
}

} // namespace nguon::server
