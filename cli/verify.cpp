#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/log_key.hpp"
#include "connector/delivery_log.hpp"
#include "core/bytes.hpp"
#include "core/files.hpp"
#include "core/json.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace nguon::cli {
namespace {

using nlohmann::ordered_json;

struct VerifyOptions {
    InstallationOptions installation;
    std::filesystem::path proof;
    std::filesystem::path checkpoint;
    std::vector<std::string> log_keys;
    std::vector<std::string> witness_keys;
    std::vector<std::filesystem::path> portal_keys;
    bool as_json = false;
};

Result<std::vector<NoteVerifier>> read_log_keys(std::vector<std::string> const& texts)
{
    std::vector<NoteVerifier> out;
    for (auto const& text : texts) {
        auto key = NoteVerifier::read(text);
        if (!key) return key.error();
        out.push_back(*std::move(key));
    }
    return out;
}

/// A checkpoint that was kept: the note alone, or the whole answer of /api/v1/delivery-log.
Result<std::string> read_checkpoint(std::filesystem::path const& file)
{
    auto text = read_file(file);
    if (!text) return text;
    auto const answer = parse_json(*text);
    if (!answer || !answer->is_object()) return text;
    auto note = text_at(*answer, "checkpoint");
    if (note.empty()) return invalid("verify.no_checkpoint", {file.string()});
    return note;
}

/// A proof that somebody handed on. Nothing of an installation is needed.
int verify_proof_file(VerifyOptions const& options)
{
    auto const log_keys = read_log_keys(options.log_keys);
    if (!log_keys) return fail(log_keys.error());
    if (log_keys->empty()) return fail(invalid("verify.log_key_needed"));
    connector::ReceiptKeys portal_keys;
    for (auto const& file : options.portal_keys)
        if (auto const added = portal_keys.add(file); !added) return fail(added.error());
    auto const text = read_file(options.proof);
    if (!text) return fail(text.error());
    auto const proof = parse_json(*text);
    if (!proof) return fail(proof.error());
    auto const verified = connector::verify_proof(*proof, *log_keys, portal_keys);
    if (!verified) return fail(verified.error());
    auto const entry = parse_json(proof->value("entry", std::string{}));
    std::cout
        << ordered_json{{"valid", true}, {"receipt_signature_checked", !portal_keys.empty()}, {"entry", *entry}}.dump()
        << '\n';
    return 0;
}

void print_finding(VerifyOptions const& options, std::string const& what, std::uint64_t index)
{
    auto const key = "verify." + what;
    std::vector<std::string> const values{std::to_string(index)};
    ordered_json line{{"finding", what}, {"index", index}};
    for (auto const* language : {"vi", "en"}) {
        auto const said = sentences().text(language, key, values);
        if (!options.as_json) std::cout << said << '\n';
        line["advice"][language] = said;
    }
    if (options.as_json) std::cout << line.dump() << '\n';
}

int verify_installation(VerifyOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return fail(settings.error());
    auto const database = open_to_read(options.installation, *settings);
    if (!database) return fail(database.error());
    auto log_keys = read_log_keys(options.log_keys);
    if (!log_keys) return fail(log_keys.error());
    if (std::filesystem::exists(options.installation.data / "log.key")) {
        auto const own = open_log_signer(**database, options.installation.data);
        if (!own) return fail(own.error());
        log_keys->push_back((*own)->verifier());
    }
    auto const witness_keys = read_log_keys(options.witness_keys);
    if (!witness_keys) return fail(witness_keys.error());
    auto const kept =
        options.checkpoint.empty() ? Result<std::string>{std::string{}} : read_checkpoint(options.checkpoint);
    if (!kept) return fail(kept.error());

    std::uint64_t findings = 0;
    auto work = [&](db::Connection& c) -> Result<connector::LogSummary> {
        return connector::verify_log(c, *log_keys, *witness_keys, *kept,
                                     [&](std::string const& what, std::uint64_t index) {
                                         ++findings;
                                         print_finding(options, what, index);
                                     });
    };
    auto const summary = (*database)->read_now(work);
    if (!summary) return fail(summary.error());
    ordered_json const line{{"entries", summary->entries},
                            {"checkpoints", summary->checkpoints},
                            {"covered", summary->covered},
                            {"witnessed", summary->witnessed},
                            {"root", to_base64(summary->root)},
                            {"log_key", log_keys->empty() ? "" : log_keys->back().text()},
                            {"findings", findings}};
    std::cout << line.dump() << '\n';
    return findings == 0 ? 0 : 1;
}

} // namespace

void add_verify(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<VerifyOptions>();
    auto* command = app.add_subcommand(
        "verify", "whether everything that was delivered still stands as it was signed for; or a proof from elsewhere");
    options->installation.add_to(*command);
    command->add_option("--checkpoint", options->checkpoint,
                        "a checkpoint that was kept elsewhere: the note, or what /api/v1/delivery-log answered");
    command->add_option("--proof", options->proof, "a proof of one delivery; needs --log-key");
    command->add_option("--log-key", options->log_keys, "a public key of a delivery log; may be repeated");
    command->add_option("--witness-key", options->witness_keys, "public key of a witness that must have countersigned");
    command->add_option("--portal-key", options->portal_keys, "the portal's public key (PEM), for its receipts");
    command->add_flag("--json", options->as_json, "one JSON object a line");
    command->callback([options, &run] {
        run = [options] {
            return options->proof.empty() ? verify_installation(*options) : verify_proof_file(*options);
        };
    });
}

} // namespace nguon::cli
