#include "core/runtime/mail.hpp"

#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace nguon {
namespace {

Mail a_mail()
{
    Mail mail;
    mail.from = "nguon@tinh.example";
    mail.to = {"an.toan@tinh.example", "so@tinh.example"};
    mail.subject = "[Nguồn Lai Châu] Nghiêm trọng: Đã dừng gửi vì chứng thư của cổng quốc gia không đáng tin";
    mail.text = "Hệ thống vừa phát hiện.\n";
    mail.id = "0190-1";
    mail.at = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{20}};
    return mail;
}

TEST(MailMessage, HasHeadersInAsciiAndTheTextInUtf8)
{
    auto const message = to_message(a_mail());
    for (unsigned char const c : message) EXPECT_LT(c, 0x80U);
    EXPECT_NE(message.find("Date: Mon, 23 Nov 2026 03:00:00 +0700\r\n"), std::string::npos);
    EXPECT_NE(message.find("Message-ID: <0190-1@tinh.example>\r\n"), std::string::npos);
    EXPECT_NE(message.find("To: <an.toan@tinh.example>,\r\n <so@tinh.example>\r\n"), std::string::npos);
    EXPECT_NE(message.find("Auto-Submitted: auto-generated\r\n"), std::string::npos);
    auto const body = message.substr(message.find("\r\n\r\n") + 4);
    EXPECT_EQ(*from_base64(body.substr(0, body.size() - 2)), "Hệ thống vừa phát hiện.\n");
}

TEST(MailMessage, CutsNoCharacterOfALongSubject)
{
    auto const mail = a_mail();
    auto const message = to_message(mail);
    std::regex const word{R"re(=\?UTF-8\?B\?([^?]*)\?=)re"};
    std::string subject;
    for (std::sregex_iterator it{message.begin(), message.end(), word}; it != std::sregex_iterator{}; ++it) {
        EXPECT_LE(it->str().size(), 75U);
        auto const piece = *from_base64((*it)[1].str());
        EXPECT_NE(static_cast<unsigned char>(piece.front()) & 0xC0U, 0x80U);
        subject += piece;
    }
    EXPECT_EQ(subject, mail.subject);
}

TEST(MailMessage, NobodyThereIsAnError)
{
    MailServer server;
    server.url = "smtp://127.0.0.1:1";
    server.time = std::chrono::seconds{5};
    std::atomic<bool> stop = false;
    auto const sent = send_mail(server, a_mail(), stop);
    ASSERT_FALSE(sent.ok());
    EXPECT_EQ(sent.error().key, "mail.failed");
}

} // namespace
} // namespace nguon
