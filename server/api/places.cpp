#include "server/api/records.hpp"

namespace nguon::server::api {
namespace {

struct Change {
    Place place = {};
    std::string reason = {};
};

Error at_members(Error error)
{
    return placed(std::move(error), {{"place.code_taken", "/code"}, {"identifier.taken", "/gln"}});
}

} // namespace

/// GET /api/v1/places
net::awaitable<http::Response> list_places(Services& services, Request const& request)
{
    auto rows = [](db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        return rows_of(slice(db::places::list(c, org), paging), [](auto const& head) { return to_record(head); });
    };
    co_return co_await list_of_organization(services, request, "place:read", std::move(rows));
}

/// POST /api/v1/places
net::awaitable<http::Response> create_place(Services& services, Request const& request)
{
    auto const place = read_body(request, [](JsonReader& in) { return read_place(in); });
    if (!place) co_return problem(services, request, place.error());
    auto work = [place = *place, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::register_place(c, actor, place);
        if (!id) return at_members(id.error());
        auto record = place_record(c, actor.org, *id);
        if (!record) return record.error();
        return Created{"/api/v1/places/" + id->text(), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/places/{place}
net::awaitable<http::Response> show_place(Services& services, Request const& request)
{
    auto record = [id = PlaceId{std::string{request.param("place")}}](db::Connection& c, OrganizationId const& org) {
        return place_record(c, org, id);
    };
    co_return co_await show_of_organization(services, request, "place:read", std::move(record));
}

/// PUT /api/v1/places/{place}
net::awaitable<http::Response> change_place(Services& services, Request const& request)
{
    auto const change = read_body(request, [](JsonReader& in) { return Change{read_place(in), read_reason(in)}; });
    if (!change) co_return problem(services, request, change.error());
    auto const version = read_if_match(request);
    if (!version) co_return problem(services, request, version.error());

    auto work = [id = PlaceId{std::string{request.param("place")}}, change = *change, version = *version,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<json> {
        auto const head = db::places::find(c, actor.org, id);
        if (!head) return head.error();
        if (auto same = check_version(head->latest_version, version); !same) return same.error();
        auto const saved = app::change_place(c, actor, id, change.place, change.reason);
        if (!saved) return at_members(saved.error());
        return place_record(c, actor.org, id);
    };
    co_return co_await replace(services, request, std::move(work));
}

} // namespace nguon::server::api
