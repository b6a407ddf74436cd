#include "server/app/links.hpp"
#include "server/api/records.hpp"

#include "core/runtime/metrics.hpp"

namespace nguon::server::api {
namespace {

constexpr std::size_t anchor_chars_max = 2000;

struct NewLink {
    app::Anchor anchor = {};
    app::LinkInput fields = {};
};

NewLink read_new_link(JsonReader& in)
{
    NewLink out;
    auto const anchor = in.text("anchor", anchor_chars_max);
    if (!anchor.empty()) out.anchor = in.take("anchor", app::read_anchor(anchor));
    out.fields = app::read_link_input(in);
    return out;
}

json to_record(db::links::Link const& link)
{
    auto const moment = [](Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); };
    json fields{{"type", link.type},
                {"href", link.href},
                {"title", link.title},
                {"language", link.language},
                {"media_type", link.media_type},
                {"context", link.context},
                {"is_default", link.is_default},
                {"fwqs", link.fwqs}};
    return {{"id", link.id.text()},
            {"organization_id", link.org.text()},
            {"version", link.version},
            {"anchor", link.anchor},
            {"created_at", moment(link.created_at)},
            {"changed_at", moment(link.changed_at)},
            {"fields", without_blanks(std::move(fields))}};
}

Result<json> link_record(db::Connection& c, OrganizationId const& org, db::links::LinkId const& id)
{
    auto const link = db::links::find(c, org, id);
    if (!link) return link.error();
    return to_record(*link);
}

db::links::LinkId id_of(Request const& request) { return db::links::LinkId{std::string{request.param("link")}}; }

Error at_anchor(Error error)
{
    return placed(std::move(error), {{"link.key_taken", "/anchor"},
                                     {"link.product_needed", "/anchor"},
                                     {"link.approval_needed", "/anchor"},
                                     {"link.too_many", "/anchor"}});
}

} // namespace

/// GET /api/v1/links
net::awaitable<http::Response> list_links(Services& services, Request const& request)
{
    auto const anchor = std::string{request.query_value("anchor")};
    std::string key;
    if (!anchor.empty()) {
        auto const read = app::read_anchor(anchor);
        if (!read) co_return problem(services, request, read.error());
        key = read->key;
    }
    auto rows = [key](db::Connection& c, OrganizationId const& org, Paging const& paging) -> Rows {
        return rows_of(db::links::list(c, org, key, paging.offset, paging.limit + 1),
                       [](auto const& link) { return to_record(link); });
    };
    co_return co_await list_of_organization(services, request, "product:read", std::move(rows));
}

/// POST /api/v1/links
net::awaitable<http::Response> create_link(Services& services, Request const& request)
{
    auto const wanted = read_body(request, &read_new_link);
    if (!wanted) co_return problem(services, request, wanted.error());
    auto work = [wanted = *wanted, actor = actor_of(services, request),
                 public_url = services.settings.public_url](db::Connection& c) -> Result<Created> {
        auto const id = app::register_link(c, actor, wanted.anchor, wanted.fields, public_url);
        if (!id) return at_anchor(id.error());
        auto record = link_record(c, actor.org, *id);
        if (!record) return record.error();
        return Created{"/api/v1/links/" + id->text(), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/links/{link}
net::awaitable<http::Response> show_link(Services& services, Request const& request)
{
    auto record = [id = id_of(request)](db::Connection& c, OrganizationId const& org) {
        return link_record(c, org, id);
    };
    co_return co_await show_of_organization(services, request, "product:read", std::move(record));
}

/// PUT /api/v1/links/{link}: what it belongs to stays.
net::awaitable<http::Response> change_link(Services& services, Request const& request)
{
    auto const fields = read_body(request, &app::read_link_input);
    if (!fields) co_return problem(services, request, fields.error());
    auto const version = read_if_match(request);
    if (!version) co_return problem(services, request, version.error());
    auto work = [id = id_of(request), fields = *fields, version = *version, actor = actor_of(services, request),
                 public_url = services.settings.public_url](db::Connection& c) -> Result<json> {
        auto const link = db::links::find(c, actor.org, id);
        if (!link) return link.error();
        if (auto same = check_version(link->version, version); !same) return same.error();
        if (auto changed = app::change_link(c, actor, id, fields, public_url); !changed) return changed.error();
        return link_record(c, actor.org, id);
    };
    co_return co_await replace(services, request, std::move(work));
}

/// DELETE /api/v1/links/{link}
net::awaitable<http::Response> remove_link(Services& services, Request const& request)
{
    auto work = [id = id_of(request), actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        if (auto removed = app::remove_link(c, actor, id); !removed) return removed.error();
        return Created{{}, {}, 204};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
