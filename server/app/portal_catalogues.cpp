#include "server/app/portal_catalogues.hpp"

#include "core/fold.hpp"
#include "db/reference.hpp"
#include "server/app/connection_change.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

namespace store = db::portal_catalogues;

constexpr std::int64_t gaps_shown = 100;
constexpr std::int64_t choices_max = 200;
constexpr std::int64_t similar_max = 20;

/// What the value is called in our own catalogues; the value itself when it is of none.
std::string label_of(db::Connection& c, std::string const& value)
{
    if (auto const group = db::reference::find_product_group(c, value)) return group->name;
    if (auto const commune = db::reference::find_commune(c, value)) return commune->kind + " " + commune->name;
    return value;
}

CatalogueGap gap_of(db::Connection& c, std::string_view target, store::Gap gap)
{
    CatalogueGap out;
    out.label = label_of(c, gap.value);
    auto const& catalogue = gap.catalogue;
    auto same = store::named(c, target, catalogue, out.label);
    if (same.empty()) same = store::named(c, target, catalogue, gap.value);
    if (same.size() == 1) out.proposal = same.front().code;
    out.choices = store::find_entries(c, target, catalogue, "", choices_max + 1);
    out.all_shown = out.choices.size() <= static_cast<std::size_t>(choices_max);
    if (!out.all_shown) {
        out.choices = store::find_entries(c, target, catalogue, out.label, similar_max);
        for (auto const& word : words(out.label)) {
            if (!out.choices.empty()) break;
            out.choices = store::find_entries(c, target, catalogue, word, similar_max);
        }
    }
    out.gap = std::move(gap);
    return out;
}

} // namespace

CataloguesState catalogues_state(db::Connection& c, std::string_view target)
{
    return {store::sync_of(c, target), store::states(c, target), store::count_gaps(c, target)};
}

CataloguesView show_catalogues(db::Connection& c, std::string_view target)
{
    CataloguesView view;
    view.state = catalogues_state(c, target);
    for (auto& gap : store::gaps(c, target, gaps_shown)) view.gaps.push_back(gap_of(c, target, std::move(gap)));
    view.matches = store::matches(c, target);
    return view;
}

Status match_value(db::Connection& c, Actor const& actor, std::string const& target, std::string const& catalogue,
                   std::string const& value, std::string const& code)
{
    store::Match const match{catalogue, value, code, {}, actor.at, actor.subject};
    if (auto put = store::put_match(c, target, match); !put) return put;
    note_connection(c, actor, "match", target, {{"catalogue", catalogue}, {"value", value}, {"code", code}});
    return Done{};
}

Result<std::int64_t> match_proposals(db::Connection& c, Actor const& actor, std::string const& target)
{
    std::int64_t count = 0;
    for (auto const& gap : store::gaps(c, target, gaps_shown)) {
        auto const seen = gap_of(c, target, gap);
        if (seen.proposal.empty()) continue;
        if (auto const put = match_value(c, actor, target, gap.catalogue, gap.value, seen.proposal); !put)
            return put.error();
        ++count;
    }
    if (count == 0) return conflict("catalogue.no_proposal");
    return count;
}

Status forget_match(db::Connection& c, Actor const& actor, std::string const& target, std::string const& catalogue,
                    std::string const& value)
{
    if (auto removed = store::remove_match(c, target, catalogue, value, actor.at); !removed) return removed;
    note_connection(c, actor, "unmatch", target, {{"catalogue", catalogue}, {"value", value}});
    return Done{};
}

Status ask_catalogues(db::Connection& c, Actor const& actor, std::string const& target)
{
    if (store::sync_of(c, target).asked_at) return conflict("connection.check_waits");
    store::ask(c, target, actor.at);
    note_connection(c, actor, "check", target, {{"kind", "catalogues"}});
    return Done{};
}

} // namespace nguon::server::app
