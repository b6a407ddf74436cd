#pragma once

#include "server/pages/province/desk.hpp"

#include <span>

/// Lists of the desk: page by page on the screen, whole as a sheet.
namespace nguon::server::pages::province {

/// One column of the sheet: its sentence, and where its text stands in a row of the page ("chip.text").
struct ListColumn {
    std::string_view sentence;
    std::string_view member;
};

/// Which rows are wanted: those of a page and one more, or, for a sheet, as many as it may have.
struct ListWindow {
    std::int64_t first = 0;
    std::int64_t count = 0;
};
ListWindow list_window(Request const& request);

/// The list is wanted as a sheet (?format=xlsx).
bool wants_sheet(Request const& request);

/// The page with `rows`, its pages and the address of its sheet; with ?format=xlsx the sheet itself, which is noted in
/// the audit. `columns` must outlive the call.
net::awaitable<http::Response> list_page(Services& services, Request const& request, std::string_view template_name,
                                         json view, json rows, std::span<ListColumn const> columns);

} // namespace nguon::server::pages::province
