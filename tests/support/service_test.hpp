#pragma once

#include "core/http/listener.hpp"
#include "core/http/uri.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "core/runtime/metrics.hpp"
#include "db/database.hpp"
#include "server/app/label_worker.hpp"
#include "server/app/scan_counter.hpp"
#include "server/auth/accounts.hpp"
#include "server/auth/api_keys.hpp"
#include "server/auth/passwords.hpp"
#include "server/http/page_cache.hpp"
#include "server/http/static_files.hpp"
#include "server/service.hpp"
#include "server/web/embedded.hpp"
#include "server/web/locale.hpp"
#include "server/web/template.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon::testing {

/// One answer as it came over the socket.
struct Answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};

    /// The first header field of that name, or "".
    std::string header(std::string_view name) const
    {
        auto const same = [&](auto const& field) {
            return std::ranges::equal(field.first, name, [](char a, char b) {
                return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
            });
        };
        auto const found = std::ranges::find_if(headers, same);
        return found == headers.end() ? std::string{} : found->second;
    }
    bool says(std::string_view text) const { return body.find(text) != std::string::npos; }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A browser without scripts: keeps cookies, fetches a page's token before it sends a form. Speaks to loopback.
class Browser {
public:
    explicit Browser(std::uint16_t port) : port_{port} {}

    Fields headers = {{"Accept", "text/html,*/*;q=0.8"}}; // sent with every request

    Answer get(std::string const& target) { return send("GET", target, {}, {}); }

    Answer send(std::string const& method, std::string const& target, std::string const& body, Fields more)
    {
        std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                              "\r\nConnection: close\r\n";
        for (auto const& [name, value] : headers) request += name + ": " + value + "\r\n";
        for (auto const& [name, value] : more) request += name + ": " + value + "\r\n";
        if (!cookies.empty()) request += "Cookie: " + cookie_header() + "\r\n";
        if (!body.empty() || method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        RawClient client{port_};
        client.send(request + "\r\n" + body);
        auto answer = read_answer(client.read_all());
        keep_cookies(answer);
        return answer;
    }

    /// Sends a form as it stands.
    Answer post_raw(std::string const& target, Fields const& fields, Fields more = {})
    {
        more.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        return send("POST", target, http::to_query(fields), std::move(more));
    }

    /// Opens `page` (empty: the target itself) for its token and sends the form with it.
    Answer post(std::string const& target, Fields fields, std::string const& page = {})
    {
        fields.emplace_back("csrf", token_of(get(page.empty() ? target : page)));
        return post_raw(target, fields);
    }

    /// The value of the first field "csrf" of a page.
    static std::string token_of(Answer const& page)
    {
        constexpr std::string_view mark = "name=\"csrf\" value=\"";
        auto const at = page.body.find(mark);
        if (at == std::string::npos) return {};
        auto const begin = at + mark.size();
        return page.body.substr(begin, page.body.find('"', begin) - begin);
    }

    Answer sign_in(std::string const& login, std::string const& password = "Ruộng bậc thang 12!")
    {
        return post("/console/sign-in", {{"login", login}, {"password", password}});
    }

    std::map<std::string, std::string> cookies;

private:
    std::string cookie_header() const
    {
        std::string out;
        for (auto const& [name, value] : cookies) out += (out.empty() ? "" : "; ") + name + "=" + value;
        return out;
    }

    void keep_cookies(Answer const& answer)
    {
        for (auto const& [name, value] : answer.headers) {
            if (name != "Set-Cookie") continue;
            auto const equals = value.find('=');
            auto const end = value.find(';');
            auto const cookie = value.substr(0, equals);
            if (value.find("Max-Age=0") != std::string::npos) {
                cookies.erase(cookie);
            } else {
                cookies[cookie] = value.substr(equals + 1, end - equals - 1);
            }
        }
    }

    static std::string unchunked(std::string_view text)
    {
        std::string out;
        while (!text.empty()) {
            auto const line = text.find("\r\n");
            if (line == std::string_view::npos) break;
            auto const size = std::stoul(std::string{text.substr(0, line)}, nullptr, 16);
            if (size == 0) break;
            out += text.substr(line + 2, size);
            text.remove_prefix(line + 2 + size + 2);
        }
        return out;
    }

    static Answer read_answer(std::string_view text)
    {
        Answer answer;
        auto const end = text.find("\r\n\r\n");
        if (end == std::string_view::npos || text.size() < 12) return answer;
        answer.status = static_cast<unsigned>(std::stoul(std::string{text.substr(9, 3)}));
        auto lines = text.substr(text.find("\r\n") + 2, end - text.find("\r\n") - 2);
        while (!lines.empty()) {
            auto const stop = std::min(lines.find("\r\n"), lines.size());
            auto const line = lines.substr(0, stop);
            lines.remove_prefix(std::min(stop + 2, lines.size()));
            auto const colon = line.find(": ");
            if (colon == std::string_view::npos) continue;
            answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        }
        auto const body = text.substr(end + 4);
        answer.body = answer.header("Transfer-Encoding") == "chunked" ? unchunked(body) : std::string{body};
        return answer;
    }

    std::uint16_t port_;
};

/// A file of a multipart form.
struct Upload {
    std::string field = {};
    std::string name = {};
    std::string media_type = {};
    std::string bytes = {};
};

/// Sends a multipart form with the token of `page` (empty: the target itself).
inline Answer post_files(Browser& client, std::string const& target, Fields fields,
                         std::vector<Upload> const& files = {}, std::string const& page = {})
{
    fields.emplace_back("csrf", Browser::token_of(client.get(page.empty() ? target : page)));
    std::string const boundary = "----form-of-the-test";
    std::string body;
    for (auto const& [name, value] : fields)
        body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    for (auto const& file : files)
        body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + file.field + "\"; filename=\"" +
                file.name + "\"\r\nContent-Type: " + file.media_type + "\r\n\r\n" + file.bytes + "\r\n";
    body += "--" + boundary + "--\r\n";
    return client.send("POST", target, body, {{"Content-Type", "multipart/form-data; boundary=" + boundary}});
}

/// The whole service on a free loopback port, with real SQLite in a folder of its own. A suite changes `settings` in
/// `adjust` and adds routes in `routes`.
class ServiceTest : public ::testing::Test {
protected:
    static constexpr char const* password = "Ruộng bậc thang 12!";

    void SetUp() override
    {
        db::DatabaseSettings storage;
        storage.data_dir = dir.path() / "data";
        storage.readers = 2;
        auto opened = db::Database::open(storage);
        ASSERT_TRUE(opened.ok()) << opened.error().key << ' ' << opened.error().log_text;
        database = *std::move(opened);

        auto catalogue = server::Locale::load(embedded::locale());
        ASSERT_TRUE(catalogue.ok()) << catalogue.error().log_text;
        locale = std::make_unique<server::Locale>(*std::move(catalogue));
        auto compiled = server::Templates::load(embedded::templates(), *locale);
        ASSERT_TRUE(compiled.ok()) << compiled.error().log_text;
        templates = std::make_unique<server::Templates>(*std::move(compiled));

        adjust();
        services = std::make_unique<server::Services>(
            server::Services{*database, clock, cpu_pool, pictures, sheet_workers, metrics, settings, *locale,
                             *templates, static_files, draining, scans, [this] { ++connector_woken; }, page_cache});
        label_worker = std::make_unique<server::app::LabelWorker>(*database, clock, metrics, label_options);
        services->wake_label_worker = [this] { label_worker->wake(); };
        service = std::make_unique<server::Service>(*services, routes());
        http::SessionOptions options;
        options.body_policy = service->body_policy();
        options.kept_answers = service->kept_answers();
        options.refuse = service->refusals();
        options.spool_dir = dir.path();
        listener = std::make_unique<http::Listener>(threads.executor(), service->handler(), options);
        auto const bound = listener->listen(Endpoint{"127.0.0.1", 0});
        ASSERT_TRUE(bound.ok());
        port = bound->port;
        if (draws_labels) label_worker->start();
    }

    void TearDown() override
    {
        if (listener) listener->abort();
        cpu_pool.join();
        threads.stop();
        listener.reset();
        if (label_worker) label_worker->stop();
        if (database) database->close();
    }

    /// May also set `pictures`, when the suite needs workers.
    virtual void adjust() {}
    virtual std::vector<server::Route> routes() { return server::all_routes(); }

    Browser browser() { return Browser{port}; }

    /// A program with this key.
    Browser program(std::string const& key)
    {
        Browser client{port};
        client.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer " + key}};
        return client;
    }

    /// Runs `work` in a transaction of its own.
    template <typename Work>
    auto write(Work work)
    {
        return database->write_now(std::move(work));
    }

    /// A person with `password`; hashed at the least cost, so that tests are quick.
    PersonId add_person(std::string const& login, server::Role role, OrganizationId const& org = {},
                        bool must_change = false)
    {
        server::NewAccount wanted;
        wanted.login = login;
        wanted.password_hash = server::hash_password_now(password, server::PasswordCost::least);
        wanted.name = "Lò Thị Mai";
        wanted.role = role;
        wanted.org = org;
        wanted.must_change = must_change;
        wanted.created_by = "test";
        auto created = write([&](db::Connection& c) { return server::create_account(c, wanted, clock.now()); });
        EXPECT_TRUE(created.ok()) << created.error().key << ' ' << created.error().log_text;
        return created.value_or(PersonId{});
    }

    /// A key of that role; returns what goes behind "Bearer".
    server::CreatedKey add_key(server::Role role, OrganizationId const& org = {}, server::Scopes scopes = {},
                               std::optional<Instant> expires_at = {})
    {
        server::NewKey wanted;
        wanted.name = "kho trung tâm";
        wanted.role = role;
        wanted.org = org;
        wanted.scopes = scopes;
        wanted.expires_at = expires_at;
        wanted.created_by = "test";
        auto created = write([&](db::Connection& c) { return server::create_key(c, wanted, clock.now()); });
        EXPECT_TRUE(created.ok()) << created.error().key;
        return created.value_or(server::CreatedKey{});
    }

    /// A browser with an open session of that person.
    Browser signed_in(std::string const& login)
    {
        Browser client{port};
        auto const answer = client.sign_in(login, password);
        EXPECT_EQ(answer.status, 303U) << answer.body;
        return client;
    }

    TempDir dir;
    FakeClock clock;
    IoThreads threads;
    CpuPool cpu_pool{2, 64};
    Metrics metrics;
    server::ServiceSettings settings;
    server::StaticFiles static_files{embedded::static_files()};
    std::atomic<bool> draining = false;
    scanner::PictureWorkers* pictures = nullptr;
    server::app::SheetWorkers* sheet_workers = nullptr;
    server::ScanCounter scans{1000};
    server::PageCache page_cache{std::chrono::seconds{60}};
    std::atomic<int> connector_woken = 0;
    std::unique_ptr<db::Database> database;
    bool draws_labels = true; // jobs that are put into the queue, as a served installation does
    server::app::LabelWorkerOptions label_options{.holder = "test", .take_over = true};
    std::unique_ptr<server::app::LabelWorker> label_worker;
    std::unique_ptr<server::Locale> locale;
    std::unique_ptr<server::Templates> templates;
    std::unique_ptr<server::Services> services;
    std::unique_ptr<server::Service> service;
    std::unique_ptr<http::Listener> listener;
    std::uint16_t port = 0;
};

} // namespace nguon::testing
