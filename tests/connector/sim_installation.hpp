#pragma once

#include "connector/most_settings.hpp"
#include "db/sqlite_connection.hpp"
#include "tests/connector/signing_keys.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

/// What every history begins with, made once.
namespace nguon::connector::testing {

inline constexpr std::string_view sim_target = "most";

/// Memory stands in for the disk: losing power has tests of its own, and a sync would only cost time here.
std::filesystem::path memory_dir();
/// Ed25519 keys of the portal's receipts.
SigningKey const& sim_receipt_key();
MostSettings sim_most_settings();
/// A copy in `dir` of an installation with the target.
std::unique_ptr<db::SqliteConnection> open_sim_installation(std::filesystem::path const& dir);

} // namespace nguon::connector::testing
