#pragma once

#include "server/app/programme_indicators.hpp"

/// Figures as they were reported, and what has changed since, line by line.
namespace nguon::server::app {

/// One figure as it was frozen.
struct FrozenFigure {
    std::string indicator = {};
    std::string name = {};
    std::optional<double> value = {};
    std::vector<EvidenceLine> evidence = {};
};
struct Frozen {
    db::programme::Snapshot snapshot = {};
    std::vector<FrozenFigure> figures = {};

    FrozenFigure const* find(std::string_view indicator) const;
};

/// Freezes the figures of a range as of now. Errors: those of `indicators`, "programme.too_many_snapshots".
Result<std::string> freeze(db::Connection& c, Actor const& actor, std::string const& plan, Date from, Date to);

/// The newest frozen figures of exactly that range.
std::optional<Frozen> find_frozen(db::Connection& c, std::string const& plan, Date from, Date to);

/// Why a line is in one set of figures and not in the other.
struct Difference {
    std::string indicator = {};
    std::string name = {};  // of the indicator
    std::string cause = {}; // added, expired, withdrawn, corrected, earlier (it belongs to the range before)
    EvidenceLine line = {};
    std::string reason = {}; // of withdrawn
};

/// What differs between frozen figures and those of another range or of now.
std::vector<Difference> differences(db::Connection& c, Frozen const& before, Figures const& now);

} // namespace nguon::server::app
