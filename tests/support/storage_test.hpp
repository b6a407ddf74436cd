#pragma once

#include "core/bytes.hpp"
#include "db/database.hpp"
#include "db/postgres_connection.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace nguon::testing {

enum class Engine { sqlite, postgres };

inline std::string engine_name(::testing::TestParamInfo<Engine> const& info)
{
    return info.param == Engine::sqlite ? "sqlite" : "postgres";
}

/// An empty schema on the server that NGUON_TEST_POSTGRES names; dropped with the value. Throws when there is none: a
/// test without its database must fail.
class PostgresSchema {
public:
    PostgresSchema() : name_{"test_" + to_hex(random_bytes(8))}
    {
        auto const* const server = std::getenv("NGUON_TEST_POSTGRES");
        if (server == nullptr) throw std::runtime_error{"NGUON_TEST_POSTGRES is not set: use with_postgres.sh"};
        server_ = server;
        connect().run_script("CREATE SCHEMA " + name_);
    }
    ~PostgresSchema()
    {
        try {
            connect().run_script("DROP SCHEMA " + name_ + " CASCADE");
        } catch (db::DbError const& fault) {
            ADD_FAILURE() << "cannot drop " << name_ << ": " << fault.what();
        }
    }
    PostgresSchema(PostgresSchema const&) = delete;
    PostgresSchema& operator=(PostgresSchema const&) = delete;

    /// postgres://… whose tables all lie in this schema. The server knows its connections by the schema's name, too.
    std::string url() const
    {
        return server_ + (server_.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + name_ +
               "&application_name=" + name_;
    }

    std::string const& name() const { return name_; }

private:
    db::PostgresConnection connect() const
    {
        return db::PostgresConnection{server_, db::PostgresConnection::Mode::writer, std::chrono::seconds{30}};
    }

    std::string name_;
    std::string server_;
};

/// A fresh, real database of one engine for each test:
///
///     class BatchStorage : public testing::StorageTest {};
///     NGUON_ON_BOTH_ENGINES(BatchStorage);
///     TEST_P(BatchStorage, RefusesTheSameLotTwice) { … write([&](auto& c) { … }) … }
class StorageTest : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override { open(); }
    void TearDown() override { database_.reset(); }

    /// What the database is opened with; a suite changes it here.
    virtual void adjust(db::DatabaseSettings&) {}

    /// Opens the database, again after `database_.reset()`.
    void open()
    {
        auto const settings = this->settings();
        auto opened = db::Database::open(settings);
        if (!opened) FAIL() << opened.error().key << ": " << opened.error().log_text;
        database_ = std::move(*opened);
    }

    db::DatabaseSettings settings()
    {
        db::DatabaseSettings settings;
        settings.readers = 2;
        settings.writers = 2;
        settings.data_dir = dir_.path() / "data";
        if (GetParam() == Engine::postgres) {
            if (schema_ == nullptr) schema_ = std::make_unique<PostgresSchema>();
            settings.postgres_url = schema_->url();
        }
        adjust(settings);
        return settings;
    }

    db::Database& database() { return *database_; }

    /// One committed transaction. Work that returns nothing gives a `Status`, other values come as `Result`.
    template <typename Work>
    auto write(Work work)
    {
        return database_->write_now(with_result(std::move(work)));
    }

    /// One read transaction.
    template <typename Work>
    auto read(Work work)
    {
        return database_->read_now(with_result(std::move(work)));
    }

    TempDir dir_;
    std::unique_ptr<PostgresSchema> schema_; // PostgreSQL only
    std::unique_ptr<db::Database> database_;

private:
    template <typename T>
    struct AsResult {
        using type = Result<T>;
    };
    template <typename T>
    struct AsResult<Result<T>> {
        using type = Result<T>;
    };

    template <typename Work>
    static auto with_result(Work work)
    {
        return [work = std::move(work)](db::Connection& c) mutable {
            using Answer = std::invoke_result_t<Work&, db::Connection&>;
            if constexpr (std::is_void_v<Answer>) {
                work(c);
                return Status{Done{}};
            } else {
                return typename AsResult<Answer>::type{work(c)};
            }
        };
    }
};

} // namespace nguon::testing

/// Runs the tests of the suite on SQLite and on PostgreSQL.
#define NGUON_ON_BOTH_ENGINES(Suite)                                                                                   \
    INSTANTIATE_TEST_SUITE_P(Engines, Suite,                                                                           \
                             ::testing::Values(::nguon::testing::Engine::sqlite, ::nguon::testing::Engine::postgres),  \
                             ::nguon::testing::engine_name)
