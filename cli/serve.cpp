#include "cli/application.hpp"
#include "cli/commands.hpp"
#include "cli/public_address.hpp"
#include "core/runtime/log.hpp"

#include <CLI/CLI.hpp>

namespace nguon::cli {
namespace {

Result<std::vector<Endpoint>> read_endpoints(std::vector<std::string> const& texts)
{
    std::vector<Endpoint> out;
    for (auto const& text : texts) {
        auto const endpoint = parse_endpoint(text);
        if (!endpoint) return endpoint.error();
        out.push_back(*endpoint);
    }
    return out;
}

int serve(ServeOptions options, std::vector<std::string> const& http, std::vector<std::string> const& https)
{
    auto public_url = checked_public_url(options.public_url);
    if (!public_url) return fail(public_url.error());
    options.public_url = *std::move(public_url);
    auto plain = read_endpoints(http);
    if (!plain) return fail(plain.error());
    auto secure = read_endpoints(https);
    if (!secure) return fail(secure.error());
    options.http = *std::move(plain);
    options.https = *std::move(secure);
    auto const application = Application::build(options);
    if (!application) return fail(application.error());
    for (auto const& endpoint : (*application)->http()) log::info("listening", {{"http", to_text(endpoint)}});
    for (auto const& endpoint : (*application)->https()) log::info("listening", {{"https", to_text(endpoint)}});
    (*application)->run();
    return 0;
}

} // namespace

void add_serve(CLI::App& app, Run& run)
{
    struct Options {
        ServeOptions serve;
        std::vector<std::string> http;
        std::vector<std::string> https;
    };
    auto const options = std::make_shared<Options>();
    auto* command = app.add_subcommand("serve", "the service; SIGTERM drains and stops it");
    options->serve.installation.add_to(*command);
    command->add_option("--http", options->http, "ADDRESS:PORT for HTTP; may be repeated");
    command->add_option("--https", options->https, "ADDRESS:PORT for HTTPS; may be repeated");
    command->add_option("--public-url", options->serve.public_url, "what stands in printed codes");
    command->add_flag("--dev", options->serve.dev, "read templates from the source tree for every page");
    command->callback(
        [options, &run] { run = [options] { return serve(options->serve, options->http, options->https); }; });
}

} // namespace nguon::cli
