#pragma once

#include "core/epcis/event.hpp"
#include "db/events.hpp"
#include "server/app/actor.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nguon::server::app {

/// What becomes of a document when one of its events cannot be taken: nothing of it is, or all the others are.
enum class ErrorBehaviour { rollback, proceed };

/// An event that was not taken, by its place in the document.
struct RefusedEvent {
    std::size_t ordinal = 0;
    Error error = {};
};

/// A document of events made elsewhere, read and checked.
struct CapturedDocument {
    std::string media_type = {};
    db::events::Packed text = {}; // as it came
    std::vector<epcis::Event> events = {};
    std::vector<db::events::Prepared> prepared = {}; // for each event
    std::vector<std::size_t> ordinals = {};          // likewise: its place in the document
    ErrorBehaviour behaviour = ErrorBehaviour::rollback;
    std::vector<RefusedEvent> refused = {}; // only with `proceed`
};

/// Reads a JSON-LD document and checks every event. What an event claims about itself in our own namespace (template,
/// who vouches, evidence, for whom it was entered) is taken out: only this installation says that.
/// Errors: those of epcis::parse_document and epcis::validate, "epcis.too_many" {max}; with `proceed` only those that
/// concern the whole document.
Result<CapturedDocument> read_captured(std::string const& text, std::string media_type,
                                       ErrorBehaviour behaviour = ErrorBehaviour::rollback);

/// The same for one bare event. One without an eventID gets its hash as such, as CBV 2.0 §8.9 has it. Errors: besides,
/// "epcis.not_one_event" for a document.
Result<CapturedDocument> read_captured_event(std::string const& text, std::string media_type);

/// One document that was taken in.
struct CaptureJob {
    CaptureId id = {};
    Instant received_at = {};
    std::int64_t events = 0;   // of the document that were taken, repeats included
    std::int64_t repeated = 0; // of these: they were here before
    ErrorBehaviour behaviour = ErrorBehaviour::rollback;
    std::vector<RefusedEvent> refused = {};
};

/// Appends all events of the document or none; with `proceed` those that can be, and the others are the job's errors.
/// Errors: "epcis.event_id_taken", "event.unknown" for a declaration that an event is wrong which is not the actor's
/// own.
Result<CaptureJob> capture_events(db::Connection& c, Actor const& actor, CapturedDocument const& document);

/// Errors: "capture.unknown", also for a capture of another organization.
Result<CaptureJob> find_capture_job(db::Connection& c, OrganizationId const& org, CaptureId const& id);

/// The organization's, newest first, behind the job `behind`.
std::vector<CaptureJob> list_capture_jobs(db::Connection& c, OrganizationId const& org,
                                          std::optional<CaptureJob> const& behind, std::int64_t count);

} // namespace nguon::server::app
