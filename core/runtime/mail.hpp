#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

/// Plain mails by SMTP (libcurl).
namespace nguon {

struct MailServer {
    std::string url = {}; // smtp://host:587 or smtps://host:465
    std::string user = {};
    std::string password = {};
    std::filesystem::path authority = {};                      // PEM; empty: the system's
    std::chrono::milliseconds time = std::chrono::seconds{30}; // from the name to the last answer
};

struct Mail {
    std::string from = {};
    std::vector<std::string> to = {};
    std::string subject = {};
    std::string text = {};
    std::string id = {}; // in front of the sender's domain in Message-ID: one mail sent twice is known by it
    Instant at = {};
};

/// The message as RFC 5322 has it: headers in ASCII, the text in UTF-8 as base64.
std::string to_message(Mail const& mail);

/// Blocks until the server has taken the mail for every receiver, at most `time`; `stop` ends it within a second.
/// Nothing goes over an unencrypted connection except to this machine itself. Errors: unavailable "mail.failed" with
/// what the library said in values[0].
Status send_mail(MailServer const& server, Mail const& mail, std::atomic<bool> const& stop);

} // namespace nguon
