#include "connector/practice_portal/capture_desk.hpp"

#include "connector/practice_portal/event_book.hpp"
#include "core/bytes.hpp"
#include "core/http/uri.hpp"
#include "core/json.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

json problem(unsigned status, std::string const& name, std::string const& detail)
{
    return {{"type", "epcisException:" + name}, {"title", name}, {"status", status}, {"detail", detail}};
}

http::Response answer(unsigned status, json const& body, char const* media_type = "application/json")
{
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", media_type);
    response.headers.set("GS1-EPCIS-Version", "2.0.0");
    response.body = body.dump();
    return response;
}

http::Response refuse(unsigned status, std::string const& name, std::string const& detail)
{
    return answer(status, problem(status, name, detail), "application/problem+json");
}

/// Text of an id that is known already or stands twice in one capture; empty when there is none.
std::string duplicate_in(Ledger const& ledger, std::vector<CapturedEvent> const& events)
{
    std::set<std::string> seen;
    for (auto const& event : events) {
        bool const again = !event.declares_error && !seen.insert(event.id).second;
        if (again || ledger.events().has(event)) return event.id;
    }
    return {};
}

http::Response capture(Ledger& ledger, http::Request const& request, PlannedFault const& fault, Instant now)
{
    auto const body = request.body.bytes();
    auto const type = request.header("Content-Type");
    if (!type.starts_with("application/json") && !type.starts_with("application/ld+json"))
        return refuse(415, "UnsupportedMediaTypeException", std::string{type});
    auto const digest = request.header("Content-Digest");
    if (!digest.empty() && digest != "sha-256=:" + to_base64(sha256(body)) + ":")
        return refuse(400, "ValidationException", "Nội dung bị hỏng");
    auto const read = read_capture(body);
    if (!read) return refuse(400, "ValidationException", "Không phải tài liệu EPCIS 2.0 có sự kiện");
    if (auto const duplicate = duplicate_in(ledger, read->events); !duplicate.empty())
        return refuse(409, "ResourceAlreadyExistsException", duplicate);
    auto errors = json::array();
    for (auto const& text : read->faults) errors.push_back(problem(400, "ValidationException", text));
    auto const job = ledger.capture(read->faults.empty() ? read->events : std::vector<CapturedEvent>{}, errors, now);
    ledger.sync();
    if (fault.kind == PlannedFault::Kind::created && errors.empty()) return answer(201, json::object());
    auto response = answer(202, json::object());
    response.headers.set("Location", std::string{capture_base_path} + "/capture/" + job);
    return response;
}

http::Response show_job(Ledger const& ledger, std::string const& id, PlannedFault const& fault)
{
    auto job = ledger.events().job(id);
    if (!job) return refuse(404, "NoSuchResourceException", id);
    if (fault.kind == PlannedFault::Kind::unfinished) {
        job->erase("finishedAt");
        (*job)["running"] = true;
        (*job)["success"] = true;
        (*job)["errors"] = json::array();
    }
    auto response = answer(200, *job);
    if (fault.retry_after) response.headers.set("Retry-After", std::to_string(*fault.retry_after));
    return response;
}

http::Response show_event(Ledger const& ledger, std::string const& id)
{
    auto events = json::array();
    for (auto const& body : ledger.events().find(id)) events.push_back(json::parse(body));
    if (events.empty()) return refuse(404, "NoSuchResourceException", id);
    return answer(200,
                  {{"@context", json::array({"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"})},
                   {"type", "EPCISQueryDocument"},
                   {"schemaVersion", "2.0"},
                   {"epcisBody",
                    {{"queryResults",
                      {{"queryName", "SimpleEventQuery"}, {"resultsBody", {{"eventList", std::move(events)}}}}}}}});
}

} // namespace

http::Response answer_capture(Ledger& ledger, http::Request const& request, PlannedFault const& fault, Instant now)
{
    auto path = std::string_view{request.path}.substr(capture_base_path.size());
    if (fault.kind == PlannedFault::Kind::forget) {
        ledger.forget_newest_event(now);
        ledger.sync();
    }
    if (path == "/capture" && request.method == http::Method::post) return capture(ledger, request, fault, now);
    if (request.method != http::Method::get) return refuse(405, "NotAllowed", "");
    for (std::string_view const folder : {"/capture/", "/events/"}) {
        if (!path.starts_with(folder)) continue;
        auto const id = http::percent_decode(path.substr(folder.size()));
        if (!id) return refuse(400, "ValidationException", "");
        return folder == "/capture/" ? show_job(ledger, *id, fault) : show_event(ledger, *id);
    }
    return refuse(404, "NoSuchResourceException", std::string{path});
}

} // namespace nguon::practice_portal
