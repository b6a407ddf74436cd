#include "db/event_walk.hpp"

#include "core/epcis/query_terms.hpp"
#include "core/limits/epcis_query.hpp"
#include "db/event_terms.hpp"
#include "db/events.hpp"
#include "db/identifiers.hpp"
#include "db/parameter_text.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace nguon::db::event_queries {
namespace {

using epcis::Condition;
using epcis::Subject;
using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t piece = 256;    // rows of an index in one look
constexpr std::size_t small_set = 256; // no need to look for a smaller one
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
/// An organization with fewer events is walked through whole rather than along a term of everybody's.
constexpr std::int64_t few_events = 20'000;

/// $1, $2: behind which key; $3: how many; $4: of which organization or term. Newest first, then oldest first.
struct ListSql {
    std::string_view descending;
    std::string_view ascending;
};
constexpr ListSql all_by_event_time{"SELECT event_time, seq, 0 FROM event WHERE (event_time, seq) < ($1, $2)"
                                    " AND $4 = '' ORDER BY event_time DESC, seq DESC LIMIT $3",
                                    "SELECT event_time, seq, 0 FROM event WHERE (event_time, seq) > ($1, $2)"
                                    " AND $4 = '' ORDER BY event_time, seq LIMIT $3"};
constexpr ListSql all_by_record_time{"SELECT record_time, seq, 0 FROM event WHERE (record_time, seq) < ($1, $2)"
                                     " AND $4 = '' ORDER BY record_time DESC, seq DESC LIMIT $3",
                                     "SELECT record_time, seq, 0 FROM event WHERE (record_time, seq) > ($1, $2)"
                                     " AND $4 = '' ORDER BY record_time, seq LIMIT $3"};
constexpr ListSql own_by_event_time{"SELECT event_time, seq, 0 FROM event WHERE org_id = $4 AND (event_time, seq) <"
                                    " ($1, $2) ORDER BY event_time DESC, seq DESC LIMIT $3",
                                    "SELECT event_time, seq, 0 FROM event WHERE org_id = $4 AND (event_time, seq) >"
                                    " ($1, $2) ORDER BY event_time, seq LIMIT $3"};
constexpr ListSql own_by_record_time{"SELECT record_time, seq, 0 FROM event WHERE org_id = $4 AND (record_time, seq) <"
                                     " ($1, $2) ORDER BY record_time DESC, seq DESC LIMIT $3",
                                     "SELECT record_time, seq, 0 FROM event WHERE org_id = $4 AND (record_time, seq) >"
                                     " ($1, $2) ORDER BY record_time, seq LIMIT $3"};
constexpr ListSql of_term{"SELECT event_time, event_seq, org FROM event_term WHERE term = $4 AND"
                          " (event_time, event_seq) < ($1, $2) ORDER BY event_time DESC, event_seq DESC LIMIT $3",
                          "SELECT event_time, event_seq, org FROM event_term WHERE term = $4 AND"
                          " (event_time, event_seq) > ($1, $2) ORDER BY event_time, event_seq LIMIT $3"};

/// In which parts of an event a parameter looks for things (EPCIS 2.0 §8.2.7.1).
std::vector<std::string_view> roles_of(Subject subject)
{
    switch (subject) {
    case Subject::epc:
    case Subject::epc_class:
        return {"epc", "child"};
    case Subject::parent_id:
        return {"parent"};
    case Subject::input_epc:
    case Subject::input_epc_class:
        return {"input"};
    case Subject::output_epc:
    case Subject::output_epc_class:
        return {"output"};
    default:
        return {"epc", "parent", "child", "input", "output"};
    }
}

bool is_too_many(Numbers const& seqs) { return std::ssize(seqs) > limits::query_set_max; }

void sort_out(Numbers& seqs)
{
    std::ranges::sort(seqs);
    seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
}

} // namespace

Cursor::Cursor(Connection& c, std::string_view sql, Value of, Key behind)
    : c_{&c}, sql_{sql}, of_{std::move(of)}, behind_{behind}
{
}

Cursor::Entry const* Cursor::peek()
{
    if (at_ == entries_.size() && !ended_) refill();
    return at_ < entries_.size() ? &entries_[at_] : nullptr;
}

void Cursor::refill()
{
    entries_.clear();
    at_ = 0;
    for (auto const& row : c_->query(sql_, {behind_.at, behind_.seq, piece, of_}))
        entries_.push_back({{row.integer(0), row.integer(1)}, row.integer(2)});
    ended_ = std::ssize(entries_) < piece;
    if (!entries_.empty()) behind_ = entries_.back().key;
}

Walk::Walk(Connection& c, std::optional<OrganizationId> const& org, epcis::Query const& query,
           std::optional<Key> const& behind)
    : c_{c}, org_{org}, query_{query}, behind_{behind}, by_record_time_{query.order == epcis::Order::record_time},
      from_{smallest}, until_{greatest}, keys_max_{limits::query_keys_read}
{
    auto const ordered_by = by_record_time_ ? Subject::record_time : Subject::event_time;
    for (auto const& condition : query.conditions) {
        if (condition.subject != ordered_by || !condition.time) continue;
        auto const at = to_micros(*condition.time);
        if (condition.compare == epcis::Compare::at_least) from_ = std::max(from_, at);
        if (condition.compare == epcis::Compare::less) until_ = std::min(until_, at);
    }
}

Key Walk::start() const
{
    if (behind_) return *behind_;
    if (query_.ascending) return {from_, from_ == smallest ? smallest : 0};
    return {until_, until_ == greatest ? greatest : 0};
}

bool Walk::is_past_end(Key key) const { return query_.ascending ? key.at >= until_ : key.at < from_; }

std::optional<Numbers> Walk::with_things(Condition const& condition)
{
    Numbers out;
    for (auto const& pattern : condition.patterns) {
        if (!pattern.exact()) return std::nullopt;
        auto const number = identifiers::find(c_, *pattern.exact());
        if (!number) continue;
        for (auto const role : roles_of(condition.subject)) {
            for (auto const& row : c_.query("SELECT event_seq FROM event_identifier WHERE identifier_id = $1"
                                            " AND role = $2 ORDER BY event_seq DESC LIMIT $3",
                                            {*number, role, limits::query_set_max + 1}))
                out.push_back(row.integer(0));
            if (is_too_many(out)) return std::nullopt;
        }
    }
    sort_out(out);
    return out;
}

std::optional<Numbers> Walk::with_term(Numbers const& terms)
{
    Numbers out;
    std::int64_t rows_read = 0;
    for (auto const term : terms) {
        auto const rows = c_.query("SELECT event_seq, org FROM event_term WHERE term = $1 LIMIT $2",
                                   {term, limits::query_set_max + 1});
        rows_read += std::ssize(rows);
        if (rows_read > limits::query_set_max) return std::nullopt;
        for (auto const& row : rows)
            if (org_number_ == 0 || row.integer(1) == org_number_) out.push_back(row.integer(0));
    }
    sort_out(out);
    return out;
}

std::optional<Numbers> Walk::candidates(Condition const& condition)
{
    if (condition.subject == Subject::has_attribute || condition.subject == Subject::attribute) return Numbers{};
    if (condition.subject == Subject::event_id) {
        Numbers out;
        for (auto const& id : condition.texts) {
            for (auto const& row : c_.query("SELECT seq FROM event WHERE event_id = $1 ORDER BY seq LIMIT $2",
                                            {id, limits::query_set_max + 1}))
                out.push_back(row.integer(0));
        }
        sort_out(out);
        if (is_too_many(out)) return std::nullopt;
        return out;
    }
    if (!condition.patterns.empty()) {
        if (auto found = with_things(condition)) return found;
    }
    auto terms = has_terms_ ? epcis::terms_for(condition) : std::nullopt;
    if (!terms) return std::nullopt;
    terms->push_back(epcis::overflow_term());
    return with_term(*terms);
}

std::vector<Key> Walk::keys_of(Numbers const& seqs)
{
    constexpr std::string_view numbers = parameter_text<2, events::numbers_max>.view();
    static std::string const sql = std::string{"SELECT seq, event_time, record_time FROM event"
                                               " WHERE ($1 = '' OR org_id = $1) AND seq IN ("} +
                                   std::string{numbers} + ")";
    std::vector<Key> out;
    for (std::size_t at = 0; at < seqs.size(); at += events::numbers_max) {
        std::vector<Value> parameters{org_ ? Value{*org_} : Value{""}};
        for (std::size_t i = 0; i < events::numbers_max; ++i)
            parameters.emplace_back(seqs[std::min(at + i, seqs.size() - 1)]);
        for (auto const& row : c_.query(sql, parameters)) {
            Key const key{row.integer(by_record_time_ ? 2 : 1), row.integer(0)};
            if (key.at < from_ || key.at >= until_) continue;
            if (behind_ && (query_.ascending ? key <= *behind_ : key >= *behind_)) continue;
            out.push_back(key);
        }
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    if (!query_.ascending) std::ranges::reverse(out);
    return out;
}

bool Walk::plan_set()
{
    std::optional<Numbers> best;
    for (auto const& condition : query_.conditions) {
        auto found = candidates(condition);
        if (found && (!best || found->size() < best->size())) best = std::move(found);
        if (best && best->size() <= small_set) break;
    }
    if (!best) return false;
    set_ = keys_of(*best);
    return true;
}

bool Walk::has_few_events()
{
    if (!org_) return false;
    auto const rows =
        c_.query("SELECT count(*) FROM (SELECT 1 FROM event WHERE org_id = $1 LIMIT $2) few", {*org_, few_events});
    return rows.front().integer(0) < few_events;
}

void Walk::plan_lists()
{
    auto const start_key = start();
    auto const sql = [this](ListSql const& list) { return query_.ascending ? list.ascending : list.descending; };
    std::optional<Numbers> terms;
    for (auto const& condition : query_.conditions) {
        if (by_record_time_ || !has_terms_) break;
        bool const is_coarse = condition.subject == Subject::event_type || condition.subject == Subject::action;
        if (terms && is_coarse) continue;
        if (auto found = epcis::terms_for(condition); found && (!terms || !is_coarse)) terms = std::move(found);
    }
    if (terms && !has_few_events()) {
        terms->push_back(epcis::overflow_term());
        for (auto const term : *terms) cursors_.emplace_back(c_, sql(of_term), Value{term}, start_key);
    } else if (org_) {
        org_number_ = 0;
        cursors_.emplace_back(c_, sql(by_record_time_ ? own_by_record_time : own_by_event_time), Value{*org_},
                              start_key);
    } else {
        cursors_.emplace_back(c_, sql(by_record_time_ ? all_by_record_time : all_by_event_time), Value{""}, start_key);
    }
}

void Walk::plan()
{
    planned_ = true;
    has_terms_ = event_terms::is_complete(c_);
    if (org_) org_number_ = event_terms::number_of(*org_);
    if (!plan_set()) plan_lists();
}

Cursor* Walk::first_cursor()
{
    Cursor* first = nullptr;
    for (auto& cursor : cursors_) {
        auto const* const entry = cursor.peek();
        if (entry == nullptr) continue;
        if (first == nullptr || (query_.ascending ? entry->key < first->peek()->key : entry->key > first->peek()->key))
            first = &cursor;
    }
    return first;
}

std::vector<Key> Walk::next()
{
    if (!planned_) plan();
    std::vector<Key> out;
    if (set_) {
        while (set_at_ < set_->size() && out.size() < events::numbers_max) out.push_back((*set_)[set_at_++]);
        return out;
    }
    while (out.size() < events::numbers_max) {
        auto* const cursor = first_cursor();
        if (cursor == nullptr || is_past_end(cursor->peek()->key)) break;
        if (walked_ >= keys_max_) {
            cut_ = out.empty(); // what was found goes first; then the end is told
            break;
        }
        auto const entry = *cursor->peek();
        cursor->pop();
        reached_ = entry.key;
        ++walked_;
        bool const again = entry.key.seq == last_seq_;
        last_seq_ = entry.key.seq;
        if (!again && (org_number_ == 0 || entry.org == org_number_)) out.push_back(entry.key);
    }
    return out;
}

} // namespace nguon::db::event_queries
