#include "cli/commands.hpp"
#include "cli/decode_worker.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    using namespace nguon::cli;
    // A worker must start before anything else touches the process: it locks itself up.
    if (argc == 2 && std::string_view{argv[1]} == decode_worker_argument) return run_decode_worker();

    CLI::App app{"Nguồn: traceability of a province's products, from the batch to the national portal", "nguon"};
    app.set_version_flag("--version", "nguon " NGUON_VERSION);
    app.require_subcommand(1);
    Run run;
    add_serve(app, run);
    add_sync(app, run);
    add_portal(app, run);
    add_user(app, run);
    add_key(app, run);
    add_seed(app, run);
    add_gs1(app, run);
    add_encode(app, run);
    add_decode(app, run);
    add_epcis(app, run);
    add_backup(app, run);
    add_restore(app, run);
    add_doctor(app, run);

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return run();
}
