#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/public_address.hpp"
#include "core/ids.hpp"
#include "core/runtime/clock.hpp"
#include "server/app/notice_channels.hpp"
#include "server/web/locale.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

namespace net = boost::asio;
using nlohmann::ordered_json;
using server::app::NoticeChannel;

net::awaitable<void> try_channel(NoticeChannel& channel, bool& good)
{
    db::alarms::Notice notice;
    notice.id = new_uuid();
    notice.reason = "trial";
    notice.channel = channel.name();
    notice.created_at = SystemClock{}.now();
    auto const sent = co_await channel.send(notice);
    ordered_json line{{"channel", channel.name()}, {"sent", sent.ok()}};
    if (!sent) line["fault"] = sent.error().log_text;
    std::cout << line.dump() << '\n';
    good = good && sent.ok();
}

/// Sends a trial on every channel of the configuration; needs no database, so it works beside a running service.
int test_alarms(InstallationOptions const& options)
{
    auto const settings = load_settings(options);
    if (!settings) return fail(settings.error());
    server::ServiceSettings service;
    service.public_url = public_url_or_default(settings->serve.public_url, settings->serve.http);
    service.province_name = host_of_url(service.public_url); // its name stands in the database only
    net::io_context io{1};
    auto const channels = server::app::make_channels(settings->alarms, sentences(), service, io.get_executor());
    if (!channels) return fail(channels.error());
    if (channels->empty()) return fail(invalid("alarm.no_channel"));
    bool good = true;
    for (auto const& channel : *channels) {
        auto const done = [](std::exception_ptr fault) {
            if (fault) std::rethrow_exception(fault);
        };
        net::co_spawn(io, try_channel(*channel, good), done);
    }
    io.run();
    return good ? 0 : 1;
}

} // namespace

void add_alarms(CLI::App& app, Run& run)
{
    auto* command = app.add_subcommand("alarms", "messages about trouble");
    command->require_subcommand(1);
    auto const options = std::make_shared<InstallationOptions>();
    auto* test = command->add_subcommand("test", "sends a trial by e-mail and webhook; prints a line of JSON for each");
    options->add_to(*test);
    test->callback([options, &run] { run = [options] { return test_alarms(*options); }; });
}

} // namespace nguon::cli
