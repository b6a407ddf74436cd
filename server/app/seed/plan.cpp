#include "server/app/seed/plan.hpp"

#include <algorithm>

namespace nguon::server::app::seed {
namespace {

// Few syncs, and each transaction far below the time that a write may take, also on a busy machine.
constexpr std::size_t deeds_per_write = 200;

} // namespace

Status Plan::run(db::Database& database)
{
    std::ranges::stable_sort(deeds_, {}, &Entry::at);
    for (std::size_t first = 0; first < deeds_.size(); first += deeds_per_write) {
        auto const last = std::min(first + deeds_per_write, deeds_.size());
        auto work = [&](db::Connection& c) -> Status {
            for (auto i = first; i < last; ++i)
                if (auto done = deeds_[i].deed(c); !done) return done;
            return Done{};
        };
        if (auto written = database.write_now(work); !written) return written;
    }
    return Done{};
}

} // namespace nguon::server::app::seed
