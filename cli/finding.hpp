#pragma once

#include <string>
#include <vector>

namespace nguon::cli {

/// One thing that `nguon doctor` looked at, and the sentence that says what to do about a fault.
struct Finding {
    bool good = true;
    std::string what = {};
    std::string detail = {};
    std::string advice = {}; // key of the sentence
    std::vector<std::string> values = {};
};

} // namespace nguon::cli
