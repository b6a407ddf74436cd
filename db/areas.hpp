#pragma once

#include "db/connection.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Where an authority may look: every read of the province's desk takes it.
namespace nguon::db {

/// Codes of communes and provinces; none: everywhere.
using Areas = std::vector<std::string>;

/// A condition on a column with a commune's code, " AND (…)" or "" for everywhere; its parameters are appended, so it
/// may stand anywhere in the statement. `commune_column` is a name of our own SQL.
std::string within(Areas const& areas, std::string_view commune_column, std::vector<Value>& parameters);

/// "$4, $5": the values as further parameters, for an IN list. `values` must not be empty.
std::string numbered(std::vector<std::string> const& values, std::vector<Value>& parameters);

} // namespace nguon::db
