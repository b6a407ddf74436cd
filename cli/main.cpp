#include "cli/commands.hpp"
#include "server/file_worker.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    using namespace nguon::cli;
    // A worker must start before anything else touches the process: it locks itself up.
    if (argc == 2 && argv[1] == nguon::server::file_worker_argument)
        return nguon::worker_main(nguon::server::file_worker_tasks());

    CLI::App app{"Nguồn: traceability of a province's products, from the batch to the national portal", "nguon"};
    app.set_version_flag("--version", "nguon " NGUON_VERSION);
    app.require_subcommand(1);
    Run run;
    for (auto* const add : {add_serve,   add_sync,   add_portal, add_user,   add_key,     add_seed,  add_gs1,
                            add_encode,  add_decode, add_label,  add_epcis,  add_trace,   add_check, add_backup,
                            add_restore, add_verify, add_doctor, add_alarms, add_witness, add_report})
        add(app, run);

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return run();
}
