#pragma once

#include "core/runtime/clock.hpp"
#include "db/scans.hpp"

#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nguon::server {

/// Scans on their way to the database: pages add and never wait; a full queue drops the scan and counts that. The same
/// device and subject twice before the next write are one scan: browsers fetch a page again, hands do not scan so fast.
class ScanCounter {
public:
    explicit ScanCounter(std::size_t queue_max) : queue_max_{queue_max} {}

    /// `device` tells devices apart for one day and is no address: a keyed hash.
    void add(std::string const& subject, std::string device, Instant at);

    /// Everything that waits, for one write.
    std::vector<db::scans::Scan> take();

    std::uint64_t dropped() const;

private:
    mutable std::mutex mutex_;
    std::vector<db::scans::Scan> queue_;
    std::set<std::pair<std::string, std::string>> waiting_; // device and subject of what is in the queue
    std::size_t queue_max_;
    std::uint64_t dropped_ = 0;
};

} // namespace nguon::server
