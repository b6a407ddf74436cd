#pragma once

#include "db/connection.hpp"

#include <span>

/// All spellings of one thing (EPC URN, Digital Link, urn:uuid) share one number; event index rows hold the number.
namespace nguon::db::identifiers {

/// The number of `uri`, given at its first appearance. `entity`: the record that it names, where there is one.
std::int64_t intern(Connection& c, std::string_view uri, std::string_view kind, std::string_view entity_id = {});

/// Makes `uri` another spelling of `number`. A spelling that already names another thing stays as it is, and the
/// answer is a conflict "identifier.taken" {uri}.
Status add_spelling(Connection& c, std::int64_t number, std::string_view uri, std::string_view kind,
                    std::string_view entity_id);

std::optional<std::int64_t> find(Connection& c, std::string_view uri);

/// Every number that names a record: a batch may have been mentioned by several before they were known to be one.
std::vector<std::int64_t> of_entity(Connection& c, std::string_view entity_id);

struct Spelled {
    std::string uri = {};
    std::int64_t number = 0;
};
/// Everything that names the same thing as `uri`, itself included: by its number and by the record of ours that it is.
/// Nothing for an identifier that nobody mentioned.
std::vector<Spelled> spellings_of(Connection& c, std::string_view uri);

struct Named {
    std::string kind = {};
    std::string entity_id = {};
};

/// The record behind a spelling, if any.
std::optional<Named> entity_of(Connection& c, std::string_view uri);

struct Thing {
    std::int64_t number = 0;
    std::optional<Named> named = {}; // the record of ours that it is
    bool is_new = false;
};

/// Number and record in one look.
std::optional<Thing> find_thing(Connection& c, std::string_view uri);

/// The same for many, in their order; those that appear for the first time get numbers of one block.
std::vector<Thing> intern_things(Connection& c, std::span<std::string const> uris);

/// Another spelling of a thing that nobody knew a moment ago; a spelling that is taken is left alone.
void add_new_spelling(Connection& c, std::int64_t number, std::string_view uri);

} // namespace nguon::db::identifiers
