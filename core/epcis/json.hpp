#pragma once

#include "core/epcis/event.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nguon::epcis {

enum class DocumentKind { capture, query, event }; // EPCISDocument, EPCISQueryDocument, one bare event

/// A document that was read whole.
struct Document {
    DocumentKind kind = DocumentKind::capture;
    std::string schema_version = {};
    std::shared_ptr<Context const> context = {};
    std::vector<Event> events = {};
    std::string list_pointer = {}; // "/epcisBody/eventList"; empty for a bare event

    /// JSON pointer of the event with this number in the document.
    std::string pointer_of(std::size_t index) const;
};

/// A document whose events are read one by one: where one could not be read stands its error.
struct DocumentParts {
    Document document = {}; // with `events` empty
    std::vector<Result<Event>> events = {};
};

/// Reads an EPCISDocument, an EPCISQueryDocument or one bare event. Contexts are never fetched. Every fault found is in
/// the error's fields with its JSON pointer, up to `limits::epcis_faults_max`. Keys: those of `parse_json`;
/// "epcis.document_type" {text}, "epcis.context_missing", "epcis.context_form", "epcis.context_size" {max},
/// "epcis.required", "epcis.type" {wanted}, "epcis.event_type" {text}, "epcis.action" {text}, "epcis.time" {text},
/// "epcis.offset" {text}, "epcis.empty", "epcis.field_unknown" {name}, "epcis.prefix_undefined" {prefix, name},
/// "epcis.field_not_here" {name, event type}, "epcis.ilmd_namespace" {name}, "epcis.things_missing",
/// "epcis.too_many" {max}.
/// Rules beyond shape are `validate`'s.
Result<Document> parse_document(std::string_view text);
Result<Document> read_document(nlohmann::json const& document);

/// The same, keeping the good events beside the faulty ones. An error means that nothing could be read.
Result<DocumentParts> read_parts(nlohmann::json const& document);

/// One event as a document of its own: with its @context.
nlohmann::json to_json(Event const& event);

/// An EPCISDocument with these events; `created` is its creationDate. Events whose context is not the document's carry
/// their own.
nlohmann::json to_document(std::vector<Event> const& events, Instant created);

/// What is stored: canonical JSON of `to_json`.
std::string canonical_body(Event const& event);

} // namespace nguon::epcis
