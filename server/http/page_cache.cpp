#include "server/http/page_cache.hpp"

#include "server/http/accept.hpp"
#include "server/http/request.hpp"

#include <algorithm>

namespace nguon::server {
namespace {

/// A browser, which takes the page at a Digital Link and names it without a weight; others are led elsewhere, want the
/// links as JSON, or weigh what they want, which is not done here.
bool takes_page(std::string_view accept)
{
    constexpr std::string_view page = "text/html";
    auto const at = accept.find(page);
    if (at == std::string_view::npos || accept.find("json") != std::string_view::npos) return false;
    auto const behind = accept.substr(at + page.size());
    return behind.empty() || behind.front() == ',';
}

} // namespace

std::string PageCache::key_of(http::Request const& request, bool secure)
{
    if (request.method != http::Method::get) return {};
    for (auto const* name : {"Cookie", "Authorization", "If-None-Match"}) {
        if (request.headers.has(name)) return {};
    }
    if (!takes_page(request.header("Accept"))) return {};
    bool const known_query = request.query.empty() || request.query == "lang=vi" || request.query == "lang=en";
    if (!known_query) return {};
    auto const asked = std::string_view{request.query}.substr(std::min<std::size_t>(5, request.query.size()));
    auto const accepted = request.header("Accept-Encoding");
    auto const* encoding = accepts_encoding(accepted, "br") ? "br" : accepts_encoding(accepted, "gzip") ? "gzip" : "";
    std::string key = request.path;
    key.append(1, '\n').append(choose_language(asked, "", request.header("Accept-Language")));
    key.append(1, '\n').append(encoding).append(secure ? "\ns" : "\n");
    // A page links to itself with the language that was asked for.
    return key.append(1, '\n').append(request.query);
}

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
