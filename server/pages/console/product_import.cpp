#include "server/pages/console/desk.hpp"
#include "server/pages/sheet_import.hpp"

namespace nguon::server::pages::console {
namespace {

constexpr SheetImport import_page{"console/import", "products", "import.products", "/console/products/import",
                                  "/console/products"};

} // namespace

net::awaitable<http::Response> show_product_import(Services& services, Request const& request)
{
    co_return show_sheet_import(services, request, import_page);
}

net::awaitable<http::Response> import_products(Services& services, Request const& request)
{
    ImportWork const work = [actor = actor_of(services, request),
                             &locale = services.locale](db::Connection& c, app::SheetLines const& sheet) {
        return app::import_products(c, actor, locale, sheet);
    };
    co_return co_await take_sheet_import(services, request, import_page, app::product_columns(), work);
}

net::awaitable<http::Response> download_product_sheet(Services& services, Request const& request)
{
    std::function<std::string(db::Connection&)> const write = &app::write_product_sheet;
    co_return co_await download_sample(services, request, "san-pham.xlsx", write);
}

} // namespace nguon::server::pages::console
