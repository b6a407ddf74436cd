#pragma once

#include "connector/target.hpp"
#include "db/connection.hpp"
#include "tests/connector/simulation.hpp"

#include <string>

namespace nguon::connector::testing {

/// The real target, seen through the mistake of a mutant.
class MutantTarget final : public Target {
public:
    MutantTarget(Target& real, Mutant mutant) : real_{real}, mutant_{mutant} {}

    std::string const& name() const override { return real_.name(); }
    std::string probe_url() const override { return real_.probe_url(); }
    std::size_t records_max() const override { return real_.records_max(); }
    std::unique_ptr<Conversation> begin(std::vector<Record> records) override;

private:
    Target& real_;
    Mutant mutant_;
    int conversations_ = 0;
};

/// A poller that asks for "greater than the last number": what it left behind it never sees again.
std::vector<Record> only_behind_cursor(db::Connection& c, std::int64_t& cursor, std::vector<Record> claimed);

} // namespace nguon::connector::testing
