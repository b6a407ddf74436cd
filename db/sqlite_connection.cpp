#include "db/sqlite_connection.hpp"

#include "core/limits.hpp"

#include <cassert>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace nguon::db {

namespace {

constexpr int busy_milliseconds = 5000;
constexpr int progress_instructions = 2000;

DbErrorKind kind_of(int code)
{
    // A full disk can show itself while the shared memory of the log grows; that is no damage.
    if (code == SQLITE_IOERR_SHMSIZE) return DbErrorKind::disk_full;
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DbErrorKind::busy;
    case SQLITE_INTERRUPT:
        return DbErrorKind::timeout;
    case SQLITE_FULL:
        return DbErrorKind::disk_full;
    case SQLITE_CONSTRAINT:
        return DbErrorKind::constraint;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DbErrorKind::corrupt;
    case SQLITE_CANTOPEN:
        return DbErrorKind::unreachable;
    case SQLITE_IOERR:
        return DbErrorKind::io_failed;
    default:
        return DbErrorKind::other;
    }
}

/// Creates the file for its owner only; the log and its index take the same permissions.
void create_file(std::filesystem::path const& file)
{
    int const descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        bool const full = errno == ENOSPC || errno == EDQUOT;
        throw DbError{full ? DbErrorKind::disk_full : DbErrorKind::unreachable, "cannot create " + file.string()};
    }
    ::close(descriptor);
}

std::string file_uri(std::filesystem::path const& file, bool immutable)
{
    std::string uri = "file:";
    for (char const letter : std::filesystem::absolute(file).string()) {
        if (letter == '%') {
            uri += "%25";
        } else if (letter == '?') {
            uri += "%3f";
        } else if (letter == '#') {
            uri += "%23";
        } else {
            uri += letter;
        }
    }
    return immutable ? uri + "?immutable=1" : uri;
}

/// Resets a statement however its use ends, so that it holds no lock and no bound memory.
class Reset {
public:
    explicit Reset(sqlite3_stmt* statement) : statement_{statement} {}
    ~Reset()
    {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Reset(Reset const&) = delete;
    Reset& operator=(Reset const&) = delete;

private:
    sqlite3_stmt* statement_;
};

Value read_cell(sqlite3_stmt* statement, int column)
{
    auto const bytes = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, column)); };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return Value{std::int64_t{sqlite3_column_int64(statement, column)}};
    case SQLITE_FLOAT:
        return Value{sqlite3_column_double(statement, column)};
    case SQLITE_TEXT: {
        auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(statement, column));
        return Value{std::string(text, bytes())};
    }
    case SQLITE_BLOB: {
        auto const* data = static_cast<char const*>(sqlite3_column_blob(statement, column));
        return Value{Blob{data == nullptr ? std::string{} : std::string(data, bytes())}};
    }
    default:
        return Value{};
    }
}

Row read_row(sqlite3_stmt* statement)
{
    int const columns = sqlite3_column_count(statement);
    std::vector<Value> cells;
    cells.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) cells.push_back(read_cell(statement, column));
    return Row{std::move(cells)};
}

int bind_one(sqlite3_stmt* statement, int index, Value const& value)
{
    struct Binder {
        sqlite3_stmt* statement;
        int index;
        int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
        int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
        int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
        int operator()(std::string const& text) const
        {
            // PostgreSQL cannot hold a NUL in text, so no record may depend on it here.
            if (text.find('\0') != std::string::npos) throw DbError{DbErrorKind::other, "NUL in a text parameter"};
            return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
        int operator()(Blob const& blob) const
        {
            return sqlite3_bind_blob64(statement, index, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
        }
    };
    return std::visit(Binder{statement, index}, value.state());
}

/// The number behind `$` in a parameter's name, from 0. Every parameter must be written so.
std::size_t parameter_position(char const* name)
{
    std::string_view text = name == nullptr ? "" : name;
    bool const marked = text.starts_with('$');
    text.remove_prefix(marked ? 1 : 0);
    std::size_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!marked || error != std::errc{} || end != text.data() + text.size() || number == 0) {
        throw DbError{DbErrorKind::other, "parameters are written $1, $2 …"};
    }
    return number - 1;
}

} // namespace

void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SqliteConnection::SqliteConnection(std::filesystem::path const& file, Mode mode, std::string const& vfs)
{
    if (mode == Mode::writer) create_file(file);
    int const flags = (mode == Mode::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                      SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
    auto const uri = file_uri(file, mode == Mode::at_rest);
    int const code = sqlite3_open_v2(uri.c_str(), &handle_, flags, vfs.empty() ? nullptr : vfs.c_str());
    try {
        if (code != SQLITE_OK) fail("open");
        configure(mode);
        assert_settings(mode);
    } catch (...) {
        statements_.clear();
        sqlite3_close_v2(handle_);
        throw;
    }
}

SqliteConnection::~SqliteConnection()
{
    statements_.clear();
    [[maybe_unused]] int const code = sqlite3_close(handle_);
    assert(code == SQLITE_OK);
}

void SqliteConnection::configure(Mode mode)
{
    sqlite3_busy_timeout(handle_, busy_milliseconds);
    sqlite3_progress_handler(handle_, progress_instructions, &SqliteConnection::on_progress, this);
    sqlite3_wal_hook(handle_, &SqliteConnection::on_commit_to_wal, this); // replaces the automatic checkpoint
    for (int const option : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE}) {
        sqlite3_db_config(handle_, option, 1, nullptr);
    }
    for (int const option : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL}) {
        sqlite3_db_config(handle_, option, 0, nullptr);
    }
    run_script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
               "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32768");
    run_script(mode == Mode::writer ? "PRAGMA journal_mode=WAL" : "PRAGMA query_only=ON");
}

void SqliteConnection::assert_settings(Mode mode)
{
    struct Setting {
        char const* name;
        std::string_view value;
    };
    constexpr Setting all[] = {
        {"synchronous", "2"}, {"foreign_keys", "1"},    {"trusted_schema", "0"},     {"cell_size_check", "1"},
        {"mmap_size", "0"},   {"busy_timeout", "5000"}, {"wal_autocheckpoint", "0"}, {"journal_size_limit", "67108864"},
    };
    auto const refuse = [](std::string const& name, std::string const& value) {
        throw DbError{DbErrorKind::other, "SQLite setting " + name + " is " + value};
    };
    for (auto const& [name, value] : all) {
        if (auto const found = pragma(name); found != value) refuse(name, found);
    }
    for (int const option : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE}) {
        int found = 0;
        sqlite3_db_config(handle_, option, -1, &found);
        if (found != 1) refuse("db_config " + std::to_string(option), std::to_string(found));
    }
    if (auto const found = pragma("journal_mode"); found != "wal" && mode != Mode::at_rest) {
        refuse("journal_mode", found);
    }
    bool const reads_only = mode != Mode::writer;
    if (auto const found = pragma("query_only"); (found == "1") != reads_only) refuse("query_only", found);
    if (can_write() == reads_only) refuse("open mode", reads_only ? "writing" : "read-only");
}

std::string SqliteConnection::pragma(char const* name)
{
    auto const rows = query(std::string{"PRAGMA "} + name);
    if (rows.empty()) return {};
    auto const& value = rows.front();
    try {
        return value.text(0);
    } catch (DbError const&) {
        return std::to_string(value.integer(0));
    }
}

void SqliteConnection::fail(std::string_view doing) const
{
    int const code = handle_ == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(handle_);
    std::string text = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
    throw DbError{kind_of(code), text + " (" + std::to_string(code) + ") in: " + std::string{doing.substr(0, 200)}};
}

SqliteConnection::Statement& SqliteConnection::prepared(std::string_view sql)
{
    if (auto const found = by_sql_.find(sql); found != by_sql_.end()) {
        statements_.splice(statements_.begin(), statements_, found->second);
        return statements_.front();
    }
    sqlite3_stmt* handle = nullptr;
    char const* rest = nullptr;
    int const code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &handle, &rest);
    if (code != SQLITE_OK) fail(sql);
    Statement statement{std::string{sql}, Prepared{handle}, {}, 0};
    std::string_view const tail{rest, static_cast<std::size_t>(sql.data() + sql.size() - rest)};
    if (handle == nullptr || tail.find_first_not_of(" ;\n\t") != std::string_view::npos) {
        throw DbError{DbErrorKind::other, "not exactly one statement: " + statement.sql};
    }
    int const count = sqlite3_bind_parameter_count(handle);
    for (int index = 1; index <= count; ++index) {
        auto const position = parameter_position(sqlite3_bind_parameter_name(handle, index));
        statement.positions.push_back(position);
        statement.parameters = std::max(statement.parameters, position + 1);
    }
    if (statements_.size() >= limits::prepared_statements_max) {
        by_sql_.erase(statements_.back().sql);
        statements_.pop_back();
    }
    statements_.push_front(std::move(statement));
    by_sql_.emplace(statements_.front().sql, statements_.begin());
    return statements_.front();
}

void SqliteConnection::bind(Statement& statement, std::span<Value const> parameters)
{
    if (parameters.size() != statement.parameters) {
        throw DbError{DbErrorKind::other, std::to_string(parameters.size()) + " parameters given, " +
                                              std::to_string(statement.parameters) + " wanted: " + statement.sql};
    }
    int index = 0;
    for (auto const position : statement.positions) {
        if (bind_one(statement.handle.get(), ++index, parameters[position]) != SQLITE_OK) fail(statement.sql);
    }
}

Rows SqliteConnection::query(std::string_view sql, std::span<Value const> parameters)
{
    auto& statement = prepared(sql);
    Reset const reset{statement.handle.get()};
    bind(statement, parameters);
    Rows rows;
    for (;;) {
        int const code = sqlite3_step(statement.handle.get());
        if (code == SQLITE_DONE) return rows;
        if (code != SQLITE_ROW) fail(sql);
        rows.push_back(read_row(statement.handle.get()));
    }
}

std::int64_t SqliteConnection::execute(std::string_view sql, std::span<Value const> parameters)
{
    auto const before = sqlite3_total_changes64(handle_);
    auto const rows = query(sql, parameters);
    if (!rows.empty()) return static_cast<std::int64_t>(rows.size());
    // `changes` keeps the number of an earlier statement when this one changed nothing.
    return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
}

void SqliteConnection::run_script(std::string_view sql)
{
    std::string const script{sql};
    if (sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

int SqliteConnection::on_progress(void* self)
{
    auto const& connection = *static_cast<SqliteConnection const*>(self);
    return std::chrono::steady_clock::now() > connection.deadline_ ? 1 : 0;
}

int SqliteConnection::on_commit_to_wal(void* self, sqlite3*, char const*, int frames)
{
    static_cast<SqliteConnection*>(self)->wal_frames_ = frames;
    return SQLITE_OK;
}

bool SqliteConnection::can_write() const { return sqlite3_db_readonly(handle_, "main") == 0; }

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

bool SqliteConnection::checkpoint(Checkpoint mode, std::chrono::milliseconds wait)
{
    assert(can_write());
    bool const truncate = mode == Checkpoint::truncate;
    sqlite3_busy_timeout(handle_, static_cast<int>(wait.count()));
    int in_log = 0;
    int moved = 0;
    int const code = sqlite3_wal_checkpoint_v2(
        handle_, "main", truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    sqlite3_busy_timeout(handle_, busy_milliseconds);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail("checkpoint");
    return code == SQLITE_OK && in_log == moved;
}

void SqliteConnection::copy_to(std::filesystem::path const& file)
{
    constexpr int pages_a_step = 1024;
    create_file(file);
    sqlite3* target = nullptr;
    auto const close_target = [&] { sqlite3_close_v2(target); };
    if (sqlite3_open_v2(file.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
        close_target();
        throw DbError{DbErrorKind::unreachable, "cannot open " + file.string()};
    }
    sqlite3_extended_result_codes(target, 1);
    // An open read transaction fixes the state that is copied: without it every commit of others starts the copy anew.
    int code = SQLITE_OK;
    std::string text;
    try {
        Transaction state{*this, Transaction::Kind::read};
        query("SELECT count(*) FROM sqlite_schema");
        auto* copy = sqlite3_backup_init(target, "main", handle_, "main");
        if (copy != nullptr) {
            do {
                code = sqlite3_backup_step(copy, pages_a_step);
            } while (code == SQLITE_OK);
            code = sqlite3_backup_finish(copy);
        } else {
            code = sqlite3_errcode(target);
        }
        // Without a log of its own the copy is one file.
        if (code == SQLITE_OK) code = sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
        text = sqlite3_errmsg(target);
    } catch (...) {
        close_target();
        throw;
    }
    close_target();
    if (code != SQLITE_OK) throw DbError{kind_of(code), "backup: " + text};
}

std::vector<std::string> check_integrity(SqliteConnection& connection, bool thorough)
{
    std::vector<std::string> faults;
    try {
        for (auto const& row : connection.query(thorough ? "PRAGMA integrity_check" : "PRAGMA quick_check")) {
            if (row.text(0) != "ok") faults.push_back(row.text(0));
        }
        if (!thorough) return faults;
        for (auto const& row : connection.query("PRAGMA foreign_key_check")) {
            faults.push_back("foreign key of " + row.text(0) + " to " + row.text(2) + " is broken");
        }
    } catch (DbError const& fault) {
        // Some damage is such that the check itself cannot go on.
        if (fault.kind() != DbErrorKind::corrupt) throw;
        faults.emplace_back(fault.what());
    }
    return faults;
}

} // namespace nguon::db
