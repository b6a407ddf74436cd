#include "core/runtime/disk_watch.hpp"

#include "core/runtime/log.hpp"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace nguon {
namespace {

DiskSpace measured(std::filesystem::path const& dir)
{
    std::error_code failed;
    auto const space = std::filesystem::space(dir, failed);
    // What cannot be measured is not held against anybody: a full disk still answers by itself.
    if (failed) return {1, 1};
    return {space.available, space.capacity};
}

bool is_below(DiskSpace space, double share, std::uint64_t enough)
{
    return space.free < enough && space.free_ratio() < share;
}

} // namespace

std::string_view to_text(DiskLevel level)
{
    switch (level) {
    case DiskLevel::plenty:
        return "plenty";
    case DiskLevel::low:
        return "low";
    case DiskLevel::scarce:
        return "scarce";
    case DiskLevel::full:
        break;
    }
    return "full";
}

DiskLevel level_of(DiskSpace space, DiskRules const& rules)
{
    if (is_below(space, rules.full, rules.enough_for_full)) return DiskLevel::full;
    if (is_below(space, rules.scarce, rules.enough_for_scarce)) return DiskLevel::scarce;
    if (is_below(space, rules.low, rules.enough_for_low)) return DiskLevel::low;
    return DiskLevel::plenty;
}

DiskWatch::DiskWatch(std::filesystem::path dir, std::uint64_t ballast_bytes, DiskRules rules, Measure measure)
    : dir_{std::move(dir)}, ballast_bytes_{ballast_bytes}, rules_{rules}, measure_{std::move(measure)}
{
    if (!measure_) measure_ = &measured;
    std::error_code ignored;
    has_ballast_ = std::filesystem::exists(ballast(), ignored);
    look();
}

DiskLevel DiskWatch::look()
{
    auto space = measure_(dir_);
    free_ = space.free;
    capacity_ = space.capacity;
    if (gave_up_) space.free -= std::min(space.free, ballast_bytes_);
    auto const level = level_of(space, rules_);
    if (auto const before = told_.exchange(level); before != level)
        log::warning("room on the disk", {{"level", to_text(level)}, {"free_mb", space.free / 1'000'000}});
    if (level != DiskLevel::full || !has_ballast_) return level;
    std::lock_guard const lock{mutex_};
    std::error_code failed;
    if (has_ballast_ && std::filesystem::remove(ballast(), failed)) gave_up_ = true;
    has_ballast_ = false;
    return level;
}

void DiskWatch::keep_ballast()
{
    if (look() != DiskLevel::plenty || has_ballast_ || ballast_bytes_ == 0) return;
    // A small disk has no room for it: it would itself be what is missing.
    if (free_ < ballast_bytes_ * 20) return;
    std::lock_guard const lock{mutex_};
    auto const unfinished = ballast().string() + ".new";
    constexpr mode_t owner_only = 0600;
    int const file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only);
    if (file < 0) return;
    bool const laid = ::posix_fallocate(file, 0, static_cast<off_t>(ballast_bytes_)) == 0;
    ::close(file);
    std::error_code failed;
    if (laid) std::filesystem::rename(unfinished, ballast(), failed);
    if (!laid || failed) {
        std::filesystem::remove(unfinished, failed);
        return;
    }
    has_ballast_ = true;
    gave_up_ = false;
}

} // namespace nguon
