#include "core/bytes.hpp"
#include "server/api/epcis.hpp"
#include "server/app/query_events.hpp"

namespace nguon::server::api {
namespace {

/// What a request asks of the event store, read and checked before any database is asked.
struct EventRequest {
    std::string media_type = {};
    bool digital_links = true;
    epcis::Query query = {};
    std::string digest = {}; // of the query and where it was asked
    std::optional<PageToken> token = {};
};

Result<EventRequest> read_event_request(Request const& request, std::vector<epcis::Condition> of_resource)
{
    EventRequest out;
    auto media_type = epcis_media_type(request);
    if (!media_type) return media_type.error();
    auto const digital_links = wants_digital_links(request);
    if (!digital_links) return digital_links.error();
    auto const names = epcis::read_extensions(request.header("GS1-Extensions"));
    if (!names) return names.error();
    auto const parameters = epcis::read_query_string(request.query);
    if (!parameters) return parameters.error();
    auto query = epcis::read_query(*parameters, *names);
    if (!query) return query.error();
    out.media_type = *std::move(media_type);
    out.digital_links = *digital_links;
    out.query = *std::move(query);
    for (auto& condition : of_resource) out.query.conditions.push_back(std::move(condition));
    constexpr std::size_t digits = 16;
    out.digest = sha256_hex(request.path + "\n" + out.query.text).substr(0, digits);
    if (out.query.next_page_token.empty()) return out;
    auto token = read_page_token(out.query.next_page_token, out.digest);
    if (!token) return token.error();
    out.token = *std::move(token);
    return out;
}

net::awaitable<http::Response> answer_events(Services& services, Request const& request,
                                             std::vector<epcis::Condition> of_resource)
{
    auto const of_resources = of_resource.size();
    auto const wanted = read_event_request(request, std::move(of_resource));
    if (!wanted) co_return problem(services, request, wanted.error());
    // With further conditions an empty answer says nothing of the resource.
    bool const asks_for_resource = of_resources > 0 && wanted->query.conditions.size() == of_resources;
    auto work = [who = request.who, wanted = *wanted](db::Connection& c) -> Result<app::EventPage> {
        std::optional<db::event_queries::Position> from;
        if (wanted.token) from = wanted.token->position;
        return app::query_events(c, who, wanted.query, from, wanted.token ? wanted.token->given : 0);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return problem(services, request, found.error());
    if (auto const noted = co_await note_if_of_others(services, request); !noted)
        co_return problem(services, request, noted.error());
    auto const& page = found->page;
    if (asks_for_resource && page.events.empty() && !page.next && !wanted->token)
        co_return problem(services, request, not_found("epcis.resource_unknown"));
    auto response =
        document_response(to_query_document(page.events, request.who.org, services.clock.now(), wanted->digital_links),
                          wanted->media_type);
    if (page.next)
        add_next_page(services, request, response, write_page_token({wanted->digest, *page.next, found->given}));
    co_return response;
}

using epcis::Condition;
using epcis::Subject;

/// The part of the path behind "/epcis/".
std::string_view resource_of(Request const& request)
{
    std::string_view rest{request.path};
    rest.remove_prefix(std::string_view{"/epcis/"}.size());
    return rest.substr(0, rest.find('/'));
}

/// What events of /epcis/{resource}/{value} have in common. Errors: not_found "epcis.resource_unknown".
Result<Condition> condition_of(Request const& request)
{
    auto const unknown = not_found("epcis.resource_unknown");
    auto const resource = resource_of(request);
    std::string const value{request.params.front().second};
    epcis::Parameter parameter{"", {value}};
    if (resource == "eventTypes") parameter.name = "eventType";
    if (resource == "bizSteps") parameter.name = "EQ_bizStep";
    if (resource == "dispositions") parameter.name = "EQ_disposition";
    if (resource == "bizLocations") parameter.name = "EQ_bizLocation";
    if (resource == "readPoints") parameter.name = "EQ_readPoint";
    if (resource == "epcs") parameter.name = "MATCH_anyEPC";
    auto query = epcis::read_query(std::span{&parameter, 1}, epcis::Context{});
    if (!query || query->conditions.size() != 1) return unknown;
    auto condition = std::move(query->conditions.front());
    if (condition.subject == Subject::any_epc) condition.subject = Subject::thing;
    return condition;
}

} // namespace

/// GET /epcis/events: the first page of an answer, or the next one.
net::awaitable<http::Response> list_epcis_events(Services& services, Request const& request)
{
    std::vector<Condition> none;
    co_return co_await answer_events(services, request, std::move(none));
}

/// GET /epcis/{resource}/{value}/events
net::awaitable<http::Response> list_resource_events(Services& services, Request const& request)
{
    auto condition = condition_of(request);
    if (!condition) co_return problem(services, request, condition.error());
    std::vector<Condition> conditions;
    conditions.push_back(*std::move(condition));
    co_return co_await answer_events(services, request, std::move(conditions));
}

/// GET /epcis/{resource}/{value}: that there is something below it.
net::awaitable<http::Response> show_resource(Services& services, Request const& request)
{
    auto const media_type = epcis_media_type(request);
    if (!media_type) co_return problem(services, request, media_type.error());
    auto const condition = condition_of(request);
    if (!condition) co_return problem(services, request, condition.error());
    bool const is_type = condition->subject == Subject::event_type && epcis::event_type_of(condition->texts.front());
    epcis::Query query;
    query.conditions.push_back(*condition);
    query.per_page = 1;
    auto work = [who = request.who, query, is_type](db::Connection& c) -> Status {
        if (is_type) return Done{};
        auto const found = app::query_events(c, who, query, {}, 0);
        if (!found) return found.error();
        if (found->page.events.empty() && !found->page.next) return not_found("epcis.resource_unknown");
        return Done{};
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return problem(services, request, found.error());
    if (auto const noted = co_await note_if_of_others(services, request); !noted)
        co_return problem(services, request, noted.error());
    co_return collection_response(json::array({"events"}), *media_type);
}

/// GET /epcis/events/{eventID}: the event with its error declarations.
net::awaitable<http::Response> show_epcis_event(Services& services, Request const& request)
{
    auto const media_type = epcis_media_type(request);
    if (!media_type) co_return problem(services, request, media_type.error());
    auto const digital_links = wants_digital_links(request);
    if (!digital_links) co_return problem(services, request, digital_links.error());
    auto work = [who = request.who, id = std::string{request.param("eventID")}](db::Connection& c) {
        return app::find_events(c, who, id);
    };
    auto const found = co_await fetch(services, request, std::move(work));
    if (!found) co_return problem(services, request, found.error());
    co_return document_response(to_query_document(*found, request.who.org, services.clock.now(), *digital_links),
                                *media_type);
}

} // namespace nguon::server::api
