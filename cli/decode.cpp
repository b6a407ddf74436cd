#include "cli/commands.hpp"
#include "core/files.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/read_code.hpp"
#include "core/runtime/worker_process.hpp"
#include "scanner/picture_workers.hpp"
#include "server/file_worker.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <iostream>

namespace nguon::cli {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(scanner::DecodedCode const& found)
{
    ordered_json out{{"symbology", found.symbology}, {"symbologyIdentifier", found.identifier}, {"text", found.text}};
    auto const code = gs1::read_code(found.identifier + found.text);
    out["elementString"] = code.elements.empty() ? std::string{} : gs1::to_element_string(code.elements);
    out["elements"] = ordered_json::array();
    for (auto const& element : code.elements) out["elements"].push_back({{"ai", element.ai}, {"value", element.value}});
    out["digitalLink"] = code.link;
    out["corners"] = ordered_json::array();
    for (auto const& corner : found.corners) out["corners"].push_back({{"x", corner.x}, {"y", corner.y}});
    return out;
}

int decode(std::vector<std::string> const& files)
{
    WorkerPoolOptions options;
    options.arguments = {std::string{server::file_worker_argument}};
    options.processes = 1;
    WorkerPool pool{options};
    scanner::PictureWorkers workers{pool};
    int worst = 0;
    for (auto const& name : files) {
        auto const start = std::chrono::steady_clock::now();
        auto const bytes = read_file(name);
        if (!bytes) {
            worst = fail(bytes.error());
            continue;
        }
        auto const codes = workers.decode_now(*bytes);
        ordered_json line{{"file", name}, {"codes", ordered_json::array()}};
        if (codes)
            for (auto const& code : *codes) line["codes"].push_back(to_json(code));
        else if (codes.error().key != "picture.no_code")
            worst = fail(codes.error());
        line["milliseconds"] =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        std::cout << line.dump() << '\n';
    }
    return worst;
}

} // namespace

void add_decode(CLI::App& app, Run& run)
{
    auto const files = std::make_shared<std::vector<std::string>>();
    auto* command = app.add_subcommand("decode", "the codes in pictures, one JSON a line for each picture");
    command->add_option("image", *files, "JPEG, PNG or WebP")->required();
    command->callback([files, &run] { run = [files] { return decode(*files); }; });
}

} // namespace nguon::cli
