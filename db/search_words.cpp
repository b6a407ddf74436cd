#include "db/search_words.hpp"

#include "core/fold.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nguon::db::search_words {
namespace {

constexpr std::size_t query_words_max = 8;
constexpr std::int64_t rows_per_word_max = 5000;

/// The smallest text that is greater than every text beginning with `prefix`.
std::string after_prefix(std::string prefix)
{
    prefix += "\xF4\x8F\xBF\xBF";
    return prefix;
}

using Key = std::pair<std::string, std::string>; // kind, entity

std::map<Key, Hit> matches(Connection& c, std::optional<OrganizationId> const& org, std::string_view kind,
                           std::string const& word)
{
    auto const folded = fold(word);
    auto const rows =
        c.query("SELECT kind, entity_id, org_id, exact FROM search_word WHERE fold >= $1 AND fold < $2"
                " AND ($3 = '' OR org_id = $3) AND ($4 = '' OR kind = $4) ORDER BY fold, exact LIMIT $5",
                {folded, after_prefix(folded), org ? org->text() : std::string{}, kind, rows_per_word_max});
    std::map<Key, Hit> out;
    for (auto const& row : rows) {
        auto& hit =
            out.try_emplace({row.text(0), row.text(1)}, Hit{row.text(0), row.text(1), row.id<OrganizationId>(2), 0})
                .first->second;
        if (row.text(3).starts_with(word)) hit.exact_words = 1;
    }
    return out;
}

} // namespace

void replace(Connection& c, std::string_view kind, std::string_view entity_id, OrganizationId const& org,
             std::vector<std::string> const& texts)
{
    c.execute("DELETE FROM search_word WHERE kind = $1 AND entity_id = $2", {kind, entity_id});
    std::set<std::string> distinct;
    for (auto const& text : texts)
        for (auto& word : words(text)) distinct.insert(std::move(word));
    for (auto const& word : distinct)
        c.execute("INSERT INTO search_word (fold, exact, kind, entity_id, org_id) VALUES ($1, $2, $3, $4, $5)",
                  {fold(word), word, kind, entity_id, org});
}

std::vector<Hit> find(Connection& c, std::optional<OrganizationId> const& org, std::string_view kind,
                      std::string_view text, std::size_t count)
{
    auto wanted = words(text);
    if (wanted.empty()) return {};
    wanted.resize(std::min(wanted.size(), query_words_max));

    auto found = matches(c, org, kind, wanted.front());
    for (std::size_t i = 1; i < wanted.size() && !found.empty(); ++i) {
        auto const more = matches(c, org, kind, wanted[i]);
        std::erase_if(found, [&](auto const& entry) { return !more.contains(entry.first); });
        for (auto& [key, hit] : found) hit.exact_words += more.at(key).exact_words;
    }
    std::vector<Hit> out;
    for (auto& [key, hit] : found) out.push_back(std::move(hit));
    std::ranges::stable_sort(out, [](Hit const& a, Hit const& b) { return a.exact_words > b.exact_words; });
    if (out.size() > count) out.resize(count);
    return out;
}

} // namespace nguon::db::search_words
