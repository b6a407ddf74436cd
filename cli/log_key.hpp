#pragma once

#include "core/sealed.hpp"
#include "core/signed_note.hpp"
#include "db/database.hpp"

#include <filesystem>
#include <memory>

namespace nguon::cli {

/// Signs the delivery log of this installation with DIR/log.key, which is made at first use. Backups do not hold it:
/// who has a copy of the records must not be able to sign another history. Errors: "note.key_file" {file}, those of the
/// database.
Result<std::shared_ptr<NoteSigner const>> open_log_signer(db::Database& database, std::filesystem::path const& data);

/// Opens DIR/sealing.key, under which the private keys of connections lie in the database; `serve` makes it at first
/// use. Null when it is missing or damaged, which is logged: connections say so themselves, and all else goes on.
std::shared_ptr<Sealer const> open_sealer(std::filesystem::path const& data, Sealer::Missing missing);

} // namespace nguon::cli
