#pragma once

#include "connector/catalogues.hpp"
#include "connector/most_target.hpp"

/// Catalogues of the portal of the Ministry of Science and Technology.
namespace nguon::connector {

/// The request for one catalogue, with the token of `target`.
Request catalogue_request(MostTarget const& target, std::string const& catalogue);

/// What the answer brings, when it is one; what it says of the portal otherwise. A portal without that address has no
/// such catalogue.
std::variant<db::portal_catalogues::Fetched, Reading> read_catalogue(MostTarget& target, std::string const& catalogue,
                                                                     Answer const& answer, Instant now);

/// token → one catalogue after the other.
std::unique_ptr<CatalogueFetch> make_most_catalogue_fetch(MostTarget& target);

} // namespace nguon::connector
