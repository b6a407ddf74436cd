#include "connector/target.hpp"

#include "connector/reconciliation.hpp"

namespace nguon::connector {

std::unique_ptr<Reconciliation> Target::reconcile(ReconcileRange) { return nullptr; }

} // namespace nguon::connector
