#include "cli/admin.hpp"
#include "cli/admin_command.hpp"
#include "cli/commands.hpp"
#include "cli/control_socket.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

using nlohmann::json;

Result<json> perform(InstallationOptions const& options, json const& request)
{
    auto const settings = load_settings(options);
    if (!settings) return settings.error();
    if (settings->database.url.empty()) {
        auto answer = ask_serving_process(options.data, request);
        if (answer || answer.error().key != "control.nobody") return answer;
    }
    auto const database = open_installation(options, *settings);
    if (!database) return database.error();
    return perform_admin(**database, SystemClock{}, request);
}

struct AccessOptions {
    InstallationOptions installation;
    std::string login;
    std::string name;
    std::string role;
    std::string organization;
    std::string area;
    std::string scope;
};

void add_access_options(CLI::App& command, AccessOptions& options)
{
    options.installation.add_to(command);
    command.add_option("--role", options.role, "enterprise-owner, province-operator, …")->required();
    command.add_option("--organization", options.organization, "id of the organization; none for the province's roles");
    command.add_option("--area", options.area, "code of a commune or province that limits the role");
}

void add_name_option(CLI::App& command, AccessOptions& options)
{
    command.add_option("--name", options.name, "name that is shown");
}

void add_user_grant(CLI::App& command, Run& run)
{
    auto const options = std::make_shared<AccessOptions>();
    auto* grant = command.add_subcommand("grant", "one more organization or role for somebody who has a sign-in");
    add_access_options(*grant, *options);
    grant->add_option("--login", options->login, "what the person types")->required();
    grant->callback([options, &run] {
        run = [options] {
            return run_admin_command(options->installation, {{"command", "user.grant"},
                                                             {"login", options->login},
                                                             {"role", options->role},
                                                             {"organization", options->organization},
                                                             {"area", options->area}});
        };
    });
}

} // namespace

int run_admin_command(InstallationOptions const& options, json const& request)
{
    auto const answer = perform(options, request);
    if (!answer) return fail(answer.error());
    std::cout << answer->dump() << '\n';
    return 0;
}

void add_user(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<AccessOptions>();
    auto* command = app.add_subcommand("user", "people who may sign in");
    command->require_subcommand(1);
    auto* add = command->add_subcommand("add", "a new sign-in; the password is read from standard input");
    add_access_options(*add, *options);
    add_name_option(*add, *options);
    add->add_option("--login", options->login, "what the person types")->required();
    add_user_grant(*command, run);
    add->callback([options, &run] {
        run = [options] {
            std::string password;
            std::getline(std::cin, password);
            return run_admin_command(options->installation,
                                     {{"command", "user.add"},
                                      {"login", options->login},
                                      {"name", options->name.empty() ? options->login : options->name},
                                      {"role", options->role},
                                      {"organization", options->organization},
                                      {"area", options->area},
                                      {"password", password}});
        };
    });
}

void add_key(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<AccessOptions>();
    auto* command = app.add_subcommand("key", "keys for programs");
    command->require_subcommand(1);
    auto* add = command->add_subcommand("add", "a new key, shown once as {\"key\":\"…\"}");
    add_access_options(*add, *options);
    add_name_option(*add, *options);
    add->add_option("--scope", options->scope, "narrows the role: \"batch:read batch:write\"");
    add->callback([options, &run] {
        run = [options] {
            return run_admin_command(options->installation,
                                     {{"command", "key.add"},
                                      {"name", options->name.empty() ? "command" : options->name},
                                      {"role", options->role},
                                      {"organization", options->organization},
                                      {"area", options->area},
                                      {"scope", options->scope}});
        };
    });
}

} // namespace nguon::cli
