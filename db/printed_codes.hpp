#pragma once

#include "db/versions.hpp"

/// The 12 characters on packs, and the jobs that printed them. Codes never die.
namespace nguon::db::printed_codes {

struct Code {
    std::string code = {};
    std::string kind = {}; // unit, batch
    OrganizationId org = {};
    BatchId batch = {};
    std::string status = {}; // active, void
    Instant created_at = {};
};

/// Serves the public. Errors: "code.unknown".
Result<Code> find(Connection& c, std::string_view code);

/// Adds codes of units; false when one of them exists already, and then none was added that came after it.
bool insert_units(Connection& c, OrganizationId const& org, BatchId const& batch, std::string_view job,
                  std::vector<std::string> const& codes, Instant at);

std::int64_t count_units(Connection& c, OrganizationId const& org, BatchId const& batch);

struct Job {
    std::string id = {};
    OrganizationId org = {};
    BatchId batch = {};
    std::string kind = {}; // unit, batch
    std::string stock = {};
    std::int64_t first_position = 1;
    std::int64_t count = 0;
    std::string public_url = {};
    bool specimen = false;
    std::string pdf_sha256 = {};
    Instant created_at = {};
    std::string created_by = {};
};

void insert_job(Connection& c, Job const& job);
void set_pdf_digest(Connection& c, OrganizationId const& org, std::string_view job, std::string_view sha256);

/// Errors: "label_job.unknown", also for a job of another organization.
Result<Job> find_job(Connection& c, OrganizationId const& org, std::string_view id);
std::vector<Job> jobs(Connection& c, OrganizationId const& org, BatchId const& batch);
/// The unit codes of a job, in the order they are printed in.
std::vector<std::string> codes_of_job(Connection& c, OrganizationId const& org, std::string_view job);

} // namespace nguon::db::printed_codes
