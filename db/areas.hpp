#pragma once

#include "db/connection.hpp"

#include <string>
#include <vector>

/// Where an authority may look: every read of the province's desk takes it.
namespace nguon::db {

/// Codes of communes and provinces; none: everywhere.
using Areas = std::vector<std::string>;

/// ",03424,12,": several values as one parameter; "" for none. The values hold no comma.
std::string listed(std::vector<std::string> const& values);

/// Conditions for statements whose first parameter is `listed(areas)`: the organization `o` lies in one of them, or no
/// area was named. A text contains an item when taking the item out changes it: both engines agree on that.
inline constexpr char within_areas[] = " ($1 = '' OR replace($1, ',' || o.commune_code || ',', '') <> $1"
                                       " OR EXISTS (SELECT 1 FROM commune area WHERE area.code = o.commune_code"
                                       " AND replace($1, ',' || area.province_code || ',', '') <> $1))";
/// The same for the rows `w` of the queue.
inline constexpr char waiting_within_areas[] = " ($1 = '' OR replace($1, ',' || w.commune_code || ',', '') <> $1"
                                               " OR EXISTS (SELECT 1 FROM commune area WHERE area.code = w.commune_code"
                                               " AND replace($1, ',' || area.province_code || ',', '') <> $1))";

} // namespace nguon::db
