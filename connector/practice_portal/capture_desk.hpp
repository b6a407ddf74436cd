#pragma once

#include "connector/practice_portal/faults.hpp"
#include "connector/practice_portal/ledger.hpp"
#include "core/http/message.hpp"
#include "core/time.hpp"

#include <string>

namespace nguon::practice_portal {

/// The capture interface of EPCIS 2.0 below /epcis: POST /capture, GET /capture/{job}, GET /events/{eventID}. Every
/// capture is rolled back when one of its events is at fault; an eventID that is known already is 409.
inline constexpr std::string_view capture_base_path = "/epcis";

http::Response answer_capture(Ledger& ledger, http::Request const& request, PlannedFault const& fault, Instant now);

} // namespace nguon::practice_portal
