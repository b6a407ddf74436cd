#include "cli/commands.hpp"
#include "connector/practice_portal/practice_portal.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/log.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>

namespace nguon::cli {
namespace {

namespace net = boost::asio;
using practice_portal::PortalSettings;
using practice_portal::PracticePortal;

net::awaitable<void> stop_on_signal(net::io_context& io, PracticePortal& portal)
{
    net::signal_set signals{io, SIGTERM, SIGINT};
    co_await signals.async_wait(net::use_awaitable);
    co_await portal.stop();
    io.stop();
}

int serve_portal(PortalSettings settings, std::string const& listen)
{
    auto const endpoint = parse_endpoint(listen);
    if (!endpoint) return fail(endpoint.error());
    settings.listen = *endpoint;
    std::signal(SIGPIPE, SIG_IGN);
    net::io_context io;
    SystemClock const clock;
    auto const portal = PracticePortal::open(io.get_executor(), std::move(settings), clock);
    if (!portal) return fail(portal.error());
    auto const bound = (*portal)->start();
    if (!bound) return fail(bound.error());
    log::info("practice portal listening", {{"https", to_text(*bound)}});
    net::co_spawn(io, stop_on_signal(io, **portal), net::detached);
    io.run();
    return 0;
}

} // namespace

void add_portal(CLI::App& app, Run& run)
{
    struct Options {
        PortalSettings settings;
        std::string listen = "127.0.0.1:9443";
    };
    auto const options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "portal", "the practice portal: mutual TLS, EPCIS capture, bundles of files, its own ledger, faults by script");
    command->add_option("--data", options->settings.data_dir, "directory of its ledger")->required();
    command->add_option("--certs", options->settings.certs_dir, "directory with ca.pem, portal.pem, receipt.key …")
        ->required();
    command->add_option("--listen", options->listen, "ADDRESS:PORT")->capture_default_str();
    command->add_option("--script", options->settings.script, "JSON file of faults to commit");
    auto* drop = command->add_option("--drop", options->settings.drop_dir, "directory of bundles: outgoing, incoming");
    command->add_option("--drop-key", options->settings.drop_key, "public key (PEM) that bundles are signed with")
        ->needs(drop);
    command->callback(
        [options, &run] { run = [options] { return serve_portal(options->settings, options->listen); }; });
}

} // namespace nguon::cli
