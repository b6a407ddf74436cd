#include "tests/db/crash_disk.hpp"

#include <algorithm>
#include <cstring>

namespace nguon::testing {

namespace {

using Kind = DiskOperation::Kind;

constexpr std::size_t sector_bytes = 512;

/// Decides, one after the other, what is kept of what was not synced.
class Fate {
public:
    Fate(Disk::Damage damage, Chance& chance)
        : chance_{chance}, garbage_{damage == Disk::Damage::some_garbage}, kept_of_ten_{kept_of_ten(damage)}
    {
    }

    bool keeps() { return chance_.below(10) < kept_of_ten_; }

    /// What a change that was not synced leaves.
    void apply(FileContent& content, DiskOperation const& operation)
    {
        if (operation.kind == Kind::write) {
            write(content, operation);
        } else if (keeps()) {
            content.resize(operation.offset);
        }
    }

private:
    /// Never harms bytes beside those that were written, as the system's VFS promises to SQLite.
    void write(FileContent& content, DiskOperation const& operation)
    {
        std::size_t done = 0;
        while (done < operation.bytes.size()) {
            auto const at = operation.offset + done;
            auto const count = std::min(sector_bytes - at % sector_bytes, operation.bytes.size() - done);
            if (keeps()) {
                content.write(at, std::string_view{operation.bytes}.substr(done, count));
            } else if (garbage_ && chance_.one_in(2)) {
                content.write(at, chance_.one_in(2) ? chance_.bytes(count) : std::string(count, '\0'));
            }
            done += count;
        }
    }

    std::size_t kept_of_ten(Disk::Damage damage)
    {
        if (damage == Disk::Damage::none_kept) return 0;
        return damage == Disk::Damage::all_kept ? 10 : 1 + chance_.below(9);
    }

    Chance& chance_;
    bool garbage_;
    std::size_t kept_of_ten_;
};

} // namespace

std::string Chance::bytes(std::size_t count)
{
    std::string out(count, '\0');
    for (std::size_t done = 0; done < count; done += sizeof(std::uint64_t)) {
        std::uint64_t const drawn = engine_();
        std::memcpy(out.data() + done, &drawn, std::min(sizeof drawn, count - done));
    }
    return out;
}

void FileContent::read(std::size_t offset, char* to, std::size_t count) const
{
    while (count > 0) {
        auto const within = offset % piece_bytes;
        auto const part = std::min(count, piece_bytes - within);
        auto const index = offset / piece_bytes;
        if (index < pieces_.size() && pieces_[index] != nullptr) {
            std::memcpy(to, pieces_[index]->data() + within, part);
        } else {
            std::memset(to, 0, part);
        }
        offset += part;
        to += part;
        count -= part;
    }
}

void FileContent::write(std::size_t offset, std::string_view bytes)
{
    if (size_ < offset + bytes.size()) resize(offset + bytes.size());
    while (!bytes.empty()) {
        auto const within = offset % piece_bytes;
        auto const part = std::min(bytes.size(), piece_bytes - within);
        auto& piece = pieces_[offset / piece_bytes];
        if (piece == nullptr) {
            piece = std::make_shared<Piece>();
        } else if (piece.use_count() > 1) {
            piece = std::make_shared<Piece>(*piece);
        }
        std::memcpy(piece->data() + within, bytes.data(), part);
        offset += part;
        bytes.remove_prefix(part);
    }
}

void FileContent::resize(std::size_t size)
{
    bool const shrinks = size < size_;
    size_ = size;
    pieces_.resize((size + piece_bytes - 1) / piece_bytes);
    // What is cut off must not come back when the file grows again.
    auto const rest = size % piece_bytes;
    if (!shrinks || rest == 0 || pieces_.back() == nullptr) return;
    pieces_.back() = std::make_shared<Piece>(*pieces_.back());
    std::memset(pieces_.back()->data() + rest, 0, piece_bytes - rest);
}

std::string to_text(DiskOperation const& operation)
{
    static constexpr char const* names[] = {"create", "remove", "write", "truncate", "sync", "sync the directory"};
    return std::string{names[static_cast<std::size_t>(operation.kind)]} + " file " + std::to_string(operation.file) +
           " at " + std::to_string(operation.offset) + ", " + std::to_string(operation.bytes.size()) + " bytes";
}

std::string_view to_text(Disk::Damage damage)
{
    static constexpr std::string_view names[] = {"none kept", "all kept", "some kept", "some kept, some garbage"};
    return names[static_cast<std::size_t>(damage)];
}

void Disk::apply(DiskOperation const& operation)
{
    switch (operation.kind) {
    case Kind::create:
        files_.emplace_back();
        if (!operation.name.empty()) names_[operation.name].unsynced.emplace_back(operation.file);
        return;
    case Kind::remove:
        names_[operation.name].unsynced.emplace_back(std::nullopt);
        return;
    case Kind::sync_directory:
        for (auto& [name, entry] : names_) {
            entry.durable = entry.now();
            entry.unsynced.clear();
        }
        return;
    case Kind::write:
        files_[operation.file].content.write(operation.offset, operation.bytes);
        files_[operation.file].unsynced.push_back(operation);
        return;
    case Kind::truncate:
        files_[operation.file].content.resize(operation.offset);
        files_[operation.file].unsynced.push_back(operation);
        return;
    case Kind::sync:
        files_[operation.file].durable = files_[operation.file].content;
        files_[operation.file].unsynced.clear();
        return;
    }
}

std::optional<std::size_t> Disk::find(std::string const& name) const
{
    auto const found = names_.find(name);
    return found == names_.end() ? std::nullopt : found->second.now();
}

Disk Disk::after_power_cut(Damage damage, Chance& chance) const
{
    Fate fate{damage, chance};
    Disk left;
    for (auto const& file : files_) {
        auto content = damage == Damage::all_kept ? file.content : file.durable;
        bool const is_partial = damage == Damage::some_kept || damage == Damage::some_garbage;
        for (std::size_t index = 0; is_partial && index < file.unsynced.size(); ++index)
            fate.apply(content, file.unsynced[index]);
        left.files_.push_back({content, std::move(content), {}});
    }
    for (auto const& [name, entry] : names_) {
        // The directory's own changes reach the disk in their order.
        auto kept = entry.durable;
        for (auto const& became : entry.unsynced) {
            if (!fate.keeps()) break;
            kept = became;
        }
        if (kept) left.names_[name].durable = kept;
    }
    return left;
}

} // namespace nguon::testing
