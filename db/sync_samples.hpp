#pragma once

#include "core/time.hpp"
#include "db/connection.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

/// Figures of the past, for charts. Serves the province.
namespace nguon::db::sync_samples {

/// How many records took how long from the moment they could go to their receipt. Each class is twice as long as the
/// one before, from half a second to a day and a half.
class Lags {
public:
    static constexpr std::size_t classes = 19;

    void add(std::chrono::microseconds lag, std::int64_t records = 1);
    void add(Lags const& other);
    std::int64_t records() const;
    /// So many of 100 were not slower; within a class the time is drawn evenly. 0 without records.
    std::chrono::microseconds percentile(int percent) const;

    /// "3 0 12": numbers by class, those at the end that are 0 left out.
    std::string to_text() const;
    static Lags from_text(std::string_view text);

    bool operator==(Lags const&) const = default;

private:
    std::array<std::int64_t, classes> counts_ = {};
};

struct Sample {
    Instant at = {};
    std::int64_t waiting = 0; // pending or in flight
    std::int64_t delivered = 0;
    Lags lags = {};
    std::int64_t log_size = 0; // of the delivery log: what it counts up to
};

/// What happened since the last sample; only reads. The first one counts nothing, it is where counting begins.
Sample measure(Connection& c, std::string_view target, Instant now);
void insert(Connection& c, std::string_view target, Sample const& sample);

/// Those after `since`, oldest first.
std::vector<Sample> list(Connection& c, std::string_view target, Instant since);

void forget(Connection& c, Instant before);

} // namespace nguon::db::sync_samples
