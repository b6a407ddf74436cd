#pragma once

#include "db/connection.hpp"
#include "server/app/origin.hpp"
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

/// What a typed code names: a printed code, the digits of a barcode, a label's address or its path. Nothing known for
/// other text.
Subject subject_of_text(db::Connection& c, std::string const& text, Date today);
/// The public page of such a code; "" for other text.
std::string page_of_text(std::string const& text);

} // namespace nguon::server::app
