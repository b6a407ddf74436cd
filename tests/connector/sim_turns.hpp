#pragma once

#include "connector/target.hpp"

#include <map>
#include <string>
#include <vector>

namespace nguon::connector::testing {

/// Counts how often an organization that has something to send was left aside. It looks with a query of its own.
class SimTurns {
public:
    explicit SimTurns(std::string target) : target_{std::move(target)} {}

    /// Organizations that could be claimed at this moment.
    std::vector<std::string> waiting(db::Connection& c, Instant now) const;
    /// One of `waiting` was served.
    void served(std::vector<std::string> const& waiting, std::string const& org);
    /// The longest stretch of claims that left an organization aside which had work waiting, its own turn included.
    std::size_t worst() const { return worst_; }

private:
    std::string target_;
    std::map<std::string, std::size_t> left_aside_;
    std::size_t worst_ = 0;
};

} // namespace nguon::connector::testing
