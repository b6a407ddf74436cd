#include "server/app/query_events.hpp"

#include "db/audit_log.hpp"
#include "server/app/approvals.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

namespace nguon::server::app {

Result<std::vector<db::events::Stored>> find_events(db::Connection& c, Principal const& who, std::string_view event_id)
{
    auto found = event_id.empty() ? std::vector<db::events::Stored>{} : db::events::of_event_id(c, event_id);
    auto const is_readable = [&](db::events::Stored const& event) {
        return organization_within(c, who, "epcis:read", event.org).ok();
    };
    if (std::ranges::none_of(found, is_readable)) return not_found("event.unknown");
    // Whoever may read an event also sees that the province declared it wrong.
    auto const province = db::organizations::find_authority(c).value_or(OrganizationId{});
    std::erase_if(found, [&](db::events::Stored const& event) {
        return !is_readable(event) && !(event.error_declared_at && event.org == province);
    });
    return found;
}

bool reads_for_others(Principal const& who) { return who.org.empty() && who.is_authority(); }

db::event_queries::Reader event_reader(db::Connection& c, Principal const& who)
{
    db::event_queries::Reader reader;
    if (!reads_for_others(who)) {
        reader.org = who.org;
    } else if (!who.areas("epcis:read").empty()) {
        auto known = std::make_shared<std::map<std::string, bool>>();
        reader.may_read = [&c, who, known](OrganizationId const& org) {
            auto const [entry, added] = known->try_emplace(org.text(), false);
            if (added) entry->second = organization_within(c, who, "epcis:read", org).ok();
            return entry->second;
        };
    }
    return reader;
}

Result<EventPage> query_events(db::Connection& c, Principal const& who, epcis::Query const& query,
                               std::optional<db::event_queries::Position> const& from, std::int64_t given)
{
    auto const reader = event_reader(c, who);
    if (!from) {
        if (auto const kept = db::event_queries::check_max_event_count(c, reader, query); !kept) return kept.error();
    }
    auto count = query.per_page;
    if (query.event_count_limit > 0) count = std::clamp(query.event_count_limit - given, std::int64_t{0}, count);
    auto page = db::event_queries::run(c, reader, query, from, count);
    if (!page) return page.error();
    EventPage out{*std::move(page), given};
    out.given += std::ssize(out.page.events);
    if (query.event_count_limit > 0 && out.given >= query.event_count_limit) out.page.next.reset();
    return out;
}

void note_query(db::Connection& c, Actor const& actor, std::string const& asked)
{
    constexpr std::size_t shown = 300;
    db::audit_log::Entry entry;
    entry.action = "epcis.query";
    entry.entity_kind = "event";
    entry.detail = nlohmann::json{{"query", asked.substr(0, shown)}}.dump(-1, ' ', false,
                                                                          nlohmann::json::error_handler_t::replace);
    db::audit_log::append(c, actor.change(), entry);
}

} // namespace nguon::server::app
