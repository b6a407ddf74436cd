#pragma once

#include "db/areas.hpp"
#include "db/deliveries.hpp"

#include <chrono>
#include <optional>

/// How synchronisation stands, enterprise by enterprise and record by record. All of it serves the province.
namespace nguon::db::sync_desk {

struct OrganizationLine {
    OrganizationId org = {};
    std::string name = {};
    deliveries::Counts counts = {};
    std::optional<Instant> oldest_waiting = {}; // pending or in flight, since when it waits
    std::optional<Instant> last_success = {};
};
/// Those with stopped records first, then the longest queues, then by name; with `only` just those organizations.
std::vector<OrganizationLine> organizations(Connection& c, Areas const& areas, std::string_view target,
                                            std::optional<std::vector<std::string>> const& only, std::int64_t offset,
                                            std::int64_t count);

/// From the moment a record could go to its receipt, of the latest records that were delivered.
struct Lag {
    std::int64_t records = 0; // 0: nothing was delivered yet
    std::chrono::microseconds median{0};
    std::chrono::microseconds most{0}; // 95 of 100 were quicker
};
Lag lag(Connection& c, std::string_view target);

/// What hints that a portal's rules or our records have changed.
struct Stopped {
    std::int64_t suspects = 0;       // failed alone many times and were parked
    std::int64_t refused_lately = 0; // since the moment asked for
};
Stopped stopped(Connection& c, std::string_view target, Instant since);

struct RecordFilter {
    Areas areas = {};
    std::string target = {};
    std::string state = {}; // "": all
    OrganizationId org = {};
    std::int64_t before = 0; // the last number of the page before; 0: from the newest
    std::int64_t count = 50;
};
struct RecordLine : deliveries::View {
    std::string org_name = {};
    std::string name = {};         // of the record: product, lot, place …; "" for events
    std::string commune_code = {}; // of the organization
    bool waits_for_parent = false; // pending, and something it refers to has not arrived yet
};
/// Newest first.
std::vector<RecordLine> records(Connection& c, RecordFilter const& filter);

struct Record : RecordLine {
    std::string payload = {};
    std::string key = {};
    std::string wire_sha256 = {}; // "" until it was sent for the first time
};
/// With the receipt, if there is one. Errors: not_found "delivery.unknown".
Result<Record> find(Connection& c, std::string_view target, std::int64_t seq);

/// Every delivery of one record at every target, newest version first, with receipts.
std::vector<RecordLine> of_record(Connection& c, std::string_view type, std::string_view id);

} // namespace nguon::db::sync_desk
