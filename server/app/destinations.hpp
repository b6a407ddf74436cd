#pragma once

#include "core/ids.hpp"
#include "db/connection.hpp"

#include <map>
#include <string>
#include <vector>

namespace nguon::server::app {

/// Where a shipping says that it goes: the place, and whose it is when that is known here.
struct Destination {
    std::string name = {};
    OrganizationId org = {};
};

/// Reads the destinations of shippings, each event once and at most two thousand of them.
class Destinations {
public:
    explicit Destinations(db::Connection& c) : c_{c} {}

    /// Of the event with this number; nothing when it names none, or beyond the limit.
    std::vector<Destination> const& of(std::int64_t event);

private:
    Destination named(std::string const& uri);

    db::Connection& c_;
    std::map<std::int64_t, std::vector<Destination>> read_ = {};
    std::vector<Destination> const none_ = {};
};

} // namespace nguon::server::app
