#pragma once

#include "scanner/label_job.hpp"

namespace nguon::scanner {

/// The labels of one sheet, or of one row of a roll.
struct LabelPage {
    int number = 0;                     // of the sheet in its job, from 1
    int place = 0;                      // of the first label on the sheet, from 0
    std::size_t first = 0;              // number of that label in the job, from 0
    std::vector<LabelCode> labels = {}; // one a label

    int place_of(std::size_t label) const { return place + static_cast<int>(label); }
};

/// Divides a job among sheets. Codes are read in pieces and checked when they come.
class LabelPages {
public:
    /// Both must outlive this.
    LabelPages(LabelJob const& job, LabelCodeSource& codes) : job_{job}, codes_{codes} {}

    std::size_t labels() const { return codes_.count() * static_cast<std::size_t>(job_.copies); }
    int count() const;

    /// Sheet `number`, from 1. Errors: the faults of a code as fields, those of the source.
    Result<LabelPage> read(int number);

private:
    Result<LabelCode> code_of(std::size_t label);
    Status load(std::size_t code);

    LabelJob const& job_;
    LabelCodeSource& codes_;
    std::vector<LabelCode> piece_ = {};
    std::size_t piece_first_ = 0;
};

} // namespace nguon::scanner
