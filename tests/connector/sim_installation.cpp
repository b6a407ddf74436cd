#include "tests/connector/sim_installation.hpp"

#include "db/migrator.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/temp_dir.hpp"

#include <stdexcept>
#include <string>

namespace nguon::connector::testing {

namespace {

std::filesystem::path const& empty_installation()
{
    static nguon::testing::TempDir const dir{memory_dir()};
    static auto const file = [] {
        auto const path = dir.path() / "empty.db";
        db::SqliteConnection c{path, db::SqliteConnection::Mode::writer};
        if (!db::migrate(c, embedded::migrations(), nguon::testing::outbox_start))
            throw std::runtime_error{"no schema"};
        db::Transaction transaction{c, db::Transaction::Kind::write};
        nguon::testing::add_installation(c);
        nguon::testing::add_target(c, std::string{sim_target});
        transaction.commit();
        c.checkpoint(db::SqliteConnection::Checkpoint::truncate);
        return path;
    }();
    return file;
}

} // namespace

std::filesystem::path memory_dir()
{
    std::filesystem::path const shared{"/dev/shm"};
    return std::filesystem::is_directory(shared) ? shared : std::filesystem::temp_directory_path();
}

SigningKey const& sim_receipt_key()
{
    static nguon::testing::TempDir const dir;
    static auto const key = make_signing_key(dir.path(), "receipt");
    return key;
}

MostSettings sim_most_settings()
{
    auto settings = default_most_settings();
    settings.api_url = "https://portal.example";
    settings.public_url = "https://truyxuat.example";
    if (!settings.receipt_keys.add(sim_receipt_key().open)) throw std::runtime_error{"no receipt key"};
    return settings;
}

std::unique_ptr<db::SqliteConnection> open_sim_installation(std::filesystem::path const& dir)
{
    auto const file = dir / "nguon.db";
    std::filesystem::copy_file(empty_installation(), file);
    return std::make_unique<db::SqliteConnection>(file, db::SqliteConnection::Mode::writer);
}

} // namespace nguon::connector::testing
