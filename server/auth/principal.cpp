#include "server/auth/principal.hpp"

#include <algorithm>
#include <utility>

namespace nguon::server {
namespace {

std::vector<OrganizationId> choices_of(std::vector<Grant> const& grants)
{
    std::vector<OrganizationId> out;
    for (auto const& grant : grants)
        if (std::ranges::find(out, grant.org) == out.end()) out.push_back(grant.org);
    return out;
}

} // namespace

bool Principal::has_role(Role role) const
{
    return std::ranges::any_of(grants, [&](Grant const& grant) { return grant.role == role; });
}

bool Principal::is_authority() const
{
    return std::ranges::any_of(grants, [](Grant const& grant) { return server::is_authority(grant.role); });
}

bool Principal::works_for_enterprise() const
{
    return !org.empty() && std::ranges::any_of(grants, [&](Grant const& grant) {
        return grant.org == org && !server::is_authority(grant.role);
    });
}

void Principal::act_for(std::vector<Grant> in_force, std::optional<OrganizationId> const& chosen)
{
    choices = choices_of(in_force);
    bool const taken = chosen && std::ranges::find(choices, *chosen) != choices.end();
    undecided = choices.size() > 1 && !taken;
    org = taken ? *chosen : OrganizationId{};
    if (choices.size() == 1) org = choices.front();
    grants = std::move(in_force);
    std::erase_if(grants, [&](Grant const& grant) {
        return !server::is_authority(grant.role) && (undecided || grant.org != org);
    });
}

std::vector<Grant> Principal::grants_on(Side side) const
{
    auto out = grants;
    if (side == Side::own && !org.empty()) std::erase_if(out, [&](Grant const& grant) { return grant.org != org; });
    if (side == Side::desk) std::erase_if(out, [](Grant const& grant) { return !server::is_authority(grant.role); });
    return out;
}

bool Principal::may(Scope scope, Side side) const
{
    return std::ranges::any_of(grants_on(side), [&](Grant const& grant) { return grant.scopes.has(scope); });
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
