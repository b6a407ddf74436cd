#pragma once

#include "core/json.hpp"
#include "db/requests.hpp"
#include "server/app/actor.hpp"

#include <array>

/// What people may ask about their own data, and what the desk does about it within two working days.
namespace nguon::server::app {

inline constexpr std::array<std::string_view, 4> personal_request_kinds{"access", "correction", "erasure", "objection"};

struct NewPersonalRequest {
    std::string kind = {};
    std::string name = {};
    std::string phone = {};
    std::string text = {};
};
/// A form whose hidden field `website` is filled in comes from a program: "report.robot" there.
NewPersonalRequest read_personal_request(JsonReader& in);

/// Opens the request, starts its clock and returns the code by which the person finds the answer.
Result<std::string> ask_about_personal_data(db::Connection& c, Actor const& actor, NewPersonalRequest const& wanted);

/// Answers it. An erasure that is granted erases the subject's data and the request's own; everything else about the
/// person stays with the record keepers who must keep it. Errors: "personal_request.unknown", "personal_request.over",
/// "personal_request.answer_missing", "personal_request.subject_missing".
Status answer_personal_request(db::Connection& c, Actor const& actor, std::string const& code, bool granted,
                               std::string const& answer, PersonId const& subject);

} // namespace nguon::server::app
