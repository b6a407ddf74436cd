#include "connector/most_reconciliation.hpp"

#include "connector/most_target.hpp"
#include "core/http/uri.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <deque>
#include <map>

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
constexpr Duration shortest = std::chrono::seconds{1};
constexpr int parts = 16; // of a range that differs and holds too many to be listed
constexpr std::int64_t listed_at_once = 20'000;
constexpr std::size_t records_of_range_max = 200'000; // more than a portal accepts within a second

/// The addresses are not known there: this portal cannot be compared with.
bool is_unknown_there(Answer const& answer)
{
    auto const status = answer.status;
    return answer.fault == Fault::none && (status == 404 || status == 405 || status == 410 || status == 501);
}

class MostReconciliation final : public Reconciliation {
public:
    MostReconciliation(MostTarget& target, ReconcileRange range) : target_{target}
    {
        auto const whole = [](Instant at) { return Instant{std::chrono::floor<std::chrono::seconds>(at)}; };
        for (auto from = whole(range.from); from < whole(range.to); from += stretch)
            to_mark_.push_back({from, std::min<Instant>(from + stretch, whole(range.to))});
    }

    ReconcileStep next(Instant now) override;
    void take(Answer const& answer, Instant now) override;
    void take_marks(std::vector<Mark> marks) override;
    void take_accepted(std::vector<Accepted> records) override;
    void take_known(std::vector<Known> known) override;

private:
    /// Ours is read before theirs: what a portal accepts in between is then one that is on its way here, never one that
    /// seems to be missing there.
    enum class Stage { next_range, our_marks, their_marks, our_records, their_records, known, report };

    std::optional<ReconcileStep> next_of_stage();
    Stage next_range();
    Request request(char const* what, std::string const& after) const;
    void read_marks(json const& data);
    void compare_marks(std::map<Instant, Mark> theirs);
    void divide(ReconcileRange range, std::int64_t records);
    void read_records(json const& data);
    void compare_records();
    void fail(std::string fault) { end_.fault = std::move(fault); }

    MostTarget& target_;
    std::deque<ReconcileRange> to_mark_; // to be compared by their marks
    std::deque<ReconcileRange> to_list_; // record by record
    ReconcileRange range_ = {};          // that is compared now
    Stage stage_ = Stage::next_range;
    bool signing_in_ = false;
    bool token_renewed_ = false;
    bool understood_ = false; // the portal has answered a question
    bool done_ = false;
    ReconcileEnd end_ = {};
    std::vector<Mark> our_marks_;
    std::map<std::string, json> their_records_;
    std::vector<Accepted> our_records_;
    std::vector<Finding> findings_;
};

ReconcileStep MostReconciliation::next(Instant now)
{
    while (end_.fault.empty() && !done_) {
        bool const asks = stage_ == Stage::their_marks || stage_ == Stage::their_records;
        if (asks) {
            if (auto sign_in = target_.sign_in(now)) {
                signing_in_ = true;
                return *std::move(sign_in);
            }
        }
        if (auto step = next_of_stage()) return *std::move(step);
    }
    return end_;
}

std::optional<ReconcileStep> MostReconciliation::next_of_stage()
{
    switch (stage_) {
    case Stage::next_range:
        stage_ = next_range();
        return std::nullopt;
    case Stage::our_marks:
        return AskMarks{range_.from, range_.to};
    case Stage::their_marks:
        return request("/TongHop", "");
    case Stage::our_records:
        return AskAccepted{range_.from, range_.to};
    case Stage::their_records:
        return request("/BanGhi", their_records_.empty() ? "" : their_records_.rbegin()->first);
    case Stage::known: {
        AskKnown known;
        for (auto const& [key, record] : their_records_) known.keys.push_back(key);
        return known;
    }
    case Stage::report:
        stage_ = Stage::next_range;
        if (findings_.empty()) return std::nullopt;
        return ReportFindings{std::exchange(findings_, {})};
    }
    return std::nullopt;
}

MostReconciliation::Stage MostReconciliation::next_range()
{
    auto& ranges = to_list_.empty() ? to_mark_ : to_list_;
    done_ = ranges.empty();
    if (done_) return Stage::next_range;
    bool const lists = &ranges == &to_list_;
    range_ = ranges.front();
    ranges.pop_front();
    their_records_.clear();
    return lists ? Stage::our_records : Stage::our_marks;
}

Request MostReconciliation::request(char const* what, std::string const& after) const
{
    http::QueryParameters query{{"tu", to_iso(range_.from)}, {"den", to_iso(range_.to)}};
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
    if (reading.answer_class != AnswerClass::decided) {
        end_.unsupported = !signing_in_ && !understood_ && is_unknown_there(answer);
        return fail(std::string{to_text(reading.answer_class)} + " " + reading.code);
    }
    if (std::exchange(signing_in_, false)) {
        if (auto const refused = target_.take_token(answer, now)) fail("token " + refused->code);
        return;
    }
    auto const data = target_.read_data(answer);
    if (auto const* const fault = std::get_if<Reading>(&data)) return fail(fault->code);
    understood_ = true;
    token_renewed_ = false;
    if (stage_ == Stage::their_marks) return read_marks(std::get<json>(data));
    read_records(std::get<json>(data));
}

void MostReconciliation::take_marks(std::vector<Mark> marks)
{
    our_marks_ = std::move(marks);
    stage_ = Stage::their_marks;
}

void MostReconciliation::read_marks(json const& data)
{
    std::map<Instant, Mark> theirs;
    for (auto const& entry : data) {
        auto const at = entry.is_object() ? parse_time(text_at(entry, "gio")) : Result<OffsetTime>{};
        auto const count = at ? number_at(entry, "soLuong") : -1;
        if (count < 0 || at->at + hour <= range_.from || at->at >= range_.to) return fail("marks");
        theirs[at->at] = {at->at, count, text_at(entry, "maBam")};
    }
    compare_marks(std::move(theirs));
    stage_ = Stage::next_range;
}

void MostReconciliation::compare_marks(std::map<Instant, Mark> theirs)
{
    std::map<Instant, std::int64_t> differing; // and how many records there are at most
    for (auto const& ours : our_marks_) {
        auto const same_hour = theirs.extract(ours.hour);
        if (!same_hour.empty() && same_hour.mapped() == ours)
            compared_ += ours.count;
        else
            differing[ours.hour] = same_hour.empty() ? ours.count : std::max(ours.count, same_hour.mapped().count);
    }
    for (auto const& [at, mark] : theirs) differing[at] = mark.count;
    for (auto const& [at, count] : differing)
        divide({std::max<Instant>(at, range_.from), std::min<Instant>(at + hour, range_.to)}, count);
}

/// An hour in which a backlog went out holds millions of records, of which one may differ.
void MostReconciliation::divide(ReconcileRange range, std::int64_t records)
{
    auto const length = range.to - range.from;
    if (records <= listed_at_once || length <= shortest) {
        to_list_.push_back(range);
        return;
    }
    Duration const part = std::chrono::ceil<std::chrono::seconds>(length / parts);
    for (auto from = range.from; from < range.to; from += part)
        to_mark_.push_front({from, std::min<Instant>(from + part, range.to)});
}

void MostReconciliation::take_accepted(std::vector<Accepted> records)
{
    our_records_ = std::move(records);
    stage_ = Stage::their_records;
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
        compare_records();
        stage_ = their_records_.empty() ? Stage::report : Stage::known;
        return;
    }
    // A page that brings nothing new would be asked for without end.
    if (their_records_.size() == before || their_records_.size() > records_of_range_max) fail("records");
}

/// Leaves in `their_records_` what we have no receipt for in this range.
void MostReconciliation::compare_records()
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
        // What is pending or in flight is on its way to the same end; what was delivered is of another range.
        if (theirs.empty() || (ours.state != "refused" && ours.state != "parked")) continue;
        // Sent again it would be refused again: another content stands there under its key.
        bool const other = !ours.sha256.empty() && text_at(theirs.mapped(), "maBam") != ours.sha256;
        json const detail{{"portal", storable_text(theirs.mapped().dump(-1, ' ', true))}};
        findings_.push_back(
            {{}, ours.key, other ? "differs" : "stopped", ours.seq, ours.org, canonical_json(detail), {}, {}, {}, {}});
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
