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
    auto head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
    auto const add = [&head](std::string_view name, std::string_view value) {
        head.append(name).append(": ").append(value).append("\r\n");
    };
    for (auto const& [name, value] : response.headers) {
        if (!is_ours(name)) add(name, value);
    }
    add("Date", http_date_now());
    add("X-Request-Id", facts.request_id);
    if (facts.framing.chunked) {
        add("Transfer-Encoding", "chunked");
    } else if (facts.framing.has_body && facts.framing.self_delimited) {
        add("Content-Length", std::to_string(facts.framing.length));
    }
    if (!facts.keep_alive) {
        add("Connection", "close");
    } else if (!facts.http_1_1) {
        add("Connection", "keep-alive");
    }
    return head += "\r\n";
}

std::string to_chunk(std::string_view bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes); }

std::string http_date_now()
{
    // Names in English whatever the locale, so not with strftime.
    constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const now = std::time(nullptr);
    std::tm t{};
    ::gmtime_r(&now, &t);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                       months[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

} // namespace nguon::http
