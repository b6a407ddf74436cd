#include "server/app/seed/recalls.hpp"

#include "db/batches.hpp"
#include "server/app/recall_cases.hpp"

namespace nguon::server::app::seed {
namespace {

using namespace std::chrono_literals;

Result<RecallTracing> tracing_of(db::Connection& c, Lot const& lot)
{
    auto const head = db::batches::find_any(c, lot.id);
    if (!head) return head.error();
    return trace_recall(c, {"batch", head->code, {}, {}});
}

} // namespace

void plan_recall(World& world, Lot& lot, SeedRecall const& wanted)
{
    auto const id = std::make_shared<std::string>();
    auto const opened = world.moment(wanted.days, 9, 15);
    world.plan.add(opened, [&world, &lot, wanted, id, opened](db::Connection& c) -> Status {
        auto const tracing = tracing_of(c, lot);
        if (!tracing) return tracing.error();
        auto opening =
            open_recall(c, officer(world, 0, opened), {wanted.drill, false, wanted.reason, wanted.notice}, *tracing);
        if (!opening) return opening.error();
        *id = *std::move(opening);
        return Done{};
    });
    auto const published = std::max(opened, world.moment(wanted.days, 9, 38));
    world.plan.add(published, [&world, id, published](db::Connection& c) {
        return publish_recall(c, officer(world, 1, published), *id);
    });
    auto const answered = std::max(published, world.moment(wanted.days - 1, 10, 5));
    world.plan.add(answered, [&lot, wanted, id, answered](db::Connection& c) {
        return acknowledge_recall(c, actor_of(*lot.product->firm, answered), *id, lot.id,
                                  {wanted.figures, wanted.unit, {}});
    });
    if (wanted.conclusion.empty()) return;
    auto const closed = std::max(answered, world.moment(wanted.days - 6, 15, 30));
    world.plan.add(closed, [&world, wanted, id, closed](db::Connection& c) {
        return close_recall(c, officer(world, 0, closed), *id, wanted.conclusion);
    });
}

void plan_monthly_drill(World& world, Lot& lot, int days)
{
    auto const at = world.moment(days, 2, 20);
    world.plan.add(at, [&lot, at](db::Connection& c) -> Status {
        auto const tracing = tracing_of(c, lot);
        if (!tracing) return tracing.error();
        return keep_drill(c, at, *tracing);
    });
}

} // namespace nguon::server::app::seed
