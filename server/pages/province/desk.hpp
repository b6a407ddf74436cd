#pragma once

#include "db/database.hpp"
#include "db/sync_desk.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"
#include "server/pages/console/desk.hpp"
#include "server/pages/province/province.hpp"
#include "server/services.hpp"
#include "server/web/form_view.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

/// What the pages of the province's desk share.
namespace nguon::server::pages::province {

using console::actor_of;
using console::chip;
using console::Options;
using console::page_number;
using console::page_rows;
using console::show_count;
using console::show_date;
using console::show_moment;
using nlohmann::json;

/// Sentences in the request's language: `say("province.home.title")`.
inline auto words(Services const& services, Request const& request)
{
    return [&services, &request](std::string_view key, std::initializer_list<std::string> values = {}) {
        return text(services, request, key, values);
    };
}

/// "3 ngày", "5 giờ", "12 phút", "8 giây": the largest unit that fits.
std::string show_duration(Services const& services, Request const& request, std::chrono::microseconds time);

/// "15:04:05" in Viet Nam.
std::string show_clock(Instant at);

/// This page with other values of its query: those of `changes` replace, empty ones remove. `page` starts anew.
std::string with_query(Request const& request, std::initializer_list<std::pair<std::string_view, std::string>> changes);

/// Adds "pages" when there is more than one page; `shown` rows came of `page_rows` + 1, and the surplus row is cut.
void add_pages(json& view, Request const& request, json& rows);

/// {"url", "text", "current"} for each word of a filter, whose sentences are `prefix` + "." + word; "" is "all".
json filter_tabs(Services const& services, Request const& request, std::string_view name, std::string_view prefix,
                 std::initializer_list<std::string_view> choices);

/// Names of the communes of the installation's province, by code.
using CommuneNames = std::map<std::string, std::string, std::less<>>;
CommuneNames commune_names(db::Connection& c, Services const& services);
std::string name_of(CommuneNames const& names, std::string_view code);

/// {"chip", "what", "name", "url", "reason", "code_text", "raw", "fixer", "time", …} of a delivery, in plain words.
json delivery_line(Services const& services, Request const& request, db::sync_desk::RecordLine const& line);
/// What people call a portal: its title, else after its adapter; its name in quotes where neither is known yet.
std::string target_name(Services const& services, Request const& request, std::string const& target);
/// "/province/sync/records/{target}/{seq}"
std::string record_url(std::string_view target, std::int64_t seq);

/// {"tone", "icon", "text"} of a portal's or the whole synchronisation's state.
json sync_chip(Services const& services, Request const& request, std::string_view state);

} // namespace nguon::server::pages::province
