#pragma once

#include "db/connection.hpp"

#include <utility>
#include <vector>

/// The statements of a closure: each asks for many things at once, in blocks of a fixed number.
namespace nguon::db::genealogy {

struct RecordRow {
    std::int64_t number = 0;
    std::string kind = {};
    std::string entity_id = {};
};

/// The part of a thing in an event.
struct PartRow {
    std::int64_t number = 0;
    std::string role = {};
    std::int64_t seq = 0;
    std::optional<double> quantity = {};
    std::string uom = {};
    Instant at = {};
    std::string action = {};
};

struct UnitRow {
    std::int64_t unit = 0;
    std::int64_t lot = 0;
    std::int64_t seq = 0; // 0: a code that we printed
};

using Numbers = std::vector<std::int64_t>;

class GenealogyRows {
public:
    explicit GenealogyRows(Connection& c);

    /// Which of them are records of ours.
    std::vector<RecordRow> records(Numbers const& numbers);
    /// Other numbers of the same records.
    std::vector<std::pair<std::int64_t, std::int64_t>> same(Numbers const& numbers);
    /// Parts from which it goes on: input, source, lot, child, parent.
    std::vector<PartRow> forward(Numbers const& numbers);
    /// Parts that say where it came from: output, parent; and of receipts that name the supplier's lot.
    std::vector<PartRow> back(Numbers const& numbers);
    /// What events made, or received from a named lot.
    std::vector<PartRow> made(Numbers const& seqs);
    std::vector<PartRow> used(Numbers const& seqs);
    /// Other events of the same transformationID.
    std::vector<std::pair<std::int64_t, std::int64_t>> parts(Numbers const& seqs);

    /// When these were put into and taken out of something.
    std::vector<PartRow> packed(Numbers const& children);
    /// Everything that ever was in these.
    Numbers children(Numbers const& parents);
    /// The outer thing of each packing event.
    std::vector<std::pair<std::int64_t, std::int64_t>> parents(Numbers const& seqs);
    /// Times at which these were emptied as a whole.
    std::vector<PartRow> emptied(Numbers const& parents);
    /// Classes (lots without serial), of which there may be some in several boxes at once.
    Numbers classes(Numbers const& numbers);

    std::vector<UnitRow> lots_of(Numbers const& units);
    /// Units that events say are of a lot.
    std::vector<UnitRow> units_of(Numbers const& seqs);
    /// Units that we printed for these lots and that some event names.
    std::vector<UnitRow> printed_units(Numbers const& lots);

private:
    std::vector<PartRow> read_parts(std::string const& sql, Numbers const& numbers);
    std::vector<std::pair<std::int64_t, std::int64_t>> read_pairs(std::string const& sql, Numbers const& numbers);
    std::vector<UnitRow> read_units(std::string const& sql, Numbers const& numbers);

    Connection& c_;
    std::string authority_; // whose word on errors counts besides the recorder's
};

/// A thing inside another one for a time.
struct Stay {
    std::int64_t child = 0;
    std::int64_t parent = 0;
    std::int64_t seq = 0; // of the event that put it in
    std::optional<double> quantity = {};
    std::string uom = {};
    Instant from = {};
    std::optional<Instant> until = {};
};

/// Stays of the things whose packing events these are. A single thing leaves its box by going into another one; of a
/// class there may be some in each.
std::vector<Stay> stays_of(GenealogyRows& rows, std::vector<PartRow> const& packed);

} // namespace nguon::db::genealogy
