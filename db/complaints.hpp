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

/// Columns of a case, of `complaint k`; read by `from_row`.
inline constexpr char columns[] =
    "k.code, k.org_id, k.product_id, k.batch_id, k.subject, k.topic, k.status, k.answer, k.created_at, k.changed_at";
Case from_row(Row const& row);

void insert(Connection& c, Case const& entry, PersonId const& reporter, std::string_view text);

/// Serves the public: whoever knows the code. Errors: "complaint.unknown".
Result<Case> find(Connection& c, std::string_view code);

/// The reporter's words; "" once erased. Serves the province.
std::string text(Connection& c, std::string_view code);

/// Serves the province. Errors: "complaint.unknown".
Status set_status(Connection& c, std::string_view code, std::string_view status, std::string_view answer, Instant at);

} // namespace nguon::db::complaints
