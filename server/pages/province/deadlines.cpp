#include "server/app/deadlines.hpp"

#include "server/pages/province/case_view.hpp"

#include <array>

namespace nguon::server::pages::province {
namespace {

constexpr std::array<std::string_view, 3> units{"hours", "days", "working_days"};

struct Shown {
    std::vector<db::deadlines::Deadline> deadlines = {};
    std::vector<db::deadlines::CalendarDay> days = {};
};

json unit_options(Services const& services, Request const& request, std::string const& chosen)
{
    json out = json::array();
    for (auto const unit : units)
        out.push_back({{"value", unit},
                       {"text", text(services, request, "cases.unit." + std::string{unit})},
                       {"selected", unit == chosen}});
    return out;
}

net::awaitable<http::Response> deadlines_page(Services& services, Request const& request, Error const* error)
{
    auto work = [](db::Connection& c) -> Result<Shown> {
        return Shown{db::deadlines::list(c), db::deadlines::calendar(c)};
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    json view{{"title", text(services, request, "cases.deadlines")},
              {"section", "deadlines"},
              {"may_change", request.who.may("reference:write")},
              {"deadlines", json::array()},
              {"days", json::array()}};
    for (auto const& deadline : shown->deadlines)
        view["deadlines"].push_back({{"name", deadline.name},
                                     {"label", text(services, request, "cases.deadline." + deadline.name)},
                                     {"amount", deadline.amount},
                                     {"unit", text(services, request, "cases.unit." + deadline.unit)},
                                     {"units", unit_options(services, request, deadline.unit)},
                                     {"basis", deadline.basis}});
    for (auto const& day : shown->days)
        view["days"].push_back(
            {{"day", show_date(request, day.day)},
             {"name", day.name},
             {"kind", text(services, request, day.working ? "cases.day.working" : "cases.day.free")}});
    FormView form{services, request, "cases.day", request.form.to_json(), error};
    Options const kinds{{"0", text(services, request, "cases.day.free")},
                        {"1", text(services, request, "cases.day.working")}};
    form.add({.name = "day", .type = "date", .required = true});
    form.add({.name = "working", .type = "select", .required = true, .options = kinds});
    form.add({.name = "name", .required = true, .chars_max = 100});
    form.put_into(view);
    co_return page(services, request, "province/deadlines", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

/// A form sends either a clock or a day.
Status save(db::Connection& c, app::Actor const& actor, std::map<std::string, std::string, std::less<>> const& form)
{
    auto const value = [&](std::string_view name) {
        auto const found = form.find(name);
        return found == form.end() ? std::string{} : found->second;
    };
    if (form.contains("deadline"))
        return app::change_deadline(c, actor, {value("deadline"), read_number(value("amount")), value("unit"), ""});
    return app::save_calendar_day(c, actor, {value("day"), value("working") == "1", value("name")});
}

} // namespace

net::awaitable<http::Response> show_deadlines(Services& services, Request const& request)
{
    co_return co_await deadlines_page(services, request, nullptr);
}

net::awaitable<http::Response> change_deadlines(Services& services, Request const& request)
{
    auto const name = clean_text(request.form.get("name"), 100);
    if (!name) {
        auto const error = invalid_fields({{"/name", name.error().key, name.error().values}});
        co_return co_await deadlines_page(services, request, &error);
    }
    auto work = [actor = actor_of(services, request), form = request.form.first()](db::Connection& c) {
        return save(c, actor, form);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await deadlines_page(services, request, &done.error());
    co_return redirect("/province/deadlines?done=saved");
}

} // namespace nguon::server::pages::province
