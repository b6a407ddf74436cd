#pragma once

#include "core/office/word_document.hpp"
#include "server/app/inspections.hpp"

namespace nguon::server {
class Locale;
}

namespace nguon::server::app {

/// The record of an inspection ("biên bản kiểm tra") in Vietnamese, with places to sign for inspector and firm; before
/// the inspection is over it is marked as a draft. `authority` is the name of the inspecting agency, `province` of the
/// place.
office::WordDocument inspection_record(Locale const& locale, InspectionView const& shown, std::string const& authority,
                                       std::string const& province);

} // namespace nguon::server::app
