#include "core/runtime/log.hpp"

#include "core/time.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace nguon::log {
namespace {

std::atomic<Level> lowest_level = Level::info;

constexpr std::size_t later_bytes_max = 4 * 1024 * 1024;

struct Output {
    std::mutex mutex;
    Sink sink;
};

/// Lines on their way to standard error.
struct Later {
    std::mutex mutex;
    std::condition_variable waiting;
    std::string lines;
    bool has_writer = false;
    std::uint64_t dropped = 0;
};

// Never destroyed: threads may still log while the program ends.
Output& output()
{
    static auto* const instance = new Output;
    return *instance;
}

Later& later()
{
    static auto* const instance = new Later;
    return *instance;
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

// Everything outside printable ASCII is escaped, so a value can neither end the line nor move the cursor of a terminal.
void append_text(std::string& line, std::string_view text)
{
    if (std::ranges::all_of(text, is_plain)) {
        line.append(1, '"').append(text).append(1, '"');
        return;
    }
    line += nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

struct AppendValue {
    std::string& line;

    void operator()(std::string_view text) const { append_text(line, text); }
    void operator()(bool flag) const { line += flag ? "true" : "false"; }
    void operator()(double number) const { line += std::isfinite(number) ? nlohmann::json(number).dump() : "null"; }
    void operator()(std::int64_t number) const { line += std::to_string(number); }
    void operator()(std::uint64_t number) const { line += std::to_string(number); }
};

/// Whole lines; one write of a short one keeps lines of several processes apart. Returns what standard error did not
/// take: full or closed, it must not stop the service.
std::string_view write_to_stderr(std::string_view lines)
{
    while (!lines.empty()) {
        auto const written = ::write(STDERR_FILENO, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
    return lines;
}

[[noreturn]] void write_later_lines()
{
    while (true) {
        {
            std::unique_lock lock{later().mutex};
            later().waiting.wait(lock, [] { return !later().lines.empty(); });
        }
        std::this_thread::sleep_for(later_time);
        flush();
    }
}

/// {"time":…,"level":…,"text":… and the fields, without the line feed.
std::string to_line(Level level, std::string_view text, Fields fields)
{
    auto const now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    std::string line;
    line.reserve(256);
    line.append(R"({"time":")").append(to_iso(now)).append(R"(","level":")").append(to_text(level));
    line.append(R"(","text":)");
    append_text(line, text);
    for (auto const& field : fields) {
        line += ',';
        append_text(line, field.name);
        line += ':';
        std::visit(AppendValue{line}, field.value);
    }
    return line += '}';
}

bool has_sink()
{
    std::lock_guard const lock{output().mutex};
    return static_cast<bool>(output().sink);
}

} // namespace

std::string_view to_text(Level level)
{
    switch (level) {
    case Level::debug:
        return "debug";
    case Level::info:
        return "info";
    case Level::warning:
        return "warning";
    case Level::error:
        return "error";
    }
    return "error";
}

void write(Level level, std::string_view text, Fields fields)
{
    if (level < lowest_level.load(std::memory_order_relaxed)) return;
    auto line = to_line(level, text, fields);
    auto& out = output();
    std::lock_guard const lock{out.mutex};
    if (out.sink) return out.sink(line);
    write_to_stderr(line += '\n');
}

void info_later(std::string_view text, Fields fields)
{
    if (has_sink()) return write(Level::info, text, fields);
    if (Level::info < lowest_level.load(std::memory_order_relaxed)) return;
    auto const line = to_line(Level::info, text, fields);

    auto& out = later();
    std::lock_guard const lock{out.mutex};
    if (!std::exchange(out.has_writer, true)) std::thread{write_later_lines}.detach();
    if (out.lines.size() + line.size() >= later_bytes_max) {
        ++out.dropped;
        return;
    }
    bool const first = out.lines.empty();
    out.lines.append(line).append(1, '\n');
    if (first) out.waiting.notify_one();
}

std::uint64_t dropped_lines()
{
    std::lock_guard const lock{later().mutex};
    return later().dropped;
}

void flush()
{
    std::string lines;
    {
        std::lock_guard const lock{later().mutex};
        lines.swap(later().lines);
    }
    std::string_view lost;
    {
        std::lock_guard const lock{output().mutex}; // a line of `write` stands before or behind, not within
        lost = write_to_stderr(lines);
    }
    if (lost.empty()) return;
    std::lock_guard const lock{later().mutex};
    later().dropped += static_cast<std::uint64_t>(std::ranges::count(lost, '\n'));
}

void set_level(Level level) { lowest_level.store(level, std::memory_order_relaxed); }

Level parse_level(std::string_view text)
{
    if (text == "debug") return Level::debug;
    if (text == "warning") return Level::warning;
    if (text == "error") return Level::error;
    return Level::info;
}

void set_sink(Sink sink)
{
    auto& out = output();
    std::lock_guard const lock{out.mutex};
    out.sink = std::move(sink);
}

} // namespace nguon::log
