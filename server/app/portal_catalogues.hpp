#pragma once

#include "db/portal_catalogues.hpp"
#include "server/app/actor.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Catalogues of a portal as administrators see them: what is there, which values of ours lack a counterpart, what was
/// matched. All of it concerns the whole installation; the caller has made sure that the actor may.
namespace nguon::server::app {

/// How the catalogues of one portal stand.
struct CataloguesState {
    db::portal_catalogues::Sync sync = {};
    std::vector<db::portal_catalogues::State> list = {};
    std::int64_t gaps = 0; // values without a counterpart
};
CataloguesState catalogues_state(db::Connection& c, std::string_view target);

/// A value of ours that records wait for.
struct CatalogueGap {
    db::portal_catalogues::Gap gap = {};
    std::string label = {};                                 // what people call it, as far as we know
    std::vector<db::portal_catalogues::Entry> choices = {}; // all, or those that resemble it when there are many
    std::string proposal = {};                              // the one entry of the same name; empty: there is none
    bool all_shown = false;
};

struct CataloguesView {
    CataloguesState state = {};
    std::vector<CatalogueGap> gaps = {}; // oldest first
    std::vector<db::portal_catalogues::Match> matches = {};
};
CataloguesView show_catalogues(db::Connection& c, std::string_view target);

/// An entry stands for a value from now on; what waits for it goes. Errors: "catalogue.code_unknown" at "code".
Status match_value(db::Connection& c, Actor const& actor, std::string const& target, std::string const& catalogue,
                   std::string const& value, std::string const& code);
/// Every value with a proposal gets it; their number. Errors: conflict "catalogue.no_proposal".
Result<std::int64_t> match_proposals(db::Connection& c, Actor const& actor, std::string const& target);
/// Errors: not_found "catalogue.match_unknown".
Status forget_match(db::Connection& c, Actor const& actor, std::string const& target, std::string const& catalogue,
                    std::string const& value);
/// The connector fetches them within a second. Errors: conflict "connection.check_waits".
Status ask_catalogues(db::Connection& c, Actor const& actor, std::string const& target);

} // namespace nguon::server::app
