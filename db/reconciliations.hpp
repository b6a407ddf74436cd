#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"
#include "db/receipts.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// Comparisons of what was delivered with what a portal says it has. Serves the connector and the province.
namespace nguon::db::reconciliations {

/// `kind`: fast (the last day), daily (the last week), full (everything). `reason`: schedule, person, restore.
/// `state`: asked, running, done, failed (what was found until then counts), unsupported (this portal cannot be asked).
struct Run {
    std::int64_t id = 0;
    std::string target = {};
    std::string kind = {};
    std::string reason = {};
    Instant asked_at = {};
    std::string state = {};
    std::optional<Instant> ended_at = {};
    std::int64_t compared = 0; // records of ours
    std::int64_t requests = 0;
    std::int64_t findings = 0;
    std::string fault = {}; // why it failed

    bool is_over() const { return state != "asked" && state != "running"; }
};

/// Asks the connector for one; an unfinished one of the same kind stays the only one. Its number.
std::int64_t ask(Connection& c, std::string const& target, std::string const& kind, std::string const& reason,
                 Instant now);
/// The unfinished one that is to be done first: full before daily before fast.
std::optional<Run> next(Connection& c, std::string const& target);
/// Writes down state, counts and fault; when it is over, older ones of the same kind beyond the newest 50 go.
void put(Connection& c, Run const& run);
/// Newest first, at most `count`.
std::vector<Run> list(Connection& c, std::string const& target, std::int64_t count);
/// The newest of a kind that is over.
std::optional<Run> latest(Connection& c, std::string const& target, std::string const& kind);
/// Whether a comparison after a restore has not ended yet, for any target in use.
bool is_restore_open(Connection& c);

/// A delivered record as the portal should have it.
struct Accepted {
    std::int64_t seq = 0;
    OrganizationId org = {};
    std::string type = {};
    std::string id = {};
    std::int64_t version = 0;
    std::string key = {};
    std::string sha256 = {}; // of the bytes that went
    std::string wire = {};   // of `accepted_wires` only
    Instant accepted_at = {};
};
/// Those the portal accepted from `from` on and before `to`, as its newest receipts say; in the order of acceptance.
std::vector<Accepted> accepted(Connection& c, std::string const& target, Instant from, Instant to);
/// One hour of them in short. `digest`: the exclusive or of SHA-256(KEY ":" SHA256) of each, 64 hexadecimal digits.
struct Mark {
    Instant hour = {};
    std::int64_t count = 0;
    std::string digest = {};

    bool operator==(Mark const&) const = default;
};
/// Of every hour that has any; `from` and `to` need not be full hours.
std::vector<Mark> marks(Connection& c, std::string const& target, Instant from, Instant to);

/// The same with the bytes that went: the first `count` behind (`from`, `after_seq`).
std::vector<Accepted> accepted_wires(Connection& c, std::string const& target, Instant from, std::int64_t after_seq,
                                     Instant to, std::int64_t count);
/// When the portal accepted the first record.
std::optional<Instant> first_acceptance(Connection& c, std::string const& target);

/// What the outbox knows of a key.
struct Known {
    std::string key = {};
    std::int64_t seq = 0;
    OrganizationId org = {};
    std::string state = {};  // of the delivery
    std::string sha256 = {}; // of the bytes that went; empty when none ever did
};
/// Those of `keys` that the outbox has.
std::vector<Known> known_keys(Connection& c, std::string const& target, std::vector<std::string> const& keys);

/// `kind`: missing (signed for, and not there any more: goes again), stopped (there, and refused or parked here: asked
/// again), differs (other bytes there), lost (ours by its key and not here any more), foreign (not ours).
struct Finding {
    std::string target = {};
    std::string key = {};
    std::string kind = {};
    std::int64_t seq = 0; // 0: not in the outbox
    OrganizationId org = {};
    std::string detail = {}; // JSON: what each side says
    Instant found_at = {};
    Instant seen_at = {};
    std::optional<Instant> closed_at = {};
    std::string closed_because = {}; // delivered_again, gone, or a person's words
};
/// Writes a finding down, or that it is still so. *Missing* and *stopped* ones go to the portal again with their key
/// and bytes; another kind that somebody closed stays closed while `detail` is the same. False when there is nothing
/// new.
bool report(Connection& c, Finding const& finding, Instant now);
/// Open ones of `target`, newest first.
std::vector<Finding> open_findings(Connection& c, std::string const& target, std::int64_t count);
std::int64_t count_open(Connection& c, std::string const& target);
/// Open ones that a comparison of [from, to) did not see any more are closed: "gone".
void close_unseen(Connection& c, std::string const& target, Instant run_began, Instant now);
/// Somebody has dealt with it; the caller audits. Errors: not_found "finding.unknown".
Status close(Connection& c, std::string const& target, std::string const& key, std::string const& kind,
             std::string const& because, Instant now);
/// Called where deliveries are settled: what was missing among them has arrived again.
void close_delivered(Connection& c, std::string const& target, std::set<std::int64_t> const& seqs, Instant now);

} // namespace nguon::db::reconciliations
