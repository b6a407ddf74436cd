#include "server/app/connections.hpp"
#include "server/pages/province/connect_view.hpp"

namespace nguon::server::pages::province {
namespace {

std::string catalogues_url(std::string_view target) { return connection_url(target) + "/catalogues"; }

std::string target_of(Request const& request) { return std::string{request.param("connection")}; }

/// Only a portal of this kind has catalogues.
Result<app::ConnectionView> find_with_catalogues(db::Connection& c, std::string const& target)
{
    auto view = app::find_connection(c, target);
    if (view && view->connection.adapter != "most") return not_found("connection.no_catalogues");
    return view;
}

json entry_view(db::portal_catalogues::Entry const& entry, std::string const& chosen)
{
    return {{"code", entry.code}, {"name", entry.name}, {"chosen", entry.code == chosen}};
}

json gap_view(Services const& services, Request const& request, app::CatalogueGap const& seen, std::size_t number)
{
    auto choices = json::array();
    for (auto const& entry : seen.choices) choices.push_back(entry_view(entry, seen.proposal));
    auto const& gap = seen.gap;
    return {{"catalogue", gap.catalogue},
            {"catalogue_name", catalogue_name(services, request, gap.catalogue)},
            {"value", gap.value},
            {"label", seen.label},
            {"found", show_moment(request, gap.found_at)},
            {"field", "code-" + std::to_string(number)},
            {"list", "codes-" + std::to_string(number)},
            {"all_shown", seen.all_shown},
            {"proposal", seen.proposal},
            {"choices", std::move(choices)}};
}

json match_view(Services const& services, Request const& request, db::portal_catalogues::Match const& match)
{
    return {{"catalogue", match.catalogue},
            {"catalogue_name", catalogue_name(services, request, match.catalogue)},
            {"value", match.value},
            {"code", match.code},
            {"name", match.name.empty() ? text(services, request, "catalogue.gone") : match.name},
            {"decided", show_moment(request, match.decided_at)}};
}

net::awaitable<http::Response> catalogues_page(Services& services, Request const& request, Error const* error)
{
    auto work = [target = target_of(request)](db::Connection& c) -> Result<app::CataloguesView> {
        auto const view = find_with_catalogues(c, target);
        if (!view) return view.error();
        return app::show_catalogues(c, target);
    };
    auto const seen = co_await services.database.read(std::move(work));
    if (!seen) co_return page_problem(services, request, seen.error());
    auto const target = target_of(request);
    auto gaps = json::array();
    bool proposals = false;
    for (auto const& gap : seen->gaps) {
        proposals = proposals || !gap.proposal.empty();
        gaps.push_back(gap_view(services, request, gap, gaps.size()));
    }
    auto matches = json::array();
    for (auto const& match : seen->matches) matches.push_back(match_view(services, request, match));
    auto list = json::array();
    for (auto const& state : seen->state.list) list.push_back(catalogue_view(services, request, state));
    auto const& sync = seen->state.sync;
    json view{{"title", text(services, request, "catalogue.title", {target_name(services, request, target)})},
              {"section", "sync"},
              {"connection_url", connection_url(target)},
              {"connection_name", target},
              {"here", catalogues_url(target)},
              {"may_write", may_connect(request)},
              {"waiting", sync.asked_at.has_value()},
              {"synced", sync.synced_at ? show_moment(request, *sync.synced_at) : ""},
              {"fault", sync.fault},
              {"some_gaps", !gaps.empty()},
              {"gap_count", show_count(request, seen->state.gaps)},
              {"proposals", proposals},
              {"gaps", std::move(gaps)},
              {"some_matches", !matches.empty()},
              {"matches", std::move(matches)},
              {"some_catalogues", !list.empty()},
              {"catalogues", std::move(list)}};
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    auto response =
        page(services, request, "province/catalogues", std::move(view), error == nullptr ? 200 : status_of(*error));
    if (sync.asked_at && error == nullptr) response.header("Refresh", "2; url=" + catalogues_url(target));
    co_return response;
}

Status act_on(db::Connection& c, app::Actor const& actor, std::string const& target, Form const& form)
{
    if (auto const view = find_with_catalogues(c, target); !view) return view.error();
    auto const get = [&form](char const* name) { return std::string{form.get(name)}; };
    auto const act = get("act");
    if (act == "fetch") return app::ask_check(c, actor, target, "catalogues");
    if (act == "match") return app::match_value(c, actor, target, get("catalogue"), get("value"), get("code"));
    if (act == "forget") return app::forget_match(c, actor, target, get("catalogue"), get("value"));
    if (act != "accept") return invalid("connection.act");
    auto const matched = app::match_proposals(c, actor, target);
    if (!matched) return matched.error();
    return Done{};
}

} // namespace

std::string catalogue_name(Services const& services, Request const& request, std::string const& catalogue)
{
    auto const* const known = services.locale.find(request.language, "catalogue.name." + catalogue);
    return known == nullptr ? catalogue : *known;
}

json catalogue_view(Services const& services, Request const& request, db::portal_catalogues::State const& state)
{
    auto const count = [&request](std::int64_t number) { return show_count(request, number); };
    return {{"name", catalogue_name(services, request, state.catalogue)},
            {"absent", state.absent},
            {"entries", count(state.entries)},
            {"version", state.version},
            {"changes", text(services, request, "catalogue.changes",
                             {count(state.added), count(state.changed), count(state.removed)})},
            {"changed", show_moment(request, state.changed_at)},
            {"checked", show_moment(request, state.checked_at)}};
}

net::awaitable<http::Response> show_catalogues(Services& services, Request const& request)
{
    if (!request.who.may("sync:read", OrganizationId{}))
        co_return page_problem(services, request, forbidden("connection.whole_province"));
    co_return co_await catalogues_page(services, request, nullptr);
}

net::awaitable<http::Response> change_catalogues(Services& services, Request const& request)
{
    if (!may_connect(request)) co_return page_problem(services, request, forbidden("connection.whole_province"));
    auto work = [actor = actor_of(services, request), target = target_of(request),
                 form = request.form](db::Connection& c) { return act_on(c, actor, target, form); };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await catalogues_page(services, request, &done.error());
    co_return redirect(catalogues_url(target_of(request)));
}

} // namespace nguon::server::pages::province
