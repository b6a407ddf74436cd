#pragma once

#include "db/alarms.hpp"
#include "server/settings.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace nguon::server {
class Locale;
}

/// What is told of an alarm, in words.
namespace nguon::server::app {

/// Sentences of one alarm: what happened, with figures, and who must do what.
struct AlarmText {
    std::string severity = {};
    std::string title = {};
    std::string text = {};
    std::string who = {};
};

/// `body` is a notice's: kind, subject, severity, detail.
AlarmText alarm_text(Locale const& locale, std::string_view language, nlohmann::json const& body);
AlarmText alarm_text(Locale const& locale, std::string_view language, db::alarms::Alarm const& alarm);

/// What people call a target, a channel or, for "", this system.
std::string subject_name(Locale const& locale, std::string_view language, std::string_view subject);

/// A notice as mail: its subject and its text, in Vietnamese.
struct NoticeMail {
    std::string subject = {};
    std::string text = {};
};
NoticeMail notice_mail(Locale const& locale, ServiceSettings const& settings, db::alarms::Notice const& notice);

/// A notice as a program gets it: {"id", "reason", "at", "kind", "subject", "severity", "since", "title", "text",
/// "who", "url"}; a trial has no alarm's members.
nlohmann::json notice_json(Locale const& locale, ServiceSettings const& settings, db::alarms::Notice const& notice);

} // namespace nguon::server::app
