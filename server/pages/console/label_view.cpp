#include "server/pages/console/label_view.hpp"

#include <cmath>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

constexpr int quiet_modules = 8; // four on either side

} // namespace

app::PrintAddress address_of(Services const& services)
{
    auto const& url = services.settings.public_url;
    return {url, app::is_private_url(url)};
}

std::string label_job_url(std::string_view id) { return "/console/labels/" + std::string{id}; }

std::string stock_name(Request const& request, std::string_view id)
{
    auto const* stock = scanner::find_stock(id);
    if (stock == nullptr) return std::string{id};
    return std::string{request.language == "en" ? stock->name_en : stock->name_vi};
}

std::string symbol_size(Services const& services, Request const& request, scanner::Preflight const& preflight)
{
    auto const side = preflight.module_mm * (preflight.symbol_modules + quiet_modules);
    return text(services, request, "console.label.symbol_size",
                {show_decimal(request, fmt::format("{:g}", std::round(side * 2) / 2))});
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
    return {{"url", request.who.may("label:print") ? label_job_url(job.id) : std::string{}},
            {"time", show_moment(request, job.created_at)},
            {"count", show_count(request, job.count)},
            {"stock", stock_name(request, job.stock)},
            {"kind", text(services, request, "console.label.kind." + job.kind)},
            {"purpose", special ? text(services, request, "console.label.purpose." + job.purpose) : std::string{}},
            {"reason", job.reason},
            {"specimen", job.specimen},
            {"open", job.state != "done"},
            {"state", chip(services, request, "console.label.state", job.state)}};
}

} // namespace nguon::server::pages::console
