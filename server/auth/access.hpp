#pragma once

#include "server/auth/principal.hpp"

namespace nguon::server {

/// Who may call a route. There is no default: a route that says nothing does not compile.
class Access {
public:
    enum class Kind { anyone, signed_in, scope };

    constexpr Access(Kind kind, Scope scope, Side side, bool redirects)
        : kind_{kind}, scope_{scope}, side_{side}, redirects_{redirects}
    {
    }

    constexpr Kind kind() const { return kind_; }
    /// Only when `kind()` is scope.
    constexpr Scope scope() const { return scope_; }
    /// Whose grants count, for the scope and in the handler.
    constexpr Side side() const { return side_; }
    /// A stranger is led to the sign-in page instead of being told 401.
    constexpr bool redirects() const { return redirects_; }

private:
    Kind kind_;
    Scope scope_;
    Side side_;
    bool redirects_;
};

/// Pages have the names with `_or_login`, the API the others.
namespace access {

inline constexpr Access anyone{Access::Kind::anyone, "organization:read", Side::any, false};
/// Anybody with a session or key.
inline constexpr Access signed_in{Access::Kind::signed_in, "organization:read", Side::any, false};
inline constexpr Access signed_in_or_login{Access::Kind::signed_in, "organization:read", Side::any, true};

/// Somebody with this scope; for whose records, the handler asks.
consteval Access scope(char const* name) { return Access{Access::Kind::scope, Scope{name}, Side::any, false}; }

/// Somebody with this scope for the organization acted for.
consteval Access own(char const* name) { return Access{Access::Kind::scope, Scope{name}, Side::own, false}; }
consteval Access own_or_login(char const* name) { return Access{Access::Kind::scope, Scope{name}, Side::own, true}; }

/// Somebody of an authority with this scope.
consteval Access desk(char const* name) { return Access{Access::Kind::scope, Scope{name}, Side::desk, false}; }
consteval Access desk_or_login(char const* name) { return Access{Access::Kind::scope, Scope{name}, Side::desk, true}; }

} // namespace access

} // namespace nguon::server
