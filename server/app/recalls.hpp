#pragma once

#include "server/app/actor.hpp"

namespace nguon::server::app {

/// Takes a batch back: the public sees it at once with the reason, the portals get it as withdrawn. Serves the province
/// and the batch's own organization; the caller has decided who may. Errors: "batch.unknown",
/// "decision.reason_missing", "batch.already_recalled".
Status recall_batch(db::Connection& c, Actor const& actor, BatchId const& id, std::string const& reason);

/// Ends the recall of a batch, as a further version of it. Errors: "batch.unknown", conflict "batch.not_recalled",
/// "decision.reason_missing".
Status end_batch_recall(db::Connection& c, Actor const& actor, BatchId const& id, std::string const& reason);

} // namespace nguon::server::app
