#include "connector/practice_portal/event_book.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> event_types{"ObjectEvent", "AggregationEvent", "TransactionEvent",
                                                      "TransformationEvent", "AssociationEvent"};

/// What the repository misses in an event; empty when it takes it.
std::string fault_of(json const& event)
{
    if (!event.is_object()) return "không phải sự kiện";
    auto const type = text_at(event, "type");
    if (std::find(event_types.begin(), event_types.end(), type) == event_types.end()) return "loại sự kiện không đúng";
    if (text_at(event, "eventID").empty()) return "thiếu eventID";
    if (!parse_time(text_at(event, "eventTime"))) return "thiếu eventTime";
    if (!parse_offset(text_at(event, "eventTimeZoneOffset"))) return "thiếu eventTimeZoneOffset";
    return {};
}

} // namespace

std::optional<CaptureRequest> read_capture(std::string_view text)
{
    auto const document = parse_json(text);
    if (!document || !document->is_object() || text_at(*document, "type") != "EPCISDocument" ||
        text_at(*document, "schemaVersion") != "2.0" || !document->contains("@context"))
        return std::nullopt;
    auto const body = document->find("epcisBody");
    if (body == document->end() || !body->is_object()) return std::nullopt;
    auto const list = body->find("eventList");
    if (list == body->end() || !list->is_array() || list->empty()) return std::nullopt;
    CaptureRequest request;
    for (auto const& event : *list) {
        if (auto fault = fault_of(event); !fault.empty())
            request.faults.push_back(text_at(event, "eventID") + ": " + fault);
        auto const bytes = canonical_json(event);
        bool const declares = member_at(event, "errorDeclaration") != nullptr;
        request.events.push_back({text_at(event, "eventID"), declares, sha256_hex(bytes), bytes});
    }
    return request;
}

std::string EventBook::key_of(std::string const& id, bool declares_error, std::string const& digest)
{
    return declares_error ? id + "\n" + digest : id;
}

void EventBook::take(json const& entry, std::vector<std::string>& violations)
{
    auto const errors = entry.value("errors", json::array());
    auto const at = entry.value("at", "");
    jobs_[entry.value("job", "")] = {{"captureID", entry.value("job", "")},
                                     {"createdAt", at},
                                     {"finishedAt", at},
                                     {"running", false},
                                     {"success", errors.empty()},
                                     {"captureErrorBehaviour", "rollback"},
                                     {"errors", errors}};
    for (auto const& event : entry.value("events", json::array())) {
        auto const id = event.value("event", "");
        auto const digest = event.value("sha256", "");
        auto& effect = events_[id][key_of(id, event.value("declaresError", false), digest)];
        effect.digest = digest;
        effect.body = event.value("body", "");
        // Checked here, on what the file says, apart from the rules that should have kept it.
        if (++effect.effects > 1) violations.push_back("I3 event " + id);
        order_.push_back(id);
    }
}

void EventBook::forget(std::string const& id)
{
    events_.erase(id);
    std::erase(order_, id);
}

bool EventBook::has(CapturedEvent const& event) const
{
    auto const known = events_.find(event.id);
    return known != events_.end() && known->second.contains(key_of(event.id, event.declares_error, event.digest));
}

std::optional<json> EventBook::job(std::string const& id) const
{
    auto const found = jobs_.find(id);
    if (found == jobs_.end()) return std::nullopt;
    return found->second;
}

std::vector<std::string> EventBook::find(std::string const& id) const
{
    std::vector<std::string> bodies;
    if (auto const found = events_.find(id); found != events_.end())
        for (auto const& [key, effect] : found->second) bodies.push_back(effect.body);
    return bodies;
}

std::string EventBook::newest() const { return order_.empty() ? std::string{} : order_.back(); }

json EventBook::describe() const
{
    auto events = json::array();
    for (auto const& [id, effects] : events_)
        for (auto const& [key, effect] : effects)
            events.push_back({{"event", id}, {"sha256", effect.digest}, {"effects", effect.effects}});
    return events;
}

} // namespace nguon::practice_portal
