#include "core/runtime/config.hpp"

#include "core/runtime/settings_table.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace nguon {
namespace {

class Config : public ::testing::Test {
protected:
    Result<Settings> load(std::string const& toml, Environment const& environment = {})
    {
        auto const file = dir_.path() / "nguon.toml";
        std::ofstream{file} << toml;
        return load_settings(file, environment);
    }

    static bool has_fault(Result<Settings> const& settings, std::string const& pointer, std::string const& key)
    {
        return !settings.ok() && std::ranges::any_of(settings.error().fields, [&](FieldError const& field) {
            return field.pointer == pointer && field.key == key;
        });
    }

    testing::TempDir dir_;
};

TEST_F(Config, HasDefaultsWithoutAFile)
{
    auto const settings = load_settings(std::nullopt, {});
    ASSERT_TRUE(settings.ok());
    EXPECT_EQ(settings->province.code, "12");
    EXPECT_EQ(settings->database.readers, 4U);
    EXPECT_TRUE(settings->serve.http.empty());
    EXPECT_TRUE(settings->connector.enabled);
}

TEST_F(Config, ReadsEverySection)
{
    auto const settings = load(R"(
        [serve]
        http = ["127.0.0.1:8080", "[::1]:8080"]
        public_url = "https://truyxuat.example.vn/"
        former_hosts = ["cu.example.vn"]
        [database]
        readers = 8
        [limits]
        handler_time = 5
        [metrics]
        listen = "127.0.0.1:9100"
        [[target]]
        name = "national"
        url = "https://portal.example.vn"
        pins = ["aa"]
        [[target]]
        name = "copy"
        adapter = "file"
        url = "/srv/copy"
    )");
    ASSERT_TRUE(settings.ok()) << describe_faults(settings.error());
    ASSERT_EQ(settings->serve.http.size(), 2U);
    EXPECT_EQ(to_text(settings->serve.http[1]), "[::1]:8080");
    EXPECT_EQ(settings->serve.public_url, "https://truyxuat.example.vn");
    EXPECT_EQ(settings->database.readers, 8U);
    EXPECT_EQ(settings->limits.handler_time, std::chrono::seconds{5});
    EXPECT_EQ(settings->metrics.listen->port, 9100);
    ASSERT_EQ(settings->targets.size(), 2U);
    EXPECT_EQ(settings->targets[0].adapter, "most");
    EXPECT_EQ(settings->targets[1].adapter, "file");
}

TEST_F(Config, ReportsEveryFaultAtOnce)
{
    auto const settings = load(R"(
        unknown_section = 1
        [serve]
        http = ["localhost:80", "127.0.0.1:8080"]
        htpp = []
        https = ["0.0.0.0:443"]
        [database]
        readers = 0
        writers = "many"
        [log]
        level = "loud"
        [[target]]
        name = "a b"
        url = "http://plain.example.vn"
        certificate = "/x"
        colour = "red"
    )",
                               {{"NGUON_SERVE_COLOUR", "red"}});
    EXPECT_TRUE(has_fault(settings, "unknown_section", "config.unknown"));
    EXPECT_TRUE(has_fault(settings, "serve.http", "config.endpoint"));
    EXPECT_TRUE(has_fault(settings, "serve.htpp", "config.unknown"));
    EXPECT_TRUE(has_fault(settings, "tls.certificate", "config.https_needs_certificate"));
    EXPECT_TRUE(has_fault(settings, "database.readers", "config.out_of_range"));
    EXPECT_TRUE(has_fault(settings, "database.writers", "config.expected_number"));
    EXPECT_TRUE(has_fault(settings, "log.level", "config.not_a_choice"));
    EXPECT_TRUE(has_fault(settings, "target.0.name", "config.target_name"));
    EXPECT_TRUE(has_fault(settings, "target.0.url", "config.https_url"));
    EXPECT_TRUE(has_fault(settings, "target.0.key", "config.certificate_and_key"));
    EXPECT_TRUE(has_fault(settings, "target.0.colour", "config.unknown"));
    EXPECT_TRUE(has_fault(settings, "NGUON_SERVE_COLOUR", "config.unknown"));
}

TEST_F(Config, LetsTheEnvironmentOverrideTheFile)
{
    auto const settings = load("[database]\nreaders = 8\n[serve]\nhttp = [\"127.0.0.1:1\"]",
                               {{"NGUON_DATABASE_READERS", "16"},
                                {"NGUON_SERVE_HTTP", "127.0.0.1:8081, [::1]:8081"},
                                {"NGUON_CONNECTOR_ENABLED", "false"},
                                {"NGUON_ADMIN_LOGIN", "root"}});
    ASSERT_TRUE(settings.ok()) << describe_faults(settings.error());
    EXPECT_EQ(settings->database.readers, 16U);
    EXPECT_EQ(settings->serve.http.size(), 2U);
    EXPECT_FALSE(settings->connector.enabled);
}

TEST_F(Config, TakesNumbersWithinTheirBoundsOnly)
{
    EXPECT_FALSE(load_settings(std::nullopt, {{"NGUON_DATABASE_READERS", "0"}}).ok());
    EXPECT_TRUE(load_settings(std::nullopt, {{"NGUON_DATABASE_READERS", "1"}}).ok());
    EXPECT_TRUE(load_settings(std::nullopt, {{"NGUON_DATABASE_READERS", "64"}}).ok());
    EXPECT_FALSE(load_settings(std::nullopt, {{"NGUON_DATABASE_READERS", "65"}}).ok());
    EXPECT_FALSE(load_settings(std::nullopt, {{"NGUON_DATABASE_READERS", "4x"}}).ok());
    EXPECT_FALSE(load_settings(std::nullopt, {{"NGUON_DATABASE_READERS", ""}}).ok());
}

TEST_F(Config, RefusesTwoTargetsOfOneName)
{
    auto const target = std::string{"[[target]]\nname = \"a\"\nadapter = \"file\"\nurl = \"/x\"\n"};
    EXPECT_TRUE(load(target).ok());
    EXPECT_TRUE(has_fault(load(target + target), "target.1.name", "config.target_repeated"));
}

TEST_F(Config, ChecksWhereAlarmsGo)
{
    EXPECT_TRUE(load(R"(
        [alarms]
        email_server = "smtp://mail.tinh.gov.vn:587"
        email_from = "nguon@tinh.gov.vn"
        email_to = ["so@tinh.gov.vn"]
        webhook_url = "http://127.0.0.1:9000/nguon"
        webhook_secret_file = "/etc/nguon/hook"
    )"));
    auto const wrong = load(R"(
        [alarms]
        email_server = "mail.tinh.gov.vn"
        email_user = "nguon"
        email_from = "nguon"
        email_to = ["so@tinh.gov.vn", "a@b>\r\nBcc: c@d"]
        webhook_url = "http://127.0.0.1.example/"
    )");
    EXPECT_TRUE(has_fault(wrong, "alarms.email_server", "config.smtp_url"));
    EXPECT_TRUE(has_fault(load("[alarms]\nemail_server = \"smtp://nguon@mail.example\""), "alarms.email_server",
                          "config.smtp_url"));
    EXPECT_TRUE(has_fault(wrong, "alarms.email_password_file", "config.missing"));
    EXPECT_TRUE(has_fault(wrong, "alarms.email_from", "config.mail_address"));
    EXPECT_TRUE(has_fault(wrong, "alarms.email_to", "config.mail_address"));
    EXPECT_TRUE(has_fault(wrong, "alarms.webhook_url", "config.webhook_url"));
    EXPECT_TRUE(has_fault(wrong, "alarms.webhook_secret_file", "config.missing"));
    EXPECT_TRUE(has_fault(load("[alarms]\nemail_server = \"smtp://m\"\nemail_from = \"a@b\""), "alarms.email_to",
                          "config.missing"));
}

TEST_F(Config, NamesTheLineOfASyntaxFault)
{
    auto const settings = load("[serve]\nhttp = [");
    ASSERT_TRUE(has_fault(settings, "file", "config.syntax"));
    EXPECT_NE(describe_faults(settings.error()).find("is not valid TOML"), std::string::npos);
    EXPECT_FALSE(load_settings(dir_.path() / "missing.toml", {}).ok());
}

TEST_F(Config, LoadsItsOwnExampleAsTheDefaults)
{
    auto const settings = load(example_settings());
    ASSERT_TRUE(settings.ok()) << describe_faults(settings.error());
    Settings const defaults;
    EXPECT_EQ(settings->limits.connections, defaults.limits.connections);
    EXPECT_EQ(settings->limits.drain_time, defaults.limits.drain_time);
    EXPECT_EQ(settings->workers.cpu_queue, defaults.workers.cpu_queue);
    EXPECT_EQ(settings->workers.decode_processes, defaults.workers.decode_processes);
    EXPECT_EQ(settings->log.level, defaults.log.level);
    EXPECT_FALSE(settings->metrics.listen.has_value());
}

TEST_F(Config, ExplainsEveryFaultInASentence)
{
    for (auto const* const key : {"config.unknown", "config.expected_text", "config.endpoint", "config.syntax"}) {
        EXPECT_NE(settings_table::sentence(key), key);
    }
}

TEST(EndpointText, IsReadStrictly)
{
    EXPECT_TRUE(parse_endpoint("0.0.0.0:0").ok());
    EXPECT_TRUE(parse_endpoint("[::1]:65535").ok());
    for (auto const* const wrong : {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80",
                                    "[127.0.0.1]:80", "localhost:80", "127.0.0.1:80x", "127.0.0.1: 80"}) {
        EXPECT_FALSE(parse_endpoint(wrong).ok()) << wrong;
    }
}

} // namespace
} // namespace nguon
