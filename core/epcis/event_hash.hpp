#pragma once

#include "core/epcis/event.hpp"

#include <string>
#include <string_view>

/// The event hash of the Core Business Vocabulary: equal for one event however it is spelled and in whatever syntax.
namespace nguon::epcis {

/// CBV 2.0 puts extensions of standard fields into a block behind the ILMD; CBV 2.1 keeps them where they stand.
enum class HashVersion { cbv_2_0, cbv_2_1 };

/// The text that is hashed. eventID, recordTime, errorDeclaration, certificationInfo and comments do not take part.
std::string pre_hash_string(Event const& event, HashVersion version = HashVersion::cbv_2_0);

/// "ni:///sha-256;…?ver=CBV2.0", 64 lower-case hexadecimal digits.
std::string event_hash(Event const& event, HashVersion version = HashVersion::cbv_2_0);

/// The identifier as the hash has it: an EPC URN or a Digital Link on any host becomes the canonical Digital Link of
/// its key and finest qualifier ("https://id.gs1.org/01/…/21/…"), every other text stays as it is.
std::string canonical_identifier(std::string_view text);

/// "25.0" -> "25", "+0.50" -> "0.5"; a text that is no number stays as it is.
std::string canonical_number(std::string_view text);

} // namespace nguon::epcis
