#pragma once

#include "core/runtime/chain_check.hpp"
#include "core/sealed.hpp"
#include "db/connections.hpp"
#include "db/targets.hpp"
#include "server/app/actor.hpp"
#include "server/app/portal_catalogues.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The guided first connection to a portal, and what becomes of it: certificates, pins, tests, beginning and stopping.
/// All of it concerns the whole installation; the caller has made sure that the actor may. Every function reports
/// not_found "connection.unknown", and conflict "connection.configured" for a portal of the configuration.
namespace nguon::server::app {

/// How long a pre-flight counts before the first record goes.
inline constexpr auto preflight_time = std::chrono::hours{24};

/// One portal with everything that its page shows.
struct ConnectionView {
    bool configured = false; // in the operator's file: `connection` has its name and adapter only
    db::connections::PortalConnection connection = {};
    std::optional<db::connections::Certificate> current = {};
    std::optional<db::connections::Certificate> next = {};
    std::optional<db::connections::Certificate> old = {};
    std::optional<db::connections::PinProposal> proposal = {};
    std::string proposer = {};                         // name of who proposed
    std::vector<db::connections::Check> checks = {};   // newest first
    std::optional<db::targets::TargetState> seen = {}; // by the connector
    CataloguesState catalogues = {};

    /// The newest check of a kind; nullptr: none was asked for.
    db::connections::Check const* check(std::string_view kind) const;
    /// Something is under way, so that the page will soon say more.
    bool is_busy() const;
};

/// One step of the way, in order. `name`: declaration, settings, key, chain, handshake, sign_in, catalogue, dry_run,
/// live.
struct ConnectionStep {
    std::string name = {};
    bool done = false;
};
std::vector<ConnectionStep> steps_of(ConnectionView const& view, Instant now);

/// By name, those of the configuration too.
std::vector<ConnectionView> list_connections(db::Connection& c);
Result<ConnectionView> find_connection(db::Connection& c, std::string const& target);

/// Characters of a title.
inline constexpr std::size_t target_title_chars_max = 80;

struct NewConnection {
    std::string target = {};
    std::string adapter = {};
    std::string url = {};
    std::string title = {}; // empty: called after its adapter
};
/// Errors, those of clean_text for the title: "connection.name", "connection.adapter", "connection.url" at their
/// fields, "connection.name_taken" {name}, "connection.too_many" {max}.
Status create_connection(db::Connection& c, Actor const& actor, NewConnection const& wanted);

struct Declaration {
    std::string number = {};
    std::string date = {}; // as typed
    std::string standard = {};
};
/// The declaration of conformity (decree 37/2026, article 23.4). Errors: "field.required", those of clean_text and
/// parse_date, "connection.declared_in_future" at their fields.
Status declare_conformity(db::Connection& c, Actor const& actor, std::string const& target,
                          Declaration const& declaration);

/// What is changed; nothing keeps what there is.
struct ConnectionSettings {
    std::string url = {};
    std::string title = {};
    std::optional<std::string> secret_header = {};
    std::optional<std::string> sealed_secret = {};
    std::optional<std::string> authority = {};
    std::optional<std::string> client_authority = {};
    std::optional<std::string> receipt_key = {};
    std::optional<std::string> mapping = {};
};
/// What was tried before counts no more. Another address is another portal: the connection is a draft again, nothing is
/// sent. Errors, at their fields: those of clean_text, "connection.url", "connection.secret_header",
/// "chain.authority_unreadable", "chain.receipt_key", "connection.mapping", "connection.receipt_key_needed".
Status change_settings(db::Connection& c, Actor const& actor, std::string const& target,
                       ConnectionSettings const& settings);

/// The slot that a new key pair is made for: "current" until the first certificate was issued, then "next".
std::string slot_of_new_key(ConnectionView const& view);

struct NewKeyPair {
    std::string slot = {};
    std::string sealed_key = {};
    std::string request = {};
};
/// Takes the place of one whose certificate was not issued yet. Errors: conflict "connection.changed_meanwhile" when
/// the slot is another by now.
Status add_key_pair(db::Connection& c, Actor const& actor, std::string const& target, NewKeyPair const& made);

/// Judges the certificate of a slot. `chain` empty: the stored one.
tls::ChainReport preflight(Sealer const& sealer, ConnectionView const& view,
                           db::connections::Certificate const& certificate, std::string const& chain, Instant now);

/// Stores a chain that is good, with what was said of it; what was tried with the one before counts no more. Errors:
/// conflict "connection.changed_meanwhile" when the key pair is another by now, "connection.in_use" when the slot's
/// certificate is being used: then the next one is prepared beside it.
Status store_chain(db::Connection& c, Actor const& actor, db::connections::Certificate const& certificate,
                   std::string const& chain, tls::ChainReport const& report);
/// Stores what a later pre-flight said. Errors: as above.
Status store_preflight(db::Connection& c, Actor const& actor, db::connections::Certificate const& certificate,
                       tls::ChainReport const& report);

/// Asks the connector to try something: handshake, handshake_next, sign_in, catalogues, dry_run. Catalogues can be
/// asked for of any portal that has some, also of the configuration. Errors: "connection.check_kind",
/// "connection.check_waits", "connection.no_certificate", conflict "connection.no_catalogues".
Status ask_check(db::Connection& c, Actor const& actor, std::string const& target, std::string const& kind);

/// The dry run was looked at. Errors: conflict "connection.no_dry_run".
Status review_dry_run(db::Connection& c, Actor const& actor, std::string const& target);

/// From now on records go. Errors: conflict "connection.not_ready" {number of the step}.
Status go_live(db::Connection& c, Actor const& actor, std::string const& target);
/// Nothing goes any more; what waits keeps waiting. Errors: "decision.reason_missing" at "reason", conflict
/// "connection.not_live".
Status stop_connection(db::Connection& c, Actor const& actor, std::string const& target, std::string const& reason);
/// Errors: as above, and conflict "connection.not_stopped", "connection.not_ready" {number of the step}.
Status resume_connection(db::Connection& c, Actor const& actor, std::string const& target, std::string const& reason);

/// Forgets a connection with its keys and catalogues. Deliveries, receipts and the delivery log stay as evidence, and
/// so the name of a portal that records went to is not given again. Errors: "decision.reason_missing" at "reason",
/// conflict "connection.still_live", "connection.not_finished" {number} while deliveries of it are not final.
Status remove_connection(db::Connection& c, Actor const& actor, std::string const& target, std::string const& reason);

/// The next certificate is used from now on; the present one is kept to switch back. Errors: conflict
/// "connection.next_not_ready".
Status switch_certificate(db::Connection& c, Actor const& actor, std::string const& target);
/// Errors: conflict "connection.no_old_certificate".
Status switch_back(db::Connection& c, Actor const& actor, std::string const& target);
/// The next key pair is forgotten.
Status drop_next(db::Connection& c, Actor const& actor, std::string const& target);

/// Errors, at their fields: "connection.pins_few" {min}, "connection.pins_miss" when the portal uses none of them,
/// "tls.pin_malformed" {text}, "decision.reason_missing".
Status propose_pins(db::Connection& c, Actor const& actor, std::string const& target, std::string const& pins,
                    std::string const& reason);
/// Errors: conflict "connection.no_proposal", forbidden "connection.second_person" when the same person proposed.
Status confirm_pins(db::Connection& c, Actor const& actor, std::string const& target);
Status drop_pins(db::Connection& c, Actor const& actor, std::string const& target);

} // namespace nguon::server::app
