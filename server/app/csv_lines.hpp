#pragma once

#include "core/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The catalogues that ship with the program.
namespace nguon::server::app {

using CsvLine = std::map<std::string, std::string, std::less<>>;

/// Lines of names and codes: no quotes are needed, "," or ";" parts the columns, the first line names them. Errors:
/// every faulty line.
Result<std::vector<CsvLine>> read_csv_lines(std::string_view csv);

/// The bytes of deploy/catalogues/NAME; a name that is not there stops the program.
std::string_view shipped_catalogue(std::string_view name);

} // namespace nguon::server::app
