#include "server/pages/origin.hpp"

#include "core/bytes.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/runtime/clock.hpp"
#include "db/blobs.hpp"
#include "db/database.hpp"
#include "server/app/naming.hpp"
#include "server/app/origin.hpp"
#include "server/app/scan_counter.hpp"
#include "server/http/compress.hpp"
#include "server/http/page_cache.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/pages/origin_view.hpp"
#include "server/services.hpp"
#include "server/web/page.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

constexpr std::string_view origin_cache_control = "private, max-age=0, must-revalidate";
constexpr int brotli_quality = 4;
constexpr int gzip_level = 5;

/// What was found of a code, with its page when it has one.
struct Found {
    app::Subject subject = {};
    std::optional<app::Origin> origin = {};
};

/// Link previews of chats and crawlers are no consumers.
bool is_robot(std::string_view agent)
{
    static constexpr std::array words{
        "bot",      "Bot",   "crawl",  "spider",   "facebookexternalhit", "WhatsApp", "preview",
        "Zalo-Web", "curl/", "python", "Telegram", "Headless-Preview"};
    return std::ranges::any_of(words, [&](char const* word) { return agent.find(word) != std::string_view::npos; });
}

/// HEAD, prefetches, robots and signed-in members are not counted (they would spoil the count of a copied label).
bool counts_as_scan(Request const& request)
{
    return request.method == Method::get && request.who.is_anonymous() && request.header("Sec-Purpose").empty() &&
           request.header("Purpose").empty() && !is_robot(request.header("User-Agent"));
}

void count_scan(Services& services, Request const& request, std::string const& subject, Instant now)
{
    if (subject.empty() || !counts_as_scan(request)) return;
    static auto const key = random_bytes(32); // dies with the process: nobody can link devices later
    auto const day = to_iso(vietnam_date(now));
    auto const device = to_base64url(
        hmac_sha256(key, day + request.peer.address + std::string{request.header("User-Agent")}).substr(0, 9));
    services.scans.add(subject, device, now);
}

unsigned status_of_verdict(app::Verdict verdict)
{
    using enum app::Verdict;
    return verdict == unknown || verdict == unknown_lot || verdict == unknown_unit ? 404 : 200;
}

/// Strangers of one language and encoding get the same bytes; the count of scans of a unit must be fresh.
std::string cache_key(Request const& request)
{
    bool const known_query = request.query.empty() || request.query == "lang=" + request.language;
    if (request.method != Method::get || !request.who.is_anonymous() || !known_query) return {};
    if (!request.header("Cookie").empty() || !request.header("If-None-Match").empty()) return {};
    auto const accepted = request.header("Accept-Encoding");
    auto const* encoding = accepts_encoding(accepted, "br") ? "br" : accepts_encoding(accepted, "gzip") ? "gzip" : "";
    return request.path + "\n" + request.language + "\n" + encoding + "\n" + std::string{request.query};
}

http::Response cached_response(PageCache::Page const& cached)
{
    http::Response response;
    response.body = cached.body;
    response.header("Content-Type", cached.content_type);
    response.header("Content-Language", cached.language);
    if (!cached.content_encoding.empty()) response.header("Content-Encoding", cached.content_encoding);
    response.header("Cache-Control", std::string{origin_cache_control});
    response.header("Vary", "Accept, Accept-Language, Accept-Encoding");
    return response;
}

/// Compresses the page once, keeps it, and answers with the very bytes that were kept.
http::Response keep_page(Services& services, Request const& request, http::Response response, std::string const& key,
                         std::uint64_t generation, app::Subject const& subject)
{
    auto* body = std::get_if<std::string>(&response.body);
    bool const whole_lot = subject.unit_code.empty();
    if (key.empty() || response.status != 200 || body == nullptr || !whole_lot || response.headers.has("Set-Cookie"))
        return response;
    PageCache::Page cached;
    cached.content_type = response.headers.get("Content-Type");
    cached.language = request.language;
    cached.scan_subject = subject.scan_subject;
    auto const accepted = request.header("Accept-Encoding");
    if (accepts_encoding(accepted, "br")) {
        cached.content_encoding = "br";
        *body = compress_brotli(*body, brotli_quality);
    } else if (accepts_encoding(accepted, "gzip")) {
        cached.content_encoding = "gzip";
        *body = compress_gzip(*body, gzip_level);
    }
    cached.body = std::make_shared<std::string const>(std::move(*body));
    auto answer = cached_response(cached);
    services.page_cache.put(key, generation, std::move(cached));
    return answer;
}

http::Response origin_page(Services& services, Request const& request, Result<Found> const& found, Instant now)
{
    if (!found) return page_problem(services, request, found.error());
    auto const status = status_of_verdict(found->subject.verdict);
    // An unknown lot of a known product still shows the product and asks for the lot again.
    auto view = found->origin ? origin_view(services, request, *found->origin, now)
                              : unknown_view(services, request, found->subject);
    auto response = page(services, request, found->origin ? "origin" : "unknown", std::move(view), status);
    count_scan(services, request, found->subject.scan_subject, now);
    response.header("Cache-Control", std::string{origin_cache_control});
    response.header("Vary", "Accept, Accept-Language");
    return response;
}

Result<Found> look(db::Connection& c, app::Subject subject, Instant now)
{
    Found found{std::move(subject), {}};
    if (!found.subject.product) return found;
    auto origin = app::trace_code(c, found.subject, now);
    if (!origin) return origin.error();
    found.origin = *std::move(origin);
    found.subject.verdict = found.origin->subject.verdict;
    return found;
}

/// "?lot=" from the page that asks for the lot.
std::string with_lot(Request const& request)
{
    auto const lot = request.query_value("lot");
    return lot.empty() ? std::string{} : "/10/" + gs1::percent_encode(lot);
}

} // namespace

net::awaitable<http::Response> show_origin(Services& services, Request const& request)
{
    auto const key = cache_key(request);
    auto const generation = services.database.generation();
    if (auto const cached = key.empty() ? nullptr : services.page_cache.find(key, generation)) {
        count_scan(services, request, cached->scan_subject, services.clock.now());
        co_return cached_response(*cached);
    }
    auto const reading = gs1::read_digital_link_path(request.path, request.query);
    if (auto const lot = with_lot(request); !lot.empty() && reading.link.path_elements == 1)
        co_return redirect("/01/" + reading.link.elements.front().value + lot);
    if (!reading.valid()) {
        auto error = gs1::to_error(reading.faults);
        co_return any_problem(services, request, error);
    }
    auto const now = services.clock.now();
    auto work = [elements = reading.link.elements, now](db::Connection& c) {
        return look(c, app::find_subject(c, elements, vietnam_date(now)), now);
    };
    auto const found = co_await services.database.read(std::move(work));
    auto response = origin_page(services, request, found, now);
    if (!found) co_return response;
    co_return keep_page(services, request, std::move(response), key, generation, found->subject);
}

net::awaitable<http::Response> show_printed_code(Services& services, Request const& request)
{
    auto const code = gs1::read_printed_code(request.param("code"));
    if (!code) co_return any_problem(services, request, code.error());
    auto const now = services.clock.now();
    auto work = [code = *code, now](db::Connection& c) {
        return look(c, app::find_subject(c, code, vietnam_date(now)), now);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (found && found->subject.product && !found->subject.product->gtin.empty() && found->subject.batch) {
        auto const& subject = found->subject;
        auto response = redirect(
            app::label_path(subject.product->gtin, subject.batch->lot, subject.unit_code, subject.batch->code) +
            (request.query.empty() ? "" : "?" + request.query));
        response.status = 307;
        co_return response;
    }
    co_return origin_page(services, request, found, now);
}

net::awaitable<http::Response> show_file(Services& services, Request const& request)
{
    auto const who = request.who;
    auto work = [digest = std::string{request.param("sha256")}, who](db::Connection& c) -> Result<db::blobs::File> {
        auto file = db::blobs::find_public(c, digest);
        if (file) return file;
        if (who.sees_all("province:read")) return db::blobs::find_any(c, digest);
        if (!who.org.empty()) return db::blobs::find(c, who.org, digest);
        return file;
    };
    auto file = co_await services.database.read(std::move(work));
    if (!file) co_return any_problem(services, request, file.error());
    auto response =
        file_response(std::move(file->bytes), file->media_type, request.param("sha256").substr(0, 12), true);
    // The address names the bytes, so they never change; who may see them is asked anew only after a day.
    response.header("Cache-Control", "private, max-age=86400");
    response.header("ETag", "\"" + std::string{request.param("sha256")}.substr(0, 32) + "\"");
    co_return response;
}

} // namespace nguon::server::pages
