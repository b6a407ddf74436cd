#pragma once

#include "core/runtime/clock.hpp"
#include "server/settings.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace nguon {
class CpuPool;
class DiskWatch;
class Metrics;
class Sealer;
namespace db {
class Database;
}
namespace office {
class PdfMaker;
}
namespace scanner {
class PictureWorkers;
}
namespace server::app {
class AlarmBoard;
class LiveFigures;
class SheetWorkers;
class TargetTitles;
} // namespace server::app
} // namespace nguon

namespace nguon::server {

class Locale;
class PageCache;
class ScanCounter;
class StaticFiles;
class Templates;

/// What a handler may use. All of it is thread-safe and outlives every request.
struct Services {
    db::Database& database;
    Clock const& clock;
    CpuPool& cpu_pool;
    scanner::PictureWorkers* pictures; // these two are nullptr in an installation without them
    app::SheetWorkers* sheets;
    Metrics& metrics;
    ServiceSettings const& settings;
    Locale const& locale;
    Templates const& templates;
    StaticFiles const& static_files;
    std::atomic<bool> const& draining; // SIGTERM came: /readyz says so
    ScanCounter& scans;
    std::function<void()> wake_connector; // new work stands in the outbox
    PageCache& page_cache;
    DiskWatch* disk = nullptr;                    // nullptr: nobody watches it
    std::shared_ptr<Sealer const> sealer = {};    // of the secrets of connections; null: there is no key
    app::AlarmBoard* alarms = nullptr;            // what is wrong now; nullptr: nobody looks
    app::LiveFigures* live = nullptr;             // nullptr: pages stay as they were sent
    app::TargetTitles const* titles = nullptr;    // of the portals; nullptr: their names stand for them
    std::function<void()> wake_label_worker = {}; // a label job was put into the queue; empty: nobody draws here
    office::PdfMaker* pdf = nullptr;              // nullptr: this installation makes no PDF of its documents
};

} // namespace nguon::server
