#include "connector/file_wire.hpp"

#include "connector/epcis_wire.hpp"
#include "core/bytes.hpp"
#include "core/json.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

/// "20261122T063001123Z"
std::string stamp_of(Instant now)
{
    std::string stamp;
    for (char const letter : to_iso(now))
        if (letter != '-' && letter != ':' && letter != '.') stamp += letter;
    return stamp;
}

std::string content_of(BundleFormat format, std::vector<Record const*> const& records)
{
    if (format == BundleFormat::ndjson) {
        std::string lines;
        for (auto const* const record : records) lines += record->wire + "\n";
        return lines;
    }
    std::vector<std::string_view> wires;
    Instant newest{};
    for (auto const* const record : records) {
        wires.push_back(record->wire);
        newest = std::max(newest, record->created_at);
    }
    return epcis_document(wires, newest);
}

json entries_of(std::vector<Record const*> const& records)
{
    auto entries = json::array();
    for (auto const* const record : records)
        entries.push_back({{"id", record->id},
                           {"key", record->key},
                           {"seq", record->seq},
                           {"sha256", record->wire_sha256},
                           {"type", record->type},
                           {"version", record->version}});
    return entries;
}

} // namespace

std::optional<std::string> make_file_wire(BundleFormat format, Record const& record)
{
    if (format == BundleFormat::epcis) return make_event_wire(record);
    auto payload = parse_json(record.payload);
    if (!payload || !payload->is_object()) return std::nullopt;
    return canonical_json({{"key", record.key},
                           {"payload_sha256", record.sha256},
                           {"previous", record.delivered_version},
                           {"record", *std::move(payload)},
                           {"seq", record.seq}});
}

Bundle make_bundle(std::string const& target, BundleFormat format, std::vector<Record const*> records, Instant now)
{
    std::ranges::sort(records, {}, &Record::seq);
    Bundle bundle;
    bundle.content = content_of(format, records);
    auto const digest = sha256_hex(bundle.content);
    auto const first = records.front()->seq;
    bundle.name = fmt::format("{}-{}-{:012}-{}", target, stamp_of(now), first, digest.substr(0, 16));
    bundle.file = bundle.name + (format == BundleFormat::ndjson ? ".ndjson" : ".epcis.json");
    bundle.manifest = canonical_json({{"count", records.size()},
                                      {"file", bundle.file},
                                      {"first_seq", first},
                                      {"format", format == BundleFormat::ndjson ? "ndjson" : "epcis"},
                                      {"last_seq", records.back()->seq},
                                      {"records", entries_of(records)},
                                      {"sha256", digest},
                                      {"target", target}}) +
                      "\n";
    return bundle;
}

std::string to_text(Bundle const& bundle)
{
    return canonical_json(
        {{"content", bundle.content}, {"file", bundle.file}, {"manifest", bundle.manifest}, {"name", bundle.name}});
}

std::optional<Bundle> read_bundle(std::string_view text)
{
    auto const parsed = json::parse(text, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    Bundle bundle;
    for (auto const& [name, place] : {std::pair{"content", &bundle.content}, std::pair{"file", &bundle.file},
                                      std::pair{"manifest", &bundle.manifest}, std::pair{"name", &bundle.name}}) {
        auto const found = parsed.find(name);
        if (found == parsed.end() || !found->is_string()) return std::nullopt;
        *place = found->get<std::string>();
    }
    return bundle;
}

std::vector<std::string> record_keys(Bundle const& bundle)
{
    std::vector<std::string> keys;
    auto const manifest = json::parse(bundle.manifest, nullptr, false);
    auto const records = manifest.is_object() ? manifest.value("records", json::array()) : json::array();
    for (auto const& record : records)
        if (record.is_object()) keys.push_back(record.value("key", std::string{}));
    return keys;
}

} // namespace nguon::connector
