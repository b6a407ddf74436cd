#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// All that SQL needs to know of the engine below it. SQL stands in `db/` only.
namespace nguon::db {

/// Bytes, as opposed to text.
struct Blob {
    std::string bytes;
    bool operator==(Blob const&) const = default;
};

/// One parameter or one cell. Whatever the tables hold converts into it.
class Value {
public:
    using State = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

    Value() = default;
    Value(std::nullopt_t) {}
    Value(std::int64_t number) : state_{number} {}
    Value(int number) : state_{std::int64_t{number}} {}
    Value(bool flag) : state_{std::int64_t{flag}} {}
    Value(double number) : state_{number} {}
    Value(std::string text) : state_{std::move(text)} {}
    Value(std::string_view text) : state_{std::string{text}} {}
    Value(char const* text) : state_{std::string{text}} {}
    Value(Blob blob) : state_{std::move(blob)} {}
    Value(Instant at) : state_{to_micros(at)} {}
    template <typename Kind>
    Value(Id<Kind> const& id) : state_{id.text()}
    {
    }
    template <typename T>
    Value(std::optional<T> const& maybe)
    {
        if (maybe) *this = Value{*maybe};
    }

    State const& state() const { return state_; }
    bool operator==(Value const&) const = default;

private:
    State state_;
};

/// NULL for a text that was left empty.
inline Value or_null(std::string const& text) { return text.empty() ? Value{} : Value{text}; }

/// One row of an answer. Reading a cell as another type than it has is a broken promise and throws `DbError`.
class Row {
public:
    explicit Row(std::vector<Value> cells) : cells_{std::move(cells)} {}

    std::size_t size() const { return cells_.size(); }
    bool is_null(std::size_t column) const;
    std::string const& text(std::size_t column) const;
    std::int64_t integer(std::size_t column) const;
    double real(std::size_t column) const; // an integer cell converts
    bool flag(std::size_t column) const { return integer(column) != 0; }
    std::string const& blob(std::size_t column) const;
    Instant instant(std::size_t column) const { return from_micros(integer(column)); }
    template <typename IdType>
    IdType id(std::size_t column) const
    {
        return IdType{text(column)};
    }

    std::string text_or_empty(std::size_t column) const { return is_null(column) ? std::string{} : text(column); }
    std::optional<std::string> optional_text(std::size_t column) const;
    std::optional<std::int64_t> optional_integer(std::size_t column) const;
    std::optional<double> optional_real(std::size_t column) const;
    std::optional<Instant> optional_instant(std::size_t column) const;

private:
    std::vector<Value> cells_;
};

using Rows = std::vector<Row>;

enum class Dialect { sqlite, postgres };

/// What went wrong below SQL, as far as the layers above must tell it apart.
enum class DbErrorKind {
    retry,           // serialization failure or deadlock (40001, 40P01): run the transaction again
    busy,            // lock or pool wait ran out
    timeout,         // the statement took longer than its deadline
    disk_full,       // SQLITE_FULL, 53100
    constraint,      // a unique or foreign key refused a row; use ON CONFLICT where that is expected
    unreachable,     // no connection to the server
    unknown_outcome, // the connection broke during COMMIT: nobody here knows whether it happened
    io_failed,       // a read, write or sync of the file failed: ends the program on the writing connection
    corrupt,         // the file is damaged or is no database of ours
    other,
};

/// A broken promise of the driver or of our SQL. Stops at `Database`, which turns it into an `Error`.
class DbError : public std::runtime_error {
public:
    DbError(DbErrorKind kind, std::string const& text) : std::runtime_error{text}, kind_{kind} {}
    DbErrorKind kind() const { return kind_; }

private:
    DbErrorKind kind_;
};

/// One connection to either engine. Not for use by two threads at a time.
class Connection {
public:
    virtual ~Connection() = default;

    /// Runs one statement with the parameters $1, $2 … and returns its rows (also those of RETURNING). The statement is
    /// prepared once and kept. Throws `DbError`.
    virtual Rows query(std::string_view sql, std::span<Value const> parameters) = 0;

    /// Runs several statements without parameters, for migrations.
    virtual void run_script(std::string_view sql) = 0;

    virtual Dialect dialect() const = 0;

    Rows query(std::string_view sql, std::initializer_list<Value> parameters = {})
    {
        return query(sql, std::span{parameters.begin(), parameters.size()});
    }

    /// Rows changed or returned.
    std::int64_t execute(std::string_view sql, std::initializer_list<Value> parameters = {})
    {
        return execute(sql, std::span{parameters.begin(), parameters.size()});
    }
    virtual std::int64_t execute(std::string_view sql, std::span<Value const> parameters) = 0;
};

/// Uses the connection for the life of the value: begins a transaction or savepoint, undone unless `commit` was called.
class Transaction {
public:
    enum class Kind { write, read, savepoint };
    Transaction(Connection& connection, Kind kind);
    ~Transaction();
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;
    void commit();

private:
    Connection& connection_;
    Kind kind_;
    bool open_ = true;
};

} // namespace nguon::db
