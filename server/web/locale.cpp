#include "server/web/locale.hpp"

#include "core/gs1/ai_table.hpp"
#include "core/runtime/log.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

/// "auth.vi.json" -> "vi"; "" when the file is of no language.
std::string_view language_of(std::string_view path)
{
    if (!path.ends_with(".json")) return {};
    path.remove_suffix(5);
    auto const mark = path.find_last_of("./");
    auto const language = mark == std::string_view::npos ? path : path.substr(mark + 1);
    return language == "vi" || language == "en" ? language : std::string_view{};
}

struct Filled {
    std::string text = {};
    bool complete = true; // no slot was left without a value
};

/// A place for a value: "{0}", or "{0:ai}" for an application identifier, which gets its name.
struct Slot {
    std::size_t index = 0;
    std::size_t length = 0; // 0: there is none
    bool is_ai = false;
};

Slot slot_at(std::string_view text)
{
    constexpr std::string_view ai = ":ai}";
    if (text.size() < 3 || text[0] != '{' || text[1] < '0' || text[1] > '9') return {};
    auto const index = static_cast<std::size_t>(text[1] - '0');
    if (text[2] == '}') return {index, 3, false};
    if (text.substr(2).starts_with(ai)) return {index, 2 + ai.size(), true};
    return {};
}

/// `name_of` (AI -> std::string) calls an application identifier as people do.
template <typename NameOf>
Filled fill(std::string_view sentence, std::span<std::string const> values, NameOf const& name_of)
{
    Filled filled;
    auto& out = filled.text;
    out.reserve(sentence.size() + 32);
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        auto const slot = slot_at(sentence.substr(i));
        if (slot.length == 0) {
            out += sentence[i];
            continue;
        }
        if (slot.index < values.size()) out += slot.is_ai ? name_of(values[slot.index]) : values[slot.index];
        filled.complete = filled.complete && slot.index < values.size();
        i += slot.length - 1;
    }
    return filled;
}

/// Groups of three digits from the right.
std::string grouped(std::string_view digits, char mark)
{
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) out += mark;
        out += digits[i];
    }
    return out;
}

constexpr std::array<std::string_view, 12> english_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// "Số lô (10)"; "(99)" for an application identifier that is not in the table.
std::string ai_name(Locale const& locale, std::string_view language, std::string_view ai)
{
    auto const* const entry = gs1::find_ai(ai);
    auto const* const name = entry == nullptr ? nullptr : locale.find(language, "ai." + std::string{entry->first});
    return (name == nullptr ? std::string{} : *name + " ") + "(" + std::string{ai} + ")";
}

} // namespace

Locale::Locale(Locale&& other) noexcept
    : vi_{std::move(other.vi_)}, en_{std::move(other.en_)}, missing_{other.missing_.load()}
{
}

Locale& Locale::operator=(Locale&& other) noexcept
{
    vi_ = std::move(other.vi_);
    en_ = std::move(other.en_);
    missing_ = other.missing_.load();
    return *this;
}

Result<Locale> Locale::load(std::span<EmbeddedFile const> files)
{
    Locale locale;
    for (auto const& file : files) {
        auto const language = language_of(file.path);
        if (language.empty()) continue;
        auto const json = nlohmann::json::parse(file.bytes, nullptr, false);
        if (!json.is_object()) return internal(fmt::format("{} is no JSON object", file.path));
        auto& catalogue = language == "en" ? locale.en_ : locale.vi_;
        for (auto const& [key, sentence] : json.items()) {
            if (!sentence.is_string()) return internal(fmt::format("{}: \"{}\" is no text", file.path, key));
            if (!catalogue.emplace(key, sentence.get<std::string>()).second) {
                return internal(fmt::format("{}: \"{}\" stands in two files", file.path, key));
            }
        }
    }
    return locale;
}

std::string Locale::text(std::string_view language, std::string_view key, std::span<std::string const> values) const
{
    auto const* sentence = find(language, key);
    if (sentence == nullptr) {
        count_missing(key);
        return std::string{key};
    }
    auto const name_of = [&](std::string const& ai) { return ai_name(*this, language, ai); };
    auto filled = fill(*sentence, values, name_of);
    if (!filled.complete) count_missing(key); // a value that the caller forgot is as bad
    return std::move(filled.text);
}

std::string Locale::text(std::string_view language, std::string_view key,
                         std::initializer_list<std::string> values) const
{
    return text(language, key, std::span{values.begin(), values.size()});
}

std::string const* Locale::find(std::string_view language, std::string_view key) const
{
    auto const& sentences = catalogue(language);
    auto const found = sentences.find(key);
    return found == sentences.end() ? nullptr : &found->second;
}

std::vector<std::string> Locale::keys(std::string_view language) const
{
    std::vector<std::string> out;
    for (auto const& [key, sentence] : catalogue(language)) out.push_back(key);
    std::ranges::sort(out);
    return out;
}

void Locale::count_missing(std::string_view key) const
{
    missing_.fetch_add(1, std::memory_order_relaxed);
    log::error("sentence is missing", {{"key", key}});
}

std::string format_number(std::string_view language, std::int64_t number)
{
    return format_decimal(language, std::to_string(number));
}

std::string format_decimal(std::string_view language, std::string_view canonical)
{
    bool const english = language == "en";
    std::string out;
    if (canonical.starts_with('-')) {
        out += "−";
        canonical.remove_prefix(1);
    }
    auto const point = std::min(canonical.find('.'), canonical.size());
    out += grouped(canonical.substr(0, point), english ? ',' : '.');
    if (point < canonical.size()) {
        out += english ? '.' : ',';
        out += canonical.substr(point + 1);
    }
    return out;
}

std::string format_date(std::string_view language, Date date)
{
    if (language != "en") return to_vietnamese(date);
    auto const month = static_cast<unsigned>(date.month());
    return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), english_months[month - 1],
                       static_cast<int>(date.year()));
}

std::string format_time(std::string_view language, Instant at)
{
    if (language != "en") return to_vietnamese(at);
    auto const vietnamese = to_vietnamese(at); // "15:00 21/11/2026"
    return format_date(language, vietnam_date(at)) + ", " + vietnamese.substr(0, 5);
}

std::string format_deadline(Locale const& locale, std::string_view language, Instant end)
{
    if (start_of_day(vietnam_date(end)) != end) return format_time(language, end);
    auto const day = vietnam_date(end - std::chrono::microseconds{1});
    return locale.text(language, "cases.end_of_day", {format_date(language, day)});
}

} // namespace nguon::server
