#include "server/app/notice_channels.hpp"

#include "core/bytes.hpp"
#include "core/files.hpp"
#include "core/http/client.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "core/runtime/mail.hpp"
#include "server/app/notice_text.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t mail_queue_max = 4;
constexpr unsigned http_ok_first = 200;
constexpr unsigned http_ok_last = 299;

Error failed(std::string what) { return Error{ErrorCode::unavailable, "alarm.not_sent", {what}, what, {}}; }

class EmailChannel final : public NoticeChannel {
public:
    EmailChannel(AlarmSettings const& alarms, std::string password, Locale const& locale,
                 ServiceSettings const& settings)
        : locale_{locale}, settings_{settings}, from_{alarms.email_from}, to_{alarms.email_to}
    {
        server_.url = alarms.email_server;
        server_.user = alarms.email_user;
        server_.password = std::move(password);
        server_.authority = alarms.email_authority;
        server_.time = limits::notice_time;
    }
    ~EmailChannel() override { stop_ = true; }

    std::string const& name() const override { return name_; }
    void stop() override { stop_ = true; }

    net::awaitable<Status> send(db::alarms::Notice notice) override
    {
        auto words = notice_mail(locale_, settings_, notice);
        Mail mail{from_, to_, std::move(words.subject), std::move(words.text), notice.id, SystemClock{}.now()};
        // libcurl blocks: not on a thread of connections.
        auto work = [this, mail = std::move(mail)] { return send_mail(server_, mail, stop_); };
        auto const sent = co_await pool_.run(std::move(work));
        co_return sent;
    }

private:
    std::string const name_ = "email";
    Locale const& locale_;
    ServiceSettings const& settings_;
    MailServer server_ = {};
    std::string from_;
    std::vector<std::string> to_;
    std::atomic<bool> stop_ = false;
    CpuPool pool_{1, mail_queue_max}; // last: joined before what its work uses goes
};

class WebhookChannel final : public NoticeChannel {
public:
    WebhookChannel(http::Url url, std::string secret, std::shared_ptr<tls::ContextSlot> tls, Locale const& locale,
                   ServiceSettings const& settings, net::any_io_executor executor)
        : locale_{locale}, settings_{settings}, path_{url.path.empty() ? "/" : url.path}, secret_{std::move(secret)},
          client_{executor, std::move(url), std::move(tls), client_limits()}
    {
    }

    std::string const& name() const override { return name_; }
    void stop() override { client_.close(); }

    net::awaitable<Status> send(db::alarms::Notice notice) override
    {
        auto const at = std::chrono::floor<std::chrono::seconds>(SystemClock{}.now()).time_since_epoch().count();
        auto const time = std::to_string(at);
        http::ClientRequest request;
        request.method = http::Method::post;
        request.target = path_;
        request.body = notice_json(locale_, settings_, notice).dump();
        request.headers.add("Content-Type", "application/json");
        request.headers.add("Idempotency-Key", notice.id);
        request.headers.add("Nguon-Timestamp", time);
        request.headers.add("Nguon-Signature", "v1=" + to_hex(hmac_sha256(secret_, time + "." + request.body)));
        auto const answer = co_await client_.send(std::move(request));
        client_.close(); // notices are rare
        if (auto const* const failure = std::get_if<http::ClientFailure>(&answer))
            co_return failed(std::string{http::to_text(failure->fault)} + ": " + failure->detail);
        auto const status = std::get<http::ClientResponse>(answer).status;
        if (status < http_ok_first || status > http_ok_last) co_return failed("HTTP " + std::to_string(status));
        co_return Done{};
    }

private:
    static http::ClientLimits client_limits()
    {
        http::ClientLimits out;
        out.total_time = limits::notice_time;
        out.body_bytes_max = limits::webhook_answer_bytes_max;
        return out;
    }

    std::string const name_ = "webhook";
    Locale const& locale_;
    ServiceSettings const& settings_;
    std::string path_;
    std::string secret_;
    http::Client client_;
};

Result<std::unique_ptr<NoticeChannel>> make_webhook(AlarmSettings const& alarms, Locale const& locale,
                                                    ServiceSettings const& settings, net::any_io_executor executor)
{
    auto url = http::parse_url(alarms.webhook_url);
    if (!url) return invalid("alarm.webhook_url", {alarms.webhook_url});
    auto secret = read_secret(alarms.webhook_secret_file);
    if (!secret) return secret.error();
    std::shared_ptr<tls::ContextSlot> slot;
    if (url->secure) {
        tls::ClientFiles files;
        files.authority = alarms.webhook_authority;
        auto context = tls::make_client_context(files);
        if (!context) return context.error();
        slot = std::make_shared<tls::ContextSlot>(*std::move(context));
    }
    return std::unique_ptr<NoticeChannel>{std::make_unique<WebhookChannel>(
        *std::move(url), *std::move(secret), std::move(slot), locale, settings, executor)};
}

} // namespace

std::vector<std::string> channel_names(AlarmSettings const& alarms)
{
    std::vector<std::string> out;
    if (!alarms.email_server.empty()) out.emplace_back("email");
    if (!alarms.webhook_url.empty()) out.emplace_back("webhook");
    return out;
}

Result<std::vector<std::unique_ptr<NoticeChannel>>> make_channels(AlarmSettings const& alarms, Locale const& locale,
                                                                  ServiceSettings const& settings,
                                                                  net::any_io_executor executor)
{
    std::vector<std::unique_ptr<NoticeChannel>> out;
    if (!alarms.email_server.empty()) {
        auto password = read_secret(alarms.email_password_file);
        if (!password) return password.error();
        out.push_back(std::make_unique<EmailChannel>(alarms, *std::move(password), locale, settings));
    }
    if (!alarms.webhook_url.empty()) {
        auto webhook = make_webhook(alarms, locale, settings, executor);
        if (!webhook) return webhook.error();
        out.push_back(*std::move(webhook));
    }
    return out;
}

} // namespace nguon::server::app
