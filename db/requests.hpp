#pragma once

#include "db/connection.hpp"

/// What the law lets people and authorities ask for: about personal data, and for the complete file of a lot.
namespace nguon::db::requests {

struct PersonalRequest {
    std::string code = {};           // by which the person finds the answer
    std::string kind = {};           // access, correction, erasure, objection
    PersonId person = {};            // who asks
    PersonId subject = {};           // whose data it is, once the desk found them
    std::string status = "received"; // received, answered, declined
    std::string answer = {};
    Instant due_at = {};
    Instant created_at = {};
    std::optional<Instant> answered_at = {};
    std::string answered_by = {};
};

void insert(Connection& c, PersonalRequest const& request, std::string_view text);
/// Serves the public: whoever knows the code. Errors: "personal_request.unknown".
Result<PersonalRequest> find_personal(Connection& c, std::string_view code);
/// The person's words; "" once erased. Serves the desk.
std::string personal_text(Connection& c, std::string_view code);
/// Errors: "personal_request.over" when it was answered meanwhile.
Status answer(Connection& c, PersonalRequest const& request);
void erase_personal_text(Connection& c, std::string_view code);
/// Open ones first, those due soonest, then the newest.
std::vector<PersonalRequest> personal(Connection& c, std::int64_t offset, std::int64_t count);

/// People whose telephone or name this is; serves the desk.
struct FoundPerson {
    PersonId person = {};
    std::string kind = {};
    std::string name = {};
    std::string phone = {};
    std::string org_name = {};
};
std::vector<FoundPerson> find_people(Connection& c, std::string_view phone, std::string_view name);

/// An authority asks for everything about a lot.
struct DataRequest {
    std::string id = {};
    BatchId batch = {};
    OrganizationId org = {};
    std::string asked_by = {}; // the authority and its letter
    Instant received_at = {};
    Instant due_at = {};
    std::string created_by = {};
    std::optional<Instant> made_at = {};
    std::string made_by = {};
    std::string file_sha256 = {}; // of the first file that was given out
    std::int64_t file_bytes = 0;
    std::string lot = {};      // as of now; not written
    std::string org_name = {}; // likewise
};

void insert(Connection& c, DataRequest const& request);
/// Errors: "data_request.unknown".
Result<DataRequest> find_data(Connection& c, std::string_view id);
/// Notes the first file that was given out; later ones change nothing.
void note_made(Connection& c, std::string_view id, std::string_view by, std::string_view sha256, std::int64_t bytes,
               Instant at);
/// Open ones first, those due soonest, then the newest.
std::vector<DataRequest> data(Connection& c, std::int64_t offset, std::int64_t count);

} // namespace nguon::db::requests
