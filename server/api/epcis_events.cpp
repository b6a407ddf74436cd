#include "core/epcis/templates.hpp"
#include "server/api/desk.hpp"
#include "server/app/query_events.hpp"
#include "server/http/accept.hpp"

namespace nguon::server::api {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view linked_type = "application/ld+json";

/// Which of the two the client would rather have; "" when it takes neither.
std::string_view chosen_type(Request const& request)
{
    auto const accept = request.header("Accept");
    auto const plain = accept_quality(accept, json_type);
    auto const linked = accept_quality(accept, linked_type);
    if (plain == 0 && linked == 0) return {};
    return linked > plain ? linked_type : json_type;
}

/// Takes out what only the declarer sees: who did the work, and for whom it was entered.
void hide_people(json& event, std::string const& template_key)
{
    event.erase("nguon:onBehalfOf");
    auto const* form = epcis::find_template(template_key);
    if (form == nullptr) return;
    for (auto const* field : epcis::fields_of(*form)) {
        if (field->visibility != epcis::Visibility::declarer) continue;
        auto const name = "nguon:" + std::string{field->name};
        event.erase(name);
        if (event.contains("ilmd")) event["ilmd"].erase(name);
    }
}

/// Events as they were recorded, with the time of it. Those whose context is not the document's carry their own.
json to_query_document(std::vector<db::events::Stored> const& events, OrganizationId const& reader, Instant now)
{
    json context;
    auto list = json::array();
    for (auto const& stored : events) {
        auto event = json::parse(stored.body); // canonical JSON of our own making
        if (stored.org != reader) hide_people(event, stored.template_key);
        if (context.is_null()) context = event["@context"];
        if (event["@context"] == context) event.erase("@context");
        event["recordTime"] = to_iso(OffsetTime{stored.record_time, vietnam_offset});
        list.push_back(std::move(event));
    }
    return {
        {"@context", std::move(context)},
        {"type", "EPCISQueryDocument"},
        {"schemaVersion", "2.0"},
        {"creationDate", to_iso(OffsetTime{now, vietnam_offset})},
        {"epcisBody",
         {{"queryResults", {{"queryName", "SimpleEventQuery"}, {"resultsBody", {{"eventList", std::move(list)}}}}}}}};
}

http::Response document_response(json const& document, std::string_view media_type)
{
    auto response = json_response(200, document, media_type);
    response.header("Vary", "Accept");
    response.header("GS1-EPCIS-Version", "2.0.0");
    response.header("GS1-CBV-Version", "2.0.0");
    return response;
}

} // namespace

/// GET /epcis/events/{eventID}: the event with its error declarations.
net::awaitable<http::Response> show_epcis_event(Services& services, Request const& request)
{
    auto const media_type = chosen_type(request);
    if (media_type.empty()) co_return problem(services, request, invalid("api.not_acceptable"));
    auto work = [who = request.who, id = std::string{request.param("eventID")}](db::Connection& c) {
        return app::find_events(c, who, id);
    };
    auto const found = co_await fetch(services, request, std::move(work));
    if (!found) co_return problem(services, request, found.error());
    co_return document_response(to_query_document(*found, request.who.org, services.clock.now()), media_type);
}

} // namespace nguon::server::api
