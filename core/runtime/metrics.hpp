#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon {

/// A number that only grows.
class Counter {
public:
    void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// A number that goes up and down.
class Gauge {
public:
    void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
    void add(std::int64_t difference) { value_.fetch_add(difference, std::memory_order_relaxed); }
    std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_ = 0;
};

/// How often values fell below each of some bounds, with their number and sum.
class Histogram {
public:
    /// `bounds` ascend; values above the last are counted too.
    explicit Histogram(std::vector<double> bounds);

    void observe(double value);

    std::vector<double> const& bounds() const { return bounds_; }
    /// Values in (bounds[i-1], bounds[i]]; the last index is for those above every bound.
    std::uint64_t count(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
    double sum() const { return sum_.load(std::memory_order_relaxed); }

private:
    std::vector<double> bounds_;
    std::vector<std::atomic<std::uint64_t>> counts_;
    std::atomic<double> sum_ = 0;
};

/// Bounds for times of answers, in seconds: 1 ms to 10 s.
std::vector<double> time_bounds();

using Labels = std::vector<std::pair<std::string, std::string>>;

/// All numbers of the process, for Prometheus. Registering locks; counting on what it returned does not. References
/// stay valid as long as the registry. Ask once and keep the reference where it is busy.
class Metrics {
public:
    /// Series of one name; further label values share one series whose label values are all "other".
    static constexpr std::size_t series_max = 200;

    Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
    Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
    /// The bounds of the first call for a name hold for all its series.
    Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bounds, Labels labels = {});
    /// A number asked for at each scrape; `read` must not block. Replaces an earlier one of that name and labels.
    void watch(std::string_view name, std::string_view help, std::function<double()> read, Labels labels = {});

    /// Prometheus text format 0.0.4.
    std::string text() const;

private:
    enum class Kind { counter, gauge, histogram, watched };
    struct Series {
        Counter counter;
        Gauge gauge;
        std::unique_ptr<Histogram> histogram;
        std::function<double()> read;
    };
    struct Family {
        Kind kind = Kind::counter;
        std::string help = {};
        std::vector<double> bounds = {};
        std::map<Labels, std::unique_ptr<Series>> series = {};
    };

    Series& series(Kind kind, std::string_view name, std::string_view help, Labels labels);

    mutable std::mutex mutex_;
    std::map<std::string, Family, std::less<>> families_;
};

} // namespace nguon
