#include "core/runtime/mail.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include <curl/curl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace nguon {
namespace {

constexpr std::size_t encoded_word_bytes = 45; // become 60 characters
constexpr std::size_t body_line_bytes = 57;    // become 76

/// The length of the longest piece that cuts no character.
std::size_t whole_characters(std::string_view text, std::size_t bytes_max)
{
    if (text.size() <= bytes_max) return text.size();
    auto end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return end;
}

/// RFC 2047, one word a line.
std::string encoded_words(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        auto const size = whole_characters(text, encoded_word_bytes);
        out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + to_base64(text.substr(0, size)) + "?=");
        text.remove_prefix(size);
    }
    return out;
}

std::string base64_lines(std::string_view text)
{
    std::string out;
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), body_line_bytes)))
        out += to_base64(text.substr(0, body_line_bytes)) + "\r\n";
    return out;
}

std::string mail_date(Instant at)
{
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const seconds = std::chrono::floor<std::chrono::seconds>(at) + vietnam_offset;
    auto const day = std::chrono::floor<std::chrono::days>(seconds);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{seconds - day};
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0700", days[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::string joined(std::vector<std::string> const& addresses)
{
    std::string out;
    for (auto const& address : addresses) out += (out.empty() ? "<" : ",\r\n <") + address + ">";
    return out;
}

/// What is still to be read of the message, and whether to go on.
struct Upload {
    std::string_view rest = {};
    std::atomic<bool> const* stop = nullptr;
};

std::size_t read_piece(char* place, std::size_t size, std::size_t count, void* state)
{
    auto& rest = static_cast<Upload*>(state)->rest;
    auto const bytes = std::min(size * count, rest.size());
    std::memcpy(place, rest.data(), bytes);
    rest.remove_prefix(bytes);
    return bytes;
}

int look_at_stop(void* state, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<Upload*>(state)->stop->load() ? 1 : 0;
}

struct CurlLibrary {
    CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~CurlLibrary() { curl_global_cleanup(); }
    CurlLibrary(CurlLibrary const&) = delete;
    CurlLibrary& operator=(CurlLibrary const&) = delete;
};

bool is_loopback(std::string_view url)
{
    url.remove_prefix(std::min(url.find("//") + 2, url.size()));
    auto const authority = url.substr(0, url.find('/'));
    bool const bracketed = authority.starts_with('[');
    auto const host =
        bracketed ? authority.substr(0, authority.find(']') + 1) : authority.substr(0, authority.find(':'));
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void set_server(CURL* curl, MailServer const& server)
{
    curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(is_loopback(server.url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server.authority.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.authority.c_str());
    if (!server.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(server.time.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

} // namespace

std::string to_message(Mail const& mail)
{
    auto const domain = mail.from.substr(std::min(mail.from.find('@') + 1, mail.from.size()));
    return "Date: " + mail_date(mail.at) + "\r\nFrom: <" + mail.from + ">\r\nTo: " + joined(mail.to) +
           "\r\nMessage-ID: <" + mail.id + "@" + domain + ">\r\nSubject: " + encoded_words(mail.subject) +
           "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           base64_lines(mail.text);
}

Status send_mail(MailServer const& server, Mail const& mail, std::atomic<bool> const& stop)
{
    static CurlLibrary const library;
    Handle const curl{curl_easy_init(), &curl_easy_cleanup};
    if (!curl) return unavailable("mail.failed", "no memory");
    set_server(curl.get(), server);
    auto const sender = "<" + mail.from + ">";
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, sender.c_str());
    List receivers{nullptr, &curl_slist_free_all};
    for (auto const& to : mail.to) {
        auto* const longer = curl_slist_append(receivers.get(), ("<" + to + ">").c_str());
        if (longer == nullptr) return unavailable("mail.failed", "no memory");
        static_cast<void>(receivers.release());
        receivers.reset(longer);
    }
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, receivers.get());
    auto const message = to_message(mail);
    Upload upload{message, &stop};
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &read_piece);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &look_at_stop);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &upload);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    char said[CURL_ERROR_SIZE] = {};
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, &said[0]);
    auto const code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return Done{};
    std::string const what = said[0] == '\0' ? curl_easy_strerror(code) : &said[0];
    return Error{ErrorCode::unavailable, "mail.failed", {what}, what, {}};
}

} // namespace nguon
