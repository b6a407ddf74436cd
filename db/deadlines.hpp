#pragma once

#include "core/working_days.hpp"
#include "db/connection.hpp"

/// How long the clocks of the desk run, and which days count as working days. They serve everybody.
namespace nguon::db::deadlines {

struct Deadline {
    std::string name = {}; // complaint_answer, complaint_settlement, firm_explanation, personal_request, data_request
    std::int64_t amount = 0;
    std::string unit = {};  // see read_time_unit
    std::string basis = {}; // the rule behind it
};

/// Errors: "deadline.unknown".
Status change(Connection& c, Deadline const& deadline, Instant at);
std::vector<Deadline> list(Connection& c);
/// Errors: "deadline.unknown".
Result<Deadline> find(Connection& c, std::string_view name);

struct CalendarDay {
    std::string day = {}; // ISO
    bool working = false;
    std::string name = {};
};
/// What the program ships; days that are known already stay as the operator set them.
void add_missing(Connection& c, std::vector<CalendarDay> const& days);
/// The operator's own word about a day.
void save(Connection& c, CalendarDay const& day);
std::vector<CalendarDay> calendar(Connection& c);

} // namespace nguon::db::deadlines
