#pragma once

#include "db/connection.hpp"

/// What this installation is: one row, made at first use.
namespace nguon::db::installation {

struct Installation {
    std::string id = {};
    std::string province_code = {};
    std::string public_url = {};
    bool illustrative = false;
    Instant created_at = {};
};

/// Nothing before the first `serve` or `seed`.
std::optional<Installation> find(Connection& c);

void insert(Connection& c, Installation const& installation);

/// The address that stands in codes from now on; hosts that stood in earlier ones keep answering.
void set_public_url(Connection& c, std::string_view public_url, std::string_view host, Instant at);

void set_illustrative(Connection& c);

/// Which province it serves; before anything is registered.
void set_province(Connection& c, std::string_view province_code);

/// Every host that a printed code may carry.
std::vector<std::string> public_hosts(Connection& c);

} // namespace nguon::db::installation
