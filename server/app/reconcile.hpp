#pragma once

#include "db/reconciliations.hpp"
#include "db/sync_desk.hpp"
#include "server/app/actor.hpp"
#include "server/auth/principal.hpp"

#include <optional>
#include <string>
#include <vector>

/// What comparing with the portals has found, and what an administrator does about it.
namespace nguon::server::app {

struct ReconcileFinding {
    db::reconciliations::Finding finding = {};
    std::optional<db::sync_desk::Record> record = {}; // of ours; nothing when it is not here
};

struct ReconcileState {
    std::string target = {};
    std::optional<db::reconciliations::Run> under_way = {};
    std::vector<db::reconciliations::Run> runs = {}; // that are over, newest first
    std::int64_t open = 0;
    std::vector<ReconcileFinding> findings = {}; // open ones, newest first, a hundred at most
};

/// Of every target in use.
std::vector<ReconcileState> reconcile_states(db::Connection& c);

/// Asks the connector for a full comparison. Errors: not_found "target.unknown".
Status ask_reconciliation(db::Connection& c, Actor const& actor, std::string const& target);

/// Somebody has dealt with a finding. Errors: "decision.reason_missing" at "/reason", not_found "finding.unknown".
Status close_finding(db::Connection& c, Actor const& actor, std::string const& target, std::string const& key,
                     std::string const& kind, std::string const& reason);

} // namespace nguon::server::app
