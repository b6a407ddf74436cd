#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string_view>

namespace nguon {

/// How much room is left where the records lie. Each level takes less than the one before.
enum class DiskLevel {
    plenty,
    low,    // people are told
    scarce, // no uploads and imports
    full,   // nothing more from enterprises; receipts and administrators' work still fit into the ballast's place
};

std::string_view to_text(DiskLevel level);

struct DiskSpace {
    std::uint64_t free = 0;
    std::uint64_t capacity = 0;

    double free_ratio() const { return capacity == 0 ? 0 : static_cast<double>(free) / static_cast<double>(capacity); }
};

/// Shares of the disk, and what is enough however large it is.
struct DiskRules {
    double low = 0.15;
    double scarce = 0.10;
    double full = 0.05;
    std::uint64_t enough_for_low = 15'000'000'000;
    std::uint64_t enough_for_scarce = 10'000'000'000;
    std::uint64_t enough_for_full = 5'000'000'000;
};

DiskLevel level_of(DiskSpace space, DiskRules const& rules = {});

/// Watches the disk of one directory and keeps a ballast file there, whose room is given up when the disk is full.
class DiskWatch {
public:
    using Measure = std::function<DiskSpace(std::filesystem::path const&)>;

    /// `measure`: empty for the system's answer.
    explicit DiskWatch(std::filesystem::path dir, std::uint64_t ballast_bytes = 64ULL * 1024 * 1024,
                       DiskRules rules = {}, Measure measure = {});

    /// Measures, which takes microseconds, and gives up the ballast when the level is `full`. Any thread.
    DiskLevel look();
    /// Lays the ballast down where there is plenty of room. May take seconds; call it now and then.
    void keep_ballast();

    DiskSpace space() const { return {free_.load(), capacity_.load()}; }

private:
    std::filesystem::path ballast() const { return dir_ / "ballast"; }

    std::filesystem::path dir_;
    std::uint64_t ballast_bytes_;
    DiskRules rules_;
    Measure measure_;
    std::mutex mutex_; // of the ballast
    std::atomic<bool> has_ballast_ = false;
    std::atomic<bool> gave_up_ = false; // its room is spoken for and counts as used
    std::atomic<std::uint64_t> free_ = 0;
    std::atomic<std::uint64_t> capacity_ = 0;
    std::atomic<DiskLevel> told_ = DiskLevel::plenty;
};

} // namespace nguon
