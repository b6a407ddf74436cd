#include "server/http/problem.hpp"

#include "core/limits.hpp"
#include "core/runtime/log.hpp"
#include "server/http/epcis_exception.hpp"
#include "server/http/limit_hits.hpp"
#include "server/http/respond.hpp"
#include "server/services.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

void log_problem(Request const& request, Error const& error)
{
    if (error.code == ErrorCode::internal) {
        log::error("request failed", {{"request", request.id}, {"key", error.key}, {"detail", error.log_text}});
    } else if (!error.log_text.empty()) {
        log::warning("request refused", {{"request", request.id}, {"key", error.key}, {"detail", error.log_text}});
    }
}

void add_retry(http::Response& response, Error const& error)
{
    if (error.code == ErrorCode::rate_limited) response.header("Retry-After", "60");
    if (error.code == ErrorCode::unavailable) response.header("Retry-After", "2");
    if (error.code == ErrorCode::unauthenticated) response.header("WWW-Authenticate", "Bearer");
}

/// Told again to whoever went beyond them (EPCIS 2.0 §8.2.7).
void add_capture_limits(http::Response& response)
{
    response.header("GS1-EPCIS-Capture-Limit", std::to_string(limits::capture_events_max));
    response.header("GS1-EPCIS-Capture-File-Size-Limit", std::to_string(limits::json_body_bytes));
}

/// What happened, in one sentence; several faults of the input are summed up by "invalid".
std::string sentence(Services const& services, std::string_view language, Error const& error)
{
    return services.locale.text(language, error.key, error.values);
}

} // namespace

unsigned status_of(Error const& error)
{
    if (error.key == "operation.key_reused") return 422;
    if (error.key == "form.media_type" || error.key == "api.media_type") return 415;
    if (error.key == "api.not_acceptable") return 406;
    if (error.key == "http.body_time") return 408;
    if (error.key == "api.version_stale") return 412;
    if (error.key == "api.if_match_needed") return 428;
    switch (error.code) {
    case ErrorCode::invalid:
        return 400;
    case ErrorCode::unauthenticated:
        return 401;
    case ErrorCode::forbidden:
        return 403;
    case ErrorCode::not_found:
        return 404;
    case ErrorCode::conflict:
        return 409;
    case ErrorCode::too_large:
        return 413;
    case ErrorCode::rate_limited:
        return 429;
    case ErrorCode::unavailable:
        return 503;
    case ErrorCode::internal:
        break;
    }
    return 500;
}

http::Response problem(Services& services, Request const& request, Error const& error)
{
    log_problem(request, error);
    count_limit(services, error);
    auto const status = status_of(error);
    nlohmann::json body{{"type", "urn:nguon:problem:" + error.key},
                        {"title", sentence(services, "en", error)},
                        {"status", status},
                        {"detail", sentence(services, "vi", error)},
                        {"requestId", request.id}};
    if (!error.fields.empty()) {
        auto& list = body["errors"] = nlohmann::json::array();
        for (auto const& field : error.fields) {
            list.push_back({{"pointer", field.pointer},
                            {"key", field.key},
                            {"title", services.locale.text("en", field.key, field.values)},
                            {"detail", services.locale.text("vi", field.key, field.values)}});
        }
    }
    bool const of_epcis = request.path == "/epcis" || request.path.starts_with("/epcis/");
    if (auto const type = epcis_exception(status, error); of_epcis && !type.empty()) {
        body["problem"] = body["type"]; // ours, which is finer
        body["type"] = type;
    }
    auto response = json_response(status, body, "application/problem+json");
    if (of_epcis && status == 413) add_capture_limits(response);
    add_retry(response, error);
    return response;
}

http::Response page_problem(Services& services, Request const& request, Error const& error)
{
    log_problem(request, error);
    count_limit(services, error);
    auto const status = status_of(error);
    auto view = form_errors(services, request, error);
    view["title"] = text(services, request, "problem.title." + std::to_string(status));
    view["status"] = status;
    view["request_id"] = request.id;
    return page(services, request, "problem", std::move(view), status);
}

http::Response any_problem(Services& services, Request const& request, Error const& error)
{
    bool const machine =
        request.path.starts_with("/api/") || request.path.starts_with("/epcis") || !request.wants_html();
    return machine ? problem(services, request, error) : page_problem(services, request, error);
}

nlohmann::json form_errors(Services& services, Request const& request, Error const& error)
{
    nlohmann::json out{{"detail", sentence(services, request.language, error)},
                       {"list", nlohmann::json::array()},
                       {"by_field", nlohmann::json::object()}};
    for (auto const& field : error.fields) {
        auto const name = field.pointer.starts_with('/') ? field.pointer.substr(1) : field.pointer;
        auto said = services.locale.text(request.language, field.key, field.values);
        // With an empty id, so that none is taken from the page around the list; a form gives its own.
        out["list"].push_back({{"field", name}, {"text", said}, {"id", ""}, {"label", ""}});
        if (!out["by_field"].contains(name)) out["by_field"][name] = std::move(said);
    }
    return out;
}

} // namespace nguon::server
