#include "connector/witness/witness.hpp"
#include "cli/commands.hpp"
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

struct WitnessOptions {
    std::filesystem::path data;
    std::string name;
    std::string listen = "127.0.0.1:9600";
    std::vector<std::string> log_keys;
    tls::ServerFiles tls;
};

net::awaitable<void> stop_on_signal(net::io_context& io, witness::Witness& witness)
{
    net::signal_set signals{io, SIGTERM, SIGINT};
    co_await signals.async_wait(net::use_awaitable);
    co_await witness.stop();
    io.stop();
}

int serve_witness(WitnessOptions const& options)
{
    std::vector<NoteVerifier> logs;
    for (auto const& text : options.log_keys) {
        auto key = NoteVerifier::read(text);
        if (!key) return fail(key.error());
        logs.push_back(*std::move(key));
    }
    auto const listen = parse_endpoint(options.listen);
    if (!listen) return fail(listen.error());
    auto book = witness::WitnessBook::open(options.data, options.name, std::move(logs));
    if (!book) return fail(book.error());
    tls::ContextPtr context;
    if (!options.tls.certificate.empty()) {
        auto made = tls::make_server_context(options.tls);
        if (!made) return fail(made.error());
        context = *std::move(made);
    }
    std::signal(SIGPIPE, SIG_IGN);
    net::io_context io;
    SystemClock const clock;
    auto const key = book->verifier().text();
    witness::Witness witness{io.get_executor(), *std::move(book), clock, std::move(context)};
    auto const bound = witness.start(*listen);
    if (!bound) return fail(bound.error());
    log::info("witness listening", {{"address", to_text(*bound)}, {"key", key}});
    net::co_spawn(io, stop_on_signal(io, witness), net::detached);
    io.run();
    return 0;
}

} // namespace

void add_witness(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<WitnessOptions>();
    auto* command = app.add_subcommand(
        "witness", "countersigns delivery logs, on a machine that is not the province's, as long as they only grow");
    command->add_option("--data", options->data, "directory of its key and of what it has signed for")->required();
    command->add_option("--name", options->name, "its name in signatures, \"example.vn/witness\"")
        ->required()
        ->check([](std::string const& name) {
            bool const fits = !name.empty() && name.find_first_of(" +\n") == std::string::npos;
            return fits ? std::string{} : std::string{"neither spaces nor plus signs"};
        });
    command->add_option("--log-key", options->log_keys, "public key of a delivery log; may be repeated")->required();
    command->add_option("--listen", options->listen, "ADDRESS:PORT")->capture_default_str();
    auto* certificate = command->add_option("--certificate", options->tls.certificate, "PEM, for HTTPS");
    command->add_option("--key", options->tls.key, "PEM of its private key")->needs(certificate);
    command->callback([options, &run] { run = [options] { return serve_witness(*options); }; });
}

} // namespace nguon::cli
