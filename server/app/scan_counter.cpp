#include "server/app/scan_counter.hpp"

namespace nguon::server {

void ScanCounter::add(std::string subject, std::string device, Instant at)
{
    std::lock_guard const lock{mutex_};
    if (queue_.size() >= queue_max_) {
        ++dropped_;
        return;
    }
    queue_.push_back({std::move(subject), at, std::move(device)});
}

std::vector<db::scans::Scan> ScanCounter::take()
{
    std::lock_guard const lock{mutex_};
    return std::exchange(queue_, {});
}

std::uint64_t ScanCounter::dropped() const
{
    std::lock_guard const lock{mutex_};
    return dropped_;
}

} // namespace nguon::server
