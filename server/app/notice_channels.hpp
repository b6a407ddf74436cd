#pragma once

#include "core/runtime/config.hpp"
#include "db/alarms.hpp"
#include "server/settings.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nguon::server {
class Locale;
}

namespace nguon::server::app {

namespace net = boost::asio;

/// One way for notices to leave the house.
class NoticeChannel {
public:
    virtual ~NoticeChannel() = default;
    virtual std::string const& name() const = 0;
    /// Good when the other side has taken it. Errors: unavailable, with what was said in values[0]. Ends within
    /// limits::notice_time.
    virtual net::awaitable<Status> send(db::alarms::Notice notice) = 0;
    /// Ends a `send` that is under way soon.
    virtual void stop() = 0;
};

/// The channels that the configuration names, "email" before "webhook". `executor` is a strand or a single thread.
/// Locale and settings outlive them. Errors: those of secrets and certificates, "alarm.webhook_url".
Result<std::vector<std::unique_ptr<NoticeChannel>>> make_channels(AlarmSettings const& alarms, Locale const& locale,
                                                                  ServiceSettings const& settings,
                                                                  net::any_io_executor executor);

/// Their names, without opening anything.
std::vector<std::string> channel_names(AlarmSettings const& alarms);

} // namespace nguon::server::app
