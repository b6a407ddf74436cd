#include "core/http/uri.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "server/api/epcis.hpp"
#include "server/api/records.hpp"
#include "server/app/capture_events.hpp"
#include "server/web/locale.hpp"

namespace nguon::server::api {
namespace {

using app::ErrorBehaviour;

/// One event that was not taken, as a problem of its own.
json to_problem(Locale const& locale, app::RefusedEvent const& refused)
{
    auto const& error = refused.error;
    auto fields = json::array();
    for (auto const& field : error.fields)
        fields.push_back({{"pointer", field.pointer},
                          {"key", field.key},
                          {"title", locale.text("en", field.key, field.values)},
                          {"detail", locale.text("vi", field.key, field.values)}});
    bool const taken = error.key == "epcis.event_id_taken";
    return {{"type", taken ? "epcisException:ResourceAlreadyExistsException" : "epcisException:ValidationException"},
            {"title", locale.text("en", error.key, error.values)},
            {"detail", locale.text("vi", error.key, error.values)},
            {"status", taken ? 409 : 400},
            {"event", refused.ordinal},
            {"errors", std::move(fields)}};
}

/// What a query on the capture job answers (EPCIS 2.0 §8.2.7.2).
json to_job(Locale const& locale, app::CaptureJob const& job)
{
    auto const at = to_iso(OffsetTime{job.received_at, vietnam_offset});
    auto errors = json::array();
    for (auto const& refused : job.refused) errors.push_back(to_problem(locale, refused));
    return {{"captureID", job.id.text()},
            {"createdAt", at},
            {"finishedAt", at},
            {"running", false},
            {"success", job.refused.empty()},
            {"captureErrorBehaviour", job.behaviour == ErrorBehaviour::proceed ? "proceed" : "rollback"},
            {"errors", std::move(errors)},
            {"eventCount", job.events}};
}

/// People and keys of the province act for the province's own organization.
Result<OrganizationId> acting_for(db::Connection& c, OrganizationId const& own)
{
    if (!own.empty()) return own;
    if (auto const authority = db::organizations::find_authority(c)) return *authority;
    return forbidden("api.no_organization");
}

/// Errors: invalid "epcis.error_behaviour" {text}.
Result<ErrorBehaviour> read_behaviour(Request const& request)
{
    auto const text = request.header("GS1-Capture-Error-Behaviour");
    if (text.empty() || text == "rollback") return ErrorBehaviour::rollback;
    if (text == "proceed") return ErrorBehaviour::proceed;
    return invalid("epcis.error_behaviour", {std::string{text}});
}

} // namespace

/// POST /epcis/capture: a JSON-LD document, taken whole or not at all, or (proceed) whatever of it can be taken.
net::awaitable<http::Response> capture(Services& services, Request const& request)
{
    auto const behaviour = read_behaviour(request);
    if (!behaviour) co_return problem(services, request, behaviour.error());
    auto read = [&request, behaviour = *behaviour]() -> Result<app::CapturedDocument> {
        if (auto const good = check_media_type(request); !good) return good.error();
        return app::read_captured(request.body.bytes(), std::string{request.header("Content-Type")}, behaviour);
    };
    auto document = co_await services.cpu_pool.run(read);
    if (!document) co_return problem(services, request, document.error());

    auto work = [document = *std::move(document), &locale = services.locale,
                 actor = actor_of(services, request)](db::Connection& c) mutable -> Result<Created> {
        auto org = acting_for(c, actor.org);
        if (!org) return org.error();
        actor.org = *std::move(org);
        auto const job = app::capture_events(c, actor, document);
        if (!job) return job.error();
        return Created{"/epcis/capture/" + job->id.text(), to_job(locale, *job), 202};
    };
    auto response = co_await create(services, request, std::move(work));
    add_epcis_fields(response);
    co_return response;
}

/// POST /epcis/events: one event, taken before the answer. The same event again is refused (409), as the standard has
/// it; /epcis/capture takes a repeat in silence.
net::awaitable<http::Response> capture_event(Services& services, Request const& request)
{
    auto read = [&request]() -> Result<app::CapturedDocument> {
        if (auto const good = check_media_type(request); !good) return good.error();
        return app::read_captured_event(request.body.bytes(), std::string{request.header("Content-Type")});
    };
    auto document = co_await services.cpu_pool.run(read);
    if (!document) co_return problem(services, request, document.error());

    auto work = [document = *std::move(document),
                 actor = actor_of(services, request)](db::Connection& c) mutable -> Result<Created> {
        auto org = acting_for(c, actor.org);
        if (!org) return org.error();
        actor.org = *std::move(org);
        auto const& event = document.events.front();
        auto const job = app::capture_events(c, actor, document);
        if (!job) return job.error();
        if (job->repeated > 0) return conflict("epcis.event_id_taken", {event.event_id});
        return Created{"/epcis/events/" + http::percent_encode(event.event_id), {}, 201};
    };
    auto response = co_await create(services, request, std::move(work));
    add_epcis_fields(response);
    co_return response;
}

/// GET /epcis/capture/{capture}
net::awaitable<http::Response> show_capture(Services& services, Request const& request)
{
    auto work = [id = CaptureId{std::string{request.param("capture")}}, &locale = services.locale,
                 own = request.who.org](db::Connection& c) -> Result<json> {
        auto const org = acting_for(c, own);
        if (!org) return org.error();
        auto const job = app::find_capture_job(c, *org, id);
        if (!job) return job.error();
        return to_job(locale, *job);
    };
    auto response = co_await show(services, request, std::move(work));
    add_epcis_fields(response);
    co_return response;
}

/// GET /epcis/capture: one's own jobs, newest first, as a bare list.
net::awaitable<http::Response> list_captures(Services& services, Request const& request)
{
    auto const wanted = read_list_request(request);
    if (!wanted) co_return problem(services, request, wanted.error());
    auto work = [own = request.who.org, wanted = *wanted](db::Connection& c) -> Result<std::vector<app::CaptureJob>> {
        auto const org = acting_for(c, own);
        if (!org) return org.error();
        std::optional<app::CaptureJob> behind;
        if (wanted.token) {
            behind.emplace();
            behind->id = CaptureId{wanted.token->position.value};
            behind->received_at = from_micros(wanted.token->position.at);
        }
        return app::list_capture_jobs(c, *org, behind, wanted.per_page + 1);
    };
    auto jobs = co_await services.database.read(std::move(work));
    if (!jobs) co_return problem(services, request, jobs.error());
    bool const more = std::ssize(*jobs) > wanted->per_page;
    if (more) jobs->pop_back();
    auto list = json::array();
    for (auto const& job : *jobs) list.push_back(to_job(services.locale, job));
    auto response = json_response(200, list);
    add_epcis_fields(response);
    if (more) {
        PageToken token;
        token.query = wanted->digest;
        token.position.at = to_micros(jobs->back().received_at);
        token.position.value = jobs->back().id.text();
        add_next_page(services, request, response, write_page_token(token));
    }
    co_return response;
}

} // namespace nguon::server::api
