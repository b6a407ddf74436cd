#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/log_key.hpp"
#include "cli/targets.hpp"
#include "connector/connector.hpp"
#include "db/installation.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>

#include <unistd.h>

namespace nguon::cli {
namespace {

namespace net = boost::asio;

net::awaitable<void> stop_on_signal(net::io_context& io, connector::Connector& connector)
{
    net::signal_set signals{io, SIGTERM, SIGINT};
    co_await signals.async_wait(net::use_awaitable);
    co_await connector.stop();
    io.stop();
}

Result<std::string> public_url_of(db::Database& database)
{
    auto work = [](db::Connection& c) -> Result<std::string> {
        auto const installation = db::installation::find(c);
        return installation ? installation->public_url : std::string{};
    };
    return database.read_now(work);
}

int sync(InstallationOptions const& options)
{
    auto const settings = load_settings(options);
    if (!settings) return fail(settings.error());
    // SQLite has one writing process: there the connector runs inside `serve`.
    if (settings->database.url.empty()) return fail(invalid("sync.needs_postgres"));
    auto const database = open_installation(options, *settings);
    if (!database) return fail(database.error());
    auto const public_url = public_url_of(**database);
    if (!public_url) return fail(public_url.error());
    auto targets = make_targets(**database, *settings, *public_url, SystemClock{}.now());
    if (!targets) return fail(targets.error());
    auto const signer = open_log_signer(**database, options.data);
    if (!signer) return fail(signer.error());

    std::signal(SIGPIPE, SIG_IGN);
    net::io_context io;
    SystemClock const clock;
    SystemRandom random;
    connector::ConnectorOptions connector_options;
    connector_options.log_signer = *signer;
    auto const witness = make_witness(settings->connector);
    if (!witness) return fail(witness.error());
    connector_options.witness = *witness;
    // A key made here could open nothing that the server sealed: the operator copies it.
    connector_options.source = make_target_source(**database, clock, open_sealer(options.data, Sealer::Missing::refuse),
                                                  *settings, *public_url);
    connector_options.holder = "sync " + std::to_string(::getpid());
    connector::Connector connector{io.get_executor(),   **database,       clock, random, nullptr,
                                   *std::move(targets), connector_options};
    connector.start();
    net::co_spawn(io, stop_on_signal(io, connector), net::detached);
    io.run();
    (*database)->close();
    return 0;
}

} // namespace

void add_sync(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<InstallationOptions>();
    auto* command = app.add_subcommand("sync", "the connector as a process of its own (PostgreSQL installations)");
    options->add_to(*command);
    command->callback([options, &run] { run = [options] { return sync(*options); }; });
}

} // namespace nguon::cli
