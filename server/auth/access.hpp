#pragma once

#include "server/auth/roles.hpp"

namespace nguon::server {

/// Who may call a route. There is no default: a route that says nothing does not compile.
class Access {
public:
    enum class Kind { anyone, signed_in, scope };

    constexpr Access(Kind kind, Scope scope, bool redirects) : kind_{kind}, scope_{scope}, redirects_{redirects} {}

    constexpr Kind kind() const { return kind_; }
    /// Only when `kind()` is scope.
    constexpr Scope scope() const { return scope_; }
    /// A stranger is led to the sign-in page instead of being told 401.
    constexpr bool redirects() const { return redirects_; }

private:
    Kind kind_;
    Scope scope_;
    bool redirects_;
};

namespace access {

inline constexpr Access anyone{Access::Kind::anyone, "organization:read", false};
/// Anybody with a session or key; for the API.
inline constexpr Access signed_in{Access::Kind::signed_in, "organization:read", false};
/// The same for pages.
inline constexpr Access signed_in_or_login{Access::Kind::signed_in, "organization:read", true};

/// Somebody with this scope; for the API.
consteval Access scope(char const* name) { return Access{Access::Kind::scope, Scope{name}, false}; }
/// The same for pages.
consteval Access scope_or_login(char const* name) { return Access{Access::Kind::scope, Scope{name}, true}; }

} // namespace access

} // namespace nguon::server
