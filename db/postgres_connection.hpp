#pragma once

#include "db/connection.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct pg_conn;
struct pg_result;

namespace nguon::db {

/// A connection to a PostgreSQL server, version 15 or newer. Parameters and answers travel in binary form, so bytes
/// and NULs arrive as they were: an integer parameter is a BIGINT, a `double` DOUBLE PRECISION, text TEXT, bytes BYTEA;
/// a NULL takes the type that its place in the statement asks for.
class PostgresConnection final : public Connection {
public:
    enum class Mode { writer, reader };

    /// Connects within `connect_time`, then sets and asserts what durability depends on (synchronous_commit and fsync
    /// on). The server stops a statement after `statement_time`; when it does not even answer the connection is given
    /// up a little later. Throws `DbError`.
    PostgresConnection(std::string const& url, Mode mode, std::chrono::milliseconds statement_time);
    ~PostgresConnection() override;
    PostgresConnection(PostgresConnection const&) = delete;
    PostgresConnection& operator=(PostgresConnection const&) = delete;

    using Connection::execute;
    using Connection::query;
    Rows query(std::string_view sql, std::span<Value const> parameters) override;
    std::int64_t execute(std::string_view sql, std::span<Value const> parameters) override;
    /// A `COMMIT` whose answer never comes throws `unknown_outcome`.
    void run_script(std::string_view sql) override;
    Dialect dialect() const override { return Dialect::postgres; }

    /// True when a transaction can begin: connected, and none is open.
    bool idle() const;

    /// For migrations: a statement may take as long as it needs.
    void wait_without_limit() { answer_time_ = std::chrono::hours{24}; }

    /// Number of prepared statements kept.
    std::size_t statements_kept() const { return statements_.size(); }

private:
    using Answer = std::unique_ptr<pg_result, void (*)(pg_result*)>;
    using Type = unsigned int; // an Oid

    struct Statement {
        std::string key;         // the SQL, and the types where several are in use
        std::string name;        // on the server
        std::vector<Type> types; // of the parameters
    };
    using Statements = std::list<Statement>;

    void configure(Mode mode, std::chrono::milliseconds statement_time);
    std::string setting(std::string const& name);
    Statement const& prepared(std::string_view sql, std::span<Value const> parameters);
    Statement const* find(std::string const& key, std::span<Value const> parameters);
    void make_room();
    Answer run(std::string_view sql, std::span<Value const> parameters);
    Answer answer(std::string_view doing);
    void send_all();
    void wait_for_socket(bool also_to_write);
    void check(Answer const& answer, std::string_view doing) const;
    [[noreturn]] void lost(std::string_view doing);

    pg_conn* handle_ = nullptr;
    std::chrono::milliseconds answer_time_;
    std::chrono::steady_clock::time_point answer_by_ = {};
    Statements statements_; // most recently used first
    std::unordered_map<std::string, Statements::iterator> by_key_;
    std::uint64_t next_name_ = 0;
    std::string running_; // the script on its way, for the case that the connection breaks
    bool broken_ = false;
};

} // namespace nguon::db
