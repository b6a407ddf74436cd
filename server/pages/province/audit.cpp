#include "db/audit_log.hpp"
#include "db/province_desk.hpp"
#include "server/app/approvals.hpp"
#include "server/pages/province/desk.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

constexpr std::int64_t export_rows_max = 50'000;

/// What an action is about, as it begins.
constexpr std::array<std::string_view, 15> kinds{"organization", "product",    "batch",    "event",  "certificate",
                                                 "complaint",    "inspection", "sanction", "recall", "personal_request",
                                                 "data_request", "account",    "member",   "key",    "sync"};

/// What the address asks for.
Result<db::province_desk::AuditFilter> filter_of(Request const& request)
{
    db::province_desk::AuditFilter filter;
    filter.areas = request.who.areas("audit:read");
    filter.org = OrganizationId{std::string{request.query_value("org")}};
    filter.person = request.query_value("person");
    filter.object = request.query_value("object");
    std::string const kind{request.query_value("kind")};
    if (std::ranges::find(kinds, kind) != kinds.end()) filter.action = kind + ".";
    filter.before = read_number(request.query_value("before"));
    if (auto const text = request.query_value("from"); !text.empty()) {
        auto const from = parse_date(text);
        if (!from) return from.error();
        filter.from = start_of_day(*from);
    }
    if (auto const text = request.query_value("to"); !text.empty()) {
        auto const to = parse_date(text);
        if (!to) return to.error();
        filter.to = start_of_day(*to) + std::chrono::days{1};
    }
    return filter;
}

std::string action_text(Services const& services, Request const& request, std::string const& action)
{
    auto const* known = services.locale.find(request.language, "province.audit.action." + action);
    return known == nullptr ? action : *known;
}

json kind_options(Services const& services, Request const& request)
{
    json out = json::array();
    for (auto const kind : kinds)
        out.push_back({{"value", kind},
                       {"text", text(services, request, "cases.audit.kind." + std::string{kind})},
                       {"selected", request.query_value("kind") == kind}});
    return out;
}

std::string actor_text(Services const& services, Request const& request, db::province_desk::AuditLine const& line)
{
    if (!line.actor_name.empty()) return line.actor_name;
    auto const* known = services.locale.find(request.language, "province.audit.actor." + line.actor);
    return known == nullptr ? text(services, request, "province.somebody") : *known;
}

/// {"reason":"…","version":2} as "reason: …, version: 2", in the words of the catalogue where it has them.
std::string detail_text(Services const& services, Request const& request, std::string const& detail)
{
    auto const parsed = json::parse(detail, nullptr, false);
    if (!parsed.is_object()) return {};
    std::string out;
    for (auto const& [name, value] : parsed.items()) {
        auto const shown = value.is_string() ? value.get<std::string>() : value.dump();
        if (shown.empty()) continue;
        auto const* label = services.locale.find(request.language, "province.audit.detail." + name);
        out += fmt::format("{}{}: {}", out.empty() ? "" : " · ", label == nullptr ? name : *label, shown);
    }
    return out;
}

/// One cell of a CSV file (RFC 4180). A spreadsheet takes what begins with one of these signs for a formula; a quote
/// mark in front keeps it a text.
std::string csv_cell(std::string_view text)
{
    std::string out = "\"";
    if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos) out += '\'';
    for (char const c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

void add_row(std::string& csv, std::initializer_list<std::string_view> cells)
{
    bool first = true;
    for (auto const cell : cells) {
        if (!first) csv += ',';
        csv += csv_cell(cell);
        first = false;
    }
    csv += "\r\n";
}

std::string to_csv(Services const& services, Request const& request,
                   std::vector<db::province_desk::AuditLine> const& lines)
{
    auto const say = words(services, request);
    std::string csv = "\xEF\xBB\xBF"; // so that Excel reads UTF-8
    add_row(csv, {say("province.audit.number"), say("province.audit.time"), say("province.audit.who"),
                  say("province.audit.what"), say("province.audit.organization"), say("province.audit.kind"),
                  say("province.audit.record"), say("province.audit.detail"), say("province.audit.request")});
    for (auto const& line : lines) {
        add_row(csv, {std::to_string(line.seq), to_iso(OffsetTime{line.at, vietnam_offset}),
                      actor_text(services, request, line), action_text(services, request, line.action), line.org_name,
                      line.entity_kind, line.entity_id, detail_text(services, request, line.detail), line.request_id});
    }
    return csv;
}

} // namespace

net::awaitable<http::Response> show_audit(Services& services, Request const& request)
{
    auto const asked = filter_of(request);
    if (!asked) co_return page_problem(services, request, asked.error());
    auto filter = *asked;
    filter.count = page_rows + 1;
    struct Page {
        std::vector<db::province_desk::AuditLine> lines = {};
        std::vector<db::province_desk::OrganizationLine> organizations = {};
    };
    auto work = [filter](db::Connection& c) -> Result<Page> {
        constexpr std::int64_t organizations_max = 1000;
        return Page{db::province_desk::audit(c, filter),
                    db::province_desk::organizations(c, filter.areas, "", std::nullopt, 0, organizations_max)};
    };
    auto shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    std::string older;
    if (shown->lines.size() > static_cast<std::size_t>(page_rows)) {
        shown->lines.pop_back();
        older = with_query(request, {{"before", std::to_string(shown->lines.back().seq)}});
    }
    json rows = json::array();
    for (auto const& line : shown->lines) {
        rows.push_back({{"time", show_moment(request, line.at)},
                        {"who", actor_text(services, request, line)},
                        {"what", action_text(services, request, line.action)},
                        {"organization", line.org_name},
                        {"organization_url", "/province/organizations/" + line.org.text()},
                        {"detail", detail_text(services, request, line.detail)}});
    }
    json organizations = json::array();
    for (auto const& line : shown->organizations)
        organizations.push_back({{"value", line.id.text()}, {"text", line.name}, {"selected", line.id == filter.org}});
    json view{{"title", text(services, request, "province.audit.title")},
              {"section", "audit"},
              {"rows", std::move(rows)},
              {"organizations", std::move(organizations)},
              {"person", request.query_value("person")},
              {"object", request.query_value("object")},
              {"kinds", kind_options(services, request)},
              {"from", request.query_value("from")},
              {"to", request.query_value("to")},
              {"older", older},
              {"newest", filter.before > 0 ? with_query(request, {{"before", ""}}) : ""},
              {"export_url", make_url("/province/audit.csv", {{"org", request.query_value("org")},
                                                              {"person", request.query_value("person")},
                                                              {"object", request.query_value("object")},
                                                              {"kind", request.query_value("kind")},
                                                              {"from", request.query_value("from")},
                                                              {"to", request.query_value("to")}})}};
    co_return page(services, request, "province/audit", std::move(view));
}

net::awaitable<http::Response> export_audit(Services& services, Request const& request)
{
    auto const asked = filter_of(request);
    if (!asked) co_return page_problem(services, request, asked.error());
    auto filter = *asked;
    filter.count = export_rows_max;
    auto work = [actor = actor_of(services, request),
                 filter](db::Connection& c) -> Result<std::vector<db::province_desk::AuditLine>> {
        auto lines = db::province_desk::audit(c, filter);
        db::audit_log::Entry entry;
        entry.org = filter.org;
        entry.action = "audit.export";
        entry.entity_kind = "audit";
        entry.detail = json{{"rows", lines.size()}}.dump();
        db::audit_log::append(c, actor.change(), entry);
        return lines;
    };
    auto const lines = co_await services.database.write(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    auto const name = "nhat-ky-" + to_iso(vietnam_date(services.clock.now())) + ".csv";
    co_return file_response(to_csv(services, request, *lines), "text/csv; charset=utf-8", name);
}

} // namespace nguon::server::pages::province
