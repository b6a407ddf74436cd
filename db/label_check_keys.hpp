#pragma once

#include "db/connection.hpp"

#include <string>
#include <vector>

/// Keys of the check in labels' addresses, sealed.
namespace nguon::db::label_check_keys {

struct Key {
    std::string id = {}; // one character
    std::string sealed = {};
    Instant created_at = {};
};

/// What a sealed key was sealed for.
std::string purpose(std::string_view id);

/// Oldest first.
std::vector<Key> list(Connection& c);
/// False when there is one of that id, which stays.
bool insert(Connection& c, Key const& key);

} // namespace nguon::db::label_check_keys
