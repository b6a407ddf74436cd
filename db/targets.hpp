#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Portals that records go to, and how the connector last saw them. Serves the connector and the province.
namespace nguon::db::targets {

struct Target {
    std::string name = {};
    std::string adapter = {};
    bool enabled = true;
    Instant since = {};
    std::vector<std::string> record_types = {}; // that it takes; empty: all. The others are *excluded*.
    bool complete_products = true;              // products and what belongs to them wait for what the portal demands
    std::string title = {};                     // what people call it; empty: after its adapter
};

/// Makes the table say what the configuration says. An enabled target gets a delivery for every outbox row, also those
/// written before it was configured; record types that it takes no longer, or from now on, change to and from excluded.
void put(Connection& c, Target const& target);

/// By name.
std::vector<Target> list(Connection& c);

/// How people know a target.
struct Label {
    std::string title = {}; // its own; empty: none
    std::string adapter = {};
    bool alone = true; // no other without a title has this adapter
};
using Labels = std::map<std::string, Label, std::less<>>; // by the target's name

/// Of all targets, also those that are only being connected.
Labels labels(Connection& c);

/// For the administrators' page.
struct TargetState {
    std::string target = {};
    std::string state = {};  // working, waiting, stopped_identity, stopped_contract, stopped_security, paused, off
    std::string detail = {}; // class and raw text of the last fault
    std::optional<Instant> next_try_at = {};
    std::optional<Instant> succeeded_at = {};
    std::optional<Instant> failed_at = {};
    std::optional<Instant> certificate_expires_at = {};
    std::optional<Instant> portal_certificate_expires_at = {};
    std::optional<std::chrono::seconds> skew = {}; // the portal's clock minus ours
    Instant changed_at = {};

    bool operator==(TargetState const&) const = default;
};

void put_state(Connection& c, TargetState const& state);
std::vector<TargetState> states(Connection& c);

/// Whether an administrator has paused synchronisation.
bool is_paused(Connection& c);
/// The caller audits.
void set_paused(Connection& c, bool paused);

} // namespace nguon::db::targets
