#include "server/api/desk.hpp"
#include "server/app/approvals.hpp"
#include "server/app/recall_cases.hpp"
#include "server/app/recall_forms.hpp"
#include "server/app/recall_publishing.hpp"

namespace nguon::server::api {
namespace {

constexpr std::int64_t lots_shown = 200;

std::string recall_of(Request const& request) { return std::string{request.param("recall")}; }

/// The case as an officer sees it, within the areas of the asker.
Result<json> record_within(db::Connection& c, Principal const& who, std::string const& id)
{
    auto const entry = app::recall_within(c, who, id);
    if (!entry) return entry.error();
    return app::to_json(app::read_recall(c, *entry, who.areas("trace:read"), {}, 0, lots_shown));
}

/// A change by who may recall in the whole province: `change` (Connection&, Actor const&, id -> Status), then the case.
template <typename Change>
net::awaitable<http::Response> change_case(Services& services, Request const& request, Change change)
{
    if (auto const may = app::may_recall(request.who); !may) co_return problem(services, request, may.error());
    auto work = [change = std::move(change), actor = actor_of(services, request), who = request.who,
                 id = recall_of(request)](db::Connection& c) mutable -> Result<Created> {
        if (auto const done = change(c, actor, id); !done) return done.error();
        auto record = record_within(c, who, id);
        if (!record) return record.error();
        return Created{{}, *std::move(record), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace

/// GET /api/v1/province/recalls?kind=&state=
net::awaitable<http::Response> list_recalls(Services& services, Request const& request)
{
    auto rows = [areas = request.who.areas("trace:read"), kind = std::string{request.query_value("kind")},
                 state = std::string{request.query_value("state")}](db::Connection& c, Paging const& paging) -> Rows {
        auto const found = db::recalls::list(c, areas, kind, state, paging.offset, paging.limit + 1);
        return rows_of(found, [](db::recalls::Line const& line) { return app::to_json(line); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/province/recalls: traces and opens a draft.
net::awaitable<http::Response> create_recall(Services& services, Request const& request)
{
    auto const wish = read_body(request, [](JsonReader& in) { return app::read_recall_wish(in); });
    if (!wish) co_return problem(services, request, wish.error());
    if (auto const may = app::may_recall(request.who); !may) co_return problem(services, request, may.error());
    auto look = [scope = wish->scope](db::Connection& c) { return app::trace_recall(c, scope); };
    auto const tracing = co_await services.database.read(std::move(look));
    if (!tracing) co_return problem(services, request, tracing.error());
    auto work = [actor = actor_of(services, request), who = request.who, texts = wish->texts,
                 tracing = *tracing](db::Connection& c) -> Result<Created> {
        auto const id = app::open_recall(c, actor, texts, tracing);
        if (!id) return id.error();
        auto record = record_within(c, who, *id);
        if (!record) return record.error();
        return Created{"/api/v1/province/recalls/" + *id, *std::move(record), 201};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/province/recalls/{recall}
net::awaitable<http::Response> show_recall(Services& services, Request const& request)
{
    auto work = [who = request.who, id = recall_of(request)](db::Connection& c) { return record_within(c, who, id); };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return problem(services, request, found.error());
    co_return json_response(200, *found);
}

/// POST /api/v1/province/recalls/{recall}/publish: by a second person.
net::awaitable<http::Response> publish_recall(Services& services, Request const& request)
{
    auto change = [](db::Connection& c, app::Actor const& actor, std::string const& id) {
        return app::publish_recall(c, actor, id);
    };
    auto answer = co_await change_case(services, request, std::move(change));
    constexpr unsigned good = 200;
    if (answer.status == good)
        co_await app::publish_rest(services.database, services.clock, actor_of(services, request), recall_of(request));
    co_return answer;
}

/// POST /api/v1/province/recalls/{recall}/lots/{batch}/end
net::awaitable<http::Response> end_recall_lot(Services& services, Request const& request)
{
    auto const reason = read_body(request, [](JsonReader& in) { return read_reason(in); });
    if (!reason) co_return problem(services, request, reason.error());
    auto change = [reason = *reason, batch = BatchId{std::string{request.param("batch")}}](
                      db::Connection& c, app::Actor const& actor, std::string const& id) {
        return app::end_recall_lot(c, actor, id, batch, reason);
    };
    co_return co_await change_case(services, request, std::move(change));
}

/// POST /api/v1/province/recalls/{recall}/close
net::awaitable<http::Response> close_recall(Services& services, Request const& request)
{
    auto const conclusion = read_body(
        request, [](JsonReader& in) { return in.text("conclusion", limits::recall_text_chars_max, Lines::many); });
    if (!conclusion) co_return problem(services, request, conclusion.error());
    auto change = [conclusion = *conclusion](db::Connection& c, app::Actor const& actor, std::string const& id) {
        return app::close_recall(c, actor, id, conclusion);
    };
    co_return co_await change_case(services, request, std::move(change));
}

/// GET /api/v1/recalls: what the enterprise is asked for.
net::awaitable<http::Response> list_own_recalls(Services& services, Request const& request)
{
    auto rows = [org = request.who.org](db::Connection& c, Paging const& paging) -> Rows {
        std::vector<json> out;
        for (auto const& line : slice(db::recalls::of_organization(c, org, paging.offset + paging.limit + 1), paging)) {
            auto record = app::to_json(line);
            record["affected"] = json::array();
            for (auto const& lot : db::recalls::lots(c, line.id, {}, org, 0, lots_shown))
                if (lot.included) record["affected"].push_back(app::to_json(lot));
            out.push_back(std::move(record));
        }
        return out;
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/recalls/{recall}/lots/{batch}/acknowledgement
net::awaitable<http::Response> acknowledge_recall(Services& services, Request const& request)
{
    auto const said = read_body(request, [](JsonReader& in) { return app::read_acknowledgement(in); });
    if (!said) co_return problem(services, request, said.error());
    auto work = [actor = actor_of(services, request), id = recall_of(request), said = *said,
                 batch = BatchId{std::string{request.param("batch")}}](db::Connection& c) -> Result<Created> {
        if (auto const done = app::acknowledge_recall(c, actor, id, batch, said); !done) return done.error();
        auto const lot = db::recalls::find_lot(c, id, batch);
        if (!lot) return lot.error();
        return Created{{}, app::to_json(*lot), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
