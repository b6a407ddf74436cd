#include "tests/connector/mutants.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nguon::connector::testing {

namespace {

/// What a careless reader takes for a receipt.
db::receipts::Receipt no_receipt()
{
    db::receipts::Receipt receipt;
    receipt.portal_id = "N1";
    receipt.body = "{}";
    return receipt;
}

void replace_all(std::string& text, std::string const& from, std::string const& to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

class MutantConversation final : public Conversation {
public:
    MutantConversation(std::unique_ptr<Conversation> real, std::vector<Record> const& records, Mutant mutant,
                       int number)
        : real_{std::move(real)}, mutant_{mutant}
    {
        for (auto const& record : records)
            if (!record.wire.empty()) keys_.emplace_back(record.key, std::to_string(number) + record.key.substr(8));
    }

    Step next(Instant now) override
    {
        auto step = real_->next(now);
        if (auto* const request = std::get_if<Request>(&step)) change(*request);
        if (auto* const conclusion = std::get_if<Conclusion>(&step)) change(*conclusion);
        return step;
    }

    void take(Answer const& answer, Instant now) override
    {
        auto changed = answer;
        if (mutant_ == Mutant::new_key_on_retry)
            for (auto const& [old_key, new_key] : keys_) replace_all(changed.body, new_key, old_key);
        real_->take(changed, now);
    }

private:
    void change(Request& request) const
    {
        if (mutant_ == Mutant::new_key_on_retry)
            for (auto const& [old_key, new_key] : keys_) replace_all(request.body, old_key, new_key);
        if (mutant_ == Mutant::other_bytes_on_retry && !keys_.empty()) replace_all(request.body, ",\"", ", \"");
    }

    void change(Conclusion& conclusion) const
    {
        auto const of_answer = conclusion.reading.answer_class;
        for (auto& outcome : conclusion.records) {
            if (outcome.verdict != Verdict::undecided) continue;
            bool const takes_any = mutant_ == Mutant::receipt_not_verified && outcome.code.starts_with("receipt.");
            bool const takes_none = mutant_ == Mutant::missing_is_delivered && of_answer == AnswerClass::decided;
            if (takes_any || takes_none) {
                outcome.verdict = Verdict::delivered;
                outcome.receipt = no_receipt();
            }
            if (mutant_ == Mutant::dead_letter_on_503 && of_answer == AnswerClass::transient)
                outcome.verdict = Verdict::refused;
        }
    }

    std::unique_ptr<Conversation> real_;
    Mutant mutant_;
    std::vector<std::pair<std::string, std::string>> keys_; // of records that were sent before
};

} // namespace

std::string_view to_text(Mutant mutant)
{
    static constexpr std::array<std::string_view, 8> names{"none",
                                                           "new_key_on_retry",
                                                           "other_bytes_on_retry",
                                                           "receipt_not_verified",
                                                           "missing_is_delivered",
                                                           "dead_letter_on_503",
                                                           "cursor_instead_of_state",
                                                           "drop_on_full"};
    return names.at(static_cast<std::size_t>(mutant));
}

std::unique_ptr<Conversation> MutantTarget::begin(std::vector<Record> records)
{
    auto const kept = records;
    auto real = real_.begin(std::move(records));
    if (mutant_ == Mutant::none) return real;
    return std::make_unique<MutantConversation>(std::move(real), kept, mutant_, 10'000'000 + ++conversations_);
}

std::vector<Record> only_behind_cursor(db::Connection& c, std::int64_t& cursor, std::vector<Record> claimed)
{
    std::vector<Record> seen;
    for (auto& record : claimed) {
        if (record.seq > cursor) {
            seen.push_back(std::move(record));
        } else {
            c.execute("UPDATE delivery SET state = 'pending', not_before = not_before + 1 WHERE outbox_seq = $1",
                      {record.seq});
        }
    }
    for (auto const& record : seen) cursor = std::max(cursor, record.seq);
    return seen;
}

} // namespace nguon::connector::testing
