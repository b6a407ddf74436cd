#include "core/time.hpp"

#include "core/fold.hpp"

#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

namespace nguon {
namespace {

using namespace std::chrono;

/// Reads exactly `count` digits at the front and removes them; -1 when they are not all digits.
int take_number(std::string_view& text, std::size_t count)
{
    if (text.size() < count) return -1;
    int value = 0;
    for (char const c : text.substr(0, count)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char wanted)
{
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(1);
    return true;
}

bool take_date(std::string_view& text, Date& date)
{
    int const y = take_number(text, 4);
    if (y < 0 || !take(text, '-')) return false;
    int const m = take_number(text, 2);
    if (m < 0 || !take(text, '-')) return false;
    int const d = take_number(text, 2);
    if (d < 0) return false;
    date = Date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    return date.ok();
}

/// The fraction after the seconds in microseconds; false when a dot has no digit behind it.
bool take_fraction(std::string_view& text, microseconds& fraction)
{
    fraction = {};
    if (!take(text, '.')) return true;
    std::int64_t scale = 100'000;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
        fraction += microseconds{(text.front() - '0') * scale};
        scale /= 10;
    }
    return digits > 0;
}

Error not_a_time(std::string_view text) { return invalid("time.format", {excerpt(text)}); }
Error not_a_date(std::string_view text) { return invalid("date.format", {excerpt(text)}); }

template <typename Duration>
struct Civil {
    Date date;
    hh_mm_ss<Duration> clock;
};

Civil<milliseconds> to_civil(Instant at, minutes offset)
{
    auto const local = floor<milliseconds>(at + offset);
    auto const midnight = floor<days>(local);
    return {Date{midnight}, hh_mm_ss<milliseconds>{local - midnight}};
}

std::string iso_without_offset(Instant at, minutes offset)
{
    auto const [date, clock] = to_civil(at, offset);
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}", to_iso(date), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count(), clock.subseconds().count());
}

} // namespace

Result<minutes> parse_offset(std::string_view text)
{
    if (text == "Z" || text == "z") return minutes{0};
    bool const negative = text.starts_with('-');
    if (!negative && !text.starts_with('+')) return invalid("time.offset");
    text.remove_prefix(1);
    int const h = take_number(text, 2);
    if (h < 0 || !take(text, ':')) return invalid("time.offset");
    int const m = take_number(text, 2);
    if (m < 0 || m > 59 || !text.empty() || h * 60 + m > 14 * 60) return invalid("time.offset");
    return minutes{negative ? -(h * 60 + m) : h * 60 + m};
}

Result<OffsetTime> parse_time(std::string_view text)
{
    auto const whole = text;
    Date date;
    if (!take_date(text, date) || !(take(text, 'T') || take(text, 't'))) return not_a_time(whole);
    int const h = take_number(text, 2);
    if (h < 0 || h > 23 || !take(text, ':')) return not_a_time(whole);
    int const m = take_number(text, 2);
    if (m < 0 || m > 59 || !take(text, ':')) return not_a_time(whole);
    int const s = take_number(text, 2);
    microseconds fraction{};
    if (s < 0 || s > 60 || !take_fraction(text, fraction)) return not_a_time(whole);
    auto const offset = parse_offset(text);
    if (!offset) return not_a_time(whole);
    auto const local = sys_days{date} + hours{h} + minutes{m} + seconds{s} + fraction;
    return OffsetTime{Instant{local - *offset}, *offset};
}

Result<Date> parse_date(std::string_view text)
{
    Date date;
    auto rest = text;
    if (take_date(rest, date) && rest.empty()) return date;
    rest = text;
    int const d = take_number(rest, 2);
    if (d < 0 || !take(rest, '/')) return not_a_date(text);
    int const m = take_number(rest, 2);
    if (m < 0 || !take(rest, '/')) return not_a_date(text);
    int const y = take_number(rest, 4);
    date = Date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (y < 0 || !rest.empty() || !date.ok()) return not_a_date(text);
    return date;
}

std::string to_offset_text(minutes offset)
{
    auto const size = std::abs(offset.count());
    return fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', size / 60, size % 60);
}

std::string to_iso(Instant at) { return iso_without_offset(at, minutes{0}) + "Z"; }

std::string to_iso(OffsetTime const& time)
{
    return iso_without_offset(time.at, time.offset) + to_offset_text(time.offset);
}

std::string to_iso(Date date)
{
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string to_vietnamese(Date date)
{
    return fmt::format("{:02}/{:02}/{:04}", static_cast<unsigned>(date.day()), static_cast<unsigned>(date.month()),
                       static_cast<int>(date.year()));
}

std::string to_vietnamese(Instant at)
{
    auto const [date, clock] = to_civil(at, vietnam_offset);
    return fmt::format("{:02}:{:02} {}", clock.hours().count(), clock.minutes().count(), to_vietnamese(date));
}

Date vietnam_date(Instant at) { return to_civil(at, vietnam_offset).date; }

Instant start_of_day(Date date) { return Instant{sys_days{date}} - vietnam_offset; }

int days_between(Date from, Date to) { return static_cast<int>((sys_days{to} - sys_days{from}).count()); }

} // namespace nguon
