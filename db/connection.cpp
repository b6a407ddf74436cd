#include "db/connection.hpp"

namespace nguon::db {

namespace {

/// The cell as a `T`, or `DbError`: the SQL and the code that reads its answer disagree.
template <typename T>
T const& cell(std::vector<Value> const& cells, std::size_t column, char const* wanted)
{
    auto const* value = column < cells.size() ? std::get_if<T>(&cells[column].state()) : nullptr;
    if (value == nullptr) {
        throw DbError{DbErrorKind::other, "column " + std::to_string(column) + " is not " + wanted};
    }
    return *value;
}

char const* begin_text(Dialect dialect, Transaction::Kind kind)
{
    if (kind == Transaction::Kind::savepoint) return "SAVEPOINT piece";
    bool const writes = kind == Transaction::Kind::write;
    if (dialect == Dialect::sqlite) return writes ? "BEGIN IMMEDIATE" : "BEGIN";
    // Writes decide by unique keys, row locks and advisory locks, so each statement must see what others have just
    // committed; a fixed snapshot would turn every wait for a counter row into a serialization failure.
    return writes ? "BEGIN ISOLATION LEVEL READ COMMITTED" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
}

} // namespace

bool Row::is_null(std::size_t column) const
{
    if (column >= cells_.size()) throw DbError{DbErrorKind::other, "no column " + std::to_string(column)};
    return std::holds_alternative<std::monostate>(cells_[column].state());
}

std::string const& Row::text(std::size_t column) const { return cell<std::string>(cells_, column, "text"); }

std::int64_t Row::integer(std::size_t column) const { return cell<std::int64_t>(cells_, column, "an integer"); }

double Row::real(std::size_t column) const
{
    if (column < cells_.size()) {
        if (auto const* number = std::get_if<std::int64_t>(&cells_[column].state()))
            return static_cast<double>(*number);
    }
    return cell<double>(cells_, column, "a number");
}

std::string const& Row::blob(std::size_t column) const { return cell<Blob>(cells_, column, "bytes").bytes; }

std::optional<std::string> Row::optional_text(std::size_t column) const
{
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<std::int64_t> Row::optional_integer(std::size_t column) const
{
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<double> Row::optional_real(std::size_t column) const
{
    if (is_null(column)) return std::nullopt;
    return real(column);
}

std::optional<Instant> Row::optional_instant(std::size_t column) const
{
    if (is_null(column)) return std::nullopt;
    return instant(column);
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_{connection}, kind_{kind}
{
    connection_.run_script(begin_text(connection_.dialect(), kind_));
}

Transaction::~Transaction()
{
    if (!open_) return;
    try {
        connection_.run_script(kind_ == Kind::savepoint ? "ROLLBACK TO piece; RELEASE piece" : "ROLLBACK");
    } catch (DbError const&) { // NOLINT(bugprone-empty-catch)
        // The engine has undone it already, or the connection is gone and the server will; the owner of the connection
        // looks at its state before the next use.
    }
}

void Transaction::commit()
{
    // After a failed COMMIT there may still be a transaction, so `open_` stays until it succeeded.
    connection_.run_script(kind_ == Kind::savepoint ? "RELEASE piece" : "COMMIT");
    open_ = false;
}

} // namespace nguon::db
