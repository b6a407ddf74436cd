#include "server/app/notice_text.hpp"

#include "core/json.hpp"
#include "server/app/target_titles.hpp"
#include "server/web/locale.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

using nlohmann::json;

constexpr std::string_view mail_language = "vi";
constexpr std::string_view alarms_path = "/province/alarms";

std::string moment(std::string_view language, json const& holder, char const* name)
{
    auto const at = parse_time(holder.value(name, ""));
    return at ? format_time(language, at->at) : std::string{};
}

std::string page_url(ServiceSettings const& settings)
{
    return (settings.https_url.empty() ? settings.public_url : settings.https_url) + std::string{alarms_path};
}

/// A portal as people know it, of an alarm that says how.
std::string portal_name(Locale const& locale, std::string_view language, std::string_view name, json const& detail)
{
    db::targets::Label const label{text_at(detail, "title"), text_at(detail, "adapter"), !flag_at(detail, "several")};
    return fmt::format("“{}”", title_of(locale, language, name, label));
}

} // namespace

std::string subject_name(Locale const& locale, std::string_view language, std::string_view subject)
{
    if (subject.empty()) return locale.text(language, "alarm.subject.server", {});
    if (auto const* known = locale.find(language, "alarm.channel." + std::string{subject})) return *known;
    return fmt::format("“{}”", subject);
}

AlarmText alarm_text(Locale const& locale, std::string_view language, json const& body)
{
    auto const kind = body.value("kind", "");
    auto const& detail = body.contains("detail") ? body["detail"] : json::object();
    auto const subject = body.value("subject", "");
    auto const values = {detail.contains("adapter") ? portal_name(locale, language, subject, detail)
                                                    : subject_name(locale, language, subject),
                         format_number(language, detail.value("count", std::int64_t{0})),
                         moment(language, detail, "at"), detail.value("text", "")};
    auto const say = [&](std::string_view part) {
        return locale.text(language, fmt::format("alarm.{}.{}", kind, part), values);
    };
    bool const expired = detail.value("expired", false);
    return {locale.text(language, "alarm.severity." + body.value("severity", ""), {}),
            say(expired ? "expired" : "title"), say("text"), say("who")};
}

AlarmText alarm_text(Locale const& locale, std::string_view language, db::alarms::Alarm const& alarm)
{
    return alarm_text(locale, language,
                      {{"kind", alarm.kind},
                       {"subject", alarm.subject},
                       {"severity", db::alarms::to_text(alarm.severity)},
                       {"detail", json::parse(alarm.detail)}});
}

NoticeMail notice_mail(Locale const& locale, ServiceSettings const& settings, db::alarms::Notice const& notice)
{
    auto const say = [&](std::string_view key, std::initializer_list<std::string> values = {}) {
        return locale.text(mail_language, key, values);
    };
    if (notice.reason == "trial")
        return {say("alarm.mail.trial_subject", {settings.province_name}),
                say("alarm.mail.trial_text", {settings.province_name}) + "\n\n" + page_url(settings) + "\n"};
    auto const body = json::parse(notice.body);
    auto const words = alarm_text(locale, mail_language, body);
    auto const state = say("alarm.mail.reason." + notice.reason);
    NoticeMail out;
    out.subject = say("alarm.mail.subject",
                      {settings.province_name, notice.reason == "cleared" ? state : words.severity, words.title});
    out.text = state + "\n\n" + words.title + "\n" + words.text + "\n\n" +
               say("alarm.mail.severity", {words.severity}) + "\n" +
               say("alarm.mail.since", {moment(mail_language, body, "since")}) + "\n" +
               say("alarm.mail.at", {format_time(mail_language, notice.created_at)}) + "\n";
    if (notice.reason != "cleared") out.text += "\n" + say("alarm.mail.who", {words.who}) + "\n";
    out.text += "\n" + say("alarm.mail.page", {page_url(settings)}) + "\n\n" + say("alarm.mail.footer") + "\n";
    return out;
}

json notice_json(Locale const& locale, ServiceSettings const& settings, db::alarms::Notice const& notice)
{
    json out{{"id", notice.id},
             {"reason", notice.reason},
             {"at", to_iso(OffsetTime{notice.created_at, vietnam_offset})},
             {"province", settings.province_name},
             {"url", page_url(settings)}};
    if (notice.reason == "trial") {
        out["title"] = locale.text(mail_language, "alarm.mail.trial_text", {settings.province_name});
        return out;
    }
    auto const body = json::parse(notice.body);
    auto const words = alarm_text(locale, mail_language, body);
    out["alarm"] = body.at("id");
    for (auto const* name : {"kind", "subject", "severity", "since", "detail"}) out[name] = body.at(name);
    out["title"] = words.title;
    out["text"] = words.text;
    out["who"] = words.who;
    return out;
}

} // namespace nguon::server::app
