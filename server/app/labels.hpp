#pragma once

#include "db/printed_codes.hpp"
#include "scanner/label_job.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// What a person chose on the label screen.
struct LabelRequest {
    BatchId batch = {};
    std::string kind = "batch"; // "batch": the same code on every label; "unit": a code of its own on each
    std::string stock = {};
    std::int64_t count = 0;
    std::int64_t first_position = 1; // on a sheet already begun
};

/// Where printed codes lead. Labels for an address that only this network reaches are specimens.
struct PrintAddress {
    std::string public_url = {};
    bool specimen = false;
};

/// A job as it is drawn, with its codes.
struct LabelPrint {
    scanner::LabelJob job = {};
    std::vector<scanner::LabelCode> codes = {};
};

/// True for loopback, private and link-local addresses, one-word and .local names: nobody outside reaches them.
bool is_private_url(std::string_view url);

/// Makes the job with its unit codes and locks the lot number. Nothing is drawn yet. Returns the job's id.
/// Errors: "batch.unknown", "label.count" {max}, "label.stock_unknown", "label.start" {places}.
Result<std::string> create_label_job(db::Connection& c, Actor const& actor, LabelRequest const& wanted,
                                     PrintAddress const& address);

/// The labels of a wish before anything is written, for preflight and preview: one code stands for all of them.
/// Errors: "batch.unknown", "label.count", "label.stock_unknown", "label.start".
Result<LabelPrint> draft_label_job(db::Connection& c, OrganizationId const& org, LabelRequest const& wanted,
                                   PrintAddress const& address);

/// The job as it is drawn today: with a GTIN that arrived meanwhile the codes lead to the same pages by another
/// address. Errors: "label_job.unknown".
Result<LabelPrint> load_label_job(db::Connection& c, OrganizationId const& org, std::string const& id);

} // namespace nguon::server::app
