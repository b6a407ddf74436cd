#include "db/postgres_connection.hpp"

#include "core/limits.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

namespace nguon::db {

namespace {

// Type numbers of the server's catalogue (pg_type.dat); they never change.
enum Oids : Oid {
    oid_bool = 16,
    oid_bytea = 17,
    oid_name = 19,
    oid_int8 = 20,
    oid_int2 = 21,
    oid_int4 = 23,
    oid_text = 25,
    oid_float4 = 700,
    oid_float8 = 701,
    oid_unknown = 705,
    oid_bpchar = 1042,
    oid_varchar = 1043,
    oid_numeric = 1700,
    oid_void = 2278,
};

constexpr int server_version_min = 150000;
constexpr std::chrono::seconds answer_grace{5};
constexpr char const* connect_seconds = "5";

DbErrorKind kind_of(std::string_view state)
{
    struct Known {
        std::string_view prefix;
        DbErrorKind kind;
    };
    constexpr Known known[] = {
        {"40001", DbErrorKind::retry},       {"40P01", DbErrorKind::retry},     {"57014", DbErrorKind::timeout},
        {"55P03", DbErrorKind::busy},        {"53100", DbErrorKind::disk_full}, {"53", DbErrorKind::unreachable},
        {"57P", DbErrorKind::unreachable},   {"08", DbErrorKind::unreachable},  {"23", DbErrorKind::constraint},
        {"25006", DbErrorKind::unreachable}, // read-only: after a failover this is no longer the primary
        {"XX001", DbErrorKind::corrupt},     {"XX002", DbErrorKind::corrupt},
    };
    for (auto const& [prefix, kind] : known) {
        if (state.starts_with(prefix)) return kind;
    }
    return DbErrorKind::other;
}

template <typename Integer>
std::string to_network(Integer number)
{
    std::string bytes(sizeof number, '\0');
    auto rest = static_cast<std::make_unsigned_t<Integer>>(number);
    for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, rest >>= 8) *at = static_cast<char>(rest & 0xff);
    return bytes;
}

template <typename Integer>
Integer from_network(std::string_view bytes)
{
    if (bytes.size() < sizeof(Integer)) throw DbError{DbErrorKind::other, "a number from the server is too short"};
    std::uint64_t number = 0;
    for (char const byte : bytes.substr(0, sizeof(Integer))) number = number << 8 | static_cast<unsigned char>(byte);
    return static_cast<Integer>(number);
}

/// The binary form of NUMERIC: how many digits to the base 10,000, weight of the first, sign, digits behind the point.
/// Sums of BIGINT come so. Whole numbers become integers, as SQLite has them.
Value from_numeric(std::string_view bytes)
{
    constexpr std::uint16_t negative = 0x4000;
    constexpr std::size_t header = 8;
    auto const count = from_network<std::uint16_t>(bytes);
    int const weight = from_network<std::int16_t>(bytes.substr(2));
    auto const sign = from_network<std::uint16_t>(bytes.substr(4));
    auto const scale = from_network<std::uint16_t>(bytes.substr(6));
    if (sign != 0 && sign != negative) throw DbError{DbErrorKind::other, "a numeric from the server is no number"};
    auto const digit = [&](int place) -> int {
        return place < count ? from_network<std::uint16_t>(bytes.substr(header + 2 * static_cast<std::size_t>(place)))
                             : 0;
    };
    if (scale > 0) {
        double number = 0;
        for (int place = 0; place < count; ++place) number += digit(place) * std::pow(10'000.0, weight - place);
        return Value{sign == negative ? -number : number};
    }
    std::int64_t number = 0;
    for (int place = 0; place <= weight; ++place) {
        std::int64_t const signed_digit = sign == negative ? -digit(place) : digit(place);
        if (__builtin_mul_overflow(number, std::int64_t{10'000}, &number) ||
            __builtin_add_overflow(number, signed_digit, &number)) {
            throw DbError{DbErrorKind::other, "a numeric from the server is larger than 64 bits"};
        }
    }
    return Value{number};
}

Value from_server(Oid type, std::string_view bytes)
{
    switch (type) {
    case oid_int8:
        return Value{from_network<std::int64_t>(bytes)};
    case oid_int4:
        return Value{std::int64_t{from_network<std::int32_t>(bytes)}};
    case oid_int2:
        return Value{std::int64_t{from_network<std::int16_t>(bytes)}};
    case oid_bool:
        return Value{!bytes.empty() && bytes[0] != '\0'};
    case oid_float8:
        return Value{std::bit_cast<double>(from_network<std::int64_t>(bytes))};
    case oid_float4:
        return Value{double{std::bit_cast<float>(from_network<std::int32_t>(bytes))}};
    case oid_numeric:
        return from_numeric(bytes);
    case oid_text:
    case oid_varchar:
    case oid_bpchar:
    case oid_name:
    case oid_unknown:
        return Value{std::string{bytes}};
    case oid_bytea:
        return Value{Blob{std::string{bytes}}};
    case oid_void:
        return Value{};
    default:
        throw DbError{DbErrorKind::other, fmt::format("the server answers with type {}", type)};
    }
}

Row read_row(PGresult const* result, int row)
{
    int const columns = PQnfields(result);
    std::vector<Value> cells;
    cells.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
        if (PQgetisnull(result, row, column) != 0) {
            cells.emplace_back();
            continue;
        }
        auto const length = static_cast<std::size_t>(PQgetlength(result, row, column));
        cells.push_back(from_server(PQftype(result, column), {PQgetvalue(result, row, column), length}));
    }
    return Row{std::move(cells)};
}

/// The parameters of one call as libpq takes them.
struct Parameters {
    explicit Parameters(std::span<Value const> values)
    {
        for (auto const& value : values) {
            std::visit([this](auto const& state) { add(state); }, value.state());
            is_null.push_back(std::holds_alternative<std::monostate>(value.state()));
        }
        for (std::size_t index = 0; index < bytes.size(); ++index) {
            pointers.push_back(is_null[index] ? nullptr : bytes[index].data());
            lengths.push_back(static_cast<int>(bytes[index].size()));
            formats.push_back(1);
        }
    }
    void add(std::monostate) { bytes.emplace_back(); }
    void add(std::int64_t number) { numbers(to_network(number)); }
    void add(double number) { numbers(to_network(std::bit_cast<std::int64_t>(number))); }
    void add(std::string const& text) { bytes.emplace_back(text); }
    void add(Blob const& blob) { bytes.emplace_back(blob.bytes); }
    void numbers(std::string packed) { bytes.emplace_back(held.emplace_back(std::move(packed))); }

    std::list<std::string> held; // what `bytes` looks at and nobody else keeps
    std::vector<std::string_view> bytes;
    std::vector<bool> is_null;
    std::vector<char const*> pointers;
    std::vector<int> lengths;
    std::vector<int> formats;
};

/// 0 for NULL: the server finds the type by the place.
Oid type_of(Value const& value)
{
    constexpr std::array<Oid, 5> types = {0, oid_int8, oid_float8, oid_text, oid_bytea};
    return types.at(value.state().index());
}

bool fits(std::vector<Oid> const& types, std::span<Value const> parameters)
{
    if (types.size() != parameters.size()) return false;
    for (std::size_t index = 0; index < types.size(); ++index) {
        auto const type = type_of(parameters[index]);
        if (type != 0 && type != types[index]) return false;
    }
    return true;
}

void be_silent(void*, char const*) {}

} // namespace

PostgresConnection::PostgresConnection(std::string const& url, Mode mode, std::chrono::milliseconds statement_time)
    : answer_time_{statement_time + answer_grace}
{
    // What stands before dbname is a default that the URL may change; what stands behind it is not up for change.
    char const* const names[] = {"target_session_attrs",
                                 "tcp_user_timeout",
                                 "application_name",
                                 "dbname",
                                 "connect_timeout",
                                 "client_encoding",
                                 nullptr};
    char const* const values[] = {"read-write", "30000", "nguon", url.c_str(), connect_seconds, "UTF8", nullptr};
    handle_ = PQconnectdbParams(names, values, 1);
    try {
        if (PQstatus(handle_) != CONNECTION_OK) lost("connect");
        PQsetNoticeProcessor(handle_, be_silent, nullptr);
        PQsetnonblocking(handle_, 1);
        configure(mode, statement_time);
    } catch (...) {
        PQfinish(handle_);
        throw;
    }
}

PostgresConnection::~PostgresConnection() { PQfinish(handle_); }

void PostgresConnection::configure(Mode mode, std::chrono::milliseconds statement_time)
{
    auto const refuse = [](std::string const& text) { throw DbError{DbErrorKind::other, text}; };
    if (PQserverVersion(handle_) < server_version_min) refuse("PostgreSQL is older than version 15");
    run_script(fmt::format("SET synchronous_commit = on; SET statement_timeout = {0}; SET lock_timeout = {0};"
                           " SET idle_in_transaction_session_timeout = '60s'; SET default_transaction_read_only = {1};"
                           " SET standard_conforming_strings = on; SET TimeZone = 'UTC'; SET bytea_output = 'hex'",
                           statement_time.count(), mode == Mode::reader ? "on" : "off"));
    // An acknowledged write must survive a power cut (these are never ours to give up for speed).
    for (auto const* const name : {"synchronous_commit", "fsync", "full_page_writes"}) {
        if (auto const value = setting(name); value != "on") refuse(std::string{name} + " is " + value);
    }
    if (auto const value = setting("server_encoding"); value != "UTF8") refuse("server_encoding is " + value);
    bool const reads_only = setting("default_transaction_read_only") == "on";
    if (reads_only != (mode == Mode::reader)) refuse("default_transaction_read_only is wrong");
}

std::string PostgresConnection::setting(std::string const& name)
{
    return query("SELECT current_setting($1)", {name}).front().text(0);
}

bool PostgresConnection::idle() const
{
    return !broken_ && PQstatus(handle_) == CONNECTION_OK && PQtransactionStatus(handle_) == PQTRANS_IDLE;
}

Rows PostgresConnection::query(std::string_view sql, std::span<Value const> parameters)
{
    auto const result = run(sql, parameters);
    Rows rows;
    int const count = PQntuples(result.get());
    rows.reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) rows.push_back(read_row(result.get(), row));
    return rows;
}

std::int64_t PostgresConnection::execute(std::string_view sql, std::span<Value const> parameters)
{
    auto const result = run(sql, parameters);
    std::string_view const count = PQcmdTuples(result.get());
    return count.empty() ? 0 : std::stoll(std::string{count});
}

void PostgresConnection::run_script(std::string_view sql)
{
    if (broken_) lost(sql);
    std::string const script{sql};
    running_ = script;
    answer_by_ = std::chrono::steady_clock::now() + answer_time_;
    if (PQsendQuery(handle_, script.c_str()) == 0) lost(sql);
    auto const result = answer(sql);
    check(result, sql);
    // The server ends a transaction in which something failed by undoing it, and calls that a success.
    if (script == "COMMIT" && std::string_view{PQcmdStatus(result.get())} != "COMMIT") {
        throw DbError{DbErrorKind::other, "COMMIT undid a transaction that had failed"};
    }
    running_.clear();
}

PostgresConnection::Answer PostgresConnection::run(std::string_view sql, std::span<Value const> parameters)
{
    if (broken_) lost(sql);
    running_.clear();
    auto const& statement = prepared(sql, parameters);
    Parameters const given{parameters};
    answer_by_ = std::chrono::steady_clock::now() + answer_time_;
    if (PQsendQueryPrepared(handle_, statement.name.c_str(), static_cast<int>(parameters.size()), given.pointers.data(),
                            given.lengths.data(), given.formats.data(), 1) == 0) {
        lost(sql);
    }
    auto result = answer(sql);
    check(result, sql);
    return result;
}

PostgresConnection::Statement const* PostgresConnection::find(std::string const& key, std::span<Value const> parameters)
{
    auto const found = by_key_.find(key);
    if (found == by_key_.end() || !fits(found->second->types, parameters)) return nullptr;
    statements_.splice(statements_.begin(), statements_, found->second);
    return &statements_.front();
}

/// One prepared statement serves all calls whose types agree, NULLs in any place. Only where the same text is used with
/// other types (a NULL came first and the server guessed) it is prepared again for those.
PostgresConnection::Statement const& PostgresConnection::prepared(std::string_view sql,
                                                                  std::span<Value const> parameters)
{
    std::string key{sql};
    if (auto const* const found = find(key, parameters)) return *found;
    std::vector<Oid> types;
    for (auto const& value : parameters) types.push_back(type_of(value));
    if (by_key_.contains(key)) {
        for (auto const type : types) key += fmt::format("\n-- {}", type);
        if (auto const* const found = find(key, parameters)) return *found;
    }

    make_room();
    Statement statement{key, fmt::format("s{}", ++next_name_), {}};
    std::string const text{sql};
    answer_by_ = std::chrono::steady_clock::now() + answer_time_;
    if (PQsendPrepare(handle_, statement.name.c_str(), text.c_str(), static_cast<int>(types.size()), types.data()) ==
        0) {
        lost(sql);
    }
    check(answer(sql), sql);
    if (PQsendDescribePrepared(handle_, statement.name.c_str()) == 0) lost(sql);
    auto const description = answer(sql);
    check(description, sql);
    for (int index = 0; index < PQnparams(description.get()); ++index) {
        statement.types.push_back(PQparamtype(description.get(), index));
    }
    if (statement.types.size() != parameters.size()) {
        throw DbError{DbErrorKind::other, fmt::format("{} parameters given, {} wanted: {}", parameters.size(),
                                                      statement.types.size(), sql)};
    }
    if (auto const older = by_key_.find(key); older != by_key_.end()) {
        statements_.erase(older->second);
        by_key_.erase(older);
    }
    statements_.push_front(std::move(statement));
    by_key_[key] = statements_.begin();
    return statements_.front();
}

void PostgresConnection::make_room()
{
    while (statements_.size() >= limits::prepared_statements_max) {
        auto const name = statements_.back().name;
        by_key_.erase(statements_.back().key);
        statements_.pop_back();
        run_script("DEALLOCATE " + name);
    }
}

/// The last result of what was sent. Earlier ones of a script matter only when they failed, and then they are the last.
PostgresConnection::Answer PostgresConnection::answer(std::string_view doing)
{
    Answer last{nullptr, PQclear};
    try {
        send_all();
        for (;;) {
            while (PQisBusy(handle_) != 0) wait_for_socket(false);
            Answer next{PQgetResult(handle_), PQclear};
            if (next == nullptr) break;
            last = std::move(next);
        }
    } catch (DbError const&) {
        lost(doing);
    }
    if (last == nullptr || PQstatus(handle_) != CONNECTION_OK) lost(doing);
    return last;
}

void PostgresConnection::send_all()
{
    while (int const state = PQflush(handle_)) {
        if (state < 0) throw DbError{DbErrorKind::unreachable, PQerrorMessage(handle_)};
        wait_for_socket(true);
    }
}

/// Waits until the server has sent something (or takes something), and reads it.
void PostgresConnection::wait_for_socket(bool also_to_write)
{
    using std::chrono::milliseconds;
    auto const left = std::chrono::ceil<milliseconds>(answer_by_ - std::chrono::steady_clock::now());
    pollfd socket{PQsocket(handle_), static_cast<short>(also_to_write ? POLLIN | POLLOUT : POLLIN), 0};
    int const ready = left.count() <= 0 ? 0 : ::poll(&socket, 1, static_cast<int>(left.count()));
    if (ready == 0) throw DbError{DbErrorKind::unreachable, "the server does not answer"};
    if (ready < 0) return; // a signal; the caller comes back
    if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(handle_) == 0) {
        throw DbError{DbErrorKind::unreachable, PQerrorMessage(handle_)};
    }
}

void PostgresConnection::check(Answer const& answer, std::string_view doing) const
{
    auto const status = PQresultStatus(answer.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return;
    auto const* const state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    auto const* const message = PQresultErrorField(answer.get(), PG_DIAG_MESSAGE_PRIMARY);
    // The detail would quote the row, so it stays out: it may be personal.
    throw DbError{kind_of(state == nullptr ? "" : state),
                  fmt::format("{} ({}) in: {}", message == nullptr ? "unknown error" : message,
                              state == nullptr ? "" : state, doing.substr(0, 200))};
}

/// The connection is of no use any more, and whoever owns it must make a new one.
void PostgresConnection::lost(std::string_view doing)
{
    auto const text = fmt::format("{} in: {}", PQerrorMessage(handle_), doing.substr(0, 200));
    bool const committing = running_ == "COMMIT";
    broken_ = true;
    throw DbError{committing ? DbErrorKind::unknown_outcome : DbErrorKind::unreachable, text};
}

} // namespace nguon::db
