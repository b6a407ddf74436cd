#pragma once

#include "core/result.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Catalogues of the portals: their entries, which of them stand for values of ours, and which values have none.
/// Serves the connector and the province.
namespace nguon::db::portal_catalogues {

struct Entry {
    std::string code = {};
    std::string name = {};
    std::string parent = {}; // code of the one above it in a tree
    bool operator==(Entry const&) const = default;
};

/// One catalogue as a portal gave it; `absent`: it says that it has none of that name.
struct Fetched {
    std::string catalogue = {};
    bool absent = false;
    std::vector<Entry> entries = {};
};

/// Stores what came under the next version when anything differs, else that it was looked at. What is held for want of
/// an entry goes again after a change.
void store(Connection& c, std::string_view target, Fetched const& fetched, Instant at);

/// How one catalogue stands.
struct State {
    std::string catalogue = {};
    std::int64_t version = 0;
    bool absent = false;
    std::int64_t entries = 0;
    std::int64_t added = 0; // with the newest version
    std::int64_t changed = 0;
    std::int64_t removed = 0;
    Instant changed_at = {};
    Instant checked_at = {};
};
/// By name.
std::vector<State> states(Connection& c, std::string_view target);

/// How fetching stands.
struct Sync {
    std::int64_t revision = 0;
    std::optional<Instant> asked_at = {};
    std::optional<Instant> synced_at = {};
    std::optional<Instant> failed_at = {};
    std::string fault = {}; // of the newest try; empty: it was good
};
Sync sync_of(Connection& c, std::string_view target);
/// They are to be fetched now.
void ask(Connection& c, std::string_view target, Instant at);
/// All were fetched, or what kept them from it.
void finish(Connection& c, std::string_view target, Instant at, std::string_view fault);

/// Everything that the connector needs to write a record in the portal's words.
struct Known {
    std::int64_t revision = 0;
    std::map<std::string, std::vector<Entry>> entries = {};                 // by catalogue; empty: absent
    std::map<std::string, std::map<std::string, std::string>> matches = {}; // catalogue → value → code
};
Known load(Connection& c, std::string_view target);

/// Entries of now by code: those whose code or name, without marks, contains `words` in any place; at most `limit`.
std::vector<Entry> find_entries(Connection& c, std::string_view target, std::string_view catalogue,
                                std::string_view words, std::int64_t limit);
std::optional<Entry> find_entry(Connection& c, std::string_view target, std::string_view catalogue,
                                std::string_view code);
/// Entries of now with this name, marks and case aside.
std::vector<Entry> named(Connection& c, std::string_view target, std::string_view catalogue, std::string_view name);

struct Match {
    std::string catalogue = {};
    std::string value = {};
    std::string code = {};
    std::string name = {}; // of the entry; empty: it is gone
    Instant decided_at = {};
    std::string decided_by = {};
};
/// By catalogue and value.
std::vector<Match> matches(Connection& c, std::string_view target);
/// A person decided; what was held for want of it goes again. Errors: "catalogue.code_unknown" at "code".
Status put_match(Connection& c, std::string_view target, Match const& match);
/// Errors: not_found "catalogue.match_unknown".
Status remove_match(Connection& c, std::string_view target, std::string_view catalogue, std::string_view value,
                    Instant at);

/// A value of ours that a record is held for.
struct Gap {
    std::string catalogue = {};
    std::string value = {};
    Instant found_at = {};
    bool operator==(Gap const&) const = default;
};
/// Oldest first; those only that still have no counterpart.
std::vector<Gap> gaps(Connection& c, std::string_view target, std::int64_t limit);
std::int64_t count_gaps(Connection& c, std::string_view target);
/// Notes the values that records lack counterparts for, and says whether that is still so: false when anything changed
/// since `revision`, so that whoever looked must look again. Locks the portal's revision.
bool note_gaps(Connection& c, std::string_view target, std::vector<Gap> const& found, std::int64_t revision,
               Instant at);

/// Everything of a portal that is connected no longer.
void remove(Connection& c, std::string_view target);

} // namespace nguon::db::portal_catalogues
