#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace nguon {
class CpuPool;
}

namespace nguon::server {

namespace net = boost::asio;

/// How much time and memory a hash takes.
enum class PasswordCost {
    moderate, // 256 MiB, most of a second: what people's passwords get
    least,    // for demo accounts whose passwords are public, and for tests
};

/// What is wrong with a new password: at least 8 characters, a letter, a digit, another sign, not the login, not one of
/// the well-known. Keys "password.*"; the place is `field`. Empty when it is good.
std::vector<FieldError> check_new_password(std::string_view login, std::string_view password,
                                           std::string_view field = "password");

/// argon2id with its parameters and salt, as text. Takes long: not on an I/O thread.
std::string hash_password_now(std::string const& password, PasswordCost cost = PasswordCost::moderate);
bool verify_password_now(std::string const& hash, std::string const& password);

/// The same on the pool. Errors: unavailable "busy".
net::awaitable<Result<std::string>> hash_password(CpuPool& pool, std::string password);
net::awaitable<Result<bool>> verify_password(CpuPool& pool, std::string hash, std::string password);

/// A hash that no password fits: checked for unknown logins, so that their answer takes as long.
std::string const& nobodys_hash();

} // namespace nguon::server
