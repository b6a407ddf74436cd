#include "cli/targets.hpp"

#include "connector/make_target.hpp"
#include "connector/portal_connections.hpp"
#include "db/targets.hpp"

namespace nguon::cli {

Status register_targets(db::Database& database, Settings const& settings, Instant now)
{
    auto work = [&](db::Connection& c) -> Status {
        for (auto const& target : settings.targets) db::targets::put(c, connector::target_row(target, now));
        return Done{};
    };
    return database.write_now(work);
}

Result<std::vector<connector::ConnectorTarget>> make_targets(db::Database& database, Settings const& settings,
                                                             std::string const& public_url, Instant now)
{
    std::vector<connector::ConnectorTarget> targets;
    for (auto const& target : settings.targets) {
        connector::TargetExtras extras;
        extras.public_url = public_url;
        extras.mapping_file = target.mapping;
        extras.client_secret_file = target.client_secret_file;
        auto made = connector::make_target(target, extras);
        if (!made) return made.error();
        targets.push_back(*std::move(made));
    }
    if (auto registered = register_targets(database, settings, now); !registered) return registered.error();
    return targets;
}

std::shared_ptr<connector::TargetSource> make_target_source(db::Database& database, Clock const& clock,
                                                            std::shared_ptr<Sealer const> sealer,
                                                            Settings const& settings, std::string const& public_url)
{
    connector::PortalConnectionOptions options;
    options.public_url = public_url;
    for (auto const& target : settings.targets) options.configured.push_back(target.name);
    return std::make_shared<connector::PortalConnections>(database, clock, std::move(sealer), std::move(options));
}

Result<std::shared_ptr<connector::WitnessSettings const>> make_witness(ConnectorSettings const& settings)
{
    if (settings.witness_url.empty()) return std::shared_ptr<connector::WitnessSettings const>{};
    auto made =
        connector::make_witness_settings(settings.witness_url, settings.witness_key, settings.witness_authority);
    if (!made) return made.error();
    return std::make_shared<connector::WitnessSettings const>(*std::move(made));
}

} // namespace nguon::cli
