#include "connector/backoff.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <ctime>
#include <string>

namespace nguon::connector {

std::optional<Instant> read_http_date(std::string_view text)
{
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(25) != " GMT" || text[3] != ',') return std::nullopt;
    auto const number = [text](std::size_t from, std::size_t count) {
        int value = -1;
        auto const part = text.substr(from, count);
        auto const [end, fault] = std::from_chars(part.data(), part.data() + part.size(), value);
        return fault == std::errc{} && end == part.data() + part.size() ? value : -1;
    };
    auto const month_at = months.find(text.substr(8, 3));
    if (month_at == std::string_view::npos || month_at % 3 != 0) return std::nullopt;
    auto const day = number(5, 2);
    auto const year = number(12, 4);
    auto const hour = number(17, 2);
    auto const minute = number(20, 2);
    auto const second = number(23, 2);
    if (day < 1 || year < 1970 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
    auto const date = std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month_at / 3 + 1)} /
                      std::chrono::day{static_cast<unsigned>(day)};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
}

Duration uniform(Duration from, Duration to, Random& random)
{
    if (to <= from) return from;
    auto const span = static_cast<std::uint64_t>((to - from).count()) + 1;
    return from + Duration{static_cast<Duration::rep>(random.below(span))};
}

Duration backoff(unsigned failures, Random& random)
{
    // 2^10 s is beyond the cap already; larger exponents would only overflow.
    auto const widest = Duration{std::chrono::seconds{1LL << std::min(failures, 10U)}};
    return std::max(backoff_floor, uniform(Duration{0}, std::min(backoff_cap, widest), random));
}

std::optional<Duration> clock_skew(std::string_view date, Instant now)
{
    auto const theirs = read_http_date(date);
    if (!theirs) return std::nullopt;
    // Its seconds are cut off, half of one on average.
    return *theirs + std::chrono::milliseconds{500} - now;
}

std::optional<Duration> read_retry_after(std::string_view retry_after, std::string_view date, Instant now)
{
    if (retry_after.empty()) return std::nullopt;
    auto const clamp = [](Duration asked) { return std::clamp(asked, Duration{0}, retry_after_cap); };
    if (std::all_of(retry_after.begin(), retry_after.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        std::int64_t seconds = 0;
        auto const end = retry_after.data() + retry_after.size();
        auto const [_, fault] = std::from_chars(retry_after.data(), end, seconds);
        if (fault == std::errc::result_out_of_range || seconds > 3600) return retry_after_cap;
        return clamp(std::chrono::seconds{seconds});
    }
    auto const until = read_http_date(retry_after);
    if (!until) return std::nullopt;
    return clamp(*until - read_http_date(date).value_or(now));
}

Duration with_jitter(Duration asked, Random& random)
{
    assert(asked >= Duration{0});
    return asked + uniform(Duration{0}, asked / 10, random);
}

} // namespace nguon::connector
