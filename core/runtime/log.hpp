#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

/// One JSON object a line on standard error: {"time":…,"level":"info","text":"batch registered","request":"…"}.
/// The text is a constant sentence; what varies stands in fields. No personal data, no secrets.
namespace nguon::log {

enum class Level { debug, info, warning, error };

std::string_view to_text(Level level);

/// One named value of a line.
struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

    Field(std::string_view field, std::string_view text) : name{field}, value{text} {}
    Field(std::string_view field, char const* text) : name{field}, value{std::string_view{text}} {}
    Field(std::string_view field, std::string const& text) : name{field}, value{std::string_view{text}} {}
    Field(std::string_view field, bool flag) : name{field}, value{flag} {}
    Field(std::string_view field, double number) : name{field}, value{number} {}
    template <std::signed_integral Number>
    Field(std::string_view field, Number number) : name{field}, value{static_cast<std::int64_t>(number)}
    {
    }
    template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>) Field(std::string_view field, Number number)
        : name{field}, value{static_cast<std::uint64_t>(number)}
    {
    }
};

using Fields = std::initializer_list<Field>;

/// Writes one line; any thread may call it. Lines below the level are dropped.
void write(Level level, std::string_view text, Fields fields);

inline void debug(std::string_view text, Fields fields = {}) { write(Level::debug, text, fields); }
inline void info(std::string_view text, Fields fields = {}) { write(Level::info, text, fields); }
inline void warning(std::string_view text, Fields fields = {}) { write(Level::warning, text, fields); }
inline void error(std::string_view text, Fields fields = {}) { write(Level::error, text, fields); }

/// An info line that is written with others within `later_time`: for what happens by the thousand. Lines that find the
/// buffer full, or that standard error does not take, are dropped and counted.
void info_later(std::string_view text, Fields fields);
inline constexpr std::chrono::milliseconds later_time{100};
/// Lines that `info_later` dropped since the start.
std::uint64_t dropped_lines();
/// Writes what `info_later` holds; for the end of a program.
void flush();

/// Lines below `level` are dropped from now on; the start is `info`.
void set_level(Level level);

/// "debug", "info", "warning", "error"; anything else is `info`.
Level parse_level(std::string_view text);

/// Where lines go instead of standard error, without the line feed; an empty function restores standard error.
/// Calls come one at a time.
using Sink = std::function<void(std::string_view line)>;
void set_sink(Sink sink);

} // namespace nguon::log
