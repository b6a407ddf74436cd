#include "server/pages/province/desk.hpp"

#include "core/http/uri.hpp"
#include "db/reference.hpp"
#include "server/app/target_titles.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

struct SyncTone {
    std::string_view state;
    std::string_view tone;
    std::string_view icon;
};

constexpr std::array sync_tones{
    SyncTone{"working", "good", "✓"},         SyncTone{"slow", "warn", "…"},
    SyncTone{"waiting", "warn", "…"},         SyncTone{"stopped_identity", "bad", "■"},
    SyncTone{"stopped_contract", "bad", "■"}, SyncTone{"stopped_security", "bad", "■"},
    SyncTone{"paused", "info", "‖"},          SyncTone{"off", "info", "○"},
};

/// Who can mend what keeps a record from arriving; "" when nobody needs to.
std::string_view fixer_of(db::sync_desk::RecordLine const& line)
{
    using enum db::deliveries::State;
    if (line.state == held) return line.hold == "product.incomplete" ? "firm" : "province";
    if (line.state == refused) return "firm";
    if (line.state == parked) return "operator";
    return {};
}

/// Why it is not there yet.
std::string reason_of(Services const& services, Request const& request, db::sync_desk::RecordLine const& line)
{
    using enum db::deliveries::State;
    if (line.state == held) return text(services, request, "delivery.hold." + line.hold);
    if (line.waits_for_parent && line.error_class.empty()) return text(services, request, "province.sync.waits");
    if (line.state == delivered || line.state == superseded || line.state == excluded || line.error_class.empty())
        return {};
    return text(services, request, "sync.class." + line.error_class);
}

std::string known_text(Services const& services, Request const& request, std::string const& key)
{
    auto const* known = services.locale.find(request.language, key);
    return known == nullptr ? std::string{} : *known;
}

} // namespace

std::string show_duration(Services const& services, Request const& request, std::chrono::microseconds time)
{
    using namespace std::chrono;
    auto const say = [&](std::string_view unit, std::int64_t count) {
        return text(services, request, fmt::format("province.time.{}", unit), {show_count(request, count)});
    };
    if (time >= days{1}) return say("days", duration_cast<days>(time).count());
    if (time >= hours{1}) return say("hours", duration_cast<hours>(time).count());
    if (time >= minutes{1}) return say("minutes", duration_cast<minutes>(time).count());
    return say("seconds", std::max<std::int64_t>(duration_cast<seconds>(time).count(), 0));
}

std::string show_clock(Instant at)
{
    std::chrono::hh_mm_ss const time{std::chrono::floor<std::chrono::seconds>(at + vietnam_offset) -
                                     std::chrono::floor<std::chrono::days>(at + vietnam_offset)};
    return fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string with_query(Request const& request, std::initializer_list<std::pair<std::string_view, std::string>> changes)
{
    std::string url = request.path;
    for (auto const& [name, value] : request.parameters.fields()) {
        bool const replaced = std::ranges::any_of(changes, [&](auto const& change) { return change.first == name; });
        if (!replaced && name != "page" && name != "done") url = make_url(url, {{name, value}});
    }
    for (auto const& [name, value] : changes) url = make_url(url, {{name, value}});
    return url;
}

void add_pages(json& view, Request const& request, json& rows)
{
    auto const number = page_number(request);
    bool const more = rows.size() > static_cast<std::size_t>(page_rows);
    if (more) rows.erase(rows.begin() + page_rows, rows.end());
    if (number == 1 && !more) return;
    auto const url = [&](std::int64_t page) { return with_query(request, {{"page", std::to_string(page)}}); };
    view["pages"] = {{"number", number},
                     {"previous", number > 1 ? url(number - 1) : std::string{}},
                     {"next", more ? url(number + 1) : std::string{}}};
}

json filter_tabs(Services const& services, Request const& request, std::string_view name, std::string_view prefix,
                 std::initializer_list<std::string_view> choices)
{
    json out = json::array();
    for (auto const choice : choices) {
        auto const word = choice.empty() ? std::string_view{"all"} : choice;
        out.push_back({{"url", with_query(request, {{name, std::string{choice}}})},
                       {"text", text(services, request, fmt::format("{}.{}", prefix, word))},
                       {"current", request.query_value(name) == choice}});
    }
    return out;
}

CommuneNames commune_names(db::Connection& c, Services const& services)
{
    CommuneNames out;
    for (auto const& commune : db::reference::communes(c, services.settings.province_code))
        out[commune.code] = commune.kind + " " + commune.name;
    return out;
}

std::string name_of(CommuneNames const& names, std::string_view code)
{
    auto const found = names.find(code);
    return found == names.end() ? std::string{code} : found->second;
}

std::string target_name(Services const& services, Request const& request, std::string const& target)
{
    auto const labels = services.titles == nullptr ? nullptr : services.titles->get();
    if (labels == nullptr || !labels->contains(target)) return "“" + target + "”";
    return app::title_of(services.locale, request.language, target, labels->at(target));
}

std::string record_url(std::string_view target, std::int64_t seq)
{
    return fmt::format("/province/sync/records/{}/{}", http::percent_encode(target), seq);
}

json delivery_line(Services const& services, Request const& request, db::sync_desk::RecordLine const& line)
{
    auto const fixer = fixer_of(line);
    using enum db::deliveries::State;
    bool const settled = line.state == delivered || line.state == superseded || line.state == excluded;
    json view{{"chip", chip(services, request, "delivery.state", db::deliveries::to_text(line.state))},
              {"what", text(services, request, "province.record." + line.type)},
              {"name", line.name},
              {"record_version", line.version},
              {"target", target_name(services, request, line.target)},
              {"seq", line.seq},
              {"url", record_url(line.target, line.seq)},
              {"organization", line.org_name},
              {"organization_url", "/province/organizations/" + line.org.text()},
              {"reason", reason_of(services, request, line)},
              {"code_text", settled ? "" : known_text(services, request, "sync.code." + line.error_code)},
              {"raw", settled ? "" : line.error_text},
              {"fixer", fixer.empty() ? "" : text(services, request, fmt::format("province.sync.fixer.{}", fixer))},
              {"saved_at", show_moment(request, line.created_at)},
              {"changed_at", show_moment(request, line.changed_at)},
              {"receipt", ""},
              {"accepted_at", ""}};
    if (line.receipt) {
        view["receipt"] = line.receipt->portal_id;
        view["accepted_at"] = show_moment(request, line.receipt->accepted_at);
    }
    return view;
}

json sync_chip(Services const& services, Request const& request, std::string_view state)
{
    auto const found = std::ranges::find(sync_tones, state, &SyncTone::state);
    auto const key = fmt::format("{}sync.state.{}", state == "slow" ? "province." : "", state);
    return {{"tone", found == sync_tones.end() ? "info" : found->tone},
            {"icon", found == sync_tones.end() ? "○" : found->icon},
            {"text", text(services, request, key)}};
}

} // namespace nguon::server::pages::province
