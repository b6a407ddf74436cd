#pragma once

#include "db/batches.hpp"
#include "db/requests.hpp"
#include "server/app/actor.hpp"

#include <utility>

namespace nguon::server {
class Locale;
}

namespace nguon::server::app {

/// Everything about a lot, as the parts of an archive (name, bytes): a readable summary, the records with all their
/// versions, the events as an EPCIS document, the papers, what the portals receipted with proofs, and who did what.
using LotFile = std::vector<std::pair<std::string, std::string>>;

/// Serves an authority; the caller has decided who may. What is read is noted in the audit. Errors: "batch.unknown".
Result<LotFile> lot_file(db::Connection& c, Locale const& locale, Actor const& actor, BatchId const& batch);

/// An authority asked in writing: starts the clock. Returns the request's id. Errors: "batch.unknown",
/// "data_request.asker_missing" at "asked_by".
Result<std::string> open_data_request(db::Connection& c, Actor const& actor, BatchId const& batch,
                                      std::string const& asked_by);

} // namespace nguon::server::app
