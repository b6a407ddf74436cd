#pragma once

#include "server/http/router.hpp"

/// The page that locks an account or lets it in again. The enterprise's console and the province's desk both have it.
namespace nguon::server::pages {

struct AccountDesk {
    std::string_view template_name = {};
    std::string_view section = {};
    std::string_view list_url = {}; // the page that the list stands on; an account's own is below it
    bool names_organization = false;
};

inline constexpr AccountDesk console_accounts{"console/user", "members", "/console/members", false};
inline constexpr AccountDesk province_accounts{"province/account", "accounts", "/province/accounts", true};

/// {id} is the person's.
net::awaitable<http::Response> show_account(Services& services, Request const& request, AccountDesk const& desk);
/// What the form of that page does: "action" is "disable" or "enable".
net::awaitable<http::Response> change_account(Services& services, Request const& request, AccountDesk const& desk);

/// "Nhân viên: sản phẩm, lô hàng, tem, sổ; Chủ đơn vị: làm mọi việc"
std::string roles_text(Services const& services, Request const& request, std::span<Role const> roles);

} // namespace nguon::server::pages
