#include "server/auth/roles.hpp"

namespace nguon::server {
namespace {

struct RoleRow {
    Role role;
    std::string_view name;
    bool authority;
    Scopes scopes;
};

constexpr Scopes field_scopes{"organization:read", "place:read",  "product:read", "batch:read",
                              "event:read",        "event:write", "person:read",  "file:write"};

constexpr Scopes clerk_scopes =
    field_scopes | Scopes{"place:write",  "product:write", "batch:write", "label:print",    "certificate:write",
                          "person:write", "epcis:read",    "epcis:write", "complaint:read", "need:write"};

constexpr Scopes owner_scopes = clerk_scopes | Scopes{"organization:write", "member:write", "key:write"};

/// What every officer may look at. Names of growers are personal and need "person:read".
constexpr Scopes officer_scopes{"province:read", "organization:read", "place:read", "product:read",
                                "batch:read",    "event:read",        "trace:read", "complaint:read",
                                "report:read",   "inspection:read"};

constexpr std::array<RoleRow, role_count> table{{
    {Role::enterprise_owner, "enterprise-owner", false, owner_scopes},
    {Role::enterprise_clerk, "enterprise-clerk", false, clerk_scopes},
    {Role::field_worker, "field-worker", false, field_scopes},
    {Role::province_operator, "province-operator", true,
     officer_scopes | Scopes{"approval:write", "sync:read", "sync:write", "recall:write", "complaint:write",
                             "slip:write", "reference:write", "epcis:read", "epcis:write", "event:write", "file:write",
                             "metrics:read", "person:read", "programme:write", "need:write"}},
    {Role::province_auditor, "province-auditor", true,
     officer_scopes | Scopes{"sync:read", "audit:read", "epcis:read", "metrics:read"}},
    {Role::province_security, "province-security", true,
     Scopes{"province:read", "organization:read", "audit:read", "account:write", "slip:write", "key:write", "sync:read",
            "metrics:read"}},
    {Role::department_officer, "department-officer", true,
     officer_scopes | Scopes{"sync:read", "epcis:read", "need:write"}},
    {Role::commune_officer, "commune-officer", true,
     officer_scopes | Scopes{"slip:write", "event:write", "file:write", "person:read"}},
    {Role::inspector, "inspector", true,
     officer_scopes | Scopes{"inspection:write", "complaint:write", "file:write", "person:read", "epcis:read"}},
    {Role::solution_provider, "solution-provider", false,
     Scopes{"organization:read", "place:read", "place:write", "product:read", "product:write", "batch:read",
            "batch:write", "event:read", "event:write", "file:write", "epcis:read", "epcis:write"}},
}};

RoleRow const& row_of(Role role)
{
    for (auto const& row : table) {
        if (row.role == role) return row;
    }
    return table[2]; // not reached: the table has every role (see its test)
}

} // namespace

Scopes Scopes::from_text(std::string_view text)
{
    Scopes out;
    while (!text.empty()) {
        auto const end = std::min(text.find_first_of(" ,"), text.size());
        if (auto const scope = Scope::from_text(text.substr(0, end))) out = out | Scopes{*scope};
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string Scopes::to_text() const
{
    std::string out;
    for (auto const name : scope_names) {
        if (!has(*Scope::from_text(name))) continue;
        if (!out.empty()) out += ' ';
        out += name;
    }
    return out;
}

std::string_view to_text(Role role) { return row_of(role).name; }

std::optional<Role> role_from_text(std::string_view name)
{
    for (auto const& row : table) {
        if (row.name == name) return row.role;
    }
    return std::nullopt;
}

std::array<Role, role_count> all_roles()
{
    std::array<Role, role_count> out{};
    for (std::size_t i = 0; i < table.size(); ++i) out[i] = table[i].role;
    return out;
}

Scopes scopes_of(Role role) { return row_of(role).scopes; }

bool is_authority(Role role) { return row_of(role).authority; }

} // namespace nguon::server
