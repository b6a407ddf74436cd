#include "server/pages/province/list_page.hpp"

#include "core/limits/cases.hpp"
#include "core/office/workbook.hpp"
#include "server/app/deadlines.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// "chip.text" of {"chip": {"text": "Đã xong"}}; numbers as they stand.
std::string cell_of(json const& row, std::string_view member)
{
    auto const dot = member.find('.');
    auto const* value = member_at(row, member.substr(0, dot));
    if (value == nullptr) return {};
    if (dot != std::string_view::npos) return cell_of(*value, member.substr(dot + 1));
    if (value->is_string()) return value->get<std::string>();
    return value->is_number() ? value->dump() : std::string{};
}

std::string sheet_of(Services const& services, Request const& request, std::string const& title, json const& rows,
                     std::span<ListColumn const> columns)
{
    office::Sheet sheet;
    constexpr std::size_t name_chars_max = 31;
    sheet.name = text(services, request, "cases.export.sheet").substr(0, name_chars_max);
    sheet.lines = {title, show_moment(request, services.clock.now())};
    for (auto const& column : columns) sheet.header.push_back(text(services, request, column.sentence));
    for (auto const& row : rows) {
        auto& cells = sheet.rows.emplace_back();
        for (auto const& column : columns) cells.emplace_back(cell_of(row, column.member));
    }
    return office::write_workbook({std::move(sheet)});
}

} // namespace

bool wants_sheet(Request const& request) { return request.query_value("format") == "xlsx"; }

ListWindow list_window(Request const& request)
{
    if (wants_sheet(request)) return {0, limits::list_export_rows_max};
    return {(page_number(request) - 1) * page_rows, page_rows + 1};
}

net::awaitable<http::Response> list_page(Services& services, Request const& request, std::string_view template_name,
                                         json view, json rows, std::span<ListColumn const> columns)
{
    if (wants_sheet(request)) {
        auto work = [actor = actor_of(services, request), path = request.path](db::Connection& c) -> Status {
            app::note(c, actor, {}, "list.export", "list", path);
            return Done{};
        };
        auto const noted = co_await services.database.write(std::move(work));
        if (!noted) co_return page_problem(services, request, noted.error());
        auto const name = request.path.substr(request.path.rfind('/') + 1) + "-" +
                          to_iso(vietnam_date(services.clock.now())) + ".xlsx";
        co_return file_response(sheet_of(services, request, text_at(view, "title"), rows, columns), sheet_type, name);
    }
    add_pages(view, request, rows);
    view["export_url"] = with_query(request, {{"format", "xlsx"}});
    view["rows"] = std::move(rows);
    co_return page(services, request, template_name, std::move(view));
}

} // namespace nguon::server::pages::province
