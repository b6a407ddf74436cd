#include "connector/epcis_wire.hpp"

#include "core/epcis/context.hpp"
#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/json.hpp"

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

bool is_standard(json const& context)
{
    return context == epcis::standard_context ||
           (context.is_array() && context.size() == 1 && context.front() == epcis::standard_context);
}

/// The list of events in whatever form a repository answers; null when there is none.
json const* events_in(json const& answer)
{
    auto const* const body = member_at(answer, "epcisBody");
    if (body == nullptr) return nullptr;
    if (auto const* const list = member_at(*body, "eventList")) return list;
    auto const* const results = member_at(*body, "queryResults");
    auto const* const results_body = results ? member_at(*results, "resultsBody") : nullptr;
    return results_body ? member_at(*results_body, "eventList") : nullptr;
}

/// A document around events, with the context they came with: a bare event need not have one.
json document_of(json events, json const* context)
{
    return {{"@context", context ? *context : json(epcis::standard_context)},
            {"type", "EPCISDocument"},
            {"schemaVersion", "2.0"},
            {"creationDate", "2026-01-01T00:00:00Z"},
            {"epcisBody", {{"eventList", std::move(events)}}}};
}

bool declare_alike(epcis::Event const& a, epcis::Event const& b)
{
    auto const& first = a.error_declaration;
    auto const& second = b.error_declaration;
    if (!first || !second) return first.has_value() == second.has_value();
    return first->declared.at == second->declared.at && first->reason == second->reason;
}

} // namespace

std::optional<std::string> make_event_wire(Record const& record)
{
    auto payload = parse_json(record.payload);
    if (!payload || member_at(*payload, "event") == nullptr || !payload->at("event").is_object()) return std::nullopt;
    auto event = std::move(payload->at("event"));
    if (text_at(event, "eventID").empty()) event["eventID"] = "urn:uuid:" + record.id;
    if (auto const* const context = member_at(event, "@context"); context && is_standard(*context))
        event.erase("@context");
    return canonical_json(event);
}

std::string event_id_of(std::string_view wire)
{
    auto const event = json::parse(wire, nullptr, false);
    return text_at(event, "eventID");
}

std::string epcis_document(std::vector<std::string_view> const& wires, Instant created)
{
    auto text = R"({"@context":)" + canonical_json(json::array({epcis::standard_context})) + R"(,"creationDate":")" +
                to_iso(created) + R"(","epcisBody":{"eventList":[)";
    for (std::size_t i = 0; i < wires.size(); ++i) text.append(i > 0 ? "," : "").append(wires[i]);
    return text + R"(]},"schemaVersion":"2.0","type":"EPCISDocument"})";
}

EventMatch match_event(std::string_view wire, std::string_view answer)
{
    auto const parsed = parse_json(answer);
    if (!parsed || !parsed->is_object()) return EventMatch::unreadable;
    auto const* const list = events_in(*parsed);
    bool const bare = member_at(*parsed, "epcisBody") == nullptr && member_at(*parsed, "eventTime") != nullptr;
    if (list == nullptr && !bare) return EventMatch::unreadable;
    if (list && !list->is_array()) return EventMatch::unreadable;
    if (list && list->empty()) return EventMatch::absent;

    auto const ours = epcis::read_document(document_of(json::array({json::parse(wire, nullptr, false)}), nullptr));
    auto const theirs =
        epcis::read_parts(document_of(list ? *list : json::array({*parsed}), member_at(*parsed, "@context")));
    if (!ours || !theirs) return EventMatch::unreadable;
    auto const& own = ours->events.front();
    auto const hash = epcis::event_hash(own);
    bool read_any = false;
    for (auto const& event : theirs->events) {
        if (!event || event->event_id != own.event_id) continue;
        read_any = true;
        if (declare_alike(*event, own) && epcis::event_hash(*event) == hash) return EventMatch::same;
    }
    // The event stands there, but not yet our declaration that it was wrong.
    if (read_any && own.error_declaration) return EventMatch::absent;
    return read_any ? EventMatch::differs : EventMatch::unreadable;
}

} // namespace nguon::connector
