#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace nguon::db {

/// Copies the SQLite database of `data_dir`, as it is at this moment, to the file `destination` (0600), while others
/// read and write. The destination appears whole and synced, or stays as it was: an earlier copy of that name survives
/// a failure. The copy is one file. Errors: those of the database, "storage.full".
Status backup_sqlite(std::filesystem::path const& data_dir, std::filesystem::path const& destination);

/// Every fault that a full check finds in a database file at rest, such as a copy by `backup_sqlite`; empty when it is
/// sound. Errors: "storage.foreign" when the file is no database.
Result<std::vector<std::string>> check_copy(std::filesystem::path const& file);

} // namespace nguon::db
