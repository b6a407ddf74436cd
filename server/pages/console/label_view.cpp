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

std::string stock_name(Request const& request, scanner::Stock const& stock)
{
    return request.language == "en" ? stock.name_en : stock.name_vi;
}

std::string show_mm(Request const& request, double length) { return show_decimal(request, mm_text(length)); }

std::string typed_mm(double length) { return typed_decimal(mm_text(length)); }

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
