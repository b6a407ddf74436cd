#include "server/app/certificates.hpp"
#include "db/province_desk.hpp"
#include "server/app/approvals.hpp"
#include "server/pages/province/list_page.hpp"

namespace nguon::server::pages::province {
namespace {

constexpr int days_back = 30;
constexpr int days_ahead = 60;
constexpr int days_all = 36'500;

constexpr std::array columns{ListColumn{"nav.certificates", "name"},
                             ListColumn{"console.certificate.number", "number"},
                             ListColumn{"console.certificate.issuer", "issuer"},
                             ListColumn{"province.organizations.name", "organization"},
                             ListColumn{"province.record.product", "product"},
                             ListColumn{"console.certificate.valid_to", "valid_to"},
                             ListColumn{"province.state", "chip.text"}};

std::string iso_day(Date today, int days)
{
    return to_iso(Date{std::chrono::sys_days{today} + std::chrono::days{days}});
}

/// "còn 5 ngày", "hết hạn 30 ngày trước"
std::string remaining(Services const& services, Request const& request, std::string const& valid_to, Date today)
{
    auto const end = parse_date(valid_to);
    if (!end) return {};
    auto const left = days_between(today, *end);
    auto const key = left < 0 ? "province.certificates.over" : "province.certificates.left";
    return text(services, request, key, {std::to_string(std::abs(left))});
}

json row_of(Services const& services, Request const& request, db::province_desk::CertificateLine const& line,
            Date today)
{
    auto const& paper = line.certificate;
    auto const mark = line.marks.find("certificate");
    auto const state = state_on(paper, today);
    bool const confirmed = mark != line.marks.end() && mark->second.kind == MarkKind::confirmed;
    json files = json::array();
    for (auto const& file : paper.files) files.push_back({{"url", "/f/" + file}});
    return {
        {"id", line.head.id.text()},
        {"org", line.head.org.text()},
        {"name", paper.name.empty() ? text(services, request, "province.certificate_kind." + paper.kind) : paper.name},
        {"number", paper.number},
        {"issuer", paper.issuer},
        {"organization", line.org_name},
        {"organization_url", "/province/organizations/" + line.head.org.text()},
        {"product", line.product_name},
        {"valid_to", show_date(request, paper.valid_to)},
        {"remaining", remaining(services, request, paper.valid_to, today)},
        {"chip", chip(services, request, "province.certificate_state", to_text(state))},
        {"confirmed_by", confirmed ? mark->second.confirmed_by : ""},
        {"confirmed", confirmed},
        {"may_confirm", !confirmed && state != CertificateState::expired && request.who.may("approval:write")},
        {"files", std::move(files)}};
}

} // namespace

net::awaitable<http::Response> show_certificates(Services& services, Request const& request)
{
    auto const today = vietnam_date(services.clock.now());
    bool const all = request.query_value("show") == "every";
    auto const window = list_window(request);
    auto work = [areas = request.who.areas("province:read"), from = iso_day(today, all ? -days_all : -days_back),
                 to = iso_day(today, all ? days_all : days_ahead),
                 window](db::Connection& c) -> Result<std::vector<db::province_desk::CertificateLine>> {
        return db::province_desk::certificates_ending(c, areas, from, to, window.first, window.count);
    };
    auto const lines = co_await services.database.read(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    json rows = json::array();
    for (auto const& line : *lines) rows.push_back(row_of(services, request, line, today));
    json view{{"title", text(services, request, "province.certificates.title")},
              {"section", "certificates"},
              {"tabs", filter_tabs(services, request, "show", "province.certificates.show", {"", "every"})}};
    co_return co_await list_page(services, request, "province/certificates", std::move(view), std::move(rows), columns);
}

net::awaitable<http::Response> confirm_certificate(Services& services, Request const& request)
{
    CertificateId const id{std::string{request.param("id")}};
    OrganizationId const org{std::string{request.form.get("org")}};
    auto work = [actor = actor_of(services, request), who = request.who, id, org,
                 province = services.settings.province_name](db::Connection& c) -> Status {
        if (auto const owner = app::organization_within(c, who, "approval:write", org); !owner)
            return not_found("certificate.unknown");
        auto const authority = db::organizations::find_authority(c);
        auto const head = authority ? db::organizations::find(c, *authority) : not_found("organization.unknown");
        // The mark is part of the public record, hence Vietnamese.
        return app::confirm_certificate(c, actor, org, id, head ? head->name : "Cơ quan quản lý tỉnh " + province);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return page_problem(services, request, done.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect("/province/certificates?done=province_confirmed");
}

} // namespace nguon::server::pages::province
