#include "db/province_desk.hpp"
#include "db/reference.hpp"
#include "server/api/records.hpp"
#include "server/app/approvals.hpp"

namespace nguon::server::api {
namespace {

struct Change {
    OrganizationInput input = {};
    std::string reason = {};
};

json to_json(db::province_desk::OrganizationLine const& line)
{
    return without_blanks({{"id", line.id.text()},
                           {"name", line.name},
                           {"kind", line.kind},
                           {"status", line.status},
                           {"tax_code", line.tax_code},
                           {"commune_code", line.commune_code},
                           {"products", line.products},
                           {"batches", line.batches}});
}

Error at_members(Error error) { return placed(std::move(error), {{"organization.tax_code_taken", "/tax_code"}}); }

} // namespace

/// GET /api/v1/organization
net::awaitable<http::Response> show_own_organization(Services& services, Request const& request)
{
    auto work = [org = request.who.org](db::Connection& c) { return organization_record(c, org, true); };
    co_return co_await show(services, request, std::move(work));
}

/// PUT /api/v1/organization
net::awaitable<http::Response> change_own_organization(Services& services, Request const& request)
{
    auto const change = read_body(request, [](JsonReader& in) {
        return Change{read_organization(in), read_reason(in)};
    });
    if (!change) co_return problem(services, request, change.error());
    auto const version = read_if_match(request);
    if (!version) co_return problem(services, request, version.error());

    auto work = [change = *change, version = *version,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<json> {
        auto const head = db::organizations::find(c, actor.org);
        if (!head) return head.error();
        if (auto same = check_version(head->latest_version, version); !same) return same.error();
        auto const saved = app::change_organization(c, actor, change.input, change.reason);
        if (!saved) return at_members(saved.error());
        return organization_record(c, actor.org, true);
    };
    co_return co_await replace(services, request, std::move(work));
}

/// GET /api/v1/organizations: those of the viewer's areas, by name.
net::awaitable<http::Response> list_organizations(Services& services, Request const& request)
{
    auto rows = [areas = request.who.areas("organization:read"),
                 status = std::string{request.query_value("status")}](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(
            db::province_desk::organizations(c, areas, status, std::nullopt, paging.offset, paging.limit + 1),
            [](auto const& line) { return to_json(line); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/organizations: an officer registers an organization of his area; it awaits approval.
net::awaitable<http::Response> create_organization(Services& services, Request const& request)
{
    auto const input = read_body(request, [](JsonReader& in) { return read_organization(in); });
    if (!input) co_return problem(services, request, input.error());
    auto work = [input = *input, who = request.who,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const& code = input.organization.address.commune_code;
        auto const commune = db::reference::find_commune(c, code);
        if (!who.may("slip:write", {}, code, commune ? commune->province_code : std::string{}))
            return invalid_fields({{"/commune_code", "api.outside_area", {code}}});
        auto const id = app::register_organization(c, actor, input);
        if (!id) return at_members(id.error());
        auto record = organization_record(c, *id, true);
        if (!record) return record.error();
        return Created{"/api/v1/organizations/" + id->text(), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/organizations/{organization}
net::awaitable<http::Response> show_organization(Services& services, Request const& request)
{
    auto reader = reader_of(request, "organization:read");
    reader.asked = request.param("organization");
    auto work = [reader = std::move(reader)](db::Connection& c) -> Result<json> {
        auto const org = reader.organization(c);
        if (!org) return org.error();
        bool const personal = reader.is_own(*org) || app::organization_within(c, reader.who, "person:read", *org).ok();
        return organization_record(c, *org, personal);
    };
    co_return co_await show(services, request, std::move(work));
}

} // namespace nguon::server::api
