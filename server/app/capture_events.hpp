#pragma once

#include "core/epcis/event.hpp"
#include "db/events.hpp"
#include "server/app/actor.hpp"

#include <string>
#include <vector>

namespace nguon::server::app {

/// A document of events made elsewhere, read and checked.
struct CapturedDocument {
    std::string media_type = {};
    db::events::Packed text = {}; // as it came
    std::vector<epcis::Event> events = {};
    std::vector<db::events::Prepared> prepared = {}; // for each event
};

/// Reads a JSON-LD document and checks every event. What an event claims about itself in our own namespace (template,
/// who vouches, evidence, for whom it was entered) is taken out: only this installation says that.
/// Errors: those of epcis::parse_document and epcis::validate, "epcis.too_many" {max}.
Result<CapturedDocument> read_captured(std::string const& text, std::string media_type);

/// One document that was taken in.
struct CaptureJob {
    CaptureId id = {};
    Instant received_at = {};
    std::int64_t events = 0; // of the document, repeats included
};

/// Appends all events of the document or none. Errors: "epcis.event_id_taken", "event.unknown" for a declaration that
/// an event is wrong which is not the actor's own.
Result<CaptureJob> capture_events(db::Connection& c, Actor const& actor, CapturedDocument const& document);

/// Errors: "capture.unknown", also for a capture of another organization.
Result<CaptureJob> find_capture_job(db::Connection& c, OrganizationId const& org, CaptureId const& id);

} // namespace nguon::server::app
