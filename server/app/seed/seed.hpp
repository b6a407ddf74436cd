#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "db/database.hpp"
#include "db/targets.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The illustrative province: invented firms, products, lots and their journeys, told up to the day of seeding.
namespace nguon::server::app::seed {

/// A demo sign-in; the passwords are public.
struct SignIn {
    std::string_view login;
    std::string_view role;  // "province-operator"
    std::string_view name;  // who it is
    std::string_view place; // for whom or where, in Vietnamese
};

/// One of each role, two operators and two owners.
std::span<SignIn const> sign_ins();
inline constexpr std::string_view demo_password = "Nguon-Demo-2026!";

struct Options {
    Instant now = {};
    std::string public_url = {};                   // what printed codes carry
    std::vector<db::targets::Target> targets = {}; // get a delivery for everything
    std::string province = "lai_chau";             // whose plan and evidence; others than Lai Châu have little besides
};

/// Where one of the told stories is found.
struct Story {
    std::string scenario = {}; // "a" … "f"
    std::string path = {};     // "/01/08939999000017/10/L261012"
    std::string unit = {};     // printed code of a unit, or ""
};

struct Summary {
    std::int64_t organizations = 0;
    std::int64_t products = 0;
    std::int64_t lots = 0;
    std::int64_t events = 0;
    std::vector<Story> stories = {};
    std::int64_t picture_milliseconds = 0;
    std::int64_t write_milliseconds = 0;
};

/// Fills an installation that has no organizations and marks it illustrative. The same day gives the same province,
/// opaque ids and printed codes apart. Errors: conflict "seed.not_empty"; invalid "seed.province_unknown" {names};
/// those of the storage.
Result<Summary> fill(db::Database& database, Options const& options);

/// "Sở Khoa học và Công nghệ tỉnh Lai Châu"
std::string default_authority(std::string_view province_code, std::string_view province_name);

/// Who begins an installation without demo data.
struct FirstOffice {
    std::string login = {};
    std::string password = {};
    std::string authority = {}; // name of the province's own organization
};

/// The first administrator, who may manage accounts and act as operator, and the province's own organization, approved.
/// Errors: conflict "seed.not_empty" when the province has sign-ins; "login.format", "password.*".
Status create_administrator(db::Database& database, FirstOffice const& wanted, Instant now);

} // namespace nguon::server::app::seed
