#include "db/sync_samples.hpp"

#include "db/delivery_log.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace nguon::db::sync_samples {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::microseconds first_class = 500ms;
constexpr std::int64_t entries_max = 100'000; // of the log, in one sample; the next goes on behind them
constexpr int whole = 100;

/// The longest time of a class.
std::chrono::microseconds end_of(std::size_t place) { return first_class * (std::int64_t{1} << place); }

} // namespace

void Lags::add(std::chrono::microseconds lag, std::int64_t records)
{
    std::size_t place = 0;
    while (place + 1 < classes && lag > end_of(place)) ++place;
    counts_[place] += records;
}

void Lags::add(Lags const& other)
{
    for (std::size_t i = 0; i < classes; ++i) counts_[i] += other.counts_[i];
}

std::int64_t Lags::records() const { return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}); }

std::chrono::microseconds Lags::percentile(int percent) const
{
    auto const all = records();
    if (all == 0) return std::chrono::microseconds{0};
    auto const wanted = std::max<std::int64_t>((all * percent + whole - 1) / whole, 1);
    std::int64_t below = 0;
    for (std::size_t i = 0; i < classes; ++i) {
        if (below + counts_[i] < wanted) {
            below += counts_[i];
            continue;
        }
        auto const begin = i == 0 ? std::chrono::microseconds{0} : end_of(i - 1);
        return begin + (end_of(i) - begin) * (wanted - below) / counts_[i];
    }
    return end_of(classes - 1);
}

std::string Lags::to_text() const
{
    auto used = classes;
    while (used > 0 && counts_[used - 1] == 0) --used;
    std::string out;
    for (std::size_t i = 0; i < used; ++i) out += (i == 0 ? "" : " ") + std::to_string(counts_[i]);
    return out;
}

Lags Lags::from_text(std::string_view text)
{
    Lags out;
    std::istringstream in{std::string{text}};
    for (auto& count : out.counts_)
        if (!(in >> count)) break;
    return out;
}

Sample measure(Connection& c, std::string_view target, Instant now)
{
    auto const last = c.query("SELECT log_size FROM sync_sample WHERE target = $1 ORDER BY at DESC LIMIT 1", {target});
    auto const size = static_cast<std::int64_t>(delivery_log::size(c));
    auto const from = last.empty() ? size : last.front().integer(0);
    auto const to = std::min(size, from + entries_max);
    Sample sample;
    sample.at = now;
    sample.log_size = to;
    for (auto const& row : c.query("SELECT r.received_at - d.created_at FROM delivery_log l"
                                   " JOIN receipt r ON r.target = l.target AND r.outbox_seq = l.outbox_seq"
                                   " JOIN delivery d ON d.target = l.target AND d.outbox_seq = l.outbox_seq"
                                   " WHERE l.seq >= $1 AND l.seq < $2 AND l.target = $3",
                                   {from, to, target})) {
        ++sample.delivered;
        sample.lags.add(std::chrono::microseconds{std::max<std::int64_t>(row.integer(0), 0)});
    }
    auto const waiting =
        c.query("SELECT count(*) FROM delivery WHERE target = $1 AND state IN ('pending', 'in_flight')", {target});
    sample.waiting = waiting.front().integer(0);
    return sample;
}

void insert(Connection& c, std::string_view target, Sample const& sample)
{
    c.execute("INSERT INTO sync_sample (target, at, waiting, delivered, lags, log_size) VALUES ($1, $2, $3, $4, $5, $6)"
              " ON CONFLICT (target, at) DO NOTHING",
              {target, sample.at, sample.waiting, sample.delivered, sample.lags.to_text(), sample.log_size});
}

std::vector<Sample> list(Connection& c, std::string_view target, Instant since)
{
    std::vector<Sample> out;
    for (auto const& row : c.query("SELECT at, waiting, delivered, lags, log_size FROM sync_sample"
                                   " WHERE target = $1 AND at > $2 ORDER BY at",
                                   {target, since}))
        out.push_back({row.instant(0), row.integer(1), row.integer(2), Lags::from_text(row.text(3)), row.integer(4)});
    return out;
}

void forget(Connection& c, Instant before) { c.execute("DELETE FROM sync_sample WHERE at < $1", {before}); }

} // namespace nguon::db::sync_samples
