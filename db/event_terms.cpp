#include "db/event_terms.hpp"

#include "core/bytes.hpp"
#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/epcis/query.hpp"
#include "core/epcis/query_terms.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace nguon::db::event_terms {
namespace {

constexpr std::size_t block = 8;

void note(Terms& out, std::string kind, std::string value)
{
    if (!value.empty()) out.values.push_back({std::move(kind), std::move(value)});
}

/// Rows of a block repeat the last one where there are fewer.
void insert_block(Connection& c, std::array<Value, 3> const& about, std::span<std::int64_t const> terms)
{
    std::vector<Value> parameters(about.begin(), about.end());
    for (std::size_t i = 0; i < block; ++i) parameters.emplace_back(terms[std::min(i, terms.size() - 1)]);
    c.execute("INSERT INTO event_term (term, event_time, event_seq, org) VALUES"
              " ($4, $1, $2, $3), ($5, $1, $2, $3), ($6, $1, $2, $3), ($7, $1, $2, $3),"
              " ($8, $1, $2, $3), ($9, $1, $2, $3), ($10, $1, $2, $3), ($11, $1, $2, $3) ON CONFLICT DO NOTHING",
              parameters);
}

/// One statement for all four kinds; where there are fewer the last is repeated.
void insert_values(Connection& c, OrganizationId const& org, std::vector<KnownValue> const& values)
{
    constexpr std::size_t kinds = 4;
    if (values.empty()) return;
    assert(values.size() <= kinds);
    std::vector<Value> parameters{org};
    for (std::size_t i = 0; i < kinds; ++i) {
        auto const& known = values[std::min(i, values.size() - 1)];
        parameters.emplace_back(known.kind);
        parameters.emplace_back(known.value);
    }
    c.execute("INSERT INTO event_value (org_id, kind, value) VALUES ($1, $2, $3), ($1, $4, $5), ($1, $6, $7),"
              " ($1, $8, $9) ON CONFLICT DO NOTHING",
              parameters);
}

} // namespace

Terms terms_of(epcis::Event const& event)
{
    Terms out;
    out.terms = epcis::terms_of(event);
    if (!event.biz_step.empty())
        note(out, "bizStep", epcis::canonical_word(epcis::Vocabulary::biz_step, event.biz_step));
    if (!event.disposition.empty())
        note(out, "disposition", epcis::canonical_word(epcis::Vocabulary::disposition, event.disposition));
    note(out, "readPoint", epcis::canonical_identifier(event.read_point.id));
    note(out, "bizLocation", epcis::canonical_identifier(event.biz_location.id));
    return out;
}

void insert(Connection& c, OrganizationId const& org, std::int64_t event_seq, Instant event_time, Terms const& terms)
{
    std::array<Value, 3> const about{event_time, event_seq, number_of(org)};
    std::span<std::int64_t const> left{terms.terms};
    while (!left.empty()) {
        auto const now = std::min(block, left.size());
        insert_block(c, about, left.first(now));
        left = left.subspan(now);
    }
    insert_values(c, org, terms.values);
}

std::int64_t number_of(OrganizationId const& org)
{
    std::uint64_t number = 0;
    auto const bytes = sha256(org.text());
    for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(number);
}

bool is_complete(Connection& c) { return c.query("SELECT below FROM event_term_gap").empty(); }

bool fill_gap(Connection& c, std::int64_t count)
{
    auto const gap = c.query("SELECT below FROM event_term_gap");
    if (gap.empty()) return false;
    auto const rows =
        c.query("SELECT seq, org_id, event_time, body FROM event WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
                {gap.front().integer(0), count});
    for (auto const& row : rows) {
        auto const document = epcis::parse_document(row.text(3));
        if (!document || document->events.empty()) continue; // an event that cannot be read is found by no query either
        insert(c, row.id<OrganizationId>(1), row.integer(0), row.instant(2),
               event_terms::terms_of(document->events.front()));
    }
    if (std::ssize(rows) < count) {
        c.execute("DELETE FROM event_term_gap");
        return false;
    }
    c.execute("UPDATE event_term_gap SET below = $1", {rows.back().integer(0)});
    return true;
}

} // namespace nguon::db::event_terms
