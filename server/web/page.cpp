#include "server/web/page.hpp"

#include "server/app/alarms.hpp"
#include "server/app/notice_text.hpp"
#include "server/auth/cookies.hpp"
#include "server/auth/csrf.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/http/url.hpp"
#include "server/services.hpp"
#include "server/web/locale.hpp"
#include "server/web/navigation.hpp"
#include "server/web/template.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

constexpr auto form_cookie_life = std::chrono::hours{24};

/// This page without what chose its language or told about the last step.
std::string plain_url(Request const& request)
{
    auto url = request.path;
    for (auto const& [name, value] : request.parameters.fields()) {
        if (name != "lang" && name != "done") url = make_url(url, {{name, value}});
    }
    return url;
}

/// "nguon.laichau.gov.vn" of "https://nguon.laichau.gov.vn".
std::string domain_of(ServiceSettings const& settings)
{
    if (!settings.official_domain.empty()) return settings.official_domain;
    auto const& url = settings.public_url;
    auto const begin = url.find("://");
    return begin == std::string::npos ? url : url.substr(begin + 3);
}

void add_head(Services const& services, Request const& request, nlohmann::json& view)
{
    bool const english = request.language == "en";
    view["lang"] = request.language;
    view["other_lang"] = english ? "vi" : "en";
    view["other_lang_name"] = english ? "Tiếng Việt" : "English";
    view["other_lang_url"] = make_url(plain_url(request), {{"lang", english ? "vi" : "en"}});
    view["lang_query"] = request.query_value("lang").empty() ? "" : "?lang=" + request.language;
    view["province"] = services.settings.province_name;
    view["domain"] = domain_of(services.settings);
    view["help_phone"] = services.settings.help_phone;
    view["illustrative"] = services.settings.illustrative;
    view["version"] = NGUON_VERSION;
    view["css_url"] = services.static_files.url("app.css");
    view["icon_url"] = services.static_files.url("favicon.svg");
    view["public_css_html"] = services.static_files.public_css();
}

void add_person(Services const& services, Request const& request, nlohmann::json& view)
{
    view["signed_in"] = request.who.is_person();
    view["who_name"] = request.who.name;
    view["is_authority"] = request.who.is_authority() && !request.who.works_for_enterprise();
    if (request.who.choices.size() > 1) {
        view["has_choice"] = true;
        view["undecided"] = request.who.undecided;
        view["acting_for"] = request.who.org_name.empty()
                                 ? text(services, request, "auth.acting.province", {services.settings.province_name})
                                 : request.who.org_name;
    }
    view["here"] = plain_url(request);
    if (request.who.is_person()) {
        view["nav"] = navigation(services, request, view.value("section", ""));
        for (auto const& place : view["nav"])
            if (place["current"]) view["nav_here"] = place["text"];
    }
    auto const done = request.query_value("done");
    // Only sentences of the catalogue: a link must not put words into our mouth.
    auto const* notice = done.empty() ? nullptr : services.locale.find(request.language, "done." + std::string{done});
    view["notice"] = notice == nullptr ? std::string{} : *notice;
}

/// On every page of the desk, for those whom it concerns: the worst that nobody looks after yet.
void add_alarms(Services const& services, Request const& request, nlohmann::json& view)
{
    if (services.alarms == nullptr || !request.path.starts_with("/province") || view.contains("no_alarm_strip")) return;
    if (!request.who.is_person() || !request.who.may("sync:read")) return;
    auto const alarms = services.alarms->get();
    auto const open = [](db::alarms::Alarm const& alarm) { return !alarm.acknowledged_at; };
    auto const worst = std::ranges::find_if(*alarms, open);
    if (worst == alarms->end()) return;
    auto const words = app::alarm_text(services.locale, request.language, *worst);
    auto const count = std::ranges::count_if(*alarms, open);
    bool const warn = worst->severity == db::alarms::Severity::warn;
    view["alarm_strip"] = {{"tone", warn ? "warn" : "bad"},
                           {"icon", worst->severity == db::alarms::Severity::critical ? "✕" : "⚠"},
                           {"severity", words.severity},
                           {"title", words.title},
                           {"more", count > 1 ? text(services, request, "alarm.strip.several", {std::to_string(count)})
                                              : text(services, request, "alarm.strip.one")}};
}

} // namespace

http::Response page(Services& services, Request const& request, std::string_view template_name, nlohmann::json view,
                    unsigned status)
{
    add_head(services, request, view);
    add_person(services, request, view);
    add_alarms(services, request, view);
    std::string cookie;
    if (services.templates.mentions(template_name, "csrf")) {
        auto token = request.csrf;
        if (token.empty()) {
            token = new_token();
            cookie = make_cookie(form_cookie_name(request.peer), token, form_cookie_life,
                                 keeps_secure_cookies(request.peer));
        }
        view["csrf"] = mask_token(token);
    }
    auto response = html_response(status, services.templates.render(template_name, request.language, view));
    response.header("Content-Language", request.language);
    if (!cookie.empty()) response.headers.add("Set-Cookie", cookie);
    if (status == 429) response.header("Retry-After", "60");
    if (status == 503) response.header("Retry-After", "2");
    return response;
}

http::Response form_page(Services& services, Request const& request, std::string_view template_name,
                         nlohmann::json view, Error const& error)
{
    view["errors"] = form_errors(services, request, error);
    return page(services, request, template_name, std::move(view), status_of(error));
}

std::string text(Services const& services, Request const& request, std::string_view key,
                 std::initializer_list<std::string> values)
{
    return services.locale.text(request.language, key, values);
}

} // namespace nguon::server
