#pragma once

#include "core/epcis/event.hpp"
#include "db/connection.hpp"

/// Which thing takes which part in which event.
namespace nguon::db::event_index {

struct Entry {
    std::int64_t identifier = 0;
    std::string role = {}; // epc, parent, child, input, output
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

/// Gives every identifier of the event its number: an EPC URN, a Digital Link on any host and the canonical one share
/// it. Identifiers that were never seen are added.
Entries entries_of(Connection& c, epcis::Event const& event);

void insert(Connection& c, std::int64_t event_seq, Entries const& entries);

} // namespace nguon::db::event_index
