#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::testing {

/// Chance that a seed repeats exactly.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : engine_{seed} {}

    std::size_t below(std::size_t end) { return engine_() % end; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    std::string bytes(std::size_t count);

private:
    std::mt19937_64 engine_;
};

/// The bytes of a file, in pieces that copies of it share until one of them changes.
class FileContent {
public:
    std::size_t size() const { return size_; }
    /// Bytes behind the end are zeros.
    void read(std::size_t offset, char* to, std::size_t count) const;
    void write(std::size_t offset, std::string_view bytes);
    void resize(std::size_t size);

private:
    static constexpr std::size_t piece_bytes = 4096;
    using Piece = std::array<char, piece_bytes>;

    std::size_t size_ = 0;
    std::vector<std::shared_ptr<Piece>> pieces_; // null: zeros
};

/// One thing that a disk was asked to do.
struct DiskOperation {
    enum class Kind { create, remove, write, truncate, sync, sync_directory };

    Kind kind = Kind::sync_directory;
    std::size_t file = 0;
    std::size_t offset = 0; // of a write; the new size of a truncation
    std::string bytes = {};
    std::string name = {}; // of a creation or removal

    bool operator==(DiskOperation const&) const = default;
};

std::string to_text(DiskOperation const& operation);

/// A disk in memory with one directory. It knows what was synced and what a power cut may take back: writes and
/// truncations since the file's last sync, directory entries made or removed since the directory's last sync.
class Disk {
public:
    /// What becomes of each 512-byte sector that was written and not synced.
    enum class Damage { none_kept, all_kept, some_kept, some_garbage };
    static constexpr Damage damages[] = {Damage::none_kept, Damage::all_kept, Damage::some_kept, Damage::some_garbage};

    void apply(DiskOperation const& operation);

    /// The number that the next created file gets.
    std::size_t next_file() const { return files_.size(); }
    std::optional<std::size_t> find(std::string const& name) const;
    FileContent const& content(std::size_t file) const { return files_[file].content; }

    /// The disk as the next start finds it; everything on it is durable.
    Disk after_power_cut(Damage damage, Chance& chance) const;

private:
    struct File {
        FileContent durable = {};
        FileContent content = {};
        std::vector<DiskOperation> unsynced = {};
    };
    struct Name {
        std::optional<std::size_t> durable = {};
        std::vector<std::optional<std::size_t>> unsynced = {}; // what it became, one after the other

        std::optional<std::size_t> now() const { return unsynced.empty() ? durable : unsynced.back(); }
    };

    std::vector<File> files_;
    std::map<std::string, Name> names_;
};

std::string_view to_text(Disk::Damage damage);

} // namespace nguon::testing
