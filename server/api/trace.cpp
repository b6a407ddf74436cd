#include "core/gs1/read_code.hpp"
#include "core/runtime/metrics.hpp"
#include "server/api/records.hpp"
#include "server/app/approvals.hpp"
#include "server/app/check_batch.hpp"
#include "server/app/look_up.hpp"
#include "server/app/origin.hpp"
#include "server/app/trace_forms.hpp"

namespace nguon::server::api {
namespace {

constexpr std::size_t code_chars_max = 2000;

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json words_of(epcis::ShownText const& text) { return {{"vi", text.vi}, {"en", text.en}}; }

json to_json(app::OriginStep const& step)
{
    auto fields = json::array();
    for (auto const& field : step.summary.fields)
        fields.push_back({{"name", field.name}, {"label", words_of(field.label)}, {"value", words_of(field.value)}});
    return without_blanks({{"title", words_of(step.summary.title)},
                           {"template", step.summary.template_key},
                           {"time", to_iso(step.summary.time)},
                           {"recorded_at", moment(step.recorded_at)},
                           {"lag_hours", step.lag_hours},
                           {"organization_name", step.organization},
                           {"place_name", step.place},
                           {"commune_name", step.commune},
                           {"mark", step.mark},
                           {"on_behalf", step.on_behalf},
                           {"wrong", step.wrong},
                           {"repeats", step.repeats},
                           {"total_kilograms", step.repeats > 1 ? step.total : std::string{}},
                           {"fields", std::move(fields)}});
}

json to_json(app::OriginCertificate const& paper)
{
    auto const& certificate = paper.certificate;
    auto files = json::array();
    for (auto const& file : certificate.files) files.push_back("/f/" + file);
    return without_blanks({{"kind", certificate.kind},
                           {"name", certificate.name},
                           {"number", certificate.number},
                           {"issuer", certificate.issuer},
                           {"scope", certificate.scope},
                           {"valid_from", certificate.valid_from},
                           {"valid_to", certificate.valid_to},
                           {"state", to_text(paper.state)},
                           {"mark", to_text(paper.mark.kind)},
                           {"confirmed_by", paper.mark.confirmed_by},
                           {"files", std::move(files)}});
}

json product_of(app::Origin const& origin)
{
    auto const& product = origin.product;
    auto images = json::array();
    for (auto const& image : product.images) images.push_back("/f/" + image);
    return without_blanks({{"name", product.name},
                           {"brand", product.brand},
                           {"gtin", product.gtin},
                           {"origin", product.origin},
                           {"net_weight", product.net_weight},
                           {"weight_unit", product.weight_unit},
                           {"applied_standards", product.applied_standards},
                           {"images", std::move(images)}});
}

json organization_of(app::Origin const& origin)
{
    return without_blanks({{"name", origin.organization.name},
                           {"status", origin.organization_status},
                           {"address_line", origin.organization.address.line},
                           {"commune_name", origin.organization_commune},
                           {"phone", origin.organization_phone},
                           {"website", origin.organization.website}});
}

/// The origin page as data. What the page leaves out is left out here too.
json to_json(app::Origin const& origin)
{
    json out{{"verdict", app::to_text(origin.subject.verdict)},
             {"illustrative", origin.illustrative},
             {"awaiting_approval", origin.awaiting_approval},
             {"product", product_of(origin)},
             {"organization", organization_of(origin)},
             {"items", json::array()},
             {"items_present", origin.items_present},
             {"steps", json::array()},
             {"certificates", json::array()}};
    if (origin.subject.batch) {
        out["batch"] = without_blanks({{"lot", origin.subject.batch->lot},
                                       {"code", origin.subject.batch->code},
                                       {"status", origin.subject.batch->status},
                                       {"made_on", origin.batch.made_on},
                                       {"expires_on", origin.batch.expires_on}});
    }
    for (auto const& item : origin.items) out["items"].push_back({{"name", item.key}, {"present", item.present}});
    for (auto const& step : origin.steps) out["steps"].push_back(to_json(step));
    for (auto const& paper : origin.certificates) out["certificates"].push_back(to_json(paper));
    if (origin.scans && origin.scans->count > 0) {
        out["scans"] = {{"count", origin.scans->count},
                        {"first_at", moment(origin.scans->first_at)},
                        {"last_at", moment(origin.scans->last_at)}};
    }
    return out;
}

Result<json> trace_in(db::Connection& c, gs1::Code const& code, Instant now)
{
    auto const today = vietnam_date(now);
    auto const subject = code.kind == gs1::CodeKind::printed_code ? app::find_subject(c, code.printed_code, today)
                                                                  : app::find_subject(c, code.elements, today);
    if (!subject.product) return json{{"verdict", app::to_text(subject.verdict)}};
    auto const origin = app::trace_code(c, subject, now);
    if (!origin) return origin.error();
    return to_json(*origin);
}

unsigned status_of_verdict(std::string_view verdict)
{
    return verdict == "unknown" || verdict == "unknown_lot" || verdict == "unknown_unit" ? 404 : 200;
}

/// Notes what somebody of an authority looked at.
net::awaitable<Status> note_look(Services& services, Request const& request, std::string kind, OrganizationId org,
                                 std::string code)
{
    if (!request.who.is_authority()) co_return Done{};
    auto work = [actor = actor_of(services, request), kind = std::move(kind), org = std::move(org),
                 code = std::move(code)](db::Connection& c) -> Status {
        app::note_read(c, actor, org, kind, code);
        return Done{};
    };
    co_return co_await services.database.write_unseen(std::move(work));
}

} // namespace

/// GET /api/v1/trace/{code}: a printed code, the digits of a barcode, bracketed text or an address. Nothing is counted
/// as a scan.
net::awaitable<http::Response> trace(Services& services, Request const& request)
{
    auto code = gs1::read_code(request.param("code"));
    if (!code.valid()) co_return problem(services, request, gs1::to_error(code.faults));
    if (code.kind == gs1::CodeKind::other_link)
        co_return problem(services, request, invalid("code.other_link", {code.host}));
    auto work = [code = std::move(code), now = services.clock.now()](db::Connection& c) {
        return trace_in(c, code, now);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return problem(services, request, found.error());
    co_return json_response(status_of_verdict((*found)["verdict"].get_ref<std::string const&>()), *found);
}

/// GET /api/v1/trace?code=&direction=back|forward|both: what a thing was made of and where it went. An enterprise sees
/// its own things and one step from them; what an authority reads is noted.
net::awaitable<http::Response> show_trace(Services& services, Request const& request)
{
    std::string const code{request.query_value("code")};
    auto const given = request.query_value("direction");
    auto const direction = app::direction_from_text(given.empty() ? "both" : given);
    std::vector<FieldError> faults;
    if (code.empty()) faults.push_back({"code", "field.required", {}});
    if (!direction) faults.push_back({"direction", "field.choice", {std::string{given}, "back, forward, both"}});
    if (!faults.empty()) co_return problem(services, request, invalid_fields(std::move(faults)));
    auto work = [viewer = app::viewer_of(request.who), code, direction = *direction](db::Connection& c) {
        return app::trace_thing(c, &viewer, code, direction);
    };
    auto const found = co_await services.database.read(std::move(work));
    if (!found) co_return problem(services, request, found.error());
    if (!found->cut.empty())
        services.metrics.counter("limit_hits_total", "Requests that met a limit.", {{"limit", "trace." + found->cut}})
            .add();
    if (auto const noted = co_await note_look(services, request, "trace", found->things.front().org, code); !noted)
        co_return problem(services, request, noted.error());
    co_return json_response(200, app::to_json(*found));
}

/// POST /api/v1/check: how complete the story of a lot is, and what to do next.
net::awaitable<http::Response> check_code(Services& services, Request const& request)
{
    auto const code = read_body(request, [](JsonReader& in) { return in.text("code", code_chars_max); });
    if (!code) co_return problem(services, request, code.error());
    auto work = [viewer = app::viewer_of(request.who), code = *code,
                 now = services.clock.now()](db::Connection& c) -> Result<app::Completeness> {
        auto checked = app::check_batch(c, code, now);
        if (checked && !app::organization_within(c, viewer.who, viewer.scope, checked->org))
            return not_found("check.unknown");
        return checked;
    };
    auto const checked = co_await services.database.read(std::move(work));
    if (!checked) co_return problem(services, request, checked.error());
    if (auto const noted = co_await note_look(services, request, "check", checked->org, *code); !noted)
        co_return problem(services, request, noted.error());
    co_return json_response(200, app::to_json(*checked, services.locale));
}

/// POST /api/v1/look-up: where a typed or scanned code leads.
net::awaitable<http::Response> look_up(Services& services, Request const& request)
{
    auto const text = read_body(request, [](JsonReader& in) {
        auto const* given = in.raw("text"); // FNC1 data hold a control character, so this is no text for people
        if (given == nullptr || !given->is_string()) {
            in.fault("text", given == nullptr ? "field.required" : "field.text");
            return std::string{};
        }
        return given->get<std::string>().substr(0, code_chars_max);
    });
    if (!text) co_return problem(services, request, text.error());
    auto const path = app::path_of_code(*text);
    if (!path) co_return problem(services, request, path.error());
    co_return json_response(200, {{"path", *path}, {"url", services.settings.public_url + *path}});
}

} // namespace nguon::server::api
