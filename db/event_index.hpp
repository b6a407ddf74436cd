#pragma once

#include "core/epcis/event.hpp"
#include "db/connection.hpp"

/// Which thing takes which part in which event.
namespace nguon::db::event_index {

/// A thing as an event names it, in both spellings. Places have no role.
struct Mention {
    std::string uri = {}; // as it came
    std::string canonical = {};
    // epc, parent, child, input, output; transformation: what parts of one making share; lot: of the units that come
    // into being; source: the supplier's lot of what is received.
    std::string role = {};
    std::optional<double> quantity = {};
    std::string uom = {};
};

struct Mentions {
    std::vector<Mention> things = {};
    std::optional<Mention> read_point = {};
    std::optional<Mention> biz_location = {};
};

/// Everything that the event names; needs no database.
Mentions mentions_of(epcis::Event const& event);

struct Entry {
    std::int64_t identifier = 0;
    std::string role = {};
    std::optional<double> quantity = {};
    std::string uom = {};
};

/// A record of ours that an event mentions.
struct Entity {
    std::string kind = {};
    std::string id = {};
};

struct Entries {
    std::vector<Entry> entries = {};
    std::vector<Entity> entities = {};
    std::optional<std::int64_t> read_point = {};
    std::optional<std::int64_t> biz_location = {};
};

/// Gives everything that was mentioned its number: an EPC URN, a Digital Link on any host and the canonical one share
/// it. Identifiers that were never seen are added.
Entries entries_of(Connection& c, Mentions const& mentions);

void insert(Connection& c, std::int64_t event_seq, Entries const& entries);

} // namespace nguon::db::event_index
