#pragma once

#include <string_view>

namespace nguon::cli {

inline constexpr std::string_view decode_worker_argument = "decode-worker";

/// The process that reads files from strangers: serves requests on its socket until the parent closes it.
int run_decode_worker();

} // namespace nguon::cli
