#pragma once

#include "db/database.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace nguon::server::app {

/// Indexes the events that were recorded before there was an index of what queries look for: a slice at a time on a
/// thread of its own, with rests in between, so that captures go on. It ends with the last one; a server that was
/// stopped before goes on where it was, and two servers at once do some slices twice.
class EventTermFiller {
public:
    explicit EventTermFiller(db::Database& database) : database_{database} {}
    ~EventTermFiller() { stop(); }
    EventTermFiller(EventTermFiller const&) = delete;
    EventTermFiller& operator=(EventTermFiller const&) = delete;

    void start();
    void stop();

private:
    void serve();

    db::Database& database_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace nguon::server::app
