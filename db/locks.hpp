#pragma once

#include "db/connection.hpp"

#include <string_view>

/// Named locks that end with the transaction. SQLite has one writer, so there they are always free.
namespace nguon::db::locks {

/// Waits for the lock: what several writers do under the same name happens one after the other, in commit order.
/// Throws `DbError` `timeout` when it does not get free.
void hold_until_commit(Connection& c, std::string_view name);

/// Takes the lock if nobody has it.
bool try_until_commit(Connection& c, std::string_view name);

} // namespace nguon::db::locks
