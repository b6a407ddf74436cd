#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include <sqlite3.h>

/// What SQLite alone takes: the rows of one captured event with ten things each, prepared statements, one durable
/// transaction for every group of events. The file is a copy of an installation's database, so schema, indexes and
/// sizes are those of the service.
namespace {

constexpr int things_per_event = 10;

struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

void check(sqlite3* db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error{sqlite3_errmsg(db)};
}

void run(sqlite3* db, char const* sql) { check(db, sqlite3_exec(db, sql, nullptr, nullptr, nullptr)); }

std::int64_t number(sqlite3* db, char const* sql)
{
    sqlite3_stmt* raw = nullptr;
    check(db, sqlite3_prepare_v2(db, sql, -1, &raw, nullptr));
    std::unique_ptr<sqlite3_stmt, CloseStatement> const statement{raw};
    check(db, sqlite3_step(raw));
    return sqlite3_column_int64(raw, 0);
}

class Insert {
public:
    Insert(sqlite3* db, char const* sql) : db_{db}
    {
        sqlite3_stmt* raw = nullptr;
        check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr));
        statement_.reset(raw);
    }

    template <typename... Values>
    void operator()(Values const&... values)
    {
        int place = 0;
        (bind(++place, values), ...);
        check(db_, sqlite3_step(statement_.get()));
        check(db_, sqlite3_reset(statement_.get()));
    }

private:
    void bind(int place, std::int64_t value) { check(db_, sqlite3_bind_int64(statement_.get(), place, value)); }
    void bind(int place, std::string const& text)
    {
        check(db_,
              sqlite3_bind_text(statement_.get(), place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
    }

    sqlite3* db_;
    std::unique_ptr<sqlite3_stmt, CloseStatement> statement_;
};

/// Unlike every other and spread as random ids are.
std::string id_of(std::string const& kind, std::int64_t n)
{
    auto const spread = static_cast<std::uint64_t>(n) * 0x9E3779B97F4A7C15U;
    return kind + std::to_string(spread) + "-" + std::to_string(n) + std::string(8, '0');
}

class Store {
public:
    explicit Store(sqlite3* db)
        : db_{db}, event_{number(db, "SELECT max(seq) FROM event")}, outbox_{number(db, "SELECT max(seq) FROM outbox")},
          audit_{number(db, "SELECT max(seq) FROM audit")}, identifier_{number(db, "SELECT max(id) FROM identifier")}
    {
    }

    /// `spellings`: rows that one thing takes in the table of identifiers.
    void append(int spellings)
    {
        auto const n = ++event_;
        auto const capture = id_of("c", n);
        auto const id = id_of("e", n);
        insert_capture_(capture, document_, digest_);
        for (int thing = 0; thing < things_per_event; ++thing) {
            auto const known = ++identifier_;
            for (int spelling = 0; spelling < spellings; ++spelling)
                insert_identifier_(
                    "urn:epc:id:sgtin:8938500.00000" + std::to_string(spelling) + "." + std::to_string(known), known);
            insert_index_(known, n);
        }
        insert_event_(n, id, capture, id_of("urn:uuid:", n), digest_, digest_ + std::to_string(n), body_);
        insert_outbox_(++outbox_, id, digest_ + "k" + std::to_string(n), body_, digest_);
        insert_parent_(outbox_);
        insert_delivery_(outbox_, id);
        insert_audit_(++audit_, capture);
        count_(std::string{"event"}, event_);
        count_(std::string{"outbox"}, outbox_);
        count_(std::string{"audit"}, audit_);
        count_(std::string{"identifier"}, identifier_);
    }

private:
    static constexpr std::size_t body_bytes = 1100;    // canonical JSON of such an event
    static constexpr std::size_t document_bytes = 480; // its document, compressed

    sqlite3* db_;
    std::int64_t event_, outbox_, audit_, identifier_;
    std::string const body_ = std::string(body_bytes, 'b');
    std::string const document_ = std::string(document_bytes, 'd');
    std::string const digest_ = std::string(64, 'a');
    std::string const org_ = std::string(36, 'o');

    Insert insert_capture_{db_, "INSERT INTO capture (id, org_id, declared_by, received_at, media_type, document,"
                                " document_sha256, finished_at) VALUES (?1, 'org', 'key', 1, 'application/ld+json',"
                                " ?2, ?3, 1)"};
    Insert insert_identifier_{db_, "INSERT INTO identifier (uri, id, kind) VALUES (?1, ?2, 'thing')"};
    Insert insert_index_{db_, "INSERT INTO event_identifier (identifier_id, role, event_seq) VALUES (?1, 'epc', ?2)"};
    Insert insert_event_{db_, "INSERT INTO event (seq, id, org_id, capture_id, ordinal, event_id, type, action,"
                              " event_time, event_time_offset, record_time, declared_by, biz_step, hash, repeat_key,"
                              " body) VALUES (?1, ?2, 'org', ?3, 0, ?4, 'ObjectEvent', 'OBSERVE', ?1, 420, ?1, 'key',"
                              " 'packing', ?5, ?6, ?7)"};
    Insert insert_outbox_{db_, "INSERT INTO outbox (seq, org_id, aggregate_type, aggregate_id, version, op,"
                               " idempotency_key, payload, sha256, schema_version, created_at)"
                               " VALUES (?1, 'org', 'event', ?2, 1, 'capture', ?3, ?4, ?5, 1, 1)"};
    Insert insert_parent_{db_, "INSERT INTO outbox_parent (outbox_seq, parent_type, parent_id)"
                               " VALUES (?1, 'organization', 'org')"};
    Insert insert_delivery_{db_, "INSERT INTO delivery (target, outbox_seq, org_id, aggregate_type, aggregate_id,"
                                 " version, state, created_at, changed_at)"
                                 " VALUES ('practice', ?1, 'org', 'event', ?2, 1, 'pending', 1, 1)"};
    Insert insert_audit_{db_, "INSERT INTO audit (seq, at, actor_id, org_id, action, entity_kind, entity_id, detail)"
                              " VALUES (?1, ?1, 'key', 'org', 'event.capture', 'capture', ?2, '{\"count\":1}')"};
    Insert count_{db_, "UPDATE counter SET value = ?2 WHERE name = ?1"};
};

int measure(char const* file, int milliseconds, int group, int spellings)
{
    sqlite3* raw = nullptr;
    auto const opened = sqlite3_open_v2(file, &raw, SQLITE_OPEN_READWRITE, nullptr);
    Database const db{raw};
    check(raw, opened);
    run(raw,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY");
    Store store{raw};
    auto const begun = std::chrono::steady_clock::now();
    auto const end = begun + std::chrono::milliseconds{milliseconds};
    std::int64_t events = 0;
    while (std::chrono::steady_clock::now() < end) {
        run(raw, "BEGIN IMMEDIATE");
        for (int i = 0; i < group; ++i) store.append(spellings);
        run(raw, "COMMIT");
        events += group;
    }
    std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - begun;
    std::cout << static_cast<double>(events) / seconds.count() << ' ' << events << '\n';
    return 0;
}

} // namespace

/// bare_events FILE MILLISECONDS GROUP SPELLINGS: prints events a second and how many there were.
int main(int argc, char** argv)
{
    if (argc != 5) {
        std::cerr << "bare_events FILE MILLISECONDS GROUP SPELLINGS\n";
        return 2;
    }
    try {
        return measure(argv[1], std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]));
    } catch (std::exception const& error) {
        std::cerr << "bare_events: " << error.what() << '\n';
        return 1;
    }
}
