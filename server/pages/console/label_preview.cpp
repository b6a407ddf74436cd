#include "server/pages/console/label_preview.hpp"

#include "core/runtime/cpu_pool.hpp"
#include "scanner/label_file.hpp"
#include "server/web/template.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

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

/// Which places of the first sheet are printed on; nothing for rolls.
json sheet_view(scanner::LabelJob const& job)
{
    if (job.stock.is_roll()) return {};
    auto sheet = drawing_of(job.stock);
    auto const end = job.start - 1 + job.copies;
    for (int place = 0; place < job.stock.labels_per_sheet(); ++place)
        sheet["labels"][static_cast<std::size_t>(place)]["printed"] = place >= job.start - 1 && place < end;
    return sheet;
}

} // namespace

net::awaitable<Result<Trial>> check_trial(Services& services, app::LabelPrint print)
{
    auto check = [print = std::move(print)] { return Trial{print, preflight_of(print)}; };
    co_return co_await services.cpu_pool.run(std::move(check));
}

json trial_view(Services const& services, Request const& request, Trial const& trial, std::string const& picture_url)
{
    constexpr double dots_per_mm = 8; // larger than on paper, so that small letters can be read
    constexpr double width_max = 560;
    auto const& job = trial.print.job;
    auto const& preflight = trial.preflight;
    auto const name = stock_name(request, job.stock);
    auto const scale = std::min(dots_per_mm, width_max / job.stock.label_width);
    auto const amount =
        text(services, request, job.stock.is_roll() ? "console.label.trial.roll" : "console.label.trial.sheets",
             {show_count(request, preflight.labels), show_count(request, preflight.sheets)});
    return {{"fits", preflight.ok()},
            {"url", picture_url},
            {"stock", name},
            {"alt", text(services, request, "console.label.trial.alt", {name})},
            {"width", std::lround(job.stock.label_width * scale)},
            {"height", std::lround(job.stock.label_height * scale)},
            {"symbol", symbol_size(services, request, preflight)},
            {"amount", job.copies > 1 ? amount : std::string{}},
            {"sheet", job.copies > 1 ? sheet_view(job) : json{}},
            {"faults", findings(services, request, preflight.faults)},
            {"warnings", findings(services, request, preflight.warnings)}};
}

json trial_view(Services& services, Request const& request, Error const& error, std::string const& prefix)
{
    json faults = json::array();
    auto const errors = form_errors(services, request, error);
    for (auto const& item : errors["list"]) {
        auto const* const label =
            services.locale.find(request.language, prefix + "." + item["field"].get<std::string>());
        auto const said = item["text"].get<std::string>();
        faults.push_back({{"text", label == nullptr ? said : *label + ": " + said}});
    }
    if (faults.empty()) faults.push_back({{"text", errors["detail"]}});
    return {{"fits", false}, {"sheet", nullptr}, {"faults", std::move(faults)}, {"warnings", json::array()}};
}

http::Response trial_part(Services& services, Request const& request, json const& trial)
{
    return html_response(200, services.templates.render("console/label_trial", request.language, trial));
}

net::awaitable<http::Response> trial_picture(Services& services, Request const& request, app::LabelPrint print)
{
    auto draw = [print = std::move(print)] { return draw_one(print); };
    auto picture = co_await services.cpu_pool.run(std::move(draw));
    if (!picture) co_return page_problem(services, request, picture.error());
    bool const svg = picture->starts_with('<');
    auto response =
        file_response(*std::move(picture), svg ? "image/svg+xml" : "image/png", svg ? "tem.svg" : "tem.png", true);
    response.header("Cache-Control", "no-store");
    co_return response;
}

} // namespace nguon::server::pages::console
