#include "connector/most_reconciliation.hpp"

#include "connector/most_target.hpp"
#include "core/bytes.hpp"
#include "core/http/uri.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using namespace std::chrono_literals;
using db::reconciliations::Accepted;
using db::reconciliations::Finding;
using db::reconciliations::Known;
using db::reconciliations::Mark;
using nlohmann::json;

constexpr std::size_t page_records = 500;

struct Held {
    Instant at = {};
    std::string digest = {};
};
using Side = std::map<std::string, Held>; // by key

std::vector<Mark> marks_of(Side const& side, ReconcileRange range)
{
    std::map<Instant, std::pair<std::int64_t, std::string>> hours;
    for (auto const& [key, held] : side) {
        if (held.at < range.from || held.at >= range.to) continue;
        auto& [count, sum] =
            hours.try_emplace(std::chrono::floor<std::chrono::hours>(held.at), 0, std::string(32, '\0')).first->second;
        ++count;
        auto const one = sha256(key + ":" + held.digest);
        std::ranges::transform(sum, one, sum.begin(), [](char a, char b) { return static_cast<char>(a ^ b); });
    }
    std::vector<Mark> marks;
    for (auto const& [at, hour] : hours) marks.push_back({at, hour.first, to_hex(hour.second)});
    return marks;
}

/// A comparison of what we think the portal has with what it has, in memory.
class TwoSides : public ::testing::Test {
protected:
    /// On both sides, accepted within `length` from `from`.
    void add(std::int64_t count, Instant from, Duration length)
    {
        for (std::int64_t i = 0; i < count; ++i) {
            auto const key = fmt::format("k{:07}", ours_.size());
            auto const milliseconds = std::chrono::floor<std::chrono::milliseconds>(from + length * i / count);
            ours_[key] = portal_[key] = {milliseconds, "d" + key};
        }
    }

    void compare(ReconcileRange range)
    {
        auto const work = make_most_reconciliation(target_, range);
        for (int i = 0; i < 100'000; ++i) {
            auto step = work->next(now_);
            if (auto const* const end = std::get_if<ReconcileEnd>(&step)) {
                end_ = *end;
                compared_ = work->compared();
                return;
            }
            answer(*work, std::move(step));
        }
        FAIL() << "endless";
    }

    std::map<std::string, std::string> kinds() const
    {
        std::map<std::string, std::string> kinds;
        for (auto const& finding : findings_) kinds[finding.key] = finding.kind;
        return kinds;
    }

    Instant const now_ = parse_time("2026-11-22T10:00:00Z")->at;
    MostTarget target_{default_most_settings()};
    Side ours_;
    Side portal_;
    std::vector<Known> known_;
    ReconcileEnd end_;
    std::vector<Finding> findings_;
    std::vector<std::string> asked_; // "ours FROM TO" of records, "theirs PATH?QUERY"
    std::int64_t compared_ = 0;

private:
    void answer(Reconciliation& work, ReconcileStep step)
    {
        if (auto const* const request = std::get_if<Request>(&step)) return work.take(portal_answer(*request), now_);
        if (auto const* const marks = std::get_if<AskMarks>(&step)) {
            asked_.push_back(fmt::format("our marks tu={}&den={}", to_iso(marks->from), to_iso(marks->to)));
            EXPECT_EQ(parse_time(to_iso(marks->from))->at, marks->from) << "cut on its way to the portal";
            EXPECT_EQ(parse_time(to_iso(marks->to))->at, marks->to);
            return work.take_marks(marks_of(ours_, {marks->from, marks->to}));
        }
        if (auto const* const accepted = std::get_if<AskAccepted>(&step)) return list_ours(work, *accepted);
        if (auto const* const keys = std::get_if<AskKnown>(&step)) {
            std::vector<Known> found;
            for (auto const& one : known_)
                if (std::ranges::count(keys->keys, one.key) > 0) found.push_back(one);
            return work.take_known(found);
        }
        auto& report = std::get<ReportFindings>(step);
        findings_.insert(findings_.end(), report.findings.begin(), report.findings.end());
    }

    void list_ours(Reconciliation& work, AskAccepted asked)
    {
        asked_.push_back(fmt::format("our records tu={}&den={}", to_iso(asked.from), to_iso(asked.to)));
        std::vector<Accepted> records;
        for (auto const& [key, held] : ours_) {
            if (held.at < asked.from || held.at >= asked.to) continue;
            records.push_back({1, {}, "event", key, 1, key, held.digest, {}, held.at});
        }
        work.take_accepted(std::move(records));
    }

    Answer portal_answer(Request const& request)
    {
        Answer answer;
        answer.status = 200;
        auto const mark = request.path.find("/DoiSoat");
        if (mark == std::string::npos) {
            answer.body = R"({"access_token":"x","expires_in":86400})";
            return answer;
        }
        auto const question = request.path.substr(mark + 8);
        asked_.push_back("their " + question);
        std::map<std::string, std::string> query;
        auto const parsed = http::parse_query(std::string_view{question}.substr(question.find('?') + 1));
        for (auto const& [name, value] : *parsed) query[name] = value;
        ReconcileRange const range{parse_time(query["tu"])->at, parse_time(query["den"])->at};
        bool const lists = question.starts_with("/BanGhi");
        answer.body = json{{"data", lists ? page(range, query["sau"]) : hours(range)}}.dump();
        return answer;
    }

    json hours(ReconcileRange range) const
    {
        auto data = json::array();
        for (auto const& mark : marks_of(portal_, range))
            data.push_back({{"gio", to_iso(mark.hour)}, {"soLuong", mark.count}, {"maBam", mark.digest}});
        return data;
    }

    json page(ReconcileRange range, std::string const& after) const
    {
        auto data = json::array();
        for (auto it = portal_.upper_bound(after); it != portal_.end() && data.size() < page_records; ++it)
            if (it->second.at >= range.from && it->second.at < range.to)
                data.push_back({{"khoa", it->first}, {"maBam", it->second.digest}});
        return data;
    }
};

TEST_F(TwoSides, AskWithTheVerySameBoundsAndOursFirst)
{
    add(100, now_ - 2h, 90min);
    portal_.erase("k0000050");
    compare({now_ - 3h - 123us, now_ + 999us});
    EXPECT_EQ(end_.fault, "");
    EXPECT_EQ(kinds(), (std::map<std::string, std::string>{{"k0000050", "missing"}}));
    auto const bounds = [&](std::string const& start) {
        auto const found = std::ranges::find_if(asked_, [&](auto const& one) { return one.starts_with(start); });
        if (found == asked_.end()) return std::pair{std::ptrdiff_t{-1}, std::string{}};
        auto text = found->substr(found->find("tu="));
        std::erase(text, '%');
        for (auto at = text.find("3A"); at != std::string::npos; at = text.find("3A")) text.replace(at, 2, ":");
        return std::pair{found - asked_.begin(), text};
    };
    EXPECT_EQ(bounds("our marks").second, bounds("their /TongHop").second);
    EXPECT_EQ(bounds("our records").second, bounds("their /BanGhi").second);
    EXPECT_EQ(bounds("our marks").second.find('.'), bounds("our marks").second.find(".000Z"));
    // What the portal takes between the two answers must not look as if it were missing there.
    EXPECT_LT(bounds("our records").first, bounds("their /BanGhi").first);
}

TEST_F(TwoSides, FindOneRecordAmongManyOfAnHourWithFewQuestions)
{
    add(200'000, now_ - 90min, 7min);
    add(3'000, now_ - 5h, 4h);
    portal_.erase("k0123456");
    portal_["k0055555"].digest = "other";
    portal_["stranger"] = {now_ - 88min, "d"};
    compare({now_ - 24h, now_});
    EXPECT_EQ(end_.fault, "");
    EXPECT_EQ(kinds(), (std::map<std::string, std::string>{
                           {"k0123456", "missing"}, {"k0055555", "differs"}, {"stranger", "foreign"}}));
    EXPECT_EQ(compared_, 203'000);
    EXPECT_LT(asked_.size(), 250U) << "listed whole, the hour alone would be 400 pages";
}

TEST_F(TwoSides, FindWhatIsGoneFromThePortalWhollyAndFromHereWholly)
{
    add(30'000, now_ - 3h, 2s);
    auto const all = ours_;
    portal_.clear();
    compare({now_ - 24h, now_});
    EXPECT_EQ(findings_.size(), 30'000U) << "more than are listed at once, and no second holds fewer";
    findings_.clear();
    portal_ = all;
    ours_.clear();
    compare({now_ - 24h, now_});
    EXPECT_EQ(findings_.size(), 30'000U);
    EXPECT_EQ(findings_.front().kind, "foreign");
}

TEST_F(TwoSides, SendAgainWhatStoppedHereOnlyWhileThePortalHasTheSameBytes)
{
    for (auto const* key : {"same", "unsent", "other", "on its way"}) portal_[key] = {now_ - 2h, "d"};
    known_ = {{"same", 1, {}, "refused", "d"},
              {"unsent", 2, {}, "parked", ""},
              {"other", 3, {}, "refused", "another"},
              {"on its way", 4, {}, "in_flight", "d"}};
    compare({now_ - 24h, now_});
    EXPECT_EQ(kinds(),
              (std::map<std::string, std::string>{{"same", "stopped"}, {"unsent", "stopped"}, {"other", "differs"}}));
}

/// What a portal that answers rubbish does to a comparison: it fails, and reports nothing.
class MostReconciliationTalk : public ::testing::Test {
protected:
    ReconcileEnd end_after(std::vector<Answer> const& answers)
    {
        MostTarget target{default_most_settings()};
        Instant const now = parse_time("2026-11-22T10:00:00Z")->at;
        auto const work = make_most_reconciliation(target, {now - 2h, now});
        std::size_t next = 0;
        for (int i = 0; i < 100; ++i) {
            auto step = work->next(now);
            if (auto const* const end = std::get_if<ReconcileEnd>(&step)) return *end;
            if (std::holds_alternative<ReportFindings>(step)) return {"reported"};
            if (std::holds_alternative<AskMarks>(step)) work->take_marks({});
            if (std::holds_alternative<AskAccepted>(step)) work->take_accepted({});
            if (std::holds_alternative<AskKnown>(step)) work->take_known({});
            if (!std::holds_alternative<Request>(step)) continue;
            work->take(next < answers.size() ? answers[next] : answer(R"({"data":[]})"), now);
            ++next;
        }
        return {"endless"};
    }

    static Answer answer(std::string body, int status = 200)
    {
        Answer answer;
        answer.status = status;
        answer.body = std::move(body);
        return answer;
    }

    std::string fault_after(std::vector<std::string> const& bodies)
    {
        std::vector<Answer> answers;
        for (auto const& body : bodies) answers.push_back(answer(body));
        return end_after(answers).fault;
    }

    std::string const token = R"({"access_token":"x","expires_in":900})";
    std::string const marks = R"({"data":[{"gio":"2026-11-22T09:00:00Z","soLuong":1,"maBam":"00"}]})";
};

TEST_F(MostReconciliationTalk, BelievesNoRubbish)
{
    EXPECT_EQ(fault_after({R"({"error":"invalid_client"})"}), "token invalid_client");
    EXPECT_EQ(fault_after({token, "<html>"}), "body");
    EXPECT_EQ(fault_after({token, R"({"error":"ERR_SYS_DEV"})"}), "ERR_SYS_DEV");
    EXPECT_EQ(fault_after({token, R"({"data":[{"gio":"yesterday","soLuong":1}]})"}), "marks");
    EXPECT_EQ(fault_after({token, R"({"data":[{"gio":"2020-01-01T00:00:00Z","soLuong":1}]})"}), "marks");
    EXPECT_EQ(fault_after({token, marks, R"({"data":[{"ma":1}]})"}), "records");
    auto const page = R"({"data":[{"khoa":"a","maBam":"00"}]})";
    EXPECT_EQ(fault_after({token, marks, page, page}), "records") << "the same page for ever";
    EXPECT_EQ(fault_after({token, marks, page}), "reported");
    EXPECT_EQ(fault_after({token}), "");
}

TEST_F(MostReconciliationTalk, TellsAPortalThatKnowsNoSuchQuestionFromOneInTrouble)
{
    for (int const status : {404, 405, 410, 501}) {
        EXPECT_TRUE(end_after({answer(token), answer("", status)}).unsupported) << status;
        EXPECT_FALSE(end_after({answer(token), answer(marks), answer("", status)}).unsupported) << "it knew the first";
        EXPECT_FALSE(end_after({answer("", status)}).unsupported) << "signing in is another address";
    }
    for (int const status : {302, 400, 403, 413, 500, 503}) {
        auto const end = end_after({answer(token), answer("", status)});
        EXPECT_FALSE(end.unsupported) << status;
        EXPECT_NE(end.fault, "") << status;
    }
}

} // namespace
} // namespace nguon::connector
