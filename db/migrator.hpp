#pragma once

#include "core/embedded.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::embedded {

/// db/migrations/*.sql
std::span<EmbeddedFile const> migrations();

} // namespace nguon::embedded

namespace nguon::db {

/// One file "0001_parties.sql".
struct Migration {
    std::int64_t version = 0;
    std::string name = {};
    std::string sha256 = {}; // of the file as written, before the words are replaced
    std::string_view sql = {};
};

/// The files as migrations 1, 2 … without gaps. Errors: internal, since the files are part of the program.
Result<std::vector<Migration>> read_migrations(std::span<EmbeddedFile const> files);

/// The SQL of one engine: {{sequence_pk}}, {{bytes}} and {{key_text}} become its types, and a statement behind the line
/// `-- only: postgres` or `-- only: sqlite`, up to the next blank line, is left out on the other engine.
std::string to_dialect(std::string_view sql, Dialect dialect);

/// Brings the schema to the newest version: one transaction a file, on PostgreSQL under a lock so that two starting
/// servers take turns. `now` is noted beside each. Errors, all with the reason in `log_text`: "storage.foreign" when
/// there are tables that are not ours, "storage.newer" when a newer program has been here, "storage.altered" when an
/// applied file is no longer what it was, and those of the database.
Status migrate(Connection& c, std::span<EmbeddedFile const> files, Instant now);

/// For connections that only read: the schema is exactly the one this program knows. Errors as above, and
/// "storage.older" when a migration is missing.
Status check_schema(Connection& c, std::span<EmbeddedFile const> files);

} // namespace nguon::db
