#include "server/app/seed/seed.hpp"
#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/public_address.hpp"
#include "connector/make_target.hpp"
#include "core/files.hpp"
#include "core/fold.hpp"
#include "core/runtime/clock.hpp"
#include "db/reference.hpp"
#include "server/auth/roles.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>

#include <nlohmann/json.hpp>

namespace nguon::cli {
namespace {

namespace seed = server::app::seed;
using nlohmann::json;

constexpr std::size_t authority_chars_max = 200;

struct SeedOptions {
    InstallationOptions installation;
    std::string public_url;
    std::string authority;
    std::string province = "lai_chau";
    bool no_demo = false;
    bool sign_ins = false;
    bool verbose = false;
};

/// Text filled up to so many characters, not bytes.
std::string padded(std::string text, std::size_t width)
{
    auto const chars = count_chars(text);
    return chars < width ? text + std::string(width - chars, ' ') : text;
}

/// For people, in Vietnamese.
int print_sign_ins()
{
    auto const& locale = sentences();
    auto const say = [&](std::string const& key) { return locale.text("vi", "seed.sign_ins." + key, {}); };
    auto const line = [](std::string login, std::string role, std::string name, std::string place) {
        std::cout << "  " << padded(std::move(login), 16) << padded(std::move(role), 20) << padded(std::move(name), 20)
                  << place << '\n';
    };
    std::vector<std::string> const password{std::string{seed::demo_password}};
    std::cout << locale.text("vi", "seed.sign_ins.note", password) << '\n';
    line(say("login"), say("role"), say("name"), say("for"));
    for (auto const& sign_in : seed::sign_ins())
        line(std::string{sign_in.login}, say("role." + std::string{sign_in.role}), std::string{sign_in.name},
             std::string{sign_in.place});
    return 0;
}

void print_summary(seed::Summary const& summary, bool verbose, bool with_firms)
{
    auto stories = json::array();
    for (auto const& story : summary.stories)
        stories.push_back({{"scenario", story.scenario}, {"path", story.path}, {"unit", story.unit}});
    json line{{"organizations", summary.organizations},
              {"products", summary.products},
              {"lots", summary.lots},
              {"events", summary.events},
              {"scenarios", stories}};
    if (verbose) {
        line["picture_milliseconds"] = summary.picture_milliseconds;
        line["write_milliseconds"] = summary.write_milliseconds;
    }
    std::cout << line.dump() << '\n';
    for (auto const& sign_in : seed::sign_ins()) {
        if (!with_firms && !server::is_authority(*server::role_from_text(sign_in.role))) continue;
        std::cout << json{{"login", sign_in.login},
                          {"password", seed::demo_password},
                          {"role", sign_in.role},
                          {"name", sign_in.name},
                          {"for", sign_in.place}}
                         .dump()
                  << '\n';
    }
}

/// The name as given, else that of the province in the settings.
Result<std::string> read_authority(db::Database& database, SeedOptions const& options, Settings const& settings)
{
    if (!options.authority.empty()) {
        auto name = clean_text(options.authority, authority_chars_max);
        if (!name) return invalid_fields({{"--authority", name.error().key, name.error().values}});
        return name;
    }
    auto find = [&](db::Connection& c) -> Result<std::string> {
        auto const province = db::reference::find_province(c, settings.province.code);
        return seed::default_authority(settings.province.code, province ? province->name : settings.province.code);
    };
    return database.read_now(find);
}

Status add_administrator(db::Database& database, std::string const& authority)
{
    auto const* login = std::getenv("NGUON_ADMIN_LOGIN");
    auto const* file = std::getenv("NGUON_ADMIN_PASSWORD_FILE");
    if (login == nullptr || file == nullptr) return invalid("seed.admin_missing");
    auto const password = read_secret(file);
    if (!password) return password.error();
    return seed::create_administrator(database, {login, *password, authority}, SystemClock{}.now());
}

int run_seed(SeedOptions const& options)
{
    if (options.sign_ins) return print_sign_ins();
    auto const public_url = checked_public_url(options.public_url);
    if (!public_url) return fail(public_url.error());
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    auto const database = open_installation(options.installation, *settings);
    if (!database) return fail(database.error().key == "storage.locked" ? conflict("seed.served") : database.error());
    if (options.no_demo) {
        auto const authority = read_authority(**database, options, *settings);
        if (!authority) return fail(authority.error());
        if (auto const added = add_administrator(**database, *authority); !added) return fail(added.error());
        std::cout << json{{"organizations", 1},
                          {"authority", *authority},
                          {"administrator", std::getenv("NGUON_ADMIN_LOGIN")}}
                         .dump()
                  << '\n';
        return 0;
    }
    seed::Options wanted;
    wanted.now = SystemClock{}.now();
    wanted.province = options.province;
    wanted.public_url =
        !public_url->empty() ? *public_url : public_url_or_default(settings->serve.public_url, settings->serve.http);
    for (auto const& target : settings->targets) wanted.targets.push_back(connector::target_row(target, wanted.now));
    auto const summary = seed::fill(**database, wanted);
    if (!summary) return fail(summary.error());
    print_summary(*summary, options.verbose, options.province == "lai_chau");
    return 0;
}

} // namespace

void add_seed(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<SeedOptions>();
    auto* command = app.add_subcommand("seed", "the first data: an illustrative province, or the first administrator");
    options->installation.add_to(*command);
    command->add_option("--public-url", options->public_url, "what stands in printed codes");
    command->add_flag("--no-demo", options->no_demo,
                      "only the administrator of NGUON_ADMIN_LOGIN and NGUON_ADMIN_PASSWORD_FILE, and the authority");
    command->add_option(
        "--authority", options->authority,
        "with --no-demo: name of the province's own organization; default: its Sở Khoa học và Công nghệ");
    command->add_option("--province", options->province,
                        "whose plan and evidence: lai_chau, tien_giang, hai_phong, lang_son, ninh_thuan");
    command->add_flag("--sign-ins", options->sign_ins, "prints the demo sign-ins for people and does nothing else");
    command->add_flag("--verbose", options->verbose, "adds the time that pictures and records took");
    command->callback([options, &run] { run = [options] { return run_seed(*options); }; });
}

} // namespace nguon::cli
