#pragma once

#include "db/areas.hpp"
#include "db/connection.hpp"

/// Display of a firm or product that the authority suspended ("tạm dừng hiển thị") or whose confirmation it withdrew
/// ("hủy xác nhận hiển thị"), and what the firm said about it.
namespace nguon::db::sanctions {

struct Sanction {
    std::string id = {};
    std::string kind = "suspend";  // suspend, withdraw
    std::string subject_kind = {}; // organization, product
    std::string subject_id = {};
    OrganizationId org = {};
    std::string inspection = {};
    std::string reason = {};
    Instant imposed_at = {};
    std::string imposed_by = {};
    Instant explain_due_at = {};
    std::string explanation = {};
    std::optional<Instant> explained_at = {};
    std::optional<Instant> lifted_at = {};
    std::string lifted_by = {};
    std::string lift_reason = {};
    std::string subject_name = {}; // as of now; not written
    std::string org_name = {};     // likewise
};

void insert(Connection& c, Sanction const& sanction);

/// The one in force against this firm or product. Errors: "sanction.unknown".
Result<Sanction> standing(Connection& c, std::string_view subject_id);
/// Serves the province. Errors: "sanction.unknown".
Result<Sanction> find(Connection& c, std::string_view id);
/// Serves the firm. Errors: "sanction.unknown", also for another's.
Result<Sanction> find(Connection& c, OrganizationId const& org, std::string_view id);

/// Says what kind it is and which inspection led to it.
void qualify(Connection& c, std::string_view id, std::string_view kind, std::string_view inspection);
void explain(Connection& c, std::string_view id, std::string_view text, Instant at);
void lift(Connection& c, std::string_view id, std::string_view by, std::string_view reason, Instant at);

/// Within the areas: those in force, the oldest first, then the others, the newest first.
std::vector<Sanction> list(Connection& c, Areas const& areas, std::int64_t offset, std::int64_t count);
/// The firm's own: those in force first.
std::vector<Sanction> of_organization(Connection& c, OrganizationId const& org);

} // namespace nguon::db::sanctions
