#pragma once

#include "connector/reconciliation.hpp"

#include <memory>

namespace nguon::connector {

class EpcisTarget;

/// EPCIS 2.0 has no digests to compare: every event that was delivered is asked for by its eventID. What else the
/// repository holds is others' business.
std::unique_ptr<Reconciliation> make_epcis_reconciliation(EpcisTarget& target, ReconcileRange range);

} // namespace nguon::connector
