#include "db/alarms.hpp"
#include "server/api/records.hpp"
#include "server/app/alarms.hpp"
#include "server/app/notice_text.hpp"
#include "server/web/locale.hpp"

namespace nguon::server::api {
namespace {

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json to_record(Locale const& locale, std::string const& language, db::alarms::Alarm const& alarm)
{
    auto const words = app::alarm_text(locale, language, alarm);
    return without_blanks({{"id", alarm.id},
                           {"kind", alarm.kind},
                           {"subject", alarm.subject},
                           {"severity", db::alarms::to_text(alarm.severity)},
                           {"title", words.title},
                           {"text", words.text},
                           {"who", words.who},
                           {"since", moment(alarm.since)},
                           {"cleared_at", alarm.cleared_at ? json(moment(*alarm.cleared_at)) : json()},
                           {"acknowledged_at", alarm.acknowledged_at ? json(moment(*alarm.acknowledged_at)) : json()},
                           {"acknowledged_reason", alarm.acknowledged_reason}});
}

} // namespace

/// GET /api/v1/alarms: those that stand, worst first; with ?state=ended those that are over, the latest first.
net::awaitable<http::Response> list_alarms(Services& services, Request const& request)
{
    auto rows = [locale = &services.locale, language = request.language,
                 ended = request.query_value("state") == "ended"](db::Connection& c, Paging const& paging) -> Rows {
        auto const show = [&](auto const& alarm) { return to_record(*locale, language, alarm); };
        if (ended) return rows_of(db::alarms::ended(c, paging.offset, paging.limit + 1), show);
        return rows_of(slice(db::alarms::standing(c), paging), show);
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/alarms/{alarm}/acknowledge
net::awaitable<http::Response> acknowledge_alarm(Services& services, Request const& request)
{
    if (!request.who.may("sync:write", OrganizationId{}))
        co_return problem(services, request, forbidden("alarm.whole_province"));
    auto const reason = read_body(request, [](JsonReader& in) { return read_reason(in); });
    if (!reason) co_return problem(services, request, reason.error());
    auto work = [locale = &services.locale, actor = actor_of(services, request),
                 id = std::string{request.param("alarm")}, reason = *reason,
                 language = request.language](db::Connection& c) -> Result<Created> {
        if (auto const done = app::acknowledge_alarm(c, actor, id, reason); !done) return done.error();
        auto const alarm = db::alarms::find(c, id);
        if (!alarm) return alarm.error();
        return Created{{}, to_record(*locale, language, *alarm), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
