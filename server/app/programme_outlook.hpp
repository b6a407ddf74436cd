#pragma once

#include "server/app/programme_indicators.hpp"

namespace nguon::server::app {

/// How a plan that runs today stands: for the officer's home page.
struct Outlook {
    std::string plan = {};
    std::string number = {};      // "3319/KH-UBND"
    std::optional<Date> due = {}; // the next report
    std::int64_t behind = 0;      // indicators that miss their target, and will at this pace
    std::int64_t wanted = 0;      // indicators with a target
};

/// The indicator misses its target, and its forecast does too.
bool is_behind(Figure const& figure);

/// The day of this year's report, or of next year's once it has passed.
std::optional<Date> next_report(programme::Plan const& plan, Date today);

/// Every plan with a period that contains today, for that period.
std::vector<Outlook> outlooks(db::Connection& c, Instant now);

} // namespace nguon::server::app
