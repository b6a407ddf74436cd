#pragma once

#include "server/app/seed/world.hpp"

/// The stories that show what traceability is good for.
namespace nguon::server::app::seed {

/// Adds the five firms and their products to the world, before pictures are drawn. Returns the products that get a
/// picture of their own.
std::vector<SeedProduct*> add_story_firms(World& world);

/// (a) Oolong tea of Bản Bo: forty households → five lots of fresh leaf → one batch → test → packs with serials → shop.
void plan_tea_story(World& world);
/// (b) Séng Cù rice of Mường Than: field → drying → milling → bags of 5 kg; one entry corrected.
void plan_rice_story(World& world);
/// (c) Honey of Pa Ủ: two apiaries → blended → bottled → recalled.
void plan_honey_story(World& world);
/// (d) A lot with nothing but the product's data. (e) A stamp that was copied: one serial, many scans within an hour.
/// (f) A bag of rice past its use-by date that somebody still scans.
void plan_incomplete_story(World& world);
void plan_copied_story(World& world);
void plan_expired_story(World& world);

/// Three reports of consumers in three states.
void plan_complaints(World& world);

/// Some lots of ordinary firms have labels, and codes on packs were scanned.
void plan_usual_scans(World& world);

/// So many scans within a time, on as many devices; `subject` is asked when they are written.
void plan_scans(World& world, std::function<std::string()> subject, std::int64_t count, Instant first,
                std::chrono::minutes within);

/// A label job of a lot; its unit codes, when it has some, go to `codes`.
void plan_labels(World& world, Lot& lot, std::string const& kind, std::int64_t count, Instant at,
                 std::shared_ptr<std::vector<std::string>> const& codes);

} // namespace nguon::server::app::seed
