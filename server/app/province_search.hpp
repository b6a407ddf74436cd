#pragma once

#include "db/connection.hpp"
#include "server/auth/principal.hpp"

#include <string>
#include <vector>

namespace nguon::server::app {

/// A record that the province's search box found.
struct FoundRecord {
    std::string kind = {}; // organization, product, batch, place, certificate
    std::string id = {};
    std::string name = {};
    OrganizationId org = {};
    std::string org_name = {};
    std::string page = {}; // public page of a code; "" otherwise
};

/// Firms, products, lots, places and certificates by their words (without regard to marks, exact ones first), and what
/// a printed code or barcode names. What lies outside the viewer's area is left out.
std::vector<FoundRecord> search_province(db::Connection& c, Principal const& who, std::string const& text, Date today);

} // namespace nguon::server::app
