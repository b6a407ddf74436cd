#pragma once

#include "connector/target.hpp"
#include "db/reconciliations.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// Comparing what was delivered with what a portal says it has. Like a conversation, but it only asks: nothing of a
/// reconciliation changes anything at the portal. No I/O.
namespace nguon::connector {

/// Of the store: db::reconciliations::marks, accepted, accepted_wires, known_keys.
struct AskMarks {
    Instant from = {};
    Instant to = {};
};
struct AskAccepted {
    Instant from = {};
    Instant to = {};
};
struct AskWires {
    Instant from = {};
    std::int64_t after_seq = 0;
    Instant to = {};
    std::int64_t count = 0;
};
struct AskKnown {
    std::vector<std::string> keys = {};
};
/// Goes to db::reconciliations::report; `target` is filled in there.
struct ReportFindings {
    std::vector<db::reconciliations::Finding> findings = {};
};
/// Nothing more: `fault` is empty when everything was compared. `unsupported`: the portal does not know such questions.
struct ReconcileEnd {
    std::string fault = {};
    bool unsupported = false;
};

using ReconcileStep = std::variant<Request, AskMarks, AskAccepted, AskWires, AskKnown, ReportFindings, ReconcileEnd>;

/// After each step but the last two the matching `take` brings what was asked for; then `next` again.
class Reconciliation {
public:
    virtual ~Reconciliation() = default;

    virtual ReconcileStep next(Instant now) = 0;
    virtual void take(Answer const& answer, Instant now) = 0;
    virtual void take_marks(std::vector<db::reconciliations::Mark> marks) { static_cast<void>(marks); }
    virtual void take_accepted(std::vector<db::reconciliations::Accepted> records) = 0;
    virtual void take_known(std::vector<db::reconciliations::Known> known) { static_cast<void>(known); }

    /// Records of ours that were compared, or stand in marks that agree.
    std::int64_t compared() const { return compared_; }

protected:
    std::int64_t compared_ = 0;
};

} // namespace nguon::connector
