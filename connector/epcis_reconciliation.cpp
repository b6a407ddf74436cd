#include "connector/epcis_reconciliation.hpp"

#include "connector/epcis_target.hpp"
#include "connector/epcis_wire.hpp"
#include "core/json.hpp"

#include <deque>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using db::reconciliations::Accepted;
using db::reconciliations::Finding;
using nlohmann::json;

constexpr std::int64_t events_at_once = 100;

class EpcisReconciliation final : public Reconciliation {
public:
    EpcisReconciliation(EpcisTarget& target, ReconcileRange range) : target_{target}, range_{range} {}

    ReconcileStep next(Instant now) override;
    void take(Answer const& answer, Instant now) override;
    void take_accepted(std::vector<Accepted> records) override;

private:
    void note(Accepted const& event, char const* kind, std::string const& shown);

    EpcisTarget& target_;
    ReconcileRange range_;
    std::int64_t after_seq_ = 0; // at `range_.from`
    bool read_all_ = false;
    std::deque<Accepted> events_; // to be asked for
    std::vector<Finding> findings_;
    bool understood_ = false; // the repository has answered a question
    ReconcileEnd end_ = {};
};

ReconcileStep EpcisReconciliation::next(Instant)
{
    if (end_.fault.empty() && !events_.empty()) return target_.event_request(event_id_of(events_.front().wire));
    if (!findings_.empty()) return ReportFindings{std::exchange(findings_, {})};
    if (end_.fault.empty() && !read_all_) return AskWires{range_.from, after_seq_, range_.to, events_at_once};
    return end_;
}

void EpcisReconciliation::take_accepted(std::vector<Accepted> records)
{
    read_all_ = std::ssize(records) < events_at_once;
    if (records.empty()) return;
    range_.from = records.back().accepted_at;
    after_seq_ = records.back().seq;
    events_.assign(std::make_move_iterator(records.begin()), std::make_move_iterator(records.end()));
}

void EpcisReconciliation::take(Answer const& answer, Instant now)
{
    auto const event = std::move(events_.front());
    events_.pop_front();
    if (answer.fault != Fault::none || (answer.status != 200 && answer.status != 404)) {
        auto const reading = classify(answer, now);
        end_.fault = std::string{to_text(reading.answer_class)} + " " + reading.code;
        end_.unsupported = !understood_ && (answer.status == 405 || answer.status == 410 || answer.status == 501);
        return;
    }
    auto const match = answer.status == 404 ? EventMatch::absent : match_event(event.wire, answer.body);
    if (match == EventMatch::unreadable) {
        end_.fault = "unknown body";
        return;
    }
    understood_ = true;
    ++compared_;
    if (match == EventMatch::absent) note(event, "missing", "");
    if (match == EventMatch::differs) note(event, "differs", answer.body);
}

void EpcisReconciliation::note(Accepted const& event, char const* kind, std::string const& shown)
{
    json detail{{"sha256", event.sha256}, {"accepted_at", to_iso(event.accepted_at)}};
    if (!shown.empty()) detail["portal"] = storable_text(shown);
    findings_.push_back({{}, event.key, kind, event.seq, event.org, canonical_json(detail), {}, {}, {}, {}});
}

} // namespace

std::unique_ptr<Reconciliation> make_epcis_reconciliation(EpcisTarget& target, ReconcileRange range)
{
    return std::make_unique<EpcisReconciliation>(target, range);
}

} // namespace nguon::connector
