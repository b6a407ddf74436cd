#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nguon {

/// The state of a Merkle log, as C2SP tlog-checkpoint has it: origin, size, root (base64), and our line "signed TIME".
struct CheckpointText {
    std::string origin = {};
    std::uint64_t size = 0;
    std::string root = {}; // raw
    Instant signed_at = {};
};
std::string to_text(CheckpointText const& checkpoint);
/// Errors: "checkpoint.format".
Result<CheckpointText> read_checkpoint(std::string_view text);

/// The part of `text` up to the next line feed, which is taken away with it.
std::string_view take_line(std::string_view& text);

} // namespace nguon
