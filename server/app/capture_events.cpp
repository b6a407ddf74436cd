#include "server/app/capture_events.hpp"

#include "core/epcis/json.hpp"
#include "core/epcis/validate.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"
#include "db/audit_log.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::array<std::string_view, 5> own_claims{"template", "mark", "declaredBy", "onBehalfOf", "evidence"};

/// True for a member by which events of our own forms say who vouches for them, whatever prefix it was given.
bool is_claim(epcis::Event const& event, std::string const& name)
{
    auto const is_own = [](std::string_view local) { return std::ranges::find(own_claims, local) != own_claims.end(); };
    constexpr std::string_view prefix = "nguon:";
    if (name.starts_with(prefix) && is_own(std::string_view{name}.substr(prefix.size()))) return true;
    auto const meant = event.context->expand(name);
    return meant && meant->name_space == epcis::own_namespace && is_own(meant->local);
}

void drop_claims(epcis::Event& event)
{
    for (auto member = event.extensions.begin(); member != event.extensions.end();)
        member = is_claim(event, member.key()) ? event.extensions.erase(member) : std::next(member);
}

/// Nobody says of another's event that it was wrong.
Status check_declaration(db::Connection& c, Actor const& actor, epcis::Event const& event, std::size_t ordinal)
{
    if (!event.error_declaration || db::events::has_own(c, actor.org, event.event_id)) return Done{};
    return invalid_fields({{"/epcisBody/eventList/" + std::to_string(ordinal) + "/eventID", "event.unknown", {}}});
}

using nlohmann::json;

json to_json(std::vector<RefusedEvent> const& refused)
{
    auto out = json::array();
    for (auto const& event : refused) {
        auto fields = json::array();
        for (auto const& field : event.error.fields)
            fields.push_back({{"pointer", field.pointer}, {"key", field.key}, {"values", field.values}});
        out.push_back({{"ordinal", event.ordinal},
                       {"key", event.error.key},
                       {"values", event.error.values},
                       {"fields", std::move(fields)}});
    }
    return out;
}

std::vector<RefusedEvent> read_refused(std::string const& text)
{
    std::vector<RefusedEvent> out;
    for (auto const& item : json::parse(text)) { // of our own making
        auto error = invalid(item["key"].get<std::string>(), item["values"].get<std::vector<std::string>>());
        for (auto const& field : item["fields"])
            error.fields.push_back({field["pointer"].get<std::string>(), field["key"].get<std::string>(),
                                    field["values"].get<std::vector<std::string>>()});
        out.push_back({item["ordinal"].get<std::size_t>(), std::move(error)});
    }
    return out;
}

Error too_many()
{
    return Error{ErrorCode::too_large, "epcis.too_many", {std::to_string(limits::capture_events_max)}, {}, {}};
}

CaptureJob to_job(db::events::Capture const& capture)
{
    CaptureJob job;
    job.id = capture.id;
    job.received_at = capture.received_at;
    job.events = capture.events;
    job.behaviour = capture.error_behaviour == "proceed" ? ErrorBehaviour::proceed : ErrorBehaviour::rollback;
    job.refused = read_refused(capture.errors);
    return job;
}

void add(CapturedDocument& out, epcis::Event event, std::size_t ordinal)
{
    drop_claims(event);
    out.prepared.push_back(db::events::prepare(event));
    out.events.push_back(std::move(event));
    out.ordinals.push_back(ordinal);
}

/// Every event that can be taken, and why the others cannot.
Result<CapturedDocument> read_parts(CapturedDocument out, json const& document)
{
    auto parts = epcis::read_parts(document);
    if (!parts) return parts.error();
    if (parts->events.size() > limits::capture_events_max) return too_many();
    for (std::size_t i = 0; i < parts->events.size(); ++i) {
        auto& event = parts->events[i];
        if (!event) {
            out.refused.push_back({i, event.error()});
        } else if (auto findings = epcis::validate(*event, parts->document.pointer_of(i)); !findings.faults.empty()) {
            out.refused.push_back({i, invalid_fields(std::move(findings.faults))});
        } else {
            add(out, *std::move(event), i);
        }
    }
    return out;
}

Result<CapturedDocument> read_whole(CapturedDocument out, json const& parsed)
{
    auto document = epcis::read_document(parsed);
    if (!document) return document.error();
    if (document->events.size() > limits::capture_events_max) return too_many();
    if (auto const checked = epcis::validate(*document); !checked) return checked.error();
    for (std::size_t i = 0; i < document->events.size(); ++i) add(out, std::move(document->events[i]), i);
    return out;
}

} // namespace

Result<CapturedDocument> read_captured(std::string const& text, std::string media_type, ErrorBehaviour behaviour)
{
    auto const parsed = parse_json(text);
    if (!parsed) return parsed.error();
    CapturedDocument out;
    out.media_type = std::move(media_type);
    out.text = db::events::pack(text);
    out.behaviour = behaviour;
    return behaviour == ErrorBehaviour::proceed ? read_parts(std::move(out), *parsed)
                                                : read_whole(std::move(out), *parsed);
}

Result<CapturedDocument> read_captured_event(std::string const& text, std::string media_type)
{
    auto const parsed = parse_json(text);
    if (!parsed) return parsed.error();
    if (!epcis::event_type_of(text_at(*parsed, "type"))) return invalid("epcis.not_one_event");
    auto read = read_captured(text, std::move(media_type));
    if (!read) return read;
    auto& event = read->events.front();
    if (event.event_id.empty()) {
        event.event_id = read->prepared.front().hash;
        read->prepared.front() = db::events::prepare(event);
    }
    return read;
}

Result<CaptureJob> capture_events(db::Connection& c, Actor const& actor, CapturedDocument const& document)
{
    db::events::Capture capture;
    capture.id = new_id<struct CaptureKind>();
    capture.org = actor.org;
    capture.declared_by = actor.subject;
    capture.received_at = actor.at;
    capture.media_type = document.media_type;
    capture.events = std::ssize(document.events);
    db::events::insert_capture(c, capture, document.text);

    db::events::Facts facts;
    facts.org = actor.org;
    facts.capture = capture.id;
    facts.declared_by = actor.subject;
    facts.record_time = actor.at;
    auto refused = document.refused;
    std::int64_t repeated = 0;
    for (std::size_t i = 0; i < document.events.size(); ++i) {
        auto const& event = document.events[i];
        auto const ordinal = document.ordinals[i];
        facts.ordinal = static_cast<std::int64_t>(ordinal);
        auto taken = check_declaration(c, actor, event, ordinal);
        if (taken) {
            // Both refuse before they write anything, so that a refused event leaves nothing behind.
            auto const appended = db::events::append(c, event, document.prepared[i], facts);
            if (!appended) taken = appended.error();
            if (appended && appended->repeated) ++repeated;
        }
        if (taken) continue;
        if (document.behaviour == ErrorBehaviour::rollback) return taken.error();
        refused.push_back({ordinal, taken.error()});
    }
    if (document.behaviour == ErrorBehaviour::proceed) {
        std::ranges::sort(refused, {}, &RefusedEvent::ordinal);
        capture.events = std::ssize(document.events) - (std::ssize(refused) - std::ssize(document.refused));
        capture.error_behaviour = "proceed";
        capture.errors = to_json(refused).dump();
        db::events::finish_capture(c, capture);
    }

    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = "event.capture";
    entry.entity_kind = "capture";
    entry.entity_id = capture.id.text();
    entry.detail = json{{"count", capture.events}}.dump();
    db::audit_log::append(c, actor.change(), entry);
    return CaptureJob{capture.id, actor.at, capture.events, repeated, document.behaviour, std::move(refused)};
}

Result<CaptureJob> find_capture_job(db::Connection& c, OrganizationId const& org, CaptureId const& id)
{
    auto const capture = db::events::find_capture_job(c, org, id);
    if (!capture) return capture.error();
    return to_job(*capture);
}

std::vector<CaptureJob> list_capture_jobs(db::Connection& c, OrganizationId const& org,
                                          std::optional<CaptureJob> const& behind, std::int64_t count)
{
    std::optional<db::events::Capture> from;
    if (behind) {
        from.emplace();
        from->id = behind->id;
        from->received_at = behind->received_at;
    }
    std::vector<CaptureJob> out;
    for (auto const& capture : db::events::capture_jobs(c, org, from, count)) out.push_back(to_job(capture));
    return out;
}

} // namespace nguon::server::app
