#pragma once

#include "db/sync_desk.hpp"
#include "db/targets.hpp"
#include "server/app/actor.hpp"
#include "server/auth/principal.hpp"

#include <optional>
#include <string>
#include <vector>

/// How far the records are on their way to the national portals, and what an administrator may do about it.
namespace nguon::server::app {

/// One portal. `state` is that of db::targets::TargetState, or "slow" (it works, but something waits longer than five
/// minutes), "paused" (an administrator's word), "off" (not enabled, or never seen by the connector).
struct TargetStatus {
    std::string target = {};
    db::targets::Label label = {};
    std::string state = "off";
    db::targets::TargetState seen = {};
    db::deliveries::Conservation conservation = {};
    std::optional<Instant> oldest_waiting = {};
    db::sync_desk::Lag lag = {};
    std::int64_t catalogue_gaps = 0; // values of ours without an entry in the portal's catalogues
};

struct SyncStatus {
    bool paused = false;
    std::vector<TargetStatus> targets = {};

    /// The state of the portal that needs most attention; "off" without any.
    std::string worst() const;
    /// Every portal's count is right.
    bool conserved() const;
};

SyncStatus sync_status(db::Connection& c, Instant now);
/// The same without conservation and lag, which read whole tables.
std::vector<TargetStatus> sync_states(db::Connection& c, Instant now);
/// The state that needs most attention; "off" without any.
std::string worst_state(std::vector<std::string> const& states);

/// Stops or goes on with sending. Errors: "decision.reason_missing" at "reason"; conflict "sync.reconcile_first" after
/// a restore, until everything was compared with the portals.
Status set_paused(db::Connection& c, Actor const& actor, bool paused, std::string const& reason);

/// A record with payload and receipt; reading it is noted in the audit. Errors: "delivery.unknown", also outside the
/// viewer's area.
Result<db::sync_desk::Record> show_record(db::Connection& c, Actor const& actor, Principal const& who,
                                          std::string const& target, std::int64_t seq);

/// A refused or parked record goes again. Errors: "delivery.unknown", "delivery.not_stopped".
Status retry_record(db::Connection& c, Actor const& actor, Principal const& who, std::string const& target,
                    std::int64_t seq);

/// A delivery that was refused is given up by two persons: one asks with a reason, another confirms. Errors:
/// "delivery.unknown", "delivery.not_stopped", "decision.reason_missing", "delivery.discarded"; for the second
/// "delivery.discard_not_asked", "delivery.discard_same_person".
Status ask_discard(db::Connection& c, Actor const& actor, Principal const& who, std::string const& target,
                   std::int64_t seq, std::string const& reason);
Status confirm_discard(db::Connection& c, Actor const& actor, Principal const& who, std::string const& target,
                       std::int64_t seq);

/// All refused records of an organization go again; their number. Errors: "organization.unknown".
Result<std::int64_t> retry_refused(db::Connection& c, Actor const& actor, Principal const& who,
                                   std::string const& target, OrganizationId const& org);

/// "Where is this code?": a record that the code names, with its way to every portal.
struct Whereabouts {
    std::string kind = {}; // product, batch
    std::string name = {};
    std::string id = {};
    OrganizationId org = {};
    std::string org_name = {};
    std::vector<db::sync_desk::RecordLine> deliveries = {}; // newest version first
};
struct WhereIs {
    std::vector<Whereabouts> records = {};
    std::string page = {}; // the code's public page; "" when the text was found as a word only
};
/// Looks a printed code, a label's address or the digits of a barcode up; other text as words of lots and products.
/// What lies outside the viewer's area is left out.
WhereIs where_is(db::Connection& c, Principal const& who, std::string const& text, Date today);

} // namespace nguon::server::app
