#pragma once

#include "server/app/events.hpp"
#include "server/app/seed/world.hpp"

/// Plans lots and what happened to them.
namespace nguon::server::app::seed {

/// Whether the goods are made on that day of the year.
bool is_in_season(Goods const& goods, Date day);

/// A new lot of so many packs, made `days` ago and registered the next morning or at that moment; its number is the
/// day's.
Lot& plan_lot(World& world, SeedProduct& product, int days, std::int64_t packs, std::optional<Instant> at = {});

/// How long after the event somebody declared it: most within a day or so, some weeks late.
std::chrono::minutes usual_lag(Chance& chance);

/// One step of a lot at a moment, declared `lag` later; left out when that is still to come. `id` receives the event's
/// id once it is recorded.
struct SeedStep {
    std::string key = {}; // "tea.packing"
    epcis::FormValues values = {};
    Instant at = {};
    std::chrono::minutes lag{90};
    SeedPlace const* place = nullptr;
    std::map<std::string, SeedPlace const*> other_places = {}; // form field -> place
    std::vector<std::pair<Lot const*, double>> inputs = {};    // lot used up, kilograms
    std::vector<std::shared_ptr<CertificateId>> certificates = {};
    std::shared_ptr<scanner::Photos const> photo = {};
    std::shared_ptr<std::string> id = {};
};
void plan_step(World& world, Lot& lot, SeedStep step);

/// What a form of that step would hold, with plausible amounts; values given in `step` stay.
void fill_usual_values(World& world, Lot const& lot, SeedStep& step);

/// The usual steps of its goods, one after the other.
void plan_usual_steps(World& world, Lot& lot);

/// So many lots of the product, spread over the months in which it is made.
void plan_usual_lots(World& world, SeedProduct& product, int count);

} // namespace nguon::server::app::seed
