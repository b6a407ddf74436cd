#include "core/runtime/cpu_pool.hpp"
#include "scanner/label_file.hpp"
#include "server/pages/console/label_view.hpp"

namespace nguon::server::pages::console {
namespace {

/// One label, where a printer that does nothing wrong would put it.
Result<std::string> draw_one(app::LabelPrint print)
{
    auto& output = print.output;
    output.one_label = true;
    output.format = scanner::has_dots(output.format) ? scanner::LabelFormat::png : scanner::LabelFormat::svg;
    scanner::PrinterProfile const plain;
    output.printer.offset_x = plain.offset_x;
    output.printer.offset_y = plain.offset_y;
    output.printer.scale_x = plain.scale_x;
    output.printer.scale_y = plain.scale_y;
    print.job.specimen = true; // its code is nobody's
    scanner::ListedCodes codes{print.codes};
    return scanner::draw_labels(print.job, codes, output);
}

} // namespace

net::awaitable<http::Response> show_label_preview(Services& services, Request const& request)
{
    app::LabelRequest wanted;
    wanted.batch = BatchId{std::string{request.param("id")}};
    wanted.kind = request.query_value("kind") == "unit" ? "unit" : "batch";
    auto const stock = request.query_value("stock");
    wanted.stock = stock.empty() ? usual_stock : stock;
    wanted.printer = request.query_value("printer");
    wanted.count = 1;
    auto read = [org = request.who.org, wanted, address = address_of(services)](db::Connection& c) {
        return app::draft_label_job(c, org, wanted, address);
    };
    auto draft = co_await services.database.read(std::move(read));
    if (!draft) co_return page_problem(services, request, draft.error());
    auto draw = [print = *std::move(draft)] { return draw_one(print); };
    auto picture = co_await services.cpu_pool.run(std::move(draw));
    if (!picture) co_return page_problem(services, request, picture.error());
    bool const svg = picture->starts_with('<');
    auto response =
        file_response(*std::move(picture), svg ? "image/svg+xml" : "image/png", svg ? "tem.svg" : "tem.png", true);
    response.header("Cache-Control", "no-store");
    co_return response;
}

} // namespace nguon::server::pages::console
