#include "server/app/scan_counter.hpp"

namespace nguon::server {

void ScanCounter::add(std::string const& subject, std::string device, Instant at)
{
    std::lock_guard const lock{mutex_};
    std::pair scan{std::move(device), subject};
    if (waiting_.contains(scan)) return;
    if (queue_.size() >= queue_max_) {
        ++dropped_;
        return;
    }
    queue_.push_back({subject, at, scan.first});
    waiting_.insert(std::move(scan));
}

std::vector<db::scans::Scan> ScanCounter::take()
{
    std::lock_guard const lock{mutex_};
    waiting_.clear();
    return std::exchange(queue_, {});
}

std::uint64_t ScanCounter::dropped() const
{
    std::lock_guard const lock{mutex_};
    return dropped_;
}

} // namespace nguon::server
