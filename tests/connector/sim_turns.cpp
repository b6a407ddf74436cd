#include "tests/connector/sim_turns.hpp"

#include <algorithm>

namespace nguon::connector::testing {

std::vector<std::string> SimTurns::waiting(db::Connection& c, Instant now) const
{
    std::vector<std::string> waiting;
    for (auto const& row :
         c.query("SELECT DISTINCT d.org_id FROM delivery d WHERE d.target = $1 AND d.state = 'pending'"
                 " AND d.not_before <= $2 AND d.org_id NOT IN"
                 " (SELECT org_id FROM delivery WHERE target = $1 AND state = 'in_flight')"
                 " AND (SELECT COUNT(*) FROM delivery e WHERE e.target = $1 AND e.aggregate_type = d.aggregate_type"
                 " AND e.aggregate_id = d.aggregate_id AND e.version < d.version"
                 " AND e.state NOT IN ('delivered', 'superseded')) = 0"
                 " AND (SELECT COUNT(*) FROM outbox_parent p WHERE p.outbox_seq = d.outbox_seq) ="
                 " (SELECT COUNT(DISTINCT q.aggregate_type || '/' || q.aggregate_id) FROM outbox_parent p"
                 " JOIN delivery q ON q.target = $1 AND q.aggregate_type = p.parent_type"
                 " AND q.aggregate_id = p.parent_id AND q.state = 'delivered' WHERE p.outbox_seq = d.outbox_seq)",
                 {target_, now}))
        waiting.push_back(row.text(0));
    return waiting;
}

void SimTurns::served(std::vector<std::string> const& waiting, std::string const& org)
{
    for (auto const& other : waiting) worst_ = std::max(worst_, ++left_aside_[other]);
    left_aside_[org] = 0;
}

} // namespace nguon::connector::testing
