#include "connector/breaker.hpp"

#include <algorithm>

namespace nguon::connector {

namespace {

constexpr Duration mass_window = std::chrono::minutes{10};
constexpr std::size_t mass_count = 50;
constexpr std::size_t mass_samples_min = 25;

} // namespace

void Breaker::forget_before(Instant start)
{
    while (!samples_.empty() && samples_.front().first < start) samples_.pop_front();
}

void Breaker::success(Instant now)
{
    failures_in_row_ = 0;
    if (open_) {
        // A straggler on an older connection proves nothing.
        if (state(now) != State::half_open) return;
        if (++successes_half_open_ < settings_.closes_after) return;
        open_ = false;
        open_time_ = {};
        samples_.clear();
        ramp_ = 1;
        return;
    }
    samples_.emplace_back(now, false);
    forget_before(now - settings_.window);
    ramp_ = std::min(ramp_ * 2, ramp_end);
}

void Breaker::failure(Instant now, Random& random)
{
    ++failures_in_row_;
    if (open_) {
        // A straggler that was sent before the opening tells nothing new.
        if (state(now) == State::half_open) open(now, random);
        return;
    }
    samples_.emplace_back(now, true);
    forget_before(now - settings_.window);
    auto const failed = static_cast<std::size_t>(
        std::count_if(samples_.begin(), samples_.end(), [](auto const& sample) { return sample.second; }));
    bool const often = samples_.size() >= settings_.samples_min && failed * 2 >= samples_.size();
    if (failures_in_row_ >= settings_.consecutive || often) open(now, random);
}

void Breaker::open(Instant now, Random& random)
{
    open_time_ = open_time_ == Duration{0} ? settings_.open_first : std::min(open_time_ * 2, settings_.open_max);
    open_ = true;
    successes_half_open_ = 0;
    retry_at_ = now + (settings_.jitter ? with_jitter(open_time_, random) : open_time_);
}

Breaker::State Breaker::state(Instant now) const
{
    if (!open_) return State::closed;
    return now < retry_at_ ? State::open : State::half_open;
}

std::string_view to_text(BreakerKind kind)
{
    switch (kind) {
    case BreakerKind::transport:
        return "transport";
    case BreakerKind::identity:
        return "identity";
    case BreakerKind::contract:
        return "contract";
    case BreakerKind::security:
        return "security";
    }
    return "transport";
}

void MassGuard::forget_before(Instant start)
{
    while (!decided_.empty() && decided_.front() < start) decided_.pop_front();
    for (auto& [code, aggregates] : refused_)
        std::erase_if(aggregates, [start](auto const& entry) { return entry.second < start; });
    std::erase_if(refused_, [](auto const& entry) { return entry.second.empty(); });
}

void MassGuard::decided(Instant now)
{
    decided_.push_back(now);
    while (!decided_.empty() && decided_.front() < now - mass_window) decided_.pop_front();
}

bool MassGuard::refused(Instant now, std::string const& aggregate, std::string const& code)
{
    decided(now);
    forget_before(now - mass_window);
    auto& aggregates = refused_[code];
    aggregates[aggregate] = now;
    auto const count = aggregates.size();
    return count > mass_count || (decided_.size() >= mass_samples_min && count * 5 > decided_.size());
}

} // namespace nguon::connector
