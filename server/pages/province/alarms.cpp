#include "db/alarms.hpp"
#include "server/app/alarms.hpp"
#include "server/app/notice_text.hpp"
#include "server/pages/province/list_page.hpp"

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t reason_chars_max = 300;
constexpr std::string_view alarms_path = "/province/alarms";

constexpr std::array columns{
    ListColumn{"province.alarms.what", "title"},      ListColumn{"province.alarms.severity", "chip.text"},
    ListColumn{"province.alarms.began", "since"},     ListColumn{"province.alarms.ended", "cleared"},
    ListColumn{"province.alarms.lasts_for", "lasts"}, ListColumn{"province.alarms.handled", "acknowledged"}};

using db::alarms::Alarm;
using db::alarms::Severity;

struct Channel {
    std::string name = {};
    db::alarms::ChannelState state = {};
    std::optional<db::alarms::Notice> trial = {};
};

/// The page, read in one transaction.
struct AlarmsPage {
    std::vector<Alarm> standing = {};
    std::vector<Alarm> history = {};
    std::vector<Channel> channels = {};
};

Result<AlarmsPage> read_alarms(db::Connection& c, std::vector<std::string> const& channels, ListWindow window)
{
    AlarmsPage out;
    out.standing = db::alarms::standing(c);
    out.history = db::alarms::ended(c, window.first, window.count);
    for (auto const& name : channels)
        out.channels.push_back({name, db::alarms::channel_state(c, name), db::alarms::latest_trial(c, name)});
    return out;
}

json severity_chip(Services const& services, Request const& request, Severity severity)
{
    auto const word = db::alarms::to_text(severity);
    return {{"tone", severity == Severity::warn ? "warn" : "bad"},
            {"icon", severity == Severity::critical ? "✕" : "⚠"},
            {"text", text(services, request, fmt::format("alarm.severity.{}", word))}};
}

json alarm_view(Services const& services, Request const& request, Alarm const& alarm, Instant now)
{
    auto const words = app::alarm_text(services.locale, request.language, alarm);
    json view{{"id", alarm.id},
              {"chip", severity_chip(services, request, alarm.severity)},
              {"title", words.title},
              {"text", words.text},
              {"who", words.who},
              {"since", show_moment(request, alarm.since)},
              {"lasts", show_duration(services, request, alarm.cleared_at.value_or(now) - alarm.since)},
              {"cleared", alarm.cleared_at ? show_moment(request, *alarm.cleared_at) : ""},
              {"acknowledged", ""}};
    if (alarm.acknowledged_at) {
        auto const name =
            alarm.acknowledged_name.empty() ? text(services, request, "province.somebody") : alarm.acknowledged_name;
        view["acknowledged"] = text(services, request, "province.alarms.acknowledged",
                                    {name, show_moment(request, *alarm.acknowledged_at), alarm.acknowledged_reason});
    }
    return view;
}

/// How the latest trial ended; "" when there was none.
std::string trial_text(Services const& services, Request const& request, Channel const& channel)
{
    if (!channel.trial) return {};
    auto const& trial = *channel.trial;
    auto const state = trial.state == "waiting" && trial.tries > 0 ? std::string{"failing"} : trial.state;
    return text(services, request, "province.alarms.trial." + state,
                {show_moment(request, trial.settled_at.value_or(trial.created_at))});
}

json channel_view(Services const& services, Request const& request, Channel const& channel)
{
    auto const& state = channel.state;
    std::string_view word = state.sent_at ? "good" : "unused";
    if (!state.fault.empty()) word = "failing";
    json const status{{"tone", word == "good"     ? "good"
                               : word == "unused" ? "info"
                                                  : "bad"},
                      {"icon", word == "good"     ? "✓"
                               : word == "unused" ? "○"
                                                  : "✕"},
                      {"text", text(services, request, fmt::format("province.alarms.channel.{}", word))}};
    return {{"name", app::subject_name(services.locale, request.language, channel.name)},
            {"status", status},
            {"fault", state.fault},
            {"waiting", state.waiting > 0 ? show_count(request, state.waiting) : ""},
            {"sent", state.sent_at ? show_moment(request, *state.sent_at) : ""},
            {"trial", trial_text(services, request, channel)}};
}

net::awaitable<http::Response> alarms_page(Services& services, Request const& request, Error const* error)
{
    auto const now = services.clock.now();
    auto work = [channels = services.settings.alarm_channels, window = list_window(request)](db::Connection& c) {
        return read_alarms(c, channels, window);
    };
    auto const shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    // Alarms are the whole installation's: not for a grant that is limited to an area.
    bool const may_write = request.who.may("sync:write", OrganizationId{});
    json standing = json::array();
    for (auto const& alarm : shown->standing) standing.push_back(alarm_view(services, request, alarm, now));
    json rows = json::array();
    for (auto const& alarm : shown->history) rows.push_back(alarm_view(services, request, alarm, now));
    if (wants_sheet(request)) {
        for (auto& row : rows) standing.push_back(std::move(row));
        json const view{{"title", text(services, request, "province.alarms.title")}};
        co_return co_await list_page(services, request, "province/alarms", view, std::move(standing), columns);
    }
    json channels = json::array();
    for (auto const& channel : shown->channels) channels.push_back(channel_view(services, request, channel));
    json view{{"title", text(services, request, "province.alarms.title")},
              {"section", "alarms"},
              {"export_url", with_query(request, {{"format", "xlsx"}})},
              {"no_alarm_strip", true},
              {"standing", std::move(standing)},
              {"channels", std::move(channels)},
              {"has_channels", !shown->channels.empty()},
              {"may_write", may_write}};
    add_pages(view, request, rows);
    view["has_rows"] = !rows.empty();
    view["rows"] = std::move(rows);
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    co_return page(services, request, "province/alarms", std::move(view), error == nullptr ? 200 : status_of(*error));
}

} // namespace

net::awaitable<http::Response> show_alarms(Services& services, Request const& request)
{
    co_return co_await alarms_page(services, request, nullptr);
}

net::awaitable<http::Response> acknowledge_alarm(Services& services, Request const& request)
{
    if (!request.who.may("sync:write", OrganizationId{}))
        co_return page_problem(services, request, forbidden("alarm.whole_province"));
    auto reason = clean_text(request.form.get("reason"), reason_chars_max);
    if (!reason) {
        auto const fault = invalid_fields({{"/reason", reason.error().key, reason.error().values}});
        co_return co_await alarms_page(services, request, &fault);
    }
    auto work = [actor = actor_of(services, request), id = std::string{request.param("id")},
                 reason = *reason](db::Connection& c) -> Result<std::vector<Alarm>> {
        if (auto const done = app::acknowledge_alarm(c, actor, id, reason); !done) return done.error();
        return db::alarms::standing(c);
    };
    auto done = co_await services.database.write_unseen(std::move(work));
    if (!done && done.error().code == ErrorCode::not_found) co_return page_problem(services, request, done.error());
    if (!done) co_return co_await alarms_page(services, request, &done.error());
    if (services.alarms != nullptr) services.alarms->set(*std::move(done));
    co_return redirect(make_url(alarms_path, {{"done", "province_alarm_acknowledged"}}));
}

net::awaitable<http::Response> send_alarm_trial(Services& services, Request const& request)
{
    if (!request.who.may("sync:write", OrganizationId{}))
        co_return page_problem(services, request, forbidden("alarm.whole_province"));
    auto work = [actor = actor_of(services, request), channels = services.settings.alarm_channels](db::Connection& c) {
        return app::send_trials(c, actor, channels);
    };
    auto const sent = co_await services.database.write_unseen(std::move(work));
    if (!sent) co_return co_await alarms_page(services, request, &sent.error());
    co_return redirect(make_url(alarms_path, {{"done", "province_alarm_trial"}}));
}

} // namespace nguon::server::pages::province
