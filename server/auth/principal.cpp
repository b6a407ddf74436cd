#include "server/auth/principal.hpp"

#include <algorithm>

namespace nguon::server {

bool Principal::has_role(Role role) const
{
    return std::ranges::any_of(grants, [&](Grant const& grant) { return grant.role == role; });
}

bool Principal::is_authority() const
{
    return std::ranges::any_of(grants, [](Grant const& grant) { return server::is_authority(grant.role); });
}

bool Principal::may(Scope scope) const
{
    return std::ranges::any_of(grants, [&](Grant const& grant) { return grant.scopes.has(scope); });
}

bool Principal::may(Scope scope, OrganizationId const& of_org, std::string_view commune,
                    std::string_view province) const
{
    return std::ranges::any_of(grants, [&](Grant const& grant) {
        if (!grant.scopes.has(scope)) return false;
        if (!grant.org.empty() && grant.org == of_org) return true;
        if (!server::is_authority(grant.role)) return false;
        return grant.area.empty() || grant.area == commune || grant.area == province;
    });
}

bool Principal::sees_all(Scope scope) const
{
    return std::ranges::any_of(
        grants, [&](Grant const& grant) { return grant.scopes.has(scope) && server::is_authority(grant.role); });
}

std::vector<std::string> Principal::areas(Scope scope) const
{
    std::vector<std::string> out;
    for (auto const& grant : grants) {
        if (!grant.scopes.has(scope) || !server::is_authority(grant.role)) continue;
        if (grant.area.empty()) return {};
        out.push_back(grant.area);
    }
    return out;
}

} // namespace nguon::server
