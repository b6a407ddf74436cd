#pragma once

#include <string>
#include <utility>
#include <vector>

namespace nguon::office {

/// A ZIP archive of the parts in that order, with a fixed time, so that the same parts give the same bytes.
std::string write_archive(std::vector<std::pair<std::string, std::string>> const& parts);

} // namespace nguon::office
