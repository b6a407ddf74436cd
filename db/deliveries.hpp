#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"
#include "db/portal_catalogues.hpp"
#include "db/receipts.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One row per outbox row and target: how far it is on its way. Serves the connector and the province; functions of an
/// enterprise take the organization first.
namespace nguon::db::deliveries {

/// *Excluded* is final: the target does not take records of this type, and nothing waits for them there.
enum class State { held, pending, in_flight, delivered, refused, parked, superseded, excluded };

std::string_view to_text(State state);
/// Errors: "delivery.state_unknown".
Result<State> read_state(std::string_view text);

/// How a try may have ended that was not the last: the words of `error_class`. Administrators are told
/// "sync.class.WORD", enterprises "console.delivery.class.WORD".
inline constexpr std::array<std::string_view, 14> error_classes{
    "accepted", "in_progress",  "unknown", "transient", "identity", "portal_certificate", "contract", "retry",
    "too_big",  "record_fault", "refused", "conflict",  "suspect",  "reconciled"};

/// A record's number at the portal; empty when it has none.
struct PortalId {
    std::string type = {};
    std::string id = {};
    std::string portal_id = {};
};

/// The type under which `PortalId` keeps a portal's number of a picture; its id is the SHA-256.
inline constexpr std::string_view picture_type = "picture";

/// A public picture that a record shows.
struct Picture {
    std::string sha256 = {};
    std::string portal_id = {};             // empty: the target does not have it yet
    std::optional<std::int64_t> bytes = {}; // nothing: the file is not here (any more)
};

/// What the connector needs of one delivery.
struct Claimed {
    std::int64_t seq = 0;
    OrganizationId org = {};
    std::string type = {};
    std::string id = {};
    std::int64_t version = 0;
    std::string op = {};
    std::string key = {};
    std::string payload = {};
    std::string sha256 = {}; // of the payload
    std::int64_t attempts = 0;
    std::string wire = {}; // empty: not made yet
    std::string wire_sha256 = {};
    std::int64_t delivered_version = 0; // newest one of this record that was delivered, 0: none
    bool has_newer = false;             // a later version is in the outbox
    std::string portal_id = {};
    std::vector<PortalId> parents = {};
    std::vector<Picture> pictures = {}; // of a product, in its order
    Instant created_at = {};
    std::string error_class = {}; // how the last try ended; "accepted": the target works on it
};

struct ClaimRequest {
    std::string target = {};
    std::int64_t epoch = 0;
    Instant now = {};
    std::string after_org = {}; // round robin: the next organization behind this one has its turn
    std::size_t records_max = 0;
    std::size_t bytes_max = 0;
    std::map<std::string, std::size_t> org_limits = {}; // organizations that send fewer at a time
    std::vector<std::string> busy_orgs = {};            // those with enough under way
    std::optional<Instant> created_since = {};          // nothing that was written earlier
    bool first_time_only = false;                       // nothing that is to be sent again; asking goes on
};

/// Takes the next organization's oldest eligible deliveries, all of one record type, and makes them `in_flight` under
/// the epoch. Eligible: `pending`, its time has come, every earlier version delivered or superseded, every parent
/// delivered or excluded, and the organization not busy. Empty when there is none.
std::vector<Claimed> claim(Connection& c, ClaimRequest const& request);

/// The pictures that a product's payload names, and what the target has of them.
std::vector<Picture> pictures_of(Connection& c, std::string_view target, std::string_view payload);

/// Whether `claim` would find anything; only reads.
bool has_eligible(Connection& c, ClaimRequest const& request);

/// Bytes as they are sent, made at the first claim.
struct Frozen {
    std::int64_t seq = 0;
    std::string wire = {};
    std::string wire_sha256 = {};
};

/// Stores wire bytes once and for all, and numbers of records that the portal turned out to know already. Errors:
/// conflict "sync.fenced" when a row is not in flight under this epoch or has other bytes already.
Status freeze(Connection& c, std::string const& target, std::int64_t epoch, std::vector<Frozen> const& wires,
              std::vector<PortalId> const& links, Instant now);

/// Values for which the target's catalogues had no entry at `revision`.
struct Lack {
    std::int64_t revision = 0;
    std::vector<portal_catalogues::Gap> gaps = {};
};

/// What became of one delivery that was in flight.
struct Settlement {
    std::int64_t seq = 0;
    State state = State::pending;
    std::string hold = {};
    bool attempt = false; // the record itself was at fault
    Instant not_before = {};
    std::string error_class = {};
    std::string error_code = {};
    std::string error_text = {};
    std::optional<receipts::Receipt> receipt = {}; // set if and only if delivered
    std::string portal_id = {};
    std::optional<Lack> lack = {}; // why it is held; when the catalogues have changed meanwhile it is pending instead
};

/// The record as it was frozen, and the bytes that went to the target; `wire` is empty before the first claim.
struct Sent {
    std::string payload = {};
    std::string wire = {};
};
/// Errors: not_found "delivery.unknown", also when the record is another organization's.
Result<Sent> find_sent(Connection& c, OrganizationId const& org, std::string const& target, std::int64_t seq);

/// State changes with their receipts and the portal's numbers, together or not at all. Errors: conflict "sync.fenced"
/// when a row is not in flight under this epoch.
Status settle(Connection& c, std::string const& target, std::int64_t epoch, std::vector<Settlement> const& settlements,
              Instant now);

/// At start: what an older epoch left in flight becomes pending again, outcome unknown, attempts unchanged. Their
/// number.
std::int64_t recover(Connection& c, std::string const& target, std::int64_t epoch, Instant now);

/// Whether each of these records, named by their keys, has had its receipt from the target since before `before`. False
/// for no keys.
bool all_receipted_before(Connection& c, std::string const& target, std::vector<std::string> const& keys,
                          Instant before);

/// Numbers of one organization at one target, by state.
struct Counts {
    std::int64_t held = 0;
    std::int64_t pending = 0;
    std::int64_t in_flight = 0;
    std::int64_t delivered = 0;
    std::int64_t refused = 0;
    std::int64_t parked = 0;
    std::int64_t superseded = 0;
    std::int64_t excluded = 0;

    std::int64_t total() const
    {
        return held + pending + in_flight + delivered + refused + parked + superseded + excluded;
    }
    bool operator==(Counts const&) const = default;
};

struct OrganizationCounts {
    OrganizationId org = {};
    Counts counts = {};
    std::optional<Instant> oldest_pending = {}; // when the oldest pending or in-flight one was written
};

Counts count(Connection& c, std::string const& target);
Counts count(Connection& c, OrganizationId const& org, std::string const& target);
/// In the order of the organizations' ids.
std::vector<OrganizationCounts> count_by_organization(Connection& c, std::string const& target);

/// Since when the oldest one has waited that could go: pending or in flight, and everything it refers to has arrived.
/// What waits behind a refused or held record is no sign of slow sending. A delivery waits since it was written,
/// released from its hold or sent again by a person.
std::optional<Instant> oldest_pending(Connection& c, std::string const& target);

/// The law that nothing vanishes: outbox rows = deliveries in all states.
struct Conservation {
    std::int64_t created = 0;
    Counts counts = {};
    std::int64_t without_receipt = 0; // delivered, yet no receipt stored

    bool holds() const { return created == counts.total() && without_receipt == 0; }
};
Conservation conservation(Connection& c, std::string const& target);

/// A refused or parked delivery goes out again with the same key and bytes; the caller audits. Errors: not_found
/// "delivery.unknown", conflict "delivery.not_stopped".
Status requeue(Connection& c, OrganizationId const& org, std::string const& target, std::int64_t seq, Instant now);
/// All refused ones of an organization; their number.
std::int64_t requeue_refused(Connection& c, OrganizationId const& org, std::string const& target, Instant now);

/// One line of the administrators' list.
struct View {
    std::string target = {};
    std::int64_t seq = 0;
    OrganizationId org = {};
    std::string type = {};
    std::string id = {};
    std::int64_t version = 0;
    std::string op = {};
    State state = State::pending;
    std::string hold = {};
    std::int64_t attempts = 0;
    Instant not_before = {};
    std::string error_class = {};
    std::string error_code = {};
    std::string error_text = {};
    std::string payload_sha256 = {};
    Instant created_at = {};
    Instant changed_at = {};
    std::optional<receipts::Receipt> receipt = {}; // by `of_record` only
};

struct Filter {
    std::string target = {};
    OrganizationId org = {};                 // empty: all
    std::optional<State> state = {};         // nothing: all
    std::optional<std::int64_t> before = {}; // the last seq of the page before
    std::int64_t limit = 50;
};

/// Newest first. For the province.
std::vector<View> page(Connection& c, Filter const& filter);

/// Every delivery of one record at every target, newest version first, with receipts.
std::vector<View> of_record(Connection& c, OrganizationId const& org, std::string const& type, std::string const& id);

} // namespace nguon::db::deliveries
