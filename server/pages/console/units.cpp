#include "server/app/units.hpp"

#include "core/gs1/printed_code.hpp"
#include "db/batches.hpp"
#include "server/pages/console/label_view.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

constexpr std::string_view units_url = "/console/units";

/// The page: what waits, and, once two labels were named, what would change between them.
struct Shown {
    std::vector<db::printed_codes::Waiting> waiting = {};
    std::optional<app::UnitRange> range = {};
    std::string lot = {}; // of the range
    std::optional<Error> refusal = {};
};

/// What a form or an address says, without a word about whether it is right.
struct Typed {
    app::UnitChange change = {};
    bool any = false;
};

Typed typed_of(Request const& request)
{
    auto const take = [&](std::string_view name) {
        return std::string{request.method == Method::post ? request.form.get(name) : request.query_value(name)};
    };
    Typed out{{take("first"), take("last"), take("to"), take("reason")}, false};
    out.any = !out.change.first.empty() || !out.change.last.empty() || !out.change.to.empty();
    if (out.change.to.empty()) out.change.to = "activated";
    return out;
}

Result<Shown> read_shown(db::Connection& c, OrganizationId const& org, Typed const& typed, std::int64_t page,
                         Instant now)
{
    Shown out;
    out.waiting = db::printed_codes::never_activated(c, org, now, (page - 1) * page_rows, page_rows + 1);
    if (!typed.any) return out;
    auto range = app::find_unit_range(c, org, typed.change.first, typed.change.last);
    if (range) {
        if (auto const batch = db::batches::find(c, org, range->batch)) out.lot = batch->lot;
        out.range = *std::move(range);
    } else {
        out.refusal = range.error();
    }
    return out;
}

json waiting_view(Request const& request, std::vector<db::printed_codes::Waiting> const& waiting)
{
    json rows = json::array();
    for (auto const& job : waiting)
        rows.push_back({{"product", job.product},
                        {"lot", job.lot},
                        {"count", show_count(request, job.count)},
                        {"printed_on", show_moment(request, job.printed_at)},
                        {"job_url", label_job_url(job.job)},
                        {"url", make_url(std::string{units_url},
                                         {{"first", job.first}, {"last", job.last}, {"to", "activated"}})}});
    return rows;
}

/// What a person is asked to confirm.
json range_view(Services const& services, Request const& request, Shown const& shown, app::UnitChange const& change)
{
    auto const& range = *shown.range;
    json states = json::array();
    for (auto const& [state, count] : range.counts)
        states.push_back(
            {{"state", chip(services, request, "console.unit_state", state)}, {"count", show_count(request, count)}});
    auto const changeable = range.changeable(change.to);
    return {
        {"first", gs1::to_grouped_code(range.range.first)},
        {"last", gs1::to_grouped_code(range.range.last)},
        {"one", range.range.first == range.range.last},
        {"lot", shown.lot},
        {"units", show_count(request, range.units())},
        {"states", std::move(states)},
        {"changeable", show_count(request, changeable)},
        {"nothing", changeable == 0},
        {"question", text(services, request, "console.unit.question." + change.to, {show_count(request, changeable)})},
        {"to", change.to},
        {"reason", change.reason},
        {"job_url", label_job_url(range.range.job)}};
}

http::Response units_page(Services& services, Request const& request, Shown shown, Typed const& typed,
                          Error const* error)
{
    json view{{"title", text(services, request, "console.unit.title")}, {"section", "batches"}};
    add_pages(view, request, units_url, shown.waiting.size());
    shown.waiting.resize(std::min(shown.waiting.size(), static_cast<std::size_t>(page_rows)));
    view["waiting"] = waiting_view(request, shown.waiting);
    view["has_waiting"] = !shown.waiting.empty();
    bool const known = std::ranges::find(app::settable_unit_states, typed.change.to) != app::settable_unit_states.end();
    view["range"] = shown.range && known ? range_view(services, request, shown, typed.change) : json{};
    if (error == nullptr && shown.refusal) error = &*shown.refusal;
    FormView form{services,
                  request,
                  "console.unit",
                  {{"first", typed.change.first},
                   {"last", typed.change.last},
                   {"to", typed.change.to},
                   {"reason", typed.change.reason}},
                  error};
    form.add({.name = "first", .required = true, .autocomplete = "off", .chars_max = 300});
    form.add({.name = "last", .autocomplete = "off", .chars_max = 300});
    form.add({.name = "to",
              .type = "select",
              .required = true,
              .options = options_of(services, request, "console.unit.to", app::settable_unit_states)});
    form.add({.name = "reason", .chars_max = 300});
    form.put_into(view);
    return console_page(services, request, "console/units", std::move(view), error);
}

net::awaitable<Result<Shown>> load(Services& services, Request const& request, Typed typed)
{
    auto work = [org = request.who.org, typed = std::move(typed), page = page_number(request),
                 now = services.clock.now()](db::Connection& c) { return read_shown(c, org, typed, page, now); };
    co_return co_await services.database.read(std::move(work));
}

} // namespace

net::awaitable<http::Response> show_units(Services& services, Request const& request)
{
    auto const typed = typed_of(request);
    auto shown = co_await load(services, request, typed);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return units_page(services, request, *std::move(shown), typed, nullptr);
}

net::awaitable<http::Response> change_units(Services& services, Request const& request)
{
    auto const typed = typed_of(request);
    auto const wanted = read_form_as(request.form, &app::read_unit_change);
    auto fault = wanted ? std::optional<Error>{} : std::optional<Error>{wanted.error()};
    if (wanted) {
        auto work = [actor = actor_of(services, request), wanted = *wanted](db::Connection& c) -> Result<std::string> {
            if (auto done = app::change_units(c, actor, wanted); !done) return done.error();
            return std::string{units_url} + "?done=units_changed";
        };
        auto const saved = co_await save_once(services, request, std::move(work));
        if (saved) co_return redirect(*saved);
        fault = saved.error();
    }
    auto shown = co_await load(services, request, typed);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return units_page(services, request, *std::move(shown), typed, &*fault);
}

} // namespace nguon::server::pages::console
