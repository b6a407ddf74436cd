#pragma once

#include "core/time.hpp"
#include "db/database.hpp"

#include <functional>
#include <vector>

namespace nguon::server::app::seed {

/// What happened in the illustrative province, deed by deed. Deeds run in the order of their times, so that numbers of
/// events, messages and audit entries grow with time as in real use.
class Plan {
public:
    using Deed = std::function<Status(db::Connection&)>;

    /// At the same time the one that was added first comes first.
    void add(Instant at, Deed deed) { deeds_.push_back({at, std::move(deed)}); }

    std::size_t size() const { return deeds_.size(); }

    /// Runs everything in transactions of some hundred deeds. A deed may run twice: it sets what later deeds need anew.
    Status run(db::Database& database);

private:
    struct Entry {
        Instant at = {};
        Deed deed = {};
    };
    std::vector<Entry> deeds_;
};

} // namespace nguon::server::app::seed
