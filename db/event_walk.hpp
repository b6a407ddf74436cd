#pragma once

#include "core/epcis/query.hpp"
#include "db/connection.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Which events a query looks at, and in which order: what the index knows of its conditions, nothing else.
namespace nguon::db::event_queries {

/// Place of an event in a walk: its time (microseconds; event time or record time) and its number.
struct Key {
    std::int64_t at = 0;
    std::int64_t seq = 0;

    auto operator<=>(Key const&) const = default;
};

/// One ordered list of the index, read piece by piece.
class Cursor {
public:
    Cursor(Connection& c, std::string_view sql, Value of, Key behind);

    struct Entry {
        Key key = {};
        std::int64_t org = 0; // of `event_term`
    };
    /// The next one; nullptr at the end.
    Entry const* peek();
    void pop() { ++at_; }

private:
    void refill();

    Connection* c_;
    std::string_view sql_;
    Value of_;
    Key behind_;
    std::vector<Entry> entries_ = {};
    std::size_t at_ = 0;
    bool ended_ = false;
};

/// Gives the numbers of events that may fit, piece by piece. Every event that fits comes up exactly once.
///
/// A few candidates are sorted in memory; else the walk follows the list of the rarest statement that is indexed, or
/// all events of the organization, or all events.
class Walk {
public:
    /// `query.order` is event_time or record_time (any other counts as event_time); `behind`: where to go on.
    Walk(Connection& c, std::optional<OrganizationId> const& org, epcis::Query const& query,
         std::optional<Key> const& behind);

    /// At most `events::numbers_max`; none at the end.
    std::vector<Key> next();

    /// The end came because too many keys were walked over; everything up to `reached` was given.
    bool is_cut() const { return cut_; }
    Key reached() const { return reached_; }

    void allow_keys(std::int64_t count) { keys_max_ = count; }

private:
    void plan();
    bool plan_set();
    void plan_lists();
    bool has_few_events();
    std::optional<std::vector<std::int64_t>> candidates(epcis::Condition const& condition);
    std::optional<std::vector<std::int64_t>> with_term(std::vector<std::int64_t> const& terms);
    std::optional<std::vector<std::int64_t>> with_things(epcis::Condition const& condition);
    std::vector<Key> keys_of(std::vector<std::int64_t> const& seqs);
    Cursor* first_cursor();
    bool is_past_end(Key key) const;
    Key start() const;

    Connection& c_;
    std::optional<OrganizationId> org_;
    epcis::Query const& query_;
    std::optional<Key> behind_;
    bool by_record_time_;
    std::int64_t from_;  // of the order's time: at least
    std::int64_t until_; // less than
    bool planned_ = false;
    bool has_terms_ = false;

    std::optional<std::vector<Key>> set_ = {};
    std::size_t set_at_ = 0;
    std::vector<Cursor> cursors_ = {};
    std::int64_t org_number_ = 0; // 0: terms of every organization
    std::int64_t last_seq_ = 0;
    std::int64_t walked_ = 0;
    std::int64_t keys_max_;
    bool cut_ = false;
    Key reached_ = {};
};

} // namespace nguon::db::event_queries
