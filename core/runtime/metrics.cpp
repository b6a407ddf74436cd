#include "core/runtime/metrics.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include <fmt/format.h>

namespace nguon {
namespace {

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"') {
            out += "\\\"";
        } else {
            out += c;
        }
    }
    return out;
}

std::string to_text(Labels const& labels, std::string_view extra = {})
{
    std::string out;
    for (auto const& [name, value] : labels) {
        out += out.empty() ? "{" : ",";
        out += name + "=\"" + escaped(value) + "\"";
    }
    if (!extra.empty()) out.append(out.empty() ? "{" : ",").append(extra);
    return out.empty() ? out : out + "}";
}

void append_histogram(std::string& out, std::string const& name, Labels const& labels, Histogram const& histogram)
{
    std::uint64_t total = 0;
    for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
        total += histogram.count(i);
        auto const bound = i < histogram.bounds().size() ? fmt::format("{}", histogram.bounds()[i]) : "+Inf";
        out += fmt::format("{}_bucket{} {}\n", name, to_text(labels, "le=\"" + bound + "\""), total);
    }
    out += fmt::format("{}_sum{} {}\n", name, to_text(labels), histogram.sum());
    // The count is the last bucket's: a value observed meanwhile must not make the two differ.
    out += fmt::format("{}_count{} {}\n", name, to_text(labels), total);
}

} // namespace

Histogram::Histogram(std::vector<double> bounds) : bounds_{std::move(bounds)}, counts_(bounds_.size() + 1)
{
    assert(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::observe(double value)
{
    auto const at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
    counts_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

std::vector<double> time_bounds() { return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}; }

Metrics::Series& Metrics::series(Kind kind, std::string_view name, std::string_view help, Labels labels)
{
    auto at = families_.find(name);
    if (at == families_.end()) {
        at = families_.emplace(std::string{name}, Family{}).first;
        at->second.kind = kind;
        at->second.help = help;
    }
    auto& family = at->second;
    assert(family.kind == kind && "one name, one kind of number");

    auto found = family.series.find(labels);
    if (found == family.series.end()) {
        // Label values may come from outside; without an end they would eat the memory of server and scraper.
        if (family.series.size() >= series_max) {
            for (auto& label : labels) label.second = "other";
            found = family.series.find(labels);
        }
        if (found == family.series.end()) {
            found = family.series.emplace(std::move(labels), std::make_unique<Series>()).first;
        }
    }
    return *found->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels)
{
    std::lock_guard const lock{mutex_};
    return series(Kind::counter, name, help, std::move(labels)).counter;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels)
{
    std::lock_guard const lock{mutex_};
    return series(Kind::gauge, name, help, std::move(labels)).gauge;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::vector<double> bounds, Labels labels)
{
    std::lock_guard const lock{mutex_};
    auto& found = series(Kind::histogram, name, help, std::move(labels));
    auto& family = families_.find(name)->second;
    if (family.bounds.empty()) family.bounds = std::move(bounds);
    if (!found.histogram) found.histogram = std::make_unique<Histogram>(family.bounds);
    return *found.histogram;
}

void Metrics::watch(std::string_view name, std::string_view help, std::function<double()> read, Labels labels)
{
    std::lock_guard const lock{mutex_};
    series(Kind::watched, name, help, std::move(labels)).read = std::move(read);
}

std::string Metrics::text() const
{
    std::lock_guard const lock{mutex_};
    std::string out;
    for (auto const& [name, family] : families_) {
        auto const kind = family.kind == Kind::counter     ? "counter"
                          : family.kind == Kind::histogram ? "histogram"
                                                           : "gauge";
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family.help), name, kind);
        for (auto const& [labels, one] : family.series) {
            switch (family.kind) {
            case Kind::counter:
                out += fmt::format("{}{} {}\n", name, to_text(labels), one->counter.value());
                break;
            case Kind::gauge:
                out += fmt::format("{}{} {}\n", name, to_text(labels), one->gauge.value());
                break;
            case Kind::watched:
                out += fmt::format("{}{} {}\n", name, to_text(labels), one->read());
                break;
            case Kind::histogram:
                append_histogram(out, name, labels, *one->histogram);
                break;
            }
        }
    }
    return out;
}

} // namespace nguon
