#include "core/fold.hpp"
#include "server/app/events.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/console/event_view.hpp"

#include <charconv>

namespace nguon::server::pages::console {
namespace {

struct Diary {
    std::vector<EventRow> rows = {};
    std::int64_t next = 0; // number of the last event shown, when there are more
};

Diary read_diary(db::Connection& c, OrganizationId const& org, std::int64_t before)
{
    auto stored = db::events::of_organization(c, org, before, static_cast<std::size_t>(page_rows) + 1);
    Diary out;
    if (stored.size() > static_cast<std::size_t>(page_rows)) {
        stored.pop_back();
        out.next = stored.back().seq;
    }
    out.rows = describe_events(c, org, stored);
    return out;
}

std::int64_t before_of(Request const& request)
{
    auto const given = request.query_value("before");
    std::int64_t before = 0;
    std::from_chars(given.data(), given.data() + given.size(), before);
    return std::max<std::int64_t>(before, 0);
}

net::awaitable<Result<EventRow>> load(Services& services, Request const& request)
{
    auto work = [org = request.who.org, id = std::string{request.param("id")}](db::Connection& c) -> Result<EventRow> {
        auto const stored = db::events::find(c, org, id);
        if (!stored) return stored.error();
        auto rows = describe_events(c, org, {*stored});
        if (rows.empty()) return not_found("event.unknown"); // a declaration has no page of its own
        return std::move(rows.front());
    };
    co_return co_await services.database.read(std::move(work));
}

http::Response event_page(Services& services, Request const& request, EventRow const& row, Error const* error)
{
    auto view = event_view(services, request, row);
    view["section"] = "events";
    view["action"] = "/console/events/" + row.stored.id + "/wrong";
    view["may_declare"] = !row.wrong && request.who.may("event:write");
    view["wrong_open"] = error != nullptr;
    if (row.wrong && !row.batch.empty() && !row.stored.template_key.empty())
        view["again_url"] =
            make_url("/console/batches/" + row.batch.text() + "/events/new", {{"step", row.stored.template_key}});
    FormView form{services, request, "console.event", request.form.to_json(), error};
    form.add({.name = "reason", .required = true, .seen_by = SeenBy::authority, .chars_max = 300});
    form.put_into(view);
    return console_page(services, request, "console/event", std::move(view), error);
}

} // namespace

net::awaitable<http::Response> show_events(Services& services, Request const& request)
{
    auto work = [org = request.who.org, before = before_of(request)](db::Connection& c) -> Result<Diary> {
        return read_diary(c, org, before);
    };
    auto const diary = co_await services.database.read(std::move(work));
    if (!diary) co_return page_problem(services, request, diary.error());
    json view{{"title", text(services, request, "console.event.diary")},
              {"section", "events"},
              {"events", json::array()},
              {"has_events", !diary->rows.empty()},
              {"first", before_of(request) == 0},
              {"older", diary->next == 0 ? std::string{}
                                         : make_url("/console/events", {{"before", std::to_string(diary->next)}})}};
    for (auto const& row : diary->rows) view["events"].push_back(event_view(services, request, row));
    co_return console_page(services, request, "console/events", std::move(view));
}

net::awaitable<http::Response> show_event(Services& services, Request const& request)
{
    auto const row = co_await load(services, request);
    if (!row) co_return page_problem(services, request, row.error());
    co_return event_page(services, request, *row, nullptr);
}

net::awaitable<http::Response> declare_event_wrong(Services& services, Request const& request)
{
    auto const row = co_await load(services, request);
    if (!row) co_return page_problem(services, request, row.error());
    auto const reason = read_reason(request.form);
    if (!reason) co_return event_page(services, request, *row, &reason.error());
    auto work = [actor = actor_of(services, request), id = row->stored.id,
                 reason = *reason](db::Connection& c) -> Result<std::string> {
        if (auto declared = app::declare_error(c, actor, id, reason, {}); !declared) return std::move(declared).error();
        return "/console/events/" + id + "?done=declared_wrong";
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    co_return event_page(services, request, *row, &saved.error());
}

} // namespace nguon::server::pages::console
