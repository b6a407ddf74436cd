#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who may do what: every scope, every role, and the one table that joins them.
namespace nguon::server {

/// Names of all scopes. Routes, grants and keys name them; a word that is not here does not compile.
inline constexpr std::array<std::string_view, 37> scope_names{
    // records of an enterprise
    "organization:read", "organization:write", "member:write", "key:write", "place:read", "place:write", "product:read",
    "product:write", "batch:read", "batch:write", "label:print", "certificate:write", "event:read", "event:write",
    "person:read", "person:write", "file:write", "epcis:read", "epcis:write",
    // the province
    "province:read", "approval:write", "sync:read", "sync:write", "recall:write", "complaint:read", "complaint:write",
    "slip:write", "inspection:read", "inspection:write", "report:read", "programme:write", "need:write",
    "reference:write", "audit:read", "account:write", "metrics:read", "trace:read"};

/// One scope. Made from its name at compile time, so that a misspelt one is no program.
class Scope {
public:
    consteval Scope(char const* name) : index_{find(name)} {}

    /// For names that come from outside (grants, `--scope`).
    static constexpr std::optional<Scope> from_text(std::string_view name)
    {
        for (std::size_t i = 0; i < scope_names.size(); ++i) {
            if (scope_names[i] == name) return Scope{i};
        }
        return std::nullopt;
    }

    constexpr std::string_view name() const { return scope_names[index_]; }
    constexpr std::size_t index() const { return index_; }
    bool operator==(Scope const&) const = default;

private:
    explicit constexpr Scope(std::size_t index) : index_{index} {}

    static consteval std::size_t find(std::string_view name)
    {
        for (std::size_t i = 0; i < scope_names.size(); ++i) {
            if (scope_names[i] == name) return i;
        }
        throw "no such scope"; // stops the compiler
    }

    std::size_t index_;
};

/// A set of scopes.
class Scopes {
public:
    constexpr Scopes() = default;
    constexpr Scopes(std::initializer_list<Scope> scopes)
    {
        for (auto const scope : scopes) bits_ |= bit(scope);
    }

    /// "batch:read batch:write": words apart by spaces or commas; unknown words are left out.
    static Scopes from_text(std::string_view text);
    std::string to_text() const;

    constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr Scopes operator|(Scopes other) const { return Scopes{bits_ | other.bits_}; }
    constexpr Scopes operator&(Scopes other) const { return Scopes{bits_ & other.bits_}; }
    bool operator==(Scopes const&) const = default;

private:
    explicit constexpr Scopes(std::uint64_t bits) : bits_{bits} {}
    static constexpr std::uint64_t bit(Scope scope) { return std::uint64_t{1} << scope.index(); }

    std::uint64_t bits_ = 0;
};

enum class Role {
    enterprise_owner,
    enterprise_clerk,
    field_worker,
    province_operator,
    province_auditor,
    province_security,
    department_officer,
    commune_officer,
    inspector,
    solution_provider,
};

inline constexpr std::size_t role_count = 10;

/// "enterprise-owner" …: the names that commands, grants and invitations use.
std::string_view to_text(Role role);
std::optional<Role> role_from_text(std::string_view name);
std::array<Role, role_count> all_roles();

/// What the role may do.
Scopes scopes_of(Role role);

/// True for the roles of the state, which see every organization (of their area, when the grant names one). The others
/// see the organization of their grant only.
bool is_authority(Role role);

} // namespace nguon::server
