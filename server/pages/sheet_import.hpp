#pragma once

#include "db/database.hpp"
#include "server/app/imports.hpp"
#include "server/http/router.hpp"

#include <functional>

/// The page that takes a list from a sheet: first a trial that writes nothing, then the writing. The enterprise's
/// console and the province's desk both have it.
namespace nguon::server::pages {

struct SheetImport {
    std::string_view template_name = {};
    std::string_view section = {};
    std::string_view words = {}; // "import.organizations": ".title", ".lead", ".next"
    std::string_view path = {};  // of the form; the sheet to fill in is below it
    std::string_view list = {};  // where what was written stands
};

/// Checks and writes a sheet in one transaction.
using ImportWork = std::function<Result<app::Imported>(db::Connection&, app::SheetLines const&)>;

http::Response show_sheet_import(Services& services, Request const& request, SheetImport const& page);
/// With a file: the trial. With the lines of a trial: writes them.
net::awaitable<http::Response> take_sheet_import(Services& services, Request const& request, SheetImport const& page,
                                                 std::span<app::SheetColumn const> columns, ImportWork work);
/// The sheet to fill in, as `write` makes it.
net::awaitable<http::Response> download_sample(Services& services, Request const& request, std::string file_name,
                                               std::function<std::string(db::Connection&)> write);

} // namespace nguon::server::pages
