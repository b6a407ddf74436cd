#pragma once

#include "core/embedded.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nguon::server {

/// Every sentence a person reads, in both languages: the flat maps of server/web/locale/*.json. The part of the file
/// name before the first dot groups them ("auth.vi.json"), the keys stand alone.
class Locale {
public:
    /// Errors (internal): a file that is no flat JSON object of texts, or a key that stands in two files of a language.
    static Result<Locale> load(std::span<EmbeddedFile const> files);

    Locale(Locale&&) noexcept;
    Locale& operator=(Locale&&) noexcept;

    /// The sentence with {0}, {1} … replaced; of an AI {0:ai} gives the name. A missing key gives itself, counted.
    std::string text(std::string_view language, std::string_view key, std::span<std::string const> values = {}) const;
    std::string text(std::string_view language, std::string_view key, std::initializer_list<std::string> values) const;

    /// The sentence as it stands, or nullptr.
    std::string const* find(std::string_view language, std::string_view key) const;

    /// All keys of a language, sorted.
    std::vector<std::string> keys(std::string_view language) const;

    /// How often a key was missing since the start.
    std::uint64_t missing() const { return missing_.load(std::memory_order_relaxed); }
    void count_missing(std::string_view key) const;

private:
    Locale() = default;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Catalogue = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

    Catalogue const& catalogue(std::string_view language) const { return language == "en" ? en_ : vi_; }

    Catalogue vi_;
    Catalogue en_;
    mutable std::atomic<std::uint64_t> missing_ = 0;
};

/// 12345 -> "12.345" (vi), "12,345" (en).
std::string format_number(std::string_view language, std::int64_t number);
/// Canonical decimal "1234.5" -> "1.234,5" (vi), "1,234.5" (en); the decimals stay as they are.
std::string format_decimal(std::string_view language, std::string_view canonical);
/// "21/11/2026" in Vietnamese, "21 Nov 2026" in English.
std::string format_date(std::string_view language, Date date);
/// "15:00 21/11/2026", "21 Nov 2026, 15:00": Viet Nam's time.
std::string format_time(std::string_view language, Instant at);
/// The last moment of a term: its day ("hết ngày 25/11/2026") where it ends with one, as terms in days do.
std::string format_deadline(Locale const& locale, std::string_view language, Instant end);

} // namespace nguon::server
