#pragma once

#include "connector/connector.hpp"
#include "connector/receipt_keys.hpp"
#include "core/runtime/config.hpp"

#include <filesystem>
#include <string>

namespace nguon::connector {

/// What a target of the configuration needs beyond its table.
struct TargetExtras {
    std::string public_url = {};                   // in front of the addresses of pictures
    std::filesystem::path mapping_file = {};       // JSON, see apply_mapping; empty: the defaults
    std::filesystem::path client_secret_file = {}; // its first line
};

/// What an adapter is built from, wherever it came from.
struct TargetParts {
    std::string name = {};
    std::string adapter = {}; // most, epcis
    std::string title = {};   // what people call it
    std::string url = {};
    std::string secret_header = "Authorization";
    std::string client_secret = {};
    std::string mapping = {}; // JSON; empty: the defaults
    std::string public_url = {};
    ReceiptKeys receipt_keys = {};
    tls::ContextPtr tls = {};
};

/// The row that stands for a configured target in the database: with what it takes and demands.
db::targets::Target target_row(TargetSettings const& settings, Instant since);
/// The same of a connection, whose events go one by one.
db::targets::Target target_row(std::string const& name, std::string const& adapter, std::string const& title);

/// Builds the adapter that `settings.adapter` names. Errors: "target.adapter_unknown" {adapter}, "file.cannot_read"
/// {file}, "target.url" {url}, "target.secret_header" {name}, "target.receipt_key_missing" {name}, those of
/// tls::make_client_context, ReceiptKeys::add, FileDrop::open and apply_mapping.
Result<ConnectorTarget> make_target(TargetSettings const& settings, TargetExtras const& extras);

/// The same from parts that are there. Errors: "target.adapter_unknown" {adapter}, "target.url" {url},
/// "target.secret_header" {name}, "target.receipt_key_missing" {name}, those of apply_mapping.
Result<ConnectorTarget> make_target(TargetParts parts);

} // namespace nguon::connector
