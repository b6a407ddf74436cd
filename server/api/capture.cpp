#include "core/runtime/cpu_pool.hpp"
#include "server/api/records.hpp"
#include "server/app/capture_events.hpp"

namespace nguon::server::api {
namespace {

/// What a query on the capture job answers (EPCIS 2.0 §8.2.7.2).
json to_job(app::CaptureJob const& job)
{
    auto const at = to_iso(OffsetTime{job.received_at, vietnam_offset});
    return {{"captureID", job.id.text()}, {"createdAt", at},         {"finishedAt", at},
            {"running", false},           {"success", true},         {"captureErrorBehaviour", "rollback"},
            {"errors", json::array()},    {"eventCount", job.events}};
}

/// People and keys of the province act for the province's own organization.
Result<OrganizationId> acting_for(db::Connection& c, OrganizationId const& own)
{
    if (!own.empty()) return own;
    if (auto const authority = db::organizations::find_authority(c)) return *authority;
    return forbidden("api.no_organization");
}

} // namespace

/// POST /epcis/capture: a JSON-LD document, taken whole or not at all.
net::awaitable<http::Response> capture(Services& services, Request const& request)
{
    auto read = [&request]() -> Result<app::CapturedDocument> {
        if (auto const good = check_media_type(request); !good) return good.error();
        return app::read_captured(request.body.bytes(), std::string{request.header("Content-Type")});
    };
    auto document = co_await services.cpu_pool.run(read);
    if (!document) co_return problem(services, request, document.error());

    auto work = [document = *std::move(document),
                 actor = actor_of(services, request)](db::Connection& c) mutable -> Result<Created> {
        auto org = acting_for(c, actor.org);
        if (!org) return org.error();
        actor.org = *std::move(org);
        auto const job = app::capture_events(c, actor, document);
        if (!job) return job.error();
        return Created{"/epcis/capture/" + job->id.text(), to_job(*job), 202};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /epcis/capture/{capture}
net::awaitable<http::Response> show_capture(Services& services, Request const& request)
{
    auto work = [id = CaptureId{std::string{request.param("capture")}},
                 own = request.who.org](db::Connection& c) -> Result<json> {
        auto const org = acting_for(c, own);
        if (!org) return org.error();
        auto const job = app::find_capture_job(c, *org, id);
        if (!job) return job.error();
        return to_job(*job);
    };
    co_return co_await show(services, request, std::move(work));
}

} // namespace nguon::server::api
