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

Result<std::unique_ptr<Target>> make_most(TargetParts const& parts)
{
    auto most = default_most_settings();
    most.name = parts.name;
    most.api_url = parts.url;
    most.public_url = parts.public_url;
    if (!parts.mapping.empty())
        if (auto const applied = apply_mapping(most, parts.mapping); !applied) return applied.error();
    most.client_secret = parts.client_secret;
    if (parts.receipt_keys.empty()) return invalid("target.receipt_key_missing", {parts.name});
    most.receipt_keys = parts.receipt_keys;
    return std::unique_ptr<Target>{std::make_unique<MostTarget>(std::move(most))};
}

bool is_header_name(std::string const& name)
{
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

Result<std::unique_ptr<Target>> make_epcis(TargetParts const& parts)
{
    EpcisSettings epcis;
    epcis.name = parts.name;
    auto const url = http::parse_url(parts.url);
    if (!url || !url->secure || url->path.find_first_of("?#") != std::string::npos)
        return invalid("target.url", {parts.url});
    epcis.base_url = "https://" + url->authority();
    epcis.base_path = url->path;
    while (epcis.base_path.ends_with('/')) epcis.base_path.pop_back();
    epcis.secret = parts.client_secret;
    epcis.secret_header = parts.secret_header;
    if (!is_header_name(epcis.secret_header)) return invalid("target.secret_header", {parts.secret_header});
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

Status known_adapter(TargetParts const& parts)
{
    if (parts.adapter != "most" && parts.adapter != "epcis") return invalid("target.adapter_unknown", {parts.adapter});
    return Done{};
}

/// The files that the configuration names, read.
Result<TargetParts> read_parts(TargetSettings const& settings, TargetExtras const& extras)
{
    TargetParts parts;
    parts.name = settings.name;
    parts.adapter = settings.adapter;
    parts.title = settings.title;
    parts.url = settings.url;
    parts.secret_header = settings.secret_header;
    parts.public_url = extras.public_url;
    if (!extras.mapping_file.empty()) {
        auto mapping = read_file(extras.mapping_file);
        if (!mapping) return mapping.error();
        parts.mapping = *std::move(mapping);
    }
    auto secret = read_secret(extras.client_secret_file);
    if (!secret) return secret.error();
    parts.client_secret = *std::move(secret);
    if (settings.adapter == "most")
        if (auto const added = parts.receipt_keys.add(settings.receipt_key); !added) return added.error();
    return parts;
}

} // namespace

db::targets::Target target_row(TargetSettings const& settings, Instant since)
{
    bool const events_only =
        settings.adapter == "epcis" || (settings.adapter == "file" && format_of(settings) == BundleFormat::epcis);
    db::targets::Target row;
    row.name = settings.name;
    row.adapter = settings.adapter;
    row.title = settings.title;
    row.since = since;
    if (events_only) row.record_types = {"event"};
    // GTIN, picture and net weight are what the ministry's portal demands of a product.
    row.complete_products = settings.adapter == "most";
    return row;
}

db::targets::Target target_row(std::string const& name, std::string const& adapter, std::string const& title)
{
    TargetSettings settings;
    settings.name = name;
    settings.adapter = adapter;
    settings.title = title;
    return target_row(settings, {});
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
        made.files_kept = std::chrono::hours{24 * settings.keep_days};
        return made;
    }
    auto parts = read_parts(settings, extras);
    if (!parts) return parts.error();
    if (auto const adapter = known_adapter(*parts); !adapter) return adapter.error();
    tls::ClientFiles const files{settings.certificate, settings.key, settings.authority, settings.pins};
    auto context = tls::make_client_context(files);
    if (!context) return context.error();
    parts->tls = *std::move(context);
    return make_target(*std::move(parts));
}

Result<ConnectorTarget> make_target(TargetParts parts)
{
    if (auto const adapter = known_adapter(parts); !adapter) return adapter.error();
    auto target = parts.adapter == "most" ? make_most(parts) : make_epcis(parts);
    if (!target) return target.error();
    ConnectorTarget made;
    made.row = target_row(parts.name, parts.adapter, parts.title);
    made.target = *std::move(target);
    made.tls = std::make_shared<tls::ContextSlot>(std::move(parts.tls));
    return made;
}

} // namespace nguon::connector
