#include "connector/make_target.hpp"

#include "connector/epcis_target.hpp"
#include "connector/file_drop.hpp"
#include "connector/file_target.hpp"
#include "connector/most_target.hpp"
#include "core/files.hpp"
#include "core/http/uri.hpp"

#include <algorithm>

namespace nguon::connector {

namespace {

/// The first line of the file, empty when none is named.
Result<std::string> read_secret(std::filesystem::path const& path)
{
    if (path.empty()) return std::string{};
    auto const text = read_file(path);
    if (!text) return text.error();
    return text->substr(0, text->find_first_of("\r\n"));
}

Result<std::unique_ptr<Target>> make_most(TargetSettings const& settings, TargetExtras const& extras)
{
    auto most = default_most_settings();
    most.name = settings.name;
    most.api_url = settings.url;
    most.public_url = extras.public_url;
    if (!extras.mapping_file.empty()) {
        auto const mapping = read_file(extras.mapping_file);
        if (!mapping) return mapping.error();
        if (auto const applied = apply_mapping(most, *mapping); !applied) return applied.error();
    }
    auto secret = read_secret(extras.client_secret_file);
    if (!secret) return secret.error();
    most.client_secret = *std::move(secret);
    if (auto const added = most.receipt_keys.add(settings.receipt_key); !added) return added.error();
    return std::unique_ptr<Target>{std::make_unique<MostTarget>(std::move(most))};
}

bool is_header_name(std::string const& name)
{
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

Result<std::unique_ptr<Target>> make_epcis(TargetSettings const& settings, TargetExtras const& extras)
{
    EpcisSettings epcis;
    epcis.name = settings.name;
    auto const url = http::parse_url(settings.url);
    if (!url || !url->secure || url->path.find_first_of("?#") != std::string::npos)
        return invalid("target.url", {settings.url});
    epcis.base_url = "https://" + url->authority();
    epcis.base_path = url->path;
    while (epcis.base_path.ends_with('/')) epcis.base_path.pop_back();
    auto secret = read_secret(extras.client_secret_file);
    if (!secret) return secret.error();
    epcis.secret = *std::move(secret);
    epcis.secret_header = settings.secret_header;
    if (!is_header_name(epcis.secret_header)) return invalid("target.secret_header", {settings.secret_header});
    return std::unique_ptr<Target>{std::make_unique<EpcisTarget>(std::move(epcis))};
}

BundleFormat format_of(TargetSettings const& settings)
{
    return settings.bundle_format == "epcis" ? BundleFormat::epcis : BundleFormat::ndjson;
}

Result<std::unique_ptr<Target>> make_file(TargetSettings const& settings, FileDrop const& drop)
{
    FileSettings file;
    file.name = settings.name;
    file.base_url = drop.base_url();
    file.format = format_of(settings);
    if (settings.receipt_key.empty()) return invalid("target.receipt_key_missing", {settings.name});
    if (auto const added = file.receipt_keys.add(settings.receipt_key); !added) return added.error();
    return std::unique_ptr<Target>{std::make_unique<FileTarget>(std::move(file))};
}

} // namespace

db::targets::Target target_row(TargetSettings const& settings, Instant since)
{
    bool const events_only =
        settings.adapter == "epcis" || (settings.adapter == "file" && format_of(settings) == BundleFormat::epcis);
    db::targets::Target row;
    row.name = settings.name;
    row.adapter = settings.adapter;
    row.since = since;
    if (events_only) row.record_types = {"event"};
    // GTIN, picture and net weight are what the ministry's portal demands of a product.
    row.complete_products = settings.adapter == "most";
    return row;
}

Result<ConnectorTarget> make_target(TargetSettings const& settings, TargetExtras const& extras)
{
    ConnectorTarget made;
    made.row = target_row(settings, {});
    if (settings.adapter == "file") {
        auto drop = FileDrop::open(settings.url, settings.key);
        if (!drop) return drop.error();
        auto target = make_file(settings, **drop);
        if (!target) return target.error();
        made.target = *std::move(target);
        made.files = *std::move(drop);
        return made;
    }
    bool const most = settings.adapter == "most";
    if (!most && settings.adapter != "epcis") return invalid("target.adapter_unknown", {settings.adapter});
    auto target = most ? make_most(settings, extras) : make_epcis(settings, extras);
    if (!target) return target.error();
    tls::ClientFiles const files{settings.certificate, settings.key, settings.authority, settings.pins};
    auto context = tls::make_client_context(files);
    if (!context) return context.error();
    made.target = *std::move(target);
    made.tls = std::make_shared<tls::ContextSlot>(std::move(*context));
    return made;
}

} // namespace nguon::connector
