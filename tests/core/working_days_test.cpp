#include "core/working_days.hpp"

#include <gtest/gtest.h>

namespace nguon {
namespace {

Date day(std::string_view iso) { return *parse_date(iso); }
Instant at(std::string_view iso) { return parse_time(iso)->at; }

CalendarDays const calendar{{day("2026-11-24"), false}, {day("2026-11-28"), true}};

TEST(WorkingDays, AreTheWeeksButForTheCalendar)
{
    EXPECT_TRUE(is_working_day(day("2026-11-23"), {}));
    EXPECT_FALSE(is_working_day(day("2026-11-21"), {})); // Saturday
    EXPECT_FALSE(is_working_day(day("2026-11-24"), calendar));
    EXPECT_TRUE(is_working_day(day("2026-11-28"), calendar)); // worked instead
}

TEST(WorkingDays, EndWithTheLastDay)
{
    struct Row {
        char const* from;
        std::int64_t amount;
        TimeUnit unit;
        char const* due;
    };
    constexpr Row rows[] = {
        {"2026-11-21T08:00:00+07:00", 24, TimeUnit::hours, "2026-11-22T08:00:00+07:00"},
        {"2026-11-23T08:00:00+07:00", 1, TimeUnit::working_days, "2026-11-26T00:00:00+07:00"}, // a holiday between
        {"2026-11-20T23:30:00+07:00", 1, TimeUnit::working_days, "2026-11-24T00:00:00+07:00"}, // over the weekend
        {"2026-11-27T08:00:00+07:00", 1, TimeUnit::working_days, "2026-11-29T00:00:00+07:00"}, // a worked Saturday
        {"2026-11-20T08:00:00+07:00", 2, TimeUnit::days, "2026-11-24T00:00:00+07:00"}, // Sunday: the next working day
        {"2026-11-23T08:00:00+07:00", 2, TimeUnit::days, "2026-11-26T00:00:00+07:00"},
        {"2026-11-22T18:00:00Z", 0, TimeUnit::days, "2026-11-24T00:00:00+07:00"}, // already Monday in Viet Nam
    };
    for (auto const& row : rows)
        EXPECT_EQ(to_iso(due_after(at(row.from), row.amount, row.unit, calendar)), to_iso(at(row.due))) << row.from;
}

TEST(WorkingDays, ACalendarWithoutWorkEnds)
{
    CalendarDays never;
    auto const start = std::chrono::sys_days{day("2026-01-01")};
    for (int i = 0; i < 4'000; ++i) never[Date{start + std::chrono::days{i}}] = false;
    EXPECT_GT(due_after(at("2026-01-01T08:00:00+07:00"), 1, TimeUnit::working_days, never),
              at("2030-01-01T00:00:00+07:00"));
}

TEST(WorkingDays, KnowTheirUnits)
{
    EXPECT_EQ(*read_time_unit("working_days"), TimeUnit::working_days);
    EXPECT_EQ(read_time_unit("weeks").error().key, "deadline.unit");
}

} // namespace
} // namespace nguon
