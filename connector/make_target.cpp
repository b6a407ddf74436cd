#include "connector/make_target.hpp"

#include "connector/most_target.hpp"

#include <fstream>
#include <iterator>

namespace nguon::connector {

namespace {

Result<std::string> read_file(std::filesystem::path const& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
    if (!file) return invalid("target.file", {path.string()});
    return text;
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
    if (!extras.client_secret_file.empty()) {
        auto const secret = read_file(extras.client_secret_file);
        if (!secret) return secret.error();
        most.client_secret = secret->substr(0, secret->find_first_of("\r\n"));
    }
    if (auto const added = most.receipt_keys.add(settings.receipt_key); !added) return added.error();
    return std::unique_ptr<Target>{std::make_unique<MostTarget>(std::move(most))};
}

} // namespace

Result<ConnectorTarget> make_target(TargetSettings const& settings, TargetExtras const& extras)
{
    if (settings.adapter != "most") return invalid("target.adapter_unknown", {settings.adapter});
    auto target = make_most(settings, extras);
    if (!target) return target.error();
    tls::ClientFiles const files{settings.certificate, settings.key, settings.authority, settings.pins};
    auto context = tls::make_client_context(files);
    if (!context) return context.error();
    ConnectorTarget made;
    made.target = std::move(*target);
    made.adapter = settings.adapter;
    made.tls = std::make_shared<tls::ContextSlot>(std::move(*context));
    return made;
}

} // namespace nguon::connector
