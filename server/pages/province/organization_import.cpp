#include "server/pages/province/desk.hpp"
#include "server/pages/sheet_import.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr SheetImport import_page{"province/import", "organizations", "import.organizations",
                                  "/province/organizations/import", "/province/organizations"};

} // namespace

net::awaitable<http::Response> show_organization_import(Services& services, Request const& request)
{
    co_return show_sheet_import(services, request, import_page);
}

net::awaitable<http::Response> import_organizations(Services& services, Request const& request)
{
    app::ImportReach const reach{services.settings.province_code, request.who.areas("approval:write")};
    ImportWork const work = [actor = actor_of(services, request), reach,
                             &locale = services.locale](db::Connection& c, app::SheetLines const& sheet) {
        return app::import_organizations(c, actor, locale, reach, sheet);
    };
    co_return co_await take_sheet_import(services, request, import_page, app::organization_columns(), work);
}

net::awaitable<http::Response> download_organization_sheet(Services& services, Request const& request)
{
    std::function<std::string(db::Connection&)> const write =
        [code = services.settings.province_code](db::Connection& c) { return app::write_organization_sheet(c, code); };
    co_return co_await download_sample(services, request, "don-vi.xlsx", write);
}

} // namespace nguon::server::pages::province
