#pragma once

#include "db/targets.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace nguon::server {
class Locale;
}

namespace nguon::server::app {

/// What people call the portals, for every page; any thread. Like the board of alarms a few seconds old at most.
class TargetTitles {
public:
    using Labels = std::shared_ptr<db::targets::Labels const>;

    void set(db::targets::Labels labels)
    {
        auto fresh = std::make_shared<db::targets::Labels const>(std::move(labels));
        std::lock_guard const lock{mutex_};
        labels_ = std::move(fresh);
    }
    /// Never null.
    Labels get() const
    {
        std::lock_guard const lock{mutex_};
        return labels_;
    }

private:
    mutable std::mutex mutex_;
    Labels labels_ = std::make_shared<db::targets::Labels const>();
};

/// Its own title, or one after its adapter, with its name where several would be called the same: "Cổng quốc gia",
/// "Kho sự kiện (xuat-khau)".
std::string title_of(Locale const& locale, std::string_view language, std::string_view name,
                     db::targets::Label const& label);

} // namespace nguon::server::app
