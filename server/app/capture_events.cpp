#include "server/app/capture_events.hpp"

#include "core/epcis/json.hpp"
#include "core/epcis/validate.hpp"
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

} // namespace

Result<CapturedDocument> read_captured(std::string const& text, std::string media_type)
{
    auto document = epcis::parse_document(text);
    if (!document) return document.error();
    if (document->events.size() > limits::capture_events_max)
        return invalid("epcis.too_many", {std::to_string(limits::capture_events_max)});
    if (auto const checked = epcis::validate(*document); !checked) return checked.error();
    CapturedDocument out{std::move(media_type), db::events::pack(text), std::move(document->events), {}};
    for (auto& event : out.events) {
        drop_claims(event);
        out.prepared.push_back(db::events::prepare(event));
    }
    return out;
}

Result<CaptureJob> capture_events(db::Connection& c, Actor const& actor, CapturedDocument const& document)
{
    db::events::Capture capture;
    capture.id = new_id<struct CaptureKind>();
    capture.org = actor.org;
    capture.declared_by = actor.subject;
    capture.received_at = actor.at;
    capture.media_type = document.media_type;
    db::events::insert_capture(c, capture, document.text);

    db::events::Facts facts;
    facts.org = actor.org;
    facts.capture = capture.id;
    facts.declared_by = actor.subject;
    facts.record_time = actor.at;
    for (std::size_t i = 0; i < document.events.size(); ++i) {
        auto const& event = document.events[i];
        if (auto const allowed = check_declaration(c, actor, event, i); !allowed) return allowed.error();
        facts.ordinal = static_cast<std::int64_t>(i);
        if (auto const appended = db::events::append(c, event, document.prepared[i], facts); !appended)
            return appended.error();
    }

    auto const count = static_cast<std::int64_t>(document.events.size());
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = "event.capture";
    entry.entity_kind = "capture";
    entry.entity_id = capture.id.text();
    entry.detail = nlohmann::json{{"count", count}}.dump();
    db::audit_log::append(c, actor.change(), entry);
    return CaptureJob{capture.id, actor.at, count};
}

Result<CaptureJob> find_capture_job(db::Connection& c, OrganizationId const& org, CaptureId const& id)
{
    auto const capture = db::events::find_capture(c, org, id);
    if (!capture) return capture.error();
    auto const document = epcis::parse_document(capture->document);
    if (!document) return document.error();
    return CaptureJob{id, capture->received_at, static_cast<std::int64_t>(document->events.size())};
}

} // namespace nguon::server::app
