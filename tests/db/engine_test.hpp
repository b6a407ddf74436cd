#pragma once

#include "tests/db/small_schema.hpp"
#include "tests/support/storage_test.hpp"

#include <future>
#include <string>

namespace nguon::testing {

/// The engines below the records, with the small schema.
class EngineTest : public StorageTest {
protected:
    void adjust(db::DatabaseSettings& settings) override { settings.migrations = small_schema(); }

    static std::int64_t insert_item(db::Connection& c, std::string const& name)
    {
        return c.query("INSERT INTO item (name, amount) VALUES ($1, 1) RETURNING seq", {name}).front().integer(0);
    }

    static std::int64_t count_items(db::Connection& c)
    {
        return c.query("SELECT count(*) FROM item").front().integer(0);
    }

    std::int64_t items()
    {
        return read([](auto& c) { return count_items(c); }).value_or(-1);
    }
};

/// A gate that work on a database thread waits at, so that a test decides what meets what. Opens by itself when the
/// test ends early.
class Gate {
public:
    Gate() : opened_{opening_.get_future()} {}
    ~Gate() { open(); }
    Gate(Gate const&) = delete;
    Gate& operator=(Gate const&) = delete;

    /// On the database thread.
    void pass()
    {
        reached_.set_value();
        opened_.wait();
    }
    /// On the test's thread: somebody waits at the gate.
    void wait_until_reached() { reached_.get_future().wait(); }
    void open()
    {
        if (!std::exchange(is_open_, true)) opening_.set_value();
    }

private:
    std::promise<void> reached_;
    std::promise<void> opening_;
    std::future<void> opened_;
    bool is_open_ = false;
};

} // namespace nguon::testing
