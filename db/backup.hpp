#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace nguon::db {

/// What a backup says it holds, and a restore finds again.
struct Contents {
    std::string installation = {}; // "" when it was never set up
    std::int64_t events = 0;
    std::int64_t records = 0; // versions of records

    bool operator==(Contents const&) const = default;
};

/// Copies the SQLite database of `data_dir`, as it is at this moment, to the file `destination` (0600), while others
/// read and write. The destination appears whole and synced, or stays as it was: an earlier copy of that name survives
/// a failure. The copy is one file. Errors: those of the database, "storage.full".
Status backup_sqlite(std::filesystem::path const& data_dir, std::filesystem::path const& destination);

/// Every fault that a full check finds in a database file at rest, such as a copy by `backup_sqlite`; empty when it is
/// sound. Errors: "storage.foreign" when the file is no database.
Result<std::vector<std::string>> check_copy(std::filesystem::path const& file);

/// What such a file holds. Errors: "storage.foreign" when it is no database of ours.
Result<Contents> contents_of_copy(std::filesystem::path const& file);

/// What a PostgreSQL database holds now. Errors: "storage.unavailable".
Result<Contents> contents_of_postgres(std::string const& url);

/// Counts one state of a PostgreSQL database and has `dump` copy the very same state, while others write: it gets the
/// name of an exported snapshot, as `pg_dump --snapshot` takes it. Errors: "storage.unavailable", those of `dump`.
Result<Contents> dump_postgres(std::string const& url, std::function<Status(std::string const& snapshot)> const& dump);

} // namespace nguon::db
