#pragma once

#include "core/epcis/json.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Rules that no schema states.
namespace nguon::epcis {

/// In which syntax the event came: JSON writes vocabulary words bare, XML as URN or Web URI.
enum class Syntax { json, xml };

/// `faults` refuse the event; `notes` are against the standard's advice and found in published examples, so they are
/// told and do not refuse.
struct Findings {
    std::vector<FieldError> faults = {};
    std::vector<FieldError> notes = {};
};

/// Checks one event; `pointer` is its place in the document. Faults: "epcis.word_unknown" {text},
/// "epcis.word_spelling" {text, wanted}, "epcis.uri" {text}, "epcis.repeated" {text}, "epcis.ilmd_not_here",
/// "epcis.parent_missing", "epcis.children_missing", "epcis.transactions_missing", "epcis.transformation_sides",
/// "epcis.uom" {text}, "epcis.uom_alone", "epcis.quantity_negative", "epcis.hex_binary" {text}.
/// Notes: "epcis.identifier" {text}, "epcis.error_without_id", "epcis.declared_before_event",
/// "epcis.sensor_twice" {name}, "epcis.sensor_later".
Findings validate(Event const& event, std::string const& pointer = {}, Syntax syntax = Syntax::json);

/// All events of a document; its error holds the faults of all, up to `limits::epcis_faults_max`.
Status validate(Document const& document, Syntax syntax = Syntax::json);

/// An absolute URI of RFC 3986: a scheme, a colon, allowed characters and whole percent escapes, at most
/// `limits::epcis_uri_bytes_max` bytes.
bool is_uri(std::string_view text);

} // namespace nguon::epcis
