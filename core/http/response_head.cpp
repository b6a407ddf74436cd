#include "core/http/response_head.hpp"

#include "core/http/request_head.hpp"
#include "core/http/session.hpp"

#include <array>
#include <ctime>

#include <fmt/format.h>

namespace nguon::http {
namespace {

constexpr std::array ours = {"content-length", "transfer-encoding", "connection", "date", "x-request-id"};

bool is_ours(std::string_view name)
{
    for (std::string_view const own : ours) {
        if (equal_fold(name, own)) return true;
    }
    return false;
}

std::uint64_t length_of(Response const& response)
{
    if (auto const* const text = std::get_if<std::string>(&response.body)) return text->size();
    if (auto const* const shared = std::get_if<SharedBytes>(&response.body)) return *shared ? (*shared)->size() : 0;
    if (auto const* const range = std::get_if<FileRange>(&response.body)) return range->size;
    return 0;
}

void append_field(std::string& lines, std::string_view name, std::string_view value)
{
    lines.append(name).append(": ").append(value).append("\r\n");
}

/// Written anew once a second.
std::string const& present_date()
{
    thread_local std::time_t written = 0;
    thread_local std::string text;
    auto const now = std::time(nullptr);
    if (now != written) text = http_date(now);
    written = now;
    return text;
}

} // namespace

ResponseFraming frame_response(Response const& response, bool http_1_1)
{
    ResponseFraming framing;
    framing.has_body = response.status >= 200 && response.status != 204 && response.status != 304;
    bool const generated = std::holds_alternative<Generator>(response.body);
    framing.chunked = framing.has_body && generated && http_1_1;
    framing.self_delimited = !framing.has_body || !generated || http_1_1;
    framing.length = length_of(response);
    return framing;
}

std::string response_head(Response const& response, HeadFacts const& facts)
{
    std::string head;
    head.reserve(1024);
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    head.append(reason_phrase(response.status)).append("\r\n");
    head += field_lines(response.headers);
    if (response.kept_fields) head += *response.kept_fields;
    append_field(head, "Date", present_date());
    append_field(head, "X-Request-Id", facts.request_id);
    if (facts.framing.chunked) {
        append_field(head, "Transfer-Encoding", "chunked");
    } else if (facts.framing.has_body && facts.framing.self_delimited) {
        append_field(head, "Content-Length", std::to_string(facts.framing.length));
    }
    if (!facts.keep_alive) {
        append_field(head, "Connection", "close");
    } else if (!facts.http_1_1) {
        append_field(head, "Connection", "keep-alive");
    }
    return head += "\r\n";
}

std::string field_lines(Headers const& headers)
{
    std::string lines;
    for (auto const& [name, value] : headers) {
        if (!is_ours(name)) append_field(lines, name, value);
    }
    return lines;
}

std::string to_chunk(std::string_view bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes); }

std::string http_date(std::time_t at)
{
    // Names in English whatever the locale, so not with strftime.
    constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm t{};
    ::gmtime_r(&at, &t);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                       months[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

} // namespace nguon::http
