#pragma once

#include "db/connection.hpp"

/// Search without marks: `dong thap` finds Đồng Tháp; what matches with its marks comes first. The same SQL and the
/// same order on both engines.
namespace nguon::db::search_words {

/// Replaces the words of one record by those of `texts` (names, codes).
void replace(Connection& c, std::string_view kind, std::string_view entity_id, OrganizationId const& org,
             std::vector<std::string> const& texts);

struct Hit {
    std::string kind = {};
    std::string entity_id = {};
    OrganizationId org = {};
    int exact_words = 0; // how many of the words matched with their marks
};

/// Records that have a word beginning with each word of `text`, best first, at most `count`. Without `org` it serves
/// the province. `kind` "" means every kind.
std::vector<Hit> find(Connection& c, std::optional<OrganizationId> const& org, std::string_view kind,
                      std::string_view text, std::size_t count);

} // namespace nguon::db::search_words
