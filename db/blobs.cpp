#include "db/blobs.hpp"

#include "core/bytes.hpp"
#include "core/limits.hpp"

namespace nguon::db::blobs {
namespace {

Result<File> one(Rows const& rows)
{
    if (rows.empty()) return not_found("file.unknown");
    return File{rows.front().text(0), rows.front().blob(1)};
}

} // namespace

Result<std::string> insert(Connection& c, std::string_view media_type, std::string const& bytes, bool personal,
                           Instant at)
{
    if (bytes.size() > limits::blob_bytes_max) return Error{ErrorCode::too_large, "file.too_large", {}, {}, {}};
    auto digest = sha256_hex(bytes);
    c.execute("INSERT INTO blob (sha256, media_type, bytes, size, personal, created_at) VALUES ($1, $2, $3, $4, $5, $6)"
              " ON CONFLICT (sha256) DO NOTHING",
              {digest, media_type, Blob{bytes}, static_cast<std::int64_t>(bytes.size()), personal, at});
    return digest;
}

void cite(Connection& c, std::string_view sha256, OrganizationId const& org, std::string_view kind,
          std::string_view entity_id, std::string_view visibility)
{
    c.execute("INSERT INTO blob_use (sha256, org_id, kind, entity_id, visibility) VALUES ($1, $2, $3, $4, $5)"
              " ON CONFLICT (sha256, kind, entity_id) DO NOTHING",
              {sha256, org, kind, entity_id, visibility});
}

Result<File> find_public(Connection& c, std::string_view sha256)
{
    return one(c.query("SELECT b.media_type, b.bytes FROM blob b WHERE b.sha256 = $1 AND b.erased_at IS NULL"
                       " AND EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = b.sha256 AND u.visibility = 'public')",
                       {sha256}));
}

Result<File> find(Connection& c, OrganizationId const& org, std::string_view sha256)
{
    return one(c.query("SELECT b.media_type, b.bytes FROM blob b WHERE b.sha256 = $2 AND b.erased_at IS NULL"
                       " AND EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = b.sha256 AND u.org_id = $1)",
                       {org, sha256}));
}

Result<File> find_any(Connection& c, std::string_view sha256)
{
    return one(c.query("SELECT media_type, bytes FROM blob WHERE sha256 = $1 AND erased_at IS NULL", {sha256}));
}

void erase_uncited(Connection& c, std::string_view sha256, Instant at)
{
    c.execute("UPDATE blob SET bytes = NULL, erased_at = $2 WHERE sha256 = $1"
              " AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = blob.sha256)"
              " AND NOT EXISTS (SELECT 1 FROM complaint_file f WHERE f.sha256 = blob.sha256)"
              " AND NOT EXISTS (SELECT 1 FROM inspection_file i WHERE i.sha256 = blob.sha256)",
              {sha256, at});
}

} // namespace nguon::db::blobs
