#pragma once

#include "connector/target.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Events as EPCIS 2.0 has them on the wire. Pure.
namespace nguon::connector {

/// The event of a record as canonical JSON, the bytes that are frozen. It always has an eventID, so that the other side
/// recognises a repeat: the event's own, else "urn:uuid:" and our id of it. Nothing when the payload holds no event.
std::optional<std::string> make_event_wire(Record const& record);

std::string event_id_of(std::string_view wire);

/// An EPCISDocument (schemaVersion 2.0) of these wires, byte for byte and in this order.
std::string epcis_document(std::vector<std::string_view> const& wires, Instant created);

/// What a repository shows under an eventID, compared with what we have.
enum class EventMatch { absent, same, differs, unreadable };

/// `answer` is the body of GET /events/{eventID}: one event, or a document of several (an event and the declarations
/// that it was wrong). Spelling does not count: equal is who has the same event hash and declares an error as ours
/// does.
EventMatch match_event(std::string_view wire, std::string_view answer);

} // namespace nguon::connector
