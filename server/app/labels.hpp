#pragma once

#include "core/sealed.hpp"
#include "db/label_jobs.hpp"
#include "scanner/label_job.hpp"
#include "scanner/preflight.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// What a person chose on the label screen.
struct LabelRequest {
    BatchId batch = {};
    std::string kind = "batch"; // "batch": the same code on every label; "unit": a code of its own on each
    std::string stock = {};     // shipped, or the id of one that the organization measured
    std::string design = "qr";  // shipped, or the id of one that the organization drew up
    std::string printer = {};   // id; "": an office printer that does nothing wrong
    std::int64_t count = 0;
    std::int64_t first_position = 1; // on a sheet already begun
    bool test_first = false;         // one label is drawn, the others wait until somebody looked at it
    bool keyed = false;              // addresses carry a check that only this installation can make (`k=`)
    bool draw = true;                // false: no file until somebody asks for one
};

/// Where printed codes lead. Labels for an address that only this network reaches are specimens.
struct PrintAddress {
    std::string public_url = {};
    bool specimen = false;
    std::shared_ptr<Sealer const> sealer = {}; // of the keys of checks; may be null
};

/// A job as it is drawn, with its codes, or with its first code in place of all: then `job.copies` are its labels.
struct LabelPrint {
    scanner::LabelJob job = {};
    scanner::LabelOutput output = {};
    std::vector<scanner::LabelCode> codes = {};
};

/// How the file of a job is called in addresses and in folders: pdf, zpl, tspl, epl.
std::string_view label_format(db::label_jobs::Job const& job);

/// The design that a job was made with: shipped name or id, and what people called it then.
struct DesignOfJob {
    std::string id = "qr";
    std::string name = {}; // "" of a shipped one
};
DesignOfJob design_of(db::label_jobs::Job const& job);

/// Whether the addresses on a job's labels carry a check.
bool is_keyed(db::label_jobs::Job const& job);
/// The job as if they carried none: what can still be shown of it when its key is lost.
db::label_jobs::Job without_check(db::label_jobs::Job job);

/// True for loopback, private and link-local addresses, one-word and .local names: nobody outside reaches them.
bool is_private_url(std::string_view url);

/// Makes the job, gives out the codes of its first thousand units, locks the lot number and puts it into the queue;
/// with `test_first` it is held, and a job for its first label stands in the queue. Returns the job's id. Errors:
/// "batch.unknown", "label.count" {max}, "label.stock_unknown", "label.start" {places}, "label_design.unknown",
/// "printer.unknown", rate_limited
/// "label_job.too_many" {max}, unavailable "label_check.no_key" for keyed labels.
Result<std::string> create_label_job(db::Connection& c, Actor const& actor, LabelRequest const& wanted,
                                     PrintAddress const& address);

/// Gives out codes for the next thousand units of a job that has not all of them yet; returns how many are missing
/// still. Errors: "label_job.unknown".
Result<std::int64_t> allocate_units(db::Connection& c, OrganizationId const& org, std::string const& job, Instant at);

/// The test label was scanned and is right: the other labels follow, beginning beside it.
/// Errors: "label_job.unknown", conflict "label_job.state" when the job waits for no test.
Status release_label_job(db::Connection& c, Actor const& actor, std::string const& job);

/// Stops a job that is not drawn yet. Codes that it gave out become void: nobody has labels with them, or one test
/// label. Errors: "label_job.unknown", conflict "label_job.state".
Status cancel_label_job(db::Connection& c, Actor const& actor, std::string const& job);

struct ReprintRequest {
    std::int64_t first_label = 1; // of the job's labels
    std::int64_t last_label = 0;  // 0: the last
    std::int64_t first_position = 1;
    std::string reason = {};
};
/// Prints labels of a job again, with the mark of a reprint. Returns the new job's id.
/// Errors: "label_job.unknown", conflict "label_job.state" while the job has not been drawn, "label.range" {labels} at
/// "/first_label" or "/last_label", "label.start", "field.required" at "/reason", "label_job.too_many".
Result<std::string> reprint_labels(db::Connection& c, Actor const& actor, std::string const& job,
                                   ReprintRequest const& wanted);

/// Draws the file of a job anew, which is not kept any longer or could not be drawn.
/// Errors: "label_job.unknown", conflict "label_job.state", "label_job.too_many".
Status redraw_label_job(db::Connection& c, Actor const& actor, std::string const& job);

/// The labels of a wish before anything is written, for preflight and preview: one code stands for all of them.
/// Errors: "batch.unknown", "label.count", "label.stock_unknown", "label.start", "label_design.unknown",
/// "printer.unknown".
Result<LabelPrint> draft_label_job(db::Connection& c, OrganizationId const& org, LabelRequest const& wanted,
                                   PrintAddress const& address);

/// What a job was made for, as it was measured then. Errors: "label.stock_unknown" of one that is not shipped any more.
Result<scanner::Stock> stock_of(db::label_jobs::Job const& job);

/// The job with what stood on its labels when it was made, so that the same job gives the same bytes, and with its
/// first code in place of all. `sealer` may be null. Errors: "label.stock_unknown", "label_check.no_key".
Result<LabelPrint> sketch_label_job(db::Connection& c, db::label_jobs::Job const& stored, Sealer const* sealer);

/// Labels `first` (from 0) and following of a job, as they are drawn; units in the order of their codes. `sealer` may
/// be null. Errors: "label.stock_unknown", "label_check.no_key".
Result<std::vector<scanner::LabelCode>> codes_of_label_job(db::Connection& c, db::label_jobs::Job const& stored,
                                                           std::size_t first, std::size_t count, Sealer const* sealer);

} // namespace nguon::server::app
