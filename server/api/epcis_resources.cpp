#include "core/epcis/event_hash.hpp"
#include "core/epcis/vocabulary.hpp"
#include "core/gs1/epc_uri.hpp"
#include "server/api/epcis.hpp"
#include "server/app/query_events.hpp"

namespace nguon::server::api {
namespace {

/// "bizSteps" of "/epcis/bizSteps".
std::string_view resource_of(Request const& request)
{
    std::string_view rest{request.path};
    return rest.substr(rest.rfind('/') + 1);
}

std::string_view kind_of(std::string_view resource)
{
    resource.remove_suffix(1); // "bizSteps" lists values of the kind "bizStep"
    return resource;
}

/// JSON writes words of the vocabulary bare.
std::string shown_value(std::string_view resource, std::string const& value)
{
    auto const vocabulary = resource == "bizSteps" ? epcis::Vocabulary::biz_step : epcis::Vocabulary::disposition;
    if (resource != "bizSteps" && resource != "dispositions") return value;
    auto const word = epcis::recognise(vocabulary, value);
    return word ? std::string{word->bare} : value;
}

/// A page of texts, and where it goes on.
struct Listed {
    std::vector<std::string> members = {};
    std::optional<db::event_queries::Position> next = {};
};

template <typename Work>
net::awaitable<http::Response> answer_list(Services& services, Request const& request, Work look)
{
    auto const wanted = read_list_request(request);
    if (!wanted) co_return problem(services, request, wanted.error());
    auto work = [who = request.who, wanted = *wanted, look](db::Connection& c) -> Result<Listed> {
        auto const reader = app::event_reader(c, who);
        return look(c, reader, wanted);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return problem(services, request, found.error());
    if (auto const noted = co_await note_if_of_others(services, request); !noted)
        co_return problem(services, request, noted.error());
    auto response = collection_response(json(found->members), wanted->media_type);
    if (found->next) add_next_page(services, request, response, write_page_token({wanted->digest, *found->next, 0}));
    co_return response;
}

} // namespace

/// GET /epcis: what there is.
net::awaitable<http::Response> list_epcis_resources(Services& services, Request const& request)
{
    auto const media_type = epcis_media_type(request);
    if (!media_type) co_return problem(services, request, media_type.error());
    auto members = json::array(
        {"events", "eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "capture"});
    co_return collection_response(std::move(members), *media_type);
}

/// GET /epcis/eventTypes
net::awaitable<http::Response> list_event_types(Services& services, Request const& request)
{
    auto const media_type = epcis_media_type(request);
    if (!media_type) co_return problem(services, request, media_type.error());
    auto members =
        json::array({"AggregationEvent", "AssociationEvent", "ObjectEvent", "TransactionEvent", "TransformationEvent"});
    co_return collection_response(std::move(members), *media_type);
}

/// GET /epcis/bizSteps, /dispositions, /readPoints, /bizLocations: the distinct values of visible events.
net::awaitable<http::Response> list_event_values(Services& services, Request const& request)
{
    auto look = [resource = std::string{resource_of(request)}](
                    db::Connection& c, db::event_queries::Reader const& reader, ListRequest const& wanted) {
        Listed out;
        auto values =
            db::event_queries::values(c, reader, std::string{kind_of(resource)},
                                      wanted.token ? wanted.token->position.value : std::string{}, wanted.per_page);
        if (std::ssize(values) > wanted.per_page) {
            values.resize(static_cast<std::size_t>(wanted.per_page));
            out.next = db::event_queries::Position{0, 0, values.back()};
        }
        for (auto const& value : values) out.members.push_back(shown_value(resource, value));
        return out;
    };
    co_return co_await answer_list(services, request, std::move(look));
}

/// GET /epcis/epcs: the things that visible events name.
net::awaitable<http::Response> list_epcs(Services& services, Request const& request)
{
    auto look = [](db::Connection& c, db::event_queries::Reader const& reader, ListRequest const& wanted) {
        auto found =
            db::event_queries::things(c, reader, wanted.token ? wanted.token->position.seq : 0, wanted.per_page);
        Listed out{std::move(found.uris), {}};
        if (wanted.digital_links) {
            for (auto& uri : out.members)
                if (gs1::is_epc_uri(uri)) uri = epcis::canonical_identifier(uri);
        }
        if (found.next) out.next = db::event_queries::Position{0, *found.next, {}};
        return out;
    };
    co_return co_await answer_list(services, request, std::move(look));
}

} // namespace nguon::server::api
