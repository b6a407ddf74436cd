#include "server/app/inspection_figures.hpp"

#include "core/office/pdf.hpp"
#include "db/organizations.hpp"
#include "server/pages/province/case_view.hpp"

#include <fmt/format.h>

/// The quarterly report of inspections, with its clock.
namespace nguon::server::pages::province {
namespace {

constexpr std::string_view word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// ?quarter=2026-4; else the one that runs.
app::Quarter quarter_asked(Request const& request, Date today)
{
    auto const text = request.query_value("quarter");
    auto const dash = text.find('-');
    auto const year = read_number(text.substr(0, dash));
    auto const number = dash == std::string_view::npos ? 0 : read_number(text.substr(dash + 1));
    constexpr int year_min = 2020;
    constexpr int year_max = 2100;
    if (year < year_min || year > year_max || number < 1 || number > 4) return app::quarter_of(today);
    return {static_cast<int>(year), static_cast<int>(number)};
}

struct Gathered {
    app::QuarterFigures figures = {};
    std::string authority = {};
};

std::string key_of(app::Quarter const& quarter) { return fmt::format("{}-{}", quarter.year, quarter.number); }

net::awaitable<http::Response> send_file(Services& services, Gathered const& gathered, std::string_view format,
                                         Request const& request)
{
    auto const name = fmt::format("bao-cao-kiem-tra-quy-{}-{}", gathered.figures.quarter, gathered.figures.year);
    if (format == "xlsx")
        co_return file_response(office::write_workbook(app::quarter_sheets(services.locale, gathered.figures)),
                                sheet_type, name + ".xlsx");
    auto const docx =
        office::to_docx(app::quarter_report(services.locale, gathered.figures, gathered.authority,
                                            services.settings.province_name, vietnam_date(services.clock.now())));
    if (format == "docx") co_return file_response(docx, word_type, name + ".docx");
    if (services.pdf == nullptr) co_return page_problem(services, request, unavailable("pdf.program_missing"));
    auto pdf = co_await services.pdf->make(docx);
    if (!pdf) co_return page_problem(services, request, pdf.error());
    co_return file_response(*std::move(pdf), "application/pdf", name + ".pdf");
}

} // namespace

net::awaitable<http::Response> show_inspection_report(Services& services, Request const& request)
{
    auto const now = services.clock.now();
    auto const quarter = quarter_asked(request, vietnam_date(now));
    auto work = [areas = request.who.areas("inspection:read"), quarter, now](db::Connection& c) -> Result<Gathered> {
        Gathered out{app::quarter_figures(c, areas, quarter, now), {}};
        if (auto const authority = db::organizations::find_authority(c))
            if (auto const head = db::organizations::find(c, *authority)) out.authority = head->name;
        return out;
    };
    auto const gathered = co_await services.database.read(std::move(work));
    if (!gathered) co_return page_problem(services, request, gathered.error());
    auto const format = request.query_value("format");
    if (format == "docx" || format == "xlsx" || format == "pdf")
        co_return co_await send_file(services, *gathered, format, request);

    json rows = json::array();
    auto const sheets = app::quarter_sheets(services.locale, gathered->figures);
    for (auto const& line : sheets.front().rows)
        rows.push_back({{"what", std::get<std::string>(line[0])},
                        {"count", show_count(request, std::get<std::int64_t>(line[1]))}});
    json quarters = json::array();
    auto shown = app::quarter_of(vietnam_date(now));
    for (int i = 0; i < 8; ++i) {
        quarters.push_back({{"value", key_of(shown)},
                            {"text", fmt::format("{}/{}", shown.number, shown.year)},
                            {"selected", key_of(shown) == key_of(quarter)}});
        shown = app::quarter_of(vietnam_date(start_of_day(shown.first()) - std::chrono::hours{24}));
    }
    auto const file = [&](char const* wanted) {
        return make_url("/province/inspection-report", {{"quarter", key_of(quarter)}, {"format", wanted}});
    };
    json view{{"title", text(services, request, "inspection.quarter")},
              {"section", "inspections"},
              {"quarters", std::move(quarters)},
              {"rows", std::move(rows)},
              {"word_url", file("docx")},
              {"sheet_url", file("xlsx")},
              {"pdf_url", services.pdf == nullptr ? std::string{} : file("pdf")},
              {"due", due_chip(services, request, start_of_day(quarter.due()) + std::chrono::hours{24}, now)}};
    co_return page(services, request, "province/inspection_report", std::move(view));
}

} // namespace nguon::server::pages::province
