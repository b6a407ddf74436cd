#pragma once

#include "core/epcis/event.hpp"
#include "core/epcis/templates.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What pages show of an event.
namespace nguon::epcis {

/// A sentence or value in both languages.
struct ShownText {
    std::string vi = {};
    std::string en = {};

    bool operator==(ShownText const&) const = default;
};

struct ShownField {
    std::string name = {};
    ShownText label = {};
    ShownText value = {};
};

enum class QuantityRole { about, used, made };

struct ShownQuantity {
    QuantityRole role = QuantityRole::about;
    std::string thing = {}; // identifier as the event has it
    ShownText amount = {};  // "1.250,5 kg" and "1250.5 kg"; empty when unknown
};

struct StepSummary {
    std::string template_key = {}; // empty for events of others
    ShownText title = {};
    ShownText verb = {};
    PortalStage stage = PortalStage::none;
    OffsetTime time = {};
    std::string place = {}; // identifier
    std::vector<std::string> items = {};
    std::vector<ShownQuantity> quantities = {};
    std::vector<ShownField> fields = {};
    std::string mark = {}; // what the event claims: "self_declared", "evidenced", "confirmed"; may be empty
    bool on_behalf = false;
    std::vector<std::string> evidence = {}; // SHA-256
    std::vector<std::string> certificates = {};
    bool withdrawn = false; // an error declaration stands against it
};

/// The event in plain words: by its template, or by its business step when it is not one of ours. `visibility` is the
/// reader's: `everyone` leaves out all fields that are not public. Template and mark are what the event says of itself:
/// believe them only when this installation made the event.
StepSummary summarise(Event const& event, Visibility visibility = Visibility::everyone);

/// The national portal's kind of step; `none` when there is none.
PortalStage portal_stage(Event const& event);

/// "1234.5" -> "1.234,5"; a text that is no number stays as it is.
std::string vietnamese_number(std::string_view text);

} // namespace nguon::epcis
