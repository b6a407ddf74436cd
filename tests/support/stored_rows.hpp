#pragma once

#include "db/connection.hpp"
#include "db/database.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace nguon::testing {

/// Rows of every table and the counters, to see that nothing was written. Left out: what says only that somebody came.
inline std::map<std::string, std::int64_t> stored_rows(db::Database& database)
{
    auto count = [](db::Connection& c) -> Result<std::map<std::string, std::int64_t>> {
        std::map<std::string, std::int64_t> out;
        for (auto const& table : c.query("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            auto const name = table.text(0);
            if (name == "session" || name == "throttle" || name.starts_with("scan")) continue;
            out[name] = c.query("SELECT count(*) FROM " + name).front().integer(0);
        }
        for (auto const& counter : c.query("SELECT name, value FROM counter"))
            out["counter " + counter.text(0)] = counter.integer(1);
        return out;
    };
    return database.read_now(count).value_or({});
}

} // namespace nguon::testing
