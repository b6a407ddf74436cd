#pragma once

#include "core/json.hpp"
#include "db/complaints.hpp"
#include "server/app/actor.hpp"

#include <array>

/// Reports of wrong data, from the buyer's form to the published answer.
namespace nguon::server::app {

/// What may be wrong, as the form offers it.
inline constexpr std::array<std::string_view, 6> complaint_topics{"wrong_data",  "wrong_product", "copied_label",
                                                                  "unsafe_food", "expired",       "other"};
/// What was found.
inline constexpr std::array<std::string_view, 3> complaint_outcomes{"upheld", "unfounded", "elsewhere"};

/// What a reporter types. The telephone is optional and personal.
struct Report {
    std::string topic = {};
    std::string text = {};
    std::string phone = {};
    std::string subject = {};             // path of the page or the code it is about
    std::vector<std::string> photos = {}; // JPEG, made in the sandbox
};

/// A form whose hidden field `website` is filled in comes from a program: "report.robot" there.
Report read_report(JsonReader& in);

/// Opens a case, starts its clocks and returns the code by which the reporter finds its state again. Errors:
/// rate_limited "report.too_many_for_subject" when many reports of one thing came within an hour.
Result<std::string> report_wrong_data(db::Connection& c, Actor const& actor, Report const& report,
                                      OrganizationId const& org, ProductId const& product, BatchId const& batch);

/// Where a case in this state may go.
std::vector<std::string_view> next_complaint_states(std::string_view status);

struct ComplaintMove {
    std::string status = {};  // of next_complaint_states
    std::string note = {};    // for the office
    std::string answer = {};  // for the reporter; needed for "answered" and "closed"
    std::string outcome = {}; // needed for "answered"
    bool on_product = false;  // the answer stands on the product's public page; of an upheld one only
    std::int64_t seen = 0;    // `changed_at` in microseconds of what was looked at; 0: whatever it is
};

/// The province moves a case on; what was joined to it goes along. Back to "verifying" opens it again, with a new
/// clock. Errors: "complaint.unknown", "complaint.joined_already", "complaint.not_now" at "status",
/// "complaint.answer_missing", "complaint.outcome_missing", "record.changed_meanwhile".
Status move_complaint(db::Connection& c, Actor const& actor, std::string const& code, ComplaintMove const& move);

/// Asks the firm, in the officer's words: it never sees the reporter's. Starts its clock. Errors: those above,
/// "complaint.no_firm", "complaint.question_missing".
Status ask_firm(db::Connection& c, Actor const& actor, std::string const& code, std::string const& question,
                std::int64_t seen);

/// The firm explains, `actor.org`'s own case; late is better than never and is told as late. `photos` are JPEG. Errors:
/// "complaint.unknown", "complaint.not_asked", "complaint.explanation_missing", "complaint.too_many_files".
Status explain_complaint(db::Connection& c, Actor const& actor, std::string const& code, std::string const& text,
                         std::vector<std::string> const& photos);

/// Joins a case to another open one about the same thing. Errors: "complaint.unknown", "complaint.joined_already",
/// "complaint.not_alike", "record.changed_meanwhile".
Status join_complaint(db::Connection& c, Actor const& actor, std::string const& code, std::string const& main_code,
                      std::int64_t seen);

/// The office adds what it found. Errors: "complaint.unknown", "complaint.too_many_files", "complaint.note_missing"
/// when there is neither note nor picture.
Status add_complaint_evidence(db::Connection& c, Actor const& actor, std::string const& code, std::string const& note,
                              std::vector<std::string> const& photos);

/// Erases words, telephone and pictures of reporters whose case ended long ago. Returns of how many.
std::int64_t forget_reporters(db::Connection& c, Instant now);

} // namespace nguon::server::app
