#include "server/pages/console/label_view.hpp"

#include <cmath>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

std::string mm_text(double length)
{
    constexpr double parts = 1000; // what such a form takes
    return number_text(std::round(length * parts) / parts);
}

} // namespace

app::PrintAddress address_of(Services const& services)
{
    auto const& url = services.settings.public_url;
    return {url, app::is_private_url(url), services.sealer};
}

std::string label_job_url(std::string_view id) { return "/console/labels/" + std::string{id}; }

Options design_options(Request const& request, std::vector<db::label_designs::Design> const& own)
{
    Options out;
    for (auto const& one : scanner::label_designs())
        out.emplace_back(std::string{one.name}, std::string{request.language == "en" ? one.name_en : one.name_vi});
    for (auto const& one : own) out.emplace_back(one.id, one.name);
    return out;
}

std::string design_name(Request const& request, app::DesignOfJob const& design)
{
    if (!design.name.empty()) return design.name;
    auto const shipped = scanner::find_label_design(design.id);
    if (!shipped) return design.id;
    auto const& info = scanner::info(*shipped);
    return std::string{request.language == "en" ? info.name_en : info.name_vi};
}

std::string stock_name(Request const& request, scanner::Stock const& stock)
{
    return request.language == "en" ? stock.name_en : stock.name_vi;
}

std::string show_mm(Request const& request, double length) { return show_decimal(request, mm_text(length)); }

std::string typed_mm(double length) { return typed_decimal(mm_text(length)); }

json drawing_of(scanner::Stock const& stock)
{
    json labels = json::array();
    for (int row = 0; row < stock.rows; ++row)
        for (int column = 0; column < stock.columns; ++column)
            labels.push_back({{"x", fmt::format("{:.1f}", stock.margin_left + stock.pitch_x * column)},
                              {"y", fmt::format("{:.1f}", stock.margin_top + stock.pitch_y * row)}});
    return {{"page_width", stock.page_width},
            {"page_height", stock.page_height},
            {"width", fmt::format("{:.1f}", stock.label_width)},
            {"height", fmt::format("{:.1f}", stock.label_height)},
            {"labels", std::move(labels)}};
}

scanner::Preflight preflight_of(app::LabelPrint const& print)
{
    scanner::ListedCodes codes{print.codes};
    return scanner::preflight(print.job, codes, print.output);
}

std::string symbol_size(Services const& services, Request const& request, scanner::Preflight const& preflight)
{
    return text(services, request, "console.label.symbol_size",
                {show_decimal(request, fmt::format("{:g}", std::round(preflight.symbol_mm * 2) / 2))});
}

json findings(Services const& services, Request const& request, std::vector<FieldError> const& list)
{
    json out = json::array();
    for (auto const& item : list)
        out.push_back({{"text", services.locale.text(request.language, item.key, item.values)}});
    return out;
}

json label_job_line(Services const& services, Request const& request, db::label_jobs::Job const& job)
{
    bool const special = job.purpose != "print";
    auto const stock = app::stock_of(job);
    return {{"url", request.who.may("label:print") ? label_job_url(job.id) : std::string{}},
            {"time", show_moment(request, job.created_at)},
            {"count", show_count(request, job.count)},
            {"stock", stock ? stock_name(request, *stock) : job.stock},
            {"kind", text(services, request, "console.label.kind." + job.kind)},
            {"purpose", special ? text(services, request, "console.label.purpose." + job.purpose) : std::string{}},
            {"reason", job.reason},
            {"specimen", job.specimen},
            {"open", job.state != "done"},
            {"state", chip(services, request, "console.label.state", job.state)}};
}

} // namespace nguon::server::pages::console
