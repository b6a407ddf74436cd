#pragma once

#include "core/http/message.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nguon::server {

/// Public pages as they are sent: header fields and compressed body. An entry holds for one generation of the database
/// (`Database::generation`) and a short time, because certificates and dates are judged as of today and, on PostgreSQL,
/// other servers write too.
class PageCache {
public:
    explicit PageCache(std::chrono::milliseconds life) : life_{life} {}

    struct Page {
        http::SharedBytes fields = {}; // lines, see http::field_lines
        http::SharedBytes body = {};
        std::string scan_subject = {}; // what a view of it is counted under
    };

    /// What strangers share who ask for the same page in one language and encoding; "" for requests whose answer is
    /// theirs alone (another method, cookie, authorization, condition, unknown query) or that are no browser's.
    /// `secure`: they came by TLS.
    static std::string key_of(http::Request const& request, bool secure);

    /// The page of that key while it holds; nullptr otherwise.
    std::shared_ptr<Page const> find(std::string const& key, std::uint64_t generation) const;

    /// `generation` is that of before the page was read from the database.
    void put(std::string const& key, std::uint64_t generation, Page page);

    std::uint64_t hits() const { return hits_.load(std::memory_order_relaxed); }

private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        std::uint64_t generation = 0;
        Clock::time_point until = {};
        std::shared_ptr<Page const> page = {};
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, Entry> entries;
    };
    static constexpr std::size_t shard_count = 16;
    static constexpr std::size_t entries_per_shard_max = 256; // of some 5 KB: 20 MB in all

    Shard& shard_of(std::string const& key) const { return shards_[std::hash<std::string>{}(key) % shard_count]; }

    mutable std::array<Shard, shard_count> shards_;
    mutable std::atomic<std::uint64_t> hits_ = 0;
    std::chrono::milliseconds life_;
};

} // namespace nguon::server
