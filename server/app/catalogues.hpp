#pragma once

#include "db/connection.hpp"

namespace nguon::server::app {

/// Writes or renews the state's catalogues that ship with the program: 34 provinces, Lai Châu's communes, what older
/// provinces became, product groups, public holidays. The operator's own entries stay.
Status load_catalogues(db::Connection& c);

/// Takes in the operator's file of communes: CSV with the columns code, province_code, kind, name, valid_from and,
/// where known, latitude, longitude. Returns how many. Errors: every faulty line.
Result<std::size_t> import_communes(db::Connection& c, std::string_view csv);

} // namespace nguon::server::app
