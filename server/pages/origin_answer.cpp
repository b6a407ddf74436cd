#include "server/pages/origin_answer.hpp"

#include "core/http/response_head.hpp"
#include "server/http/finish.hpp"
#include "server/http/page_cache.hpp"
#include "server/http/problem.hpp"
#include "server/http/static_files.hpp"
#include "server/pages/origin_view.hpp"
#include "server/pages/scan_count.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::pages {
namespace {

constexpr std::string_view origin_cache_control = "private, max-age=0, must-revalidate";

unsigned status_of_verdict(app::Verdict verdict)
{
    using enum app::Verdict;
    return verdict == unknown || verdict == unknown_lot || verdict == unknown_unit ? 404 : 200;
}

/// The code that stands on the label.
std::string printed_code_of(app::Subject const& subject)
{
    if (!subject.unit_code.empty()) return subject.unit_code;
    return subject.batch ? subject.batch->code : std::string{};
}

} // namespace

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

Glance glance_of(Services const& services, Request const& request)
{
    return {services.clock.now(), std::string{request.query_value("k")}, services.sealer};
}

Result<Found> look(db::Connection& c, app::Subject subject, Glance const& glance)
{
    Found found{std::move(subject), {}};
    if (!found.subject.product) return found;
    auto origin = app::trace_code(c, found.subject, glance.now);
    if (!origin) return origin.error();
    found.origin = *std::move(origin);
    found.subject.verdict = found.origin->subject.verdict;
    auto const code = printed_code_of(found.subject);
    found.origin->label_check = app::judge_label_check(c, glance.sealer.get(), code, glance.label_check);
    return found;
}

bool is_unknown_part(app::Subject const& subject)
{
    return subject.verdict == app::Verdict::unknown_lot || subject.verdict == app::Verdict::unknown_unit;
}

} // namespace nguon::server::pages
