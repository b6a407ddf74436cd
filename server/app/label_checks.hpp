#pragma once

#include "core/label_check.hpp"
#include "core/sealed.hpp"
#include "db/connection.hpp"

/// The keyed check in labels' addresses: who makes it and who judges it.
namespace nguon::server::app {

/// Before a check in an address.
inline constexpr std::string_view label_check_query = "?k=";

/// The key that new labels get; made when there is none that can be opened. `sealer` may be null. Errors: unavailable
/// "label_check.no_key".
Result<LabelCheckKey> key_for_labels(db::Connection& c, Sealer const* sealer, Instant now);

/// The key of labels that were made before. Errors: unavailable "label_check.no_key".
Result<LabelCheckKey> find_label_key(db::Connection& c, Sealer const* sealer, std::string_view id);

/// What the check of an address says.
enum class LabelCheck { none, passed, failed };

/// Judges `given` (the address's k) for a printed code: `none` without one, and for keys that this installation never
/// had or cannot open any more.
LabelCheck judge_label_check(db::Connection& c, Sealer const* sealer, std::string_view code, std::string_view given);

} // namespace nguon::server::app
