#include "db/genealogy.hpp"
#include "core/limits/recalls.hpp"
#include "db/database.hpp"
#include "db/installation.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

/// How long the closure over the event store takes, beside the same recursive query in SQLite alone. The store is made
/// here: `nguon`'s own schema, so many links, in which a chain of some ten thousand things is hidden.
namespace {

using namespace nguon;
using Clock = std::chrono::steady_clock;

constexpr int outputs_each = 3;          // of a making that is looked for
constexpr std::int64_t noise_inputs = 4; // of a making that is not
constexpr std::int64_t noise_outputs = 1;

struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using Bare = std::unique_ptr<sqlite3, CloseDatabase>;

void check(sqlite3* db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error{sqlite3_errmsg(db)};
}

class Statement {
public:
    Statement(sqlite3* db, char const* sql) : db_{db} { check(db, sqlite3_prepare_v2(db, sql, -1, &handle_, nullptr)); }
    ~Statement() { sqlite3_finalize(handle_); }
    Statement(Statement const&) = delete;
    Statement& operator=(Statement const&) = delete;

    void bind(std::initializer_list<std::int64_t> numbers)
    {
        int place = 0;
        for (auto const number : numbers) check(db_, sqlite3_bind_int64(handle_, ++place, number));
    }
    void run()
    {
        check(db_, sqlite3_step(handle_));
        check(db_, sqlite3_reset(handle_));
    }
    bool next()
    {
        auto const code = sqlite3_step(handle_);
        check(db_, code);
        return code == SQLITE_ROW;
    }
    void reset() { check(db_, sqlite3_reset(handle_)); }
    std::int64_t number(int column) { return sqlite3_column_int64(handle_, column); }

private:
    sqlite3* db_;
    sqlite3_stmt* handle_ = nullptr;
};

/// Writes things, events and links as the service does, without its checks.
class Store {
public:
    explicit Store(sqlite3* db) : db_{db}
    {
        check(db, sqlite3_exec(db,
                               "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;"
                               "INSERT INTO capture (id, org_id, declared_by, received_at, document, document_sha256,"
                               " media_type) VALUES ('c', 'org', 'key', 1, '', '', 'x'); BEGIN",
                               nullptr, nullptr, nullptr));
    }
    void commit() { check(db_, sqlite3_exec(db_, "COMMIT; ANALYZE", nullptr, nullptr, nullptr)); }

    std::int64_t thing()
    {
        ++things_;
        thing_.bind({things_});
        thing_.run();
        return things_;
    }
    std::int64_t event(std::int64_t time)
    {
        ++events_;
        event_.bind({events_, time});
        event_.run();
        return events_;
    }
    void input(std::int64_t event, std::int64_t thing) { link(input_, event, thing); }
    void output(std::int64_t event, std::int64_t thing) { link(output_, event, thing); }
    std::int64_t links() const { return links_; }

private:
    void link(Statement& statement, std::int64_t event, std::int64_t thing)
    {
        statement.bind({thing, event});
        statement.run();
        ++links_;
    }

    sqlite3* db_;
    std::int64_t things_ = 0, events_ = 0, links_ = 0;
    Statement thing_{db_, "INSERT INTO identifier (uri, id, kind) VALUES"
                          " ('https://id.gs1.org/01/08938501000019/10/' || ?1, ?1, 'thing')"};
    Statement event_{db_, "INSERT INTO event (seq, id, org_id, capture_id, ordinal, event_id, type, action, event_time,"
                          " event_time_offset, record_time, declared_by, biz_step, hash, repeat_key, body) VALUES (?1,"
                          " 'e' || ?1, 'org', 'c', 0, 'urn:uuid:' || ?1, 'TransformationEvent', '', ?2, 420, ?2, 'key',"
                          " 'commissioning', 'h' || ?1, 'r' || ?1, printf('%1000s', 'b'))"};
    Statement input_{db_, "INSERT INTO event_identifier (identifier_id, role, event_seq) VALUES (?1, 'input', ?2)"};
    Statement output_{db_, "INSERT INTO event_identifier (identifier_id, role, event_seq) VALUES (?1, 'output', ?2)"};
};

/// Returns the number of the first thing of a tree with so many things in it, spread among so many other links.
std::int64_t fill(sqlite3* db, std::int64_t tree, std::int64_t links)
{
    Store store{db};
    auto const root = store.thing();
    std::vector<std::int64_t> open{root};
    std::size_t next = 0;
    auto const noise_between =
        std::max<std::int64_t>(1, links / (tree / outputs_each) / (noise_inputs + noise_outputs));
    std::int64_t made = 1;
    while (made < tree) {
        auto const event = store.event(store.links());
        store.input(event, open[next++]);
        for (int i = 0; i < outputs_each; ++i, ++made) {
            open.push_back(store.thing());
            store.output(event, open.back());
        }
        for (std::int64_t i = 0; i < noise_between && store.links() < links; ++i) {
            auto const other = store.event(store.links());
            for (std::int64_t k = 0; k < noise_inputs; ++k) store.input(other, store.thing());
            store.output(other, store.thing());
        }
    }
    store.commit();
    std::cout << "things in the tree: " << made << ", links: " << store.links() << '\n';
    return root;
}

/// What SQLite alone needs for the same question: transformations that nobody declared wrong, boxes left out because
/// the store has none.
double bare_seconds(sqlite3* db, std::int64_t root, std::size_t& found)
{
    Statement query{db,
                    "WITH RECURSIVE line (id) AS (SELECT ?1 UNION SELECT o.identifier_id FROM line"
                    " JOIN event_identifier i ON i.identifier_id = line.id AND i.role = 'input'"
                    " JOIN event e ON e.seq = i.event_seq AND e.error_declared_at IS NULL AND NOT EXISTS"
                    " (SELECT 1 FROM event d WHERE d.event_id = e.event_id AND d.event_id <> ''"
                    " AND d.error_declared_at IS NOT NULL AND d.org_id IN (e.org_id, ''))"
                    " JOIN event_identifier o ON o.event_seq = i.event_seq AND o.role = 'output') SELECT id FROM line"};
    query.bind({root});
    auto const begun = Clock::now();
    found = 0;
    while (query.next()) ++found;
    return std::chrono::duration<double>{Clock::now() - begun}.count();
}

double our_seconds(db::Database& database, std::int64_t root, std::size_t& found)
{
    auto const begun = Clock::now();
    auto work = [root](db::Connection& c) -> Result<std::size_t> {
        std::vector<std::int64_t> const start{root};
        db::genealogy::Bounds bounds;
        bounds.time_max = std::chrono::seconds{60};
        return db::genealogy::trace(c, start, db::genealogy::Direction::forward, bounds).things.size();
    };
    found = database.read_now(work).value_or(0);
    return std::chrono::duration<double>{Clock::now() - begun}.count();
}

int measure(std::filesystem::path const& folder, std::int64_t tree, std::int64_t links, int rounds)
{
    db::DatabaseSettings settings;
    settings.data_dir = folder;
    settings.read_time = std::chrono::seconds{120};
    {
        auto const made = db::Database::open(settings); // the schema
        if (!made) throw std::runtime_error{made.error().key};
        (*made)->close();
    }
    sqlite3* raw = nullptr;
    auto const opened = sqlite3_open((folder / "nguon.db").c_str(), &raw);
    Bare const bare{raw};
    check(raw, opened);
    auto const root = fill(raw, tree, links);
    auto const database = db::Database::open(settings);
    if (!database) throw std::runtime_error{database.error().key};
    for (int round = 0; round < rounds; ++round) {
        std::size_t bare_found = 0;
        std::size_t found = 0;
        auto const alone = bare_seconds(raw, root, bare_found);
        auto const ours = our_seconds(**database, root, found);
        if (found != bare_found) throw std::runtime_error{"the two closures differ"};
        std::cout << fmt::format(
            "closure of {} things: {:.3f} s, SQLite alone {:.3f} s, ratio {:.2f} (aim at most 2)\n", found, ours, alone,
            ours / alone);
    }
    return 0;
}

} // namespace

/// bench_genealogy FOLDER [THINGS] [LINKS] [ROUNDS]: FOLDER is made and stays.
int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "bench_genealogy FOLDER [THINGS] [LINKS] [ROUNDS]\n";
        return 2;
    }
    try {
        auto const number = [&](int at, std::int64_t missing) { return argc > at ? std::atoll(argv[at]) : missing; };
        return measure(argv[1], number(2, 40'000), number(3, 5'000'000), static_cast<int>(number(4, 3)));
    } catch (std::exception const& error) {
        std::cerr << "bench_genealogy: " << error.what() << '\n';
        return 1;
    }
}
