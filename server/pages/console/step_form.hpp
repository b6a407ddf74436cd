#pragma once

#include "core/epcis/templates.hpp"
#include "core/result.hpp"
#include "server/http/request.hpp"
#include "server/pages/console/desk.hpp"
#include "server/services.hpp"

#include <array>
#include <string>

#include <nlohmann/json.hpp>

/// The form of a tracking-event template. Its labels come from the template, not from the catalogue.
namespace nguon::server::pages::console {

/// What the selects of the form offer.
struct StepChoices {
    Options places = {};
    Options batches = {};
    Options certificates = {};
    std::vector<std::string> people = {}; // names to pick from; others may be typed
};

inline constexpr std::size_t input_rows_first = 3;
inline constexpr std::size_t input_rows_more = 5;

/// Where a step of that stage usually happens: which kinds of places, the likelier first, and the word of the hint.
struct UsualPlace {
    epcis::PortalStage stage = epcis::PortalStage::none;
    std::string_view word = {}; // "growing": console.event.place.hint.growing
    std::array<std::string_view, 2> kinds = {};
};
UsualPlace const& usual_place(epcis::PortalStage stage);

std::string_view in_language(Request const& request, epcis::Bilingual const& text);

/// The fields as partials/field and console/step_field draw them, with values and faults.
nlohmann::json step_fields(Services& services, Request const& request, epcis::Template const& form,
                           StepChoices const& choices, Form const& typed, nlohmann::json const& errors);

/// What was typed, for `app::record_event`.
epcis::FormValues step_values(epcis::Template const& form, Form const& typed);

} // namespace nguon::server::pages::console
