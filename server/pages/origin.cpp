#include "server/pages/origin.hpp"

#include "core/gs1/digital_link.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/http/response_head.hpp"
#include "core/runtime/clock.hpp"
#include "db/blobs.hpp"
#include "db/complaints.hpp"
#include "db/database.hpp"
#include "server/app/naming.hpp"
#include "server/app/origin.hpp"
#include "server/http/finish.hpp"
#include "server/http/page_cache.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/http/url.hpp"
#include "server/pages/origin_view.hpp"
#include "server/pages/scan_count.hpp"
#include "server/services.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

constexpr std::string_view origin_cache_control = "private, max-age=0, must-revalidate";

/// What was found of a code, with its page when it has one.
struct Found {
    app::Subject subject = {};
    std::optional<app::Origin> origin = {};
    bool is_case = false; // no label's code, but that of somebody's report
};

unsigned status_of_verdict(app::Verdict verdict)
{
    using enum app::Verdict;
    return verdict == unknown || verdict == unknown_lot || verdict == unknown_unit ? 404 : 200;
}

/// Finishes the page of a stranger and keeps it as it is sent. The count of scans of a unit must be fresh.
http::Response keep_page(Services& services, Request const& request, http::Response response, std::uint64_t generation,
                         app::Subject const& subject)
{
    auto const key = PageCache::key_of(request, request.peer.secure);
    bool const whole_lot = subject.unit_code.empty();
    if (key.empty() || response.status != 200 || !whole_lot || response.headers.has("Set-Cookie")) return response;
    finish(request, response, services.settings, services.static_files.public_css_hash());
    auto* const body = std::get_if<std::string>(&response.body);
    if (body == nullptr) return response;
    PageCache::Page kept;
    kept.fields = std::make_shared<std::string const>(http::field_lines(response.headers));
    kept.body = std::make_shared<std::string const>(std::move(*body));
    kept.scan_subject = subject.scan_subject;
    response.body = kept.body;
    services.page_cache.put(key, generation, std::move(kept));
    return response;
}

http::Response origin_page(Services& services, Request const& request, Result<Found> const& found, Instant now)
{
    if (!found) return page_problem(services, request, found.error());
    auto const status = status_of_verdict(found->subject.verdict);
    // An unknown lot of a known product still shows the product and asks for the lot again.
    auto view = found->origin ? origin_view(services, request, *found->origin, now)
                              : unknown_view(services, request, found->subject);
    auto response = page(services, request, found->origin ? "origin" : "unknown", std::move(view), status);
    if (request.who.is_anonymous()) count_scan(services, request, request.peer, found->subject.scan_subject);
    response.header("Cache-Control", std::string{origin_cache_control});
    response.header("Vary", "Accept, Accept-Language");
    return response;
}

http::Response faulty_code(Services& services, Request const& request, Error const& error)
{
    if (!request.wants_html()) return problem(services, request, error);
    return page(services, request, "unknown", faulty_view(services, request, error), status_of(error));
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
    auto const generation = services.database.generation();
    auto const reading = gs1::read_digital_link_path(request.path, request.query);
    if (auto const lot = with_lot(request); !lot.empty() && reading.link.path_elements == 1)
        co_return redirect("/01/" + reading.link.elements.front().value + lot);
    if (!reading.valid()) {
        auto error = gs1::to_error(reading.faults);
        co_return faulty_code(services, request, error);
    }
    auto const now = services.clock.now();
    auto work = [elements = reading.link.elements, now](db::Connection& c) {
        return look(c, app::find_subject(c, elements, vietnam_date(now)), now);
    };
    auto const found = co_await services.database.read(std::move(work));
    auto response = origin_page(services, request, found, now);
    if (!found) co_return response;
    co_return keep_page(services, request, std::move(response), generation, found->subject);
}

net::awaitable<http::Response> show_printed_code(Services& services, Request const& request)
{
    auto const code = gs1::read_printed_code(request.param("code"));
    if (!code) co_return faulty_code(services, request, code.error());
    auto const now = services.clock.now();
    auto work = [code = *code, now](db::Connection& c) {
        auto found = look(c, app::find_subject(c, code, vietnam_date(now)), now);
        if (found && !found->subject.product) found->is_case = db::complaints::find(c, code).ok();
        return found;
    };
    auto const found = co_await services.database.read(std::move(work));
    if (found && found->is_case)
        co_return redirect(make_url("/case/" + *code, {{"lang", request.query_value("lang")}}));
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
