#include "server/app/complaints.hpp"
#include "core/fold.hpp"
#include "core/gs1/printed_code.hpp"
#include "db/province_desk.hpp"
#include "server/app/approvals.hpp"
#include "server/pages/province/desk.hpp"

#include <array>

namespace nguon::server::pages::province {
namespace {

constexpr std::size_t answer_chars_max = 2000;
constexpr std::array<std::string_view, 3> next_states{"verifying", "handled", "closed"};

bool is_open(std::string_view status) { return status == "received" || status == "verifying"; }

json status_chip(Services const& services, Request const& request, std::string const& status)
{
    bool const received = status == "received";
    return {{"tone", received          ? "warn"
                     : is_open(status) ? "info"
                                       : "good"},
            {"icon", received          ? "!"
                     : is_open(status) ? "…"
                                       : "✓"},
            {"text", text(services, request, "report.status." + status)}};
}

/// The case, if the viewer may do this to it. Reports about no organization are for views without limits.
Result<db::complaints::Case> case_within(db::Connection& c, Principal const& who, Scope scope, std::string const& code)
{
    auto entry = db::complaints::find(c, code);
    if (!entry) return entry;
    bool const admitted = entry->org.empty() ? who.may(scope, OrganizationId{})
                                             : app::organization_within(c, who, scope, entry->org).ok();
    if (!admitted) return not_found("complaint.unknown");
    return entry;
}

struct CasePage {
    db::complaints::Case entry = {};
    std::string text = {};
    std::string org_name = {};
    std::string product_name = {};
    bool may_answer = false;
};

Result<CasePage> read_case(db::Connection& c, app::Actor const& actor, Principal const& who, std::string const& code)
{
    auto entry = case_within(c, who, "complaint:read", code);
    if (!entry) return entry.error();
    CasePage out;
    out.text = db::complaints::text(c, code);
    if (auto const org = db::organizations::find(c, entry->org)) out.org_name = org->name;
    if (auto const product = db::products::find_any(c, entry->product)) out.product_name = product->name;
    out.may_answer = case_within(c, who, "complaint:write", code).ok();
    app::note_read(c, actor, entry->org, "complaint", code);
    out.entry = *std::move(entry);
    return out;
}

/// A case's code as the address has it; what is no code finds nothing.
std::string code_of(Request const& request) { return gs1::read_printed_code(request.param("code")).value_or(""); }

net::awaitable<http::Response> case_page(Services& services, Request const& request, Error const* error)
{
    auto work = [actor = actor_of(services, request), who = request.who, code = code_of(request)](db::Connection& c) {
        return read_case(c, actor, who, code);
    };
    auto const shown = co_await services.database.write(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    auto const& entry = shown->entry;
    Options statuses;
    for (auto const status : next_states)
        statuses.emplace_back(std::string{status}, text(services, request, "report.status." + std::string{status}));
    json values{{"status", entry.status == "received" ? "verifying" : entry.status}, {"answer", entry.answer}};
    if (request.method == Method::post) values = request.form.to_json();
    FormView form{services, request, "province.complaint.field", std::move(values), error};
    form.add({.name = "status", .type = "select", .required = true, .options = statuses});
    form.add({.name = "answer", .type = "textarea", .seen_by = SeenBy::everyone, .chars_max = answer_chars_max});
    // Only pages of ours become links: the subject is what a stranger's form sent.
    auto const subject = local_path(entry.subject, "");
    json view{{"title", text(services, request, "province.complaint.title", {gs1::to_grouped_code(entry.code)})},
              {"section", "complaints"},
              {"code", entry.code},
              {"chip", status_chip(services, request, entry.status)},
              {"topic", text(services, request, "report.topic." + entry.topic)},
              {"text", shown->text},
              {"subject", entry.subject},
              {"subject_url", subject},
              {"organization", shown->org_name},
              {"organization_url", "/province/organizations/" + entry.org.text()},
              {"product", shown->product_name},
              {"product_url", "/province/products/" + entry.product.text()},
              {"received", show_moment(request, entry.created_at)},
              {"changed", show_moment(request, entry.changed_at)},
              {"answer", entry.answer},
              {"may_answer", shown->may_answer}};
    form.put_into(view);
    co_return page(services, request, "province/complaint", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

} // namespace

net::awaitable<http::Response> show_complaints(Services& services, Request const& request)
{
    std::string const status{request.query_value("status")};
    auto const first = (page_number(request) - 1) * page_rows;
    auto work = [areas = request.who.areas("complaint:read"), status,
                 first](db::Connection& c) -> Result<std::vector<db::province_desk::ComplaintLine>> {
        return db::province_desk::complaint_lines(c, areas, status, first, page_rows + 1);
    };
    auto const lines = co_await services.database.read(std::move(work));
    if (!lines) co_return page_problem(services, request, lines.error());
    json rows = json::array();
    for (auto const& line : *lines) {
        rows.push_back(
            {{"code", gs1::to_grouped_code(line.code)},
             {"url", "/province/complaints/" + line.code},
             {"topic", text(services, request, "report.topic." + line.topic)},
             {"organization", line.org_name},
             {"received", show_moment(request, line.created_at)},
             {"age",
              is_open(line.status) ? show_duration(services, request, services.clock.now() - line.created_at) : ""},
             {"chip", status_chip(services, request, line.status)}});
    }
    json view{{"title", text(services, request, "province.complaints.title")},
              {"section", "complaints"},
              {"tabs", filter_tabs(services, request, "status", "province.complaints.status",
                                   {"", "open", "handled", "closed"})}};
    add_pages(view, request, rows);
    view["rows"] = std::move(rows);
    co_return page(services, request, "province/complaints", std::move(view));
}

net::awaitable<http::Response> show_complaint(Services& services, Request const& request)
{
    co_return co_await case_page(services, request, nullptr);
}

net::awaitable<http::Response> answer_complaint(Services& services, Request const& request)
{
    auto answer = clean_text(request.form.get("answer"), answer_chars_max, Lines::many);
    std::string const status{request.form.get("status")};
    bool const known = std::ranges::find(next_states, status) != next_states.end();
    if (!answer || !known) {
        auto const fault = answer ? FieldError{"/status", "field.required"}
                                  : FieldError{"/answer", answer.error().key, answer.error().values};
        auto const error = invalid_fields({fault});
        co_return co_await case_page(services, request, &error);
    }
    auto work = [actor = actor_of(services, request), who = request.who, code = code_of(request), status,
                 answer = *answer](db::Connection& c) -> Status {
        if (auto const entry = case_within(c, who, "complaint:write", code); !entry) return entry.error();
        return app::answer_complaint(c, actor, code, status, answer);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await case_page(services, request, &done.error());
    co_return redirect("/province/complaints/" + code_of(request) + "?done=province_answered");
}

} // namespace nguon::server::pages::province
