#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/invitations.hpp"
#include "server/http/request.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

/// Slips of paper with a one-time code: they invite a person, sign a firm up, or let somebody set a new password. No
/// e-mail and no SMS is needed.
namespace nguon::server {

namespace net = boost::asio;

struct Services;

struct NewSlip {
    std::string kind = "member"; // "member", "firm", "reset"
    OrganizationId org = {};     // "member": whom the person will work for; empty: the province
    PersonId person = {};        // "reset": whose password
    std::string role = {};       // "member": the role to give
    std::string area = {};       // "member": limits the role; empty: everywhere
    std::string issued_by = {};  // opaque id
};

/// Writes the slip and returns its code, twelve characters like those on labels; it is shown once. A new slip for a
/// person withdraws the older ones. `life` is settings.slip_life.
std::string issue_slip(db::Connection& c, NewSlip const& wanted, Instant now, std::chrono::hours life);

/// The open slip of a typed code. Errors: those of gs1::read_printed_code, not_found "slip.unknown",
/// "auth.too_many_tries".
net::awaitable<Result<db::invitations::Invitation>> find_slip(Services& services, Request const& request,
                                                              std::string typed);

/// For the sign-up of a firm, inside its own write: uses the slip up. Errors: "slip.unknown" when it is not a firm's.
Result<db::invitations::Invitation> use_firm_slip(db::Connection& c, std::string_view typed, Instant now);

/// What the holder of a slip fills in.
struct SlipAnswer {
    std::string code = {};
    std::string login = {}; // "member" only
    std::string name = {};  // "member" only
    std::string password = {};
    std::string again = {};
};

/// Uses the slip: makes the account, or sets the new password and ends all sessions; then signs in. Returns the
/// Set-Cookie value. Errors: "slip.unknown", "auth.too_many_tries", forbidden "account.disabled", and faults of the
/// fields "login", "name", "password", "again".
net::awaitable<Result<std::string>> use_slip(Services& services, Request const& request, SlipAnswer answer);

/// Who holds the slip of a "member" and is signed in already works for its organization too, and acts for it from now
/// on. Errors: "slip.unknown", "auth.too_many_tries", conflict "slip.held_already"; the slip then stays unused.
net::awaitable<Status> join_with_slip(Services& services, Request const& request, std::string typed);

} // namespace nguon::server
