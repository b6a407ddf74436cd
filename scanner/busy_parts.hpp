#pragma once

#include "scanner/views.hpp"

#include <vector>

namespace nguon::scanner {

struct BusyPart {
    Box box = {};
    double busyness = 0; // of its busiest place
};

/// The parts of a grey picture where dark and bright lie closest together, as they do in codes (and in print), with
/// some ground around them; the busiest first, `parts_max` at most, none of a picture that is alike everywhere.
std::vector<BusyPart> busy_parts(Picture const& picture, std::size_t parts_max);

/// How busy the picture is within the box, by the same measure.
double busyness(Picture const& picture, Box const& box);

/// Cuts a part where a row is quiet from side to side: symbols from the text beneath them, which ZXing takes for a
/// piece of a Data Matrix. Nothing when there is nothing to cut.
std::vector<Box> cut_at_quiet_rows(Picture const& part);

} // namespace nguon::scanner
