#pragma once

#include "core/json.hpp"
#include "db/complaints.hpp"
#include "server/app/actor.hpp"

#include <array>

namespace nguon::server::app {

/// What may be wrong, as the form offers it.
inline constexpr std::array<std::string_view, 6> complaint_topics{"wrong_data",  "wrong_product", "copied_label",
                                                                  "unsafe_food", "expired",       "other"};

/// What a reporter types. The telephone is optional and personal.
struct Report {
    std::string topic = {};
    std::string text = {};
    std::string phone = {};
    std::string subject = {}; // path of the page or the code it is about
};

Report read_report(JsonReader& in);

/// Opens a case and returns the code by which the reporter finds its state again.
Result<std::string> report_wrong_data(db::Connection& c, Actor const& actor, Report const& report,
                                      OrganizationId const& org, ProductId const& product, BatchId const& batch);

/// The province moves a case on; closing needs an answer. Errors: "complaint.unknown", "complaint.answer_missing".
Status answer_complaint(db::Connection& c, Actor const& actor, std::string const& code, std::string const& status,
                        std::string const& answer);

} // namespace nguon::server::app
