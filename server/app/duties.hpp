#pragma once

#include "db/connection.hpp"
#include "server/auth/principal.hpp"

#include <string>
#include <vector>

/// What the desk must have done by a time, of every kind that its clocks run for.
namespace nguon::server::app {

struct Duty {
    std::string kind = {};     // recall, data_request, complaint, personal_request, inspection, correction, report
    std::string id = {};       // as its page's address has it; empty: its list
    std::string name = {};     // whose or what
    Instant due_at = {};       // of a recall's draft: when it was drafted
    bool waits_for_us = false; // a draft of a recall: nothing is late, and nothing goes on without a second person
};

/// Drafts of recalls first, then what runs out first; at most `count`, of what `who` may see.
std::vector<Duty> next_duties(db::Connection& c, Principal const& who, Instant now, std::size_t count);

} // namespace nguon::server::app
