#include "core/runtime/log.hpp"

#include "core/time.hpp"

#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace nguon::log {
namespace {

std::atomic<Level> lowest_level = Level::info;

struct Output {
    std::mutex mutex;
    Sink sink;
};

// Never destroyed: threads may still log while the program ends.
Output& output()
{
    static auto* const instance = new Output;
    return *instance;
}

// Everything outside printable ASCII is escaped, so a value can neither end the line nor move the cursor of a terminal.
void append_text(std::string& line, std::string_view text)
{
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

void write_to_stderr(std::string line)
{
    line += '\n';
    // One write keeps lines of several processes apart; a full or closed standard error must not stop the service.
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
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

    auto const now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    std::string line = R"({"time":")" + to_iso(now) + R"(","level":")" + std::string{to_text(level)} + R"(","text":)";
    append_text(line, text);
    for (auto const& field : fields) {
        line += ',';
        append_text(line, field.name);
        line += ':';
        std::visit(AppendValue{line}, field.value);
    }
    line += '}';

    auto& out = output();
    std::lock_guard const lock{out.mutex};
    if (out.sink) {
        out.sink(line);
    } else {
        write_to_stderr(std::move(line));
    }
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
