#pragma once

#include "db/areas.hpp"
#include "db/audit_log.hpp"
#include "db/certificates.hpp"
#include "db/complaints.hpp"

#include <optional>

/// Lists that the province works through, across organizations and limited to areas. All of it serves the province.
namespace nguon::db::province_desk {

struct Totals {
    std::int64_t organizations = 0; // without the authority's own
    std::int64_t products = 0;
    std::int64_t batches = 0;
    std::int64_t events = 0;
    std::int64_t open_complaints = 0;
    std::int64_t late_complaints = 0; // of these, as of `now`
    std::int64_t waiting = 0;         // as long as `queue`
    std::optional<Instant> oldest_submission = {};
};
Totals totals(Connection& c, Areas const& areas, Instant now);

/// A firm or product that awaits a decision: its first publication, or a firm's changed record.
struct Waiting {
    std::string kind = {}; // organization, product
    std::string id = {};
    OrganizationId org = {};
    std::string name = {};
    std::string org_name = {};
    std::string commune_code = {};
    Instant submitted_at = {};
    bool is_change = false;   // something of it is public already
    std::string missing = {}; // of a product: what the national portal lacks, names apart by ","
};
/// Oldest first; `kind` "" for both.
std::vector<Waiting> queue(Connection& c, Areas const& areas, std::string_view kind, std::int64_t offset,
                           std::int64_t count);

struct OrganizationLine {
    OrganizationId id = {};
    std::string name = {};
    std::string kind = {};
    std::string status = {};
    std::string tax_code = {};
    std::string commune_code = {};
    std::int64_t products = 0;
    std::int64_t batches = 0;
};
/// By name, without the authority's own; `status` "" for all; with `only` just those.
std::vector<OrganizationLine> organizations(Connection& c, Areas const& areas, std::string_view status,
                                            std::optional<std::vector<std::string>> const& only, std::int64_t offset,
                                            std::int64_t count);

struct ComplaintLine : complaints::Case {
    std::string org_name = {};
};
/// Open ones first, those that are due soonest, then the newest; `status` "" for all, "open" for those not settled and
/// not joined to another, "late" for those of them that are overdue at `now`.
std::vector<ComplaintLine> complaint_lines(Connection& c, Areas const& areas, std::string_view status, Instant now,
                                           std::int64_t offset, std::int64_t count);

/// What came in of one topic within [from, to), and what became of it until `now`.
struct ComplaintCount {
    std::string topic = {};
    std::int64_t received = 0;
    std::int64_t settled = 0;
    std::int64_t upheld = 0;
    std::int64_t taken_up_in_time = 0; // those still waiting count while their time has not run out
    std::int64_t settled_in_time = 0;
    std::chrono::microseconds settling_time = {}; // of all that are settled, together
};
std::vector<ComplaintCount> complaint_counts(Connection& c, Areas const& areas, Instant from, Instant to, Instant now);

struct CertificateLine : certificates::Entry {
    std::string org_name = {};
    std::string product_name = {};
};
/// Active papers whose last day lies within [from, to] (ISO dates), those that end soonest first.
std::vector<CertificateLine> certificates_ending(Connection& c, Areas const& areas, std::string_view from,
                                                 std::string_view to, std::int64_t offset, std::int64_t count);

struct AuditFilter {
    Areas areas = {};
    OrganizationId org = {}; // empty: all
    Instant from = {};
    Instant to = Instant::max();
    std::int64_t before = 0; // the last number of the page before; 0: from the newest
    std::int64_t count = 50;
};
struct AuditLine : audit_log::Entry {
    std::int64_t seq = 0;
    Instant at = {};
    std::string actor = {};
    std::string request_id = {};
    std::string actor_name = {}; // of the person or key; "" once erased
    std::string org_name = {};
};
/// Newest first.
std::vector<AuditLine> audit(Connection& c, AuditFilter const& filter);

} // namespace nguon::db::province_desk
