#include "connector/target.hpp"

#include "connector/catalogues.hpp"
#include "connector/reconciliation.hpp"

namespace nguon::connector {

std::unique_ptr<Reconciliation> Target::reconcile(ReconcileRange) { return nullptr; }

std::unique_ptr<CatalogueFetch> Target::fetch_catalogues() { return nullptr; }

} // namespace nguon::connector
