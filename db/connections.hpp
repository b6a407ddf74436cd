#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"
#include "db/deliveries.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Portals that administrators connect in the browser: settings, our certificates there, pins, and what was tried.
/// Serves the province and the connector.
namespace nguon::db::connections {

/// How long a key pair that was in use before is kept, to switch back.
inline constexpr auto retired_key_time = std::chrono::hours{24 * 7};

/// Under which purposes the secrets of a connection are sealed (core/sealed).
std::string key_purpose(std::string const& target);
std::string secret_purpose(std::string const& target);

/// A portal. Texts of several lines are PEM, except `mapping`, which is JSON.
struct PortalConnection {
    std::string target = {};
    std::string adapter = {}; // most, epcis
    std::string title = {};   // what people call it; empty: after its adapter
    std::string url = {};
    std::string secret_header = {};
    std::string sealed_secret = {}; // empty: none
    std::string mapping = {};
    std::string authority = {};        // who signs the portal's certificate; empty: the system's authorities
    std::string client_authority = {}; // who signs ours; empty: `authority`
    std::string receipt_key = {};
    std::vector<std::string> pins = {};
    std::string declaration_number = {}; // decree 37/2026, article 23.4
    std::string declaration_date = {};   // ISO
    std::string declaration_standard = {};
    std::string stage = "draft"; // draft, checked, live, stopped
    std::optional<Instant> live_since = {};
    std::optional<Instant> reviewed_at = {}; // the dry run was looked at
    std::string reviewed_by = {};
    std::string stop_reason = {};
    std::int64_t revision = 1;             // counts every change
    std::int64_t settings_revision = 1;    // those that begin the exchange anew
    std::int64_t certificate_revision = 1; // those of certificate or pins, which are swapped while running
    std::string problem = {};              // why the connector cannot use it, as JSON {"key","values"}; empty: it can
    Instant changed_at = {};
    std::string changed_by = {};
};

/// Errors: conflict "connection.name_taken" {target} when it or a target of the configuration has the name.
Status insert(Connection& c, PortalConnection const& connection);
std::optional<PortalConnection> find(Connection& c, std::string_view target);
/// By name.
std::vector<PortalConnection> list(Connection& c);
/// Stores everything but the problem; the revision is one more. Errors: conflict "connection.changed_meanwhile" when
/// it is not at this revision any more.
Status save(Connection& c, PortalConnection const& connection);
/// Deliveries to a portal that are not final: neither delivered nor superseded nor excluded.
std::int64_t count_open(Connection& c, std::string_view target);
/// With its key pairs, checks and catalogues; nothing is sent there any more. What was delivered stays.
void remove(Connection& c, std::string_view target);
/// What the connector says; no change of the connection.
void set_problem(Connection& c, std::string_view target, std::string_view problem);
/// New messages make no deliveries for it, until it is put again.
void disable_target(Connection& c, std::string_view target);

/// What the connector compares with what it serves.
struct LiveRevision {
    std::string target = {};
    std::int64_t settings = 0;
    std::int64_t certificate = 0;
    bool operator==(LiveRevision const&) const = default;
};
/// Of those that are live, by name.
std::vector<LiveRevision> live(Connection& c);

/// A key pair of ours and what came of it.
struct Certificate {
    std::string target = {};
    std::string slot = {}; // current, next, old
    std::string sealed_key = {};
    std::string request = {};
    std::string chain = {}; // empty: not issued yet
    std::string subject = {};
    std::string issuer = {};
    std::string fingerprint = {};
    std::optional<Instant> valid_from = {};
    std::optional<Instant> valid_to = {};
    std::string faults = {}; // of the last pre-flight, as JSON list; "[]": none
    std::optional<Instant> checked_at = {};
    std::optional<Instant> retired_at = {}; // old: since when
    Instant made_at = {};
    std::string made_by = {};

    bool good() const { return checked_at && faults == "[]"; }
};

std::optional<Certificate> find_certificate(Connection& c, std::string_view target, std::string_view slot);
void put_certificate(Connection& c, Certificate const& certificate);
void remove_certificate(Connection& c, std::string_view target, std::string_view slot);
/// Into a slot that is empty.
void move_certificate(Connection& c, std::string_view target, std::string_view from, std::string_view to,
                      std::optional<Instant> retired_at);
/// Key pairs that were retired before `before`.
void forget_old_certificates(Connection& c, Instant before);

struct PinProposal {
    std::vector<std::string> pins = {};
    std::string reason = {};
    Instant proposed_at = {};
    std::string proposed_by = {};
};
std::optional<PinProposal> find_proposal(Connection& c, std::string_view target);
void put_proposal(Connection& c, std::string_view target, PinProposal const& proposal);
void remove_proposal(Connection& c, std::string_view target);

/// Something that the connector is to try.
struct Check {
    std::int64_t id = 0;
    std::string target = {};
    std::string kind = {};  // handshake, handshake_next, sign_in, catalogues, dry_run
    std::string state = {}; // asked, running, done
    bool good = false;
    bool stale = false;       // the connection was changed since it was asked
    std::string outcome = {}; // JSON
    Instant asked_at = {};
    std::string asked_by = {};
    std::optional<Instant> done_at = {};

    bool passed() const { return state == "done" && good && !stale; }
};

/// Asks for a check, keeping the newest of a connection. Errors: conflict "connection.check_waits" while the same one
/// waits or runs.
Status ask(Connection& c, Check const& wanted);
/// Newest first.
std::vector<Check> checks(Connection& c, std::string_view target, std::int64_t limit);
/// What was tried says nothing any more.
void make_stale(Connection& c, std::string_view target, std::string_view kind = {});
/// Whether anything waits; only reads.
bool has_asked(Connection& c);
/// The oldest that was asked for; it is running then.
std::optional<Check> take_asked(Connection& c);
void finish(Connection& c, std::int64_t id, bool good, std::string_view outcome, Instant at);
/// What a connector that was killed has begun is asked for again.
void ask_again(Connection& c);

/// A message and what would keep it from going: as `deliveries` would say if the target were there.
struct Candidate {
    deliveries::Claimed record = {};
    std::string hold = {};
};
struct Candidates {
    std::vector<Candidate> ready = {}; // the oldest that could go
    std::vector<Candidate> held = {};  // the oldest that could not
    std::int64_t ready_count = 0;
    std::int64_t held_count = 0;
};
/// Of the record types (empty: all) that a target takes, at most `limit` of each kind. For the dry run.
Candidates candidates(Connection& c, std::vector<std::string> const& record_types, bool complete_products,
                      std::int64_t limit);

} // namespace nguon::db::connections
