#include "server/http/page_cache.hpp"

namespace nguon::server {

std::shared_ptr<PageCache::Page const> PageCache::find(std::string const& key, std::uint64_t generation) const
{
    auto& shard = shard_of(key);
    std::lock_guard const lock{shard.mutex};
    auto const at = shard.entries.find(key);
    if (at == shard.entries.end() || at->second.generation != generation || at->second.until < Clock::now())
        return nullptr;
    hits_.fetch_add(1, std::memory_order_relaxed);
    return at->second.page;
}

void PageCache::put(std::string const& key, std::uint64_t generation, Page page)
{
    auto shared = std::make_shared<Page const>(std::move(page));
    auto& shard = shard_of(key);
    std::lock_guard const lock{shard.mutex};
    // Any entry will do: what is asked for often comes back at once.
    if (shard.entries.size() >= entries_per_shard_max) shard.entries.erase(shard.entries.begin());
    shard.entries.insert_or_assign(key, Entry{generation, Clock::now() + life_, std::move(shared)});
}

} // namespace nguon::server
