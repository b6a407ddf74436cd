#include "db/event_queries.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/epcis/query_match.hpp"
#include "core/limits/epcis_query.hpp"
#include "db/event_walk.hpp"
#include "db/identifiers.hpp"

#include <algorithm>

namespace nguon::db::event_queries {
namespace {

using epcis::Order;
using epcis::Query;

Error too_complex() { return Error{ErrorCode::too_large, "epcis.query.too_complex", {}, {}, {}}; }

/// What `see` answers: go on, or end after this event.
enum class Seen { go_on, stop };

/// Walks over the events that fit, in the order of `walk`.
class Search {
public:
    Search(Connection& c, Reader const& reader, Query const& query, std::int64_t reads_max)
        : c_{c}, reader_{reader}, query_{query}, reads_left_{reads_max}
    {
    }

    /// True when all that could fit was seen, or `see` stopped; false when too much was looked at. `last()` is then
    /// where it ended.
    template <typename See>
    bool run(Walk& walk, See see)
    {
        while (true) {
            auto const keys = walk.next();
            if (keys.empty()) return !walk.is_cut();
            auto const found = events::of_numbers(c_, numbers_of(keys), reader_.org);
            for (auto const& key : keys) {
                auto const stored = std::ranges::find(found, key.seq, &events::Stored::seq);
                last_ = key;
                if (stored == found.end()) continue;
                --reads_left_;
                if (fits(*stored) && see(*stored, key) == Seen::stop) return true;
            }
            if (reads_left_ <= 0) return false;
        }
    }

    Key const& last() const { return last_; }

    std::optional<epcis::Event> const& event() const { return event_; }

private:
    static std::vector<std::int64_t> numbers_of(std::vector<Key> const& keys)
    {
        std::vector<std::int64_t> out;
        for (auto const& key : keys) out.push_back(key.seq);
        return out;
    }

    bool fits(events::Stored const& stored)
    {
        if (reader_.may_read && !reader_.may_read(stored.org)) return false;
        if (query_.conditions.empty() && query_.order != Order::field) return true;
        auto document = epcis::parse_document(stored.body);
        if (!document || document->events.empty()) return false;
        event_ = std::move(document->events.front());
        return epcis::matches(query_, *event_, stored.record_time);
    }

    Connection& c_;
    Reader const& reader_;
    Query const& query_;
    std::int64_t reads_left_;
    Key last_ = {};
    std::optional<epcis::Event> event_ = {};
};

/// Whatever else names the same things: a lot that was a number of ours before it had a GTIN.
void add_spellings(Connection& c, Query& query)
{
    using epcis::Subject;
    for (auto& condition : query.conditions) {
        std::vector<std::string> wanted;
        for (auto const& pattern : condition.patterns)
            if (pattern.exact()) wanted.push_back(*pattern.exact());
        bool const of_places =
            condition.subject == Subject::read_point || condition.subject == Subject::read_point_within ||
            condition.subject == Subject::biz_location || condition.subject == Subject::biz_location_within ||
            condition.subject == Subject::source || condition.subject == Subject::destination;
        if (of_places) wanted = condition.texts;
        for (auto const& uri : wanted) {
            for (auto const& other : identifiers::spellings_of(c, uri)) {
                auto canonical = epcis::canonical_identifier(other.uri);
                if (canonical == uri) continue;
                if (of_places)
                    condition.texts.push_back(std::move(canonical));
                else if (auto pattern = epcis::EpcPattern::read(canonical))
                    condition.patterns.push_back(*std::move(pattern));
            }
        }
    }
}

/// Numbers before texts, events without the field last.
int compare_values(std::string const& a, std::string const& b)
{
    if (a.empty() || b.empty()) return static_cast<int>(a.empty()) - static_cast<int>(b.empty());
    auto const x = epcis::read_number(a);
    auto const y = epcis::read_number(b);
    if (x && y) return *x < *y ? -1 : static_cast<int>(*x > *y);
    if (x || y) return x ? -1 : 1;
    return a.compare(b);
}

struct Valued {
    events::Stored stored = {};
    std::string value = {};
};

bool stands_before(Valued const& a, std::string const& value, std::int64_t seq, bool ascending)
{
    auto const order = compare_values(a.value, value);
    if (order != 0) return a.value.empty() || value.empty() ? order < 0 : (order < 0) == ascending;
    return ascending ? a.stored.seq < seq : a.stored.seq > seq;
}

/// All that fit, sorted: there is no index over fields that are somebody's own.
Result<Page> run_by_field(Connection& c, Reader const& reader, Query const& query, std::optional<Position> const& from,
                          std::int64_t count)
{
    std::vector<Valued> all;
    Walk walk{c, reader.org, query, {}};
    Search search{c, reader, query, limits::query_events_read};
    bool const complete = search.run(walk, [&](events::Stored const& stored, Key const&) {
        all.push_back({stored, epcis::order_value(query, *search.event())});
        return Seen::go_on;
    });
    if (!complete) return too_complex();
    std::ranges::sort(all, [&](Valued const& a, Valued const& b) {
        return stands_before(a, b.value, b.stored.seq, query.ascending);
    });
    Page page;
    Valued const* last = nullptr;
    for (auto const& item : all) {
        if (from && (item.stored.seq == from->seq || stands_before(item, from->value, from->seq, query.ascending)))
            continue;
        if (std::ssize(page.events) == count) {
            page.next = Position{0, last->stored.seq, last->value};
            break;
        }
        page.events.push_back(item.stored);
        last = &item;
    }
    return page;
}

} // namespace

Result<Page> run(Connection& c, Reader const& reader, Query query, std::optional<Position> const& from,
                 std::int64_t count)
{
    add_spellings(c, query);
    if (query.order == Order::field) return run_by_field(c, reader, query, from, count);
    if (query.order == Order::any) query.order = Order::event_time;
    std::optional<Key> behind;
    if (from) behind = Key{from->at, from->seq};
    Walk walk{c, reader.org, query, behind};
    Search search{c, reader, query, limits::query_events_read};
    Page page;
    std::optional<Key> last;
    bool more = false;
    std::size_t bytes = 0;
    bool const complete = search.run(walk, [&](events::Stored const& stored, Key const& key) {
        if (std::ssize(page.events) == count || bytes > limits::query_page_bytes) {
            more = true;
            return Seen::stop;
        }
        bytes += stored.body.size();
        page.events.push_back(stored);
        last = key;
        return Seen::go_on;
    });
    if (!complete) {
        auto const at = walk.is_cut() ? walk.reached() : search.last();
        page.next = Position{at.at, at.seq, {}};
    } else if (more && last) {
        page.next = Position{last->at, last->seq, {}};
    }
    return page;
}

Status check_max_event_count(Connection& c, Reader const& reader, Query const& wanted)
{
    if (wanted.max_event_count == 0) return Done{};
    auto query = wanted;
    add_spellings(c, query);
    query.order = Order::event_time;
    Walk walk{c, reader.org, query, {}};
    walk.allow_keys(limits::query_count_read);
    Search search{c, reader, query, limits::query_count_read};
    std::int64_t found = 0;
    bool const complete = search.run(walk, [&](events::Stored const&, Key const&) {
        return ++found > query.max_event_count ? Seen::stop : Seen::go_on;
    });
    if (found > query.max_event_count)
        return Error{ErrorCode::too_large, "epcis.query.too_large", {std::to_string(query.max_event_count)}, {}, {}};
    if (!complete) return too_complex();
    return Done{};
}

std::vector<std::string> values(Connection& c, Reader const& reader, std::string const& kind, std::string const& after,
                                std::int64_t count)
{
    std::vector<std::string> out;
    if (reader.org) {
        for (auto const& row : c.query("SELECT value FROM event_value WHERE org_id = $1 AND kind = $2 AND value > $3"
                                       " ORDER BY value LIMIT $4",
                                       {*reader.org, kind, after, count + 1}))
            out.push_back(row.text(0));
        return out;
    }
    auto const rows = c.query("SELECT value, org_id FROM event_value WHERE kind = $1 AND value > $2"
                              " ORDER BY value, org_id LIMIT $3",
                              {kind, after, limits::query_keys_read});
    for (auto const& row : rows) {
        if (reader.may_read && !reader.may_read(row.id<OrganizationId>(1))) continue;
        if (out.empty() || out.back() != row.text(0)) out.push_back(row.text(0));
        if (std::ssize(out) > count) break;
    }
    return out;
}

Things things(Connection& c, Reader const& reader, std::int64_t after, std::int64_t count)
{
    // A class may be named by millions of events: whether one is visible is asked of a hundred of them.
    constexpr std::int64_t mentions_asked = 100;
    constexpr std::int64_t things_read = 500;
    Things out;
    auto const rows =
        c.query("SELECT id, uri FROM identifier WHERE id > $1 ORDER BY id, uri LIMIT $2", {after, things_read});
    std::int64_t done = after;
    for (auto const& row : rows) {
        auto const number = row.integer(0);
        if (number == done) continue; // another spelling of the thing before
        if (std::ssize(out.uris) == count) {
            out.next = done;
            return out;
        }
        done = number;
        auto const mentions =
            c.query("SELECT DISTINCT e.org_id FROM event e WHERE e.seq IN (SELECT x.event_seq FROM event_identifier x"
                    " WHERE x.identifier_id = $1 AND x.role IN ('epc', 'parent', 'child', 'input', 'output')"
                    " LIMIT $2)",
                    {number, mentions_asked});
        bool const visible = std::ranges::any_of(mentions, [&](Row const& mention) {
            auto const org = mention.id<OrganizationId>(0);
            return reader.org ? org == *reader.org : !reader.may_read || reader.may_read(org);
        });
        if (visible) out.uris.push_back(row.text(1));
    }
    if (std::ssize(rows) == things_read) out.next = done;
    return out;
}

} // namespace nguon::db::event_queries
