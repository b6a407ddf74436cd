#include "connector/most_reconciliation.hpp"

#include "connector/most_target.hpp"
#include "core/http/uri.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using db::reconciliations::Accepted;
using db::reconciliations::Finding;
using db::reconciliations::Known;
using db::reconciliations::Mark;
using nlohmann::json;

constexpr Duration stretch = std::chrono::hours{24 * 31}; // of one question for marks
constexpr Duration hour = std::chrono::hours{1};
constexpr std::size_t records_of_hour_max = 200'000;

std::string text_at(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t number_at(json const& object, char const* name)
{
    auto const found = object.find(name);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

class MostReconciliation final : public Reconciliation {
public:
    MostReconciliation(MostTarget& target, ReconcileRange range)
        : target_{target}, range_{range}, stretch_{range.from, range.from}
    {
    }

    ReconcileStep next(Instant now) override;
    void take(Answer const& answer, Instant now) override;
    void take_marks(std::vector<Mark> marks) override;
    void take_accepted(std::vector<Accepted> records) override;
    void take_known(std::vector<Known> known) override;

private:
    enum class Stage { next_stretch, their_marks, our_marks, next_hour, their_records, our_records, known, report };

    std::optional<ReconcileStep> next_of_stage();
    Request request(char const* what, ReconcileRange range, std::string const& after) const;
    void read_marks(json const& data);
    void read_records(json const& data);
    void compare();
    void fail(std::string fault) { fault_ = std::move(fault); }

    MostTarget& target_;
    ReconcileRange range_;
    ReconcileRange stretch_; // hours that are compared now
    Stage stage_ = Stage::next_stretch;
    bool signing_in_ = false;
    bool token_renewed_ = false;
    bool done_ = false;
    std::string fault_;
    std::map<Instant, Mark> theirs_;   // marks
    std::deque<ReconcileRange> hours_; // that differ
    std::map<std::string, json> their_records_;
    std::vector<Accepted> our_records_;
    std::vector<Finding> findings_;
};

ReconcileStep MostReconciliation::next(Instant now)
{
    while (fault_.empty() && !done_) {
        bool const asks = stage_ == Stage::their_marks || stage_ == Stage::their_records;
        if (asks) {
            if (auto sign_in = target_.sign_in(now)) {
                signing_in_ = true;
                return *std::move(sign_in);
            }
        }
        if (auto step = next_of_stage()) return *std::move(step);
    }
    return ReconcileEnd{fault_};
}

std::optional<ReconcileStep> MostReconciliation::next_of_stage()
{
    switch (stage_) {
    case Stage::next_stretch:
        stretch_ = {stretch_.to, std::min<Instant>(stretch_.to + stretch, range_.to)};
        done_ = stretch_.from >= range_.to;
        stage_ = Stage::their_marks;
        return std::nullopt;
    case Stage::their_marks:
        return request("/TongHop", stretch_, "");
    case Stage::our_marks:
        return AskMarks{stretch_.from, stretch_.to};
    case Stage::next_hour:
        their_records_.clear();
        stage_ = hours_.empty() ? Stage::next_stretch : Stage::their_records;
        return std::nullopt;
    case Stage::their_records:
        return request("/BanGhi", hours_.front(), their_records_.empty() ? "" : their_records_.rbegin()->first);
    case Stage::our_records:
        return AskAccepted{hours_.front().from, hours_.front().to};
    case Stage::known: {
        AskKnown known;
        for (auto const& [key, record] : their_records_) known.keys.push_back(key);
        return known;
    }
    case Stage::report:
        stage_ = Stage::next_hour;
        hours_.pop_front();
        if (findings_.empty()) return std::nullopt;
        return ReportFindings{std::exchange(findings_, {})};
    }
    return std::nullopt;
}

Request MostReconciliation::request(char const* what, ReconcileRange range, std::string const& after) const
{
    http::QueryParameters query{{"tu", to_iso(range.from)}, {"den", to_iso(range.to)}};
    if (!after.empty()) query.emplace_back("sau", after);
    return target_.request(http::Method::get, target_.settings().reconcile_path + what + "?" + http::to_query(query));
}

void MostReconciliation::take(Answer const& answer, Instant now)
{
    auto const reading = classify(answer, now);
    if (answer.status == 401 && !signing_in_ && !token_renewed_) {
        token_renewed_ = true;
        return target_.drop_token();
    }
    if (reading.answer_class != AnswerClass::decided)
        return fail(std::string{to_text(reading.answer_class)} + " " + reading.code);
    if (std::exchange(signing_in_, false)) {
        if (auto const refused = target_.take_token(answer, now)) fail("token " + refused->code);
        return;
    }
    auto const data = target_.read_data(answer);
    if (auto const* const fault = std::get_if<Reading>(&data)) return fail(fault->code);
    if (stage_ == Stage::their_marks) return read_marks(std::get<json>(data));
    read_records(std::get<json>(data));
}

void MostReconciliation::read_marks(json const& data)
{
    theirs_.clear();
    for (auto const& entry : data) {
        auto const at = entry.is_object() ? parse_time(text_at(entry, "gio")) : Result<OffsetTime>{};
        auto const count = at ? number_at(entry, "soLuong") : -1;
        if (count < 0) return fail("marks");
        theirs_[at->at] = {at->at, count, text_at(entry, "maBam")};
    }
    stage_ = Stage::our_marks;
}

void MostReconciliation::take_marks(std::vector<Mark> marks)
{
    std::set<Instant> differing;
    for (auto const& mark : marks) {
        auto const theirs = theirs_.find(mark.hour);
        if (theirs == theirs_.end() || theirs->second != mark)
            differing.insert(mark.hour);
        else
            compared_ += mark.count;
        if (theirs != theirs_.end()) theirs_.erase(theirs);
    }
    for (auto const& [at, mark] : theirs_) differing.insert(at);
    hours_.clear();
    for (auto const at : differing)
        hours_.push_back({std::max<Instant>(at, stretch_.from), std::min<Instant>(at + hour, stretch_.to)});
    stage_ = Stage::next_hour;
}

void MostReconciliation::read_records(json const& data)
{
    auto const before = their_records_.size();
    for (auto const& entry : data) {
        auto const key = entry.is_object() ? text_at(entry, "khoa") : std::string{};
        if (key.empty() || storable_text(key, 200) != key) return fail("records");
        their_records_[key] = entry;
    }
    if (data.empty()) {
        stage_ = Stage::our_records;
        return;
    }
    // A page that brings nothing new would be asked for without end.
    if (their_records_.size() == before || their_records_.size() > records_of_hour_max) fail("records");
}

void MostReconciliation::take_accepted(std::vector<Accepted> records)
{
    our_records_ = std::move(records);
    compare();
    stage_ = Stage::known;
}

/// Leaves in `their_records_` what we have no receipt for in this hour.
void MostReconciliation::compare()
{
    for (auto const& ours : our_records_) {
        ++compared_;
        Finding finding{{}, ours.key, "missing", ours.seq, ours.org, {}, {}, {}, {}, {}};
        json detail{{"sha256", ours.sha256}, {"accepted_at", to_iso(ours.accepted_at)}};
        auto const theirs = their_records_.extract(ours.key);
        if (!theirs.empty()) {
            auto const digest = text_at(theirs.mapped(), "maBam");
            if (digest == ours.sha256) continue;
            finding.kind = "differs";
            detail["portal"] = storable_text(theirs.mapped().dump(-1, ' ', true));
        }
        finding.detail = canonical_json(detail);
        findings_.push_back(std::move(finding));
    }
}

void MostReconciliation::take_known(std::vector<Known> known)
{
    for (auto const& ours : known) {
        auto const theirs = their_records_.extract(ours.key);
        // What is pending or in flight is on its way to the same end; what was delivered is of another hour.
        if (theirs.empty() || (ours.state != "refused" && ours.state != "parked")) continue;
        findings_.push_back({{},
                             ours.key,
                             "stopped",
                             ours.seq,
                             ours.org,
                             canonical_json({{"portal", storable_text(theirs.mapped().dump(-1, ' ', true))}}),
                             {},
                             {},
                             {},
                             {}});
    }
    for (auto const& [key, theirs] : their_records_) {
        // Whether it was ours once the store tells by the key.
        json const detail{{"type", storable_text(text_at(theirs, "loai"), 32)},
                          {"id", storable_text(text_at(theirs, "maBanGhi"), 64)},
                          {"version", number_at(theirs, "phienBan")},
                          {"portal", storable_text(theirs.dump(-1, ' ', true))}};
        findings_.push_back({{}, key, "foreign", 0, {}, canonical_json(detail), {}, {}, {}, {}});
    }
    stage_ = Stage::report;
}

} // namespace

std::unique_ptr<Reconciliation> make_most_reconciliation(MostTarget& target, ReconcileRange range)
{
    return std::make_unique<MostReconciliation>(target, range);
}

} // namespace nguon::connector
