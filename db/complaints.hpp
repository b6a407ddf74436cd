#pragma once

#include "db/connection.hpp"

/// Reports of wrong data. The case outlives the reporter's words and number, which can be erased.
namespace nguon::db::complaints {

/// Status: received → verifying → handled → closed (Decree 37/2026 Art. 21).
struct Case {
    std::string code = {}; // what the reporter keeps
    OrganizationId org = {};
    ProductId product = {};
    BatchId batch = {};
    std::string subject = {}; // the address or code it is about
    std::string topic = {};
    std::string status = "received";
    std::string answer = {};
    Instant created_at = {};
    Instant changed_at = {};
};

void insert(Connection& c, Case const& entry, PersonId const& reporter, std::string_view text);

/// Serves the public: whoever knows the code. Errors: "complaint.unknown".
Result<Case> find(Connection& c, std::string_view code);

/// The reporter's words; "" once erased. Serves the province.
std::string text(Connection& c, std::string_view code);

/// Serves the province. Errors: "complaint.unknown".
Status set_status(Connection& c, std::string_view code, std::string_view status, std::string_view answer, Instant at);

/// Serves the province: newest first, "" for every status.
std::vector<Case> list(Connection& c, std::string_view status, std::int64_t offset, std::int64_t count);
std::int64_t count_open(Connection& c);

} // namespace nguon::db::complaints
