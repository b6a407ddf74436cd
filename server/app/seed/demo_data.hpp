#pragma once

#include "server/app/seed/world.hpp"

namespace nguon::server::app::seed {

/// Reads deploy/provinces/lai_chau_demo.json into the world: goods, communes, the authority and the bodies.
void read_demo_data(World& world);

/// The firms around the five stories, with their products.
void add_other_firms(World& world);

/// Tax code or personal number, telephone, address with coordinates and the three usual places of a firm.
void give_numbers(World& world, Firm& firm);
void give_places(World& world, Firm& firm, std::string const& field_kind);

/// "5 kg" -> amount, unit and the kilograms of one pack.
void set_net_weight(SeedProduct& product, std::string_view text);

/// A product of the firm with what its goods say. Its pictures, GTIN and days come later.
SeedProduct& add_product(World& world, Firm& firm, std::string_view goods, std::string name, std::string_view weight);

} // namespace nguon::server::app::seed
