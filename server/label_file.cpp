#include "server/label_file.hpp"

#include "core/limits.hpp"
#include "core/runtime/log.hpp"
#include "db/database.hpp"
#include "server/app/labels.hpp"
#include "server/http/respond.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

constexpr std::chrono::milliseconds look_time{40};

/// A file that is on its way to somebody.
struct Sending {
    db::Database& database;
    OrganizationId org = {};
    std::string job = {};
    std::int64_t left = 0; // bytes
    std::int64_t next = 0;
};

/// Throws when the file ends before its end: then the connection is cut and the browser says that it is not whole.
net::awaitable<std::string> next_piece(std::shared_ptr<Sending> sending)
{
    auto work = [org = sending->org, job = sending->job, number = sending->next++](db::Connection& c) {
        return db::label_jobs::piece(c, org, job, number);
    };
    auto piece = co_await sending->database.read(std::move(work));
    if (!piece) throw std::runtime_error{"a label file cannot be read: " + piece.error().key};
    if (piece->empty() && sending->left > 0) throw std::runtime_error{"a label file was removed while it was sent"};
    sending->left -= static_cast<std::int64_t>(piece->size());
    co_return *std::move(piece);
}

net::awaitable<Result<db::label_jobs::Job>> find_job(Services& services, OrganizationId org, std::string id)
{
    auto work = [org = std::move(org), id = std::move(id)](db::Connection& c) {
        return db::label_jobs::find(c, org, id);
    };
    co_return co_await services.database.read(std::move(work));
}

/// "tem-L261121-0199e1c4.pdf"
std::string file_name_of(db::label_jobs::Job const& job)
{
    auto const content = nlohmann::json::parse(job.content, nullptr, false);
    auto const lot = content.is_object() ? content.value("lot", "") : std::string{};
    return "tem-" + (lot.empty() ? std::string{} : lot + "-") + job.id.substr(0, 8) + "." +
           std::string{app::label_format(job)};
}

} // namespace

net::awaitable<Result<db::label_jobs::Job>> wait_for_label_job(Services& services, OrganizationId org, std::string id,
                                                               std::chrono::milliseconds time)
{
    auto const end = std::chrono::steady_clock::now() + time;
    net::steady_timer timer{co_await net::this_coro::executor};
    for (;;) {
        auto job = co_await find_job(services, org, id);
        if (!job || !job->is_open() || std::chrono::steady_clock::now() >= end) co_return job;
        timer.expires_after(look_time);
        boost::system::error_code ignored;
        co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
    }
}

net::awaitable<Result<http::Response>> label_file(Services& services, OrganizationId org, std::string id)
{
    auto const job = co_await wait_for_label_job(services, org, id, limits::label_wait_time);
    if (!job) co_return job.error();
    if (job->is_open() || job->state == "held") co_return conflict("label_job.not_ready");
    bool const kept = job->has_file() && *job->file_until > services.clock.now();
    if (!kept) co_return conflict("label_job.no_file");
    auto const sending = std::make_shared<Sending>(Sending{services.database, org, id, job->file_size});
    auto first = co_await next_piece(sending);
    auto const whole = static_cast<std::int64_t>(first.size()) == job->file_size;
    auto const* const media_type =
        app::label_format(*job) == "pdf" ? "application/pdf" : "application/octet-stream"; // for a printer
    auto response = file_response(std::move(first), media_type, file_name_of(*job));
    if (!whole) {
        sending->next = 0;
        sending->left = job->file_size;
        response.body = http::Generator{[sending] { return next_piece(sending); }};
    }
    co_return response;
}

std::optional<std::string> job_of_file(std::string_view name)
{
    for (std::string_view const ending : {".pdf", ".zpl", ".tspl", ".epl"})
        if (name.ends_with(ending)) return std::string{name.substr(0, name.size() - ending.size())};
    return std::nullopt;
}

void wake_label_worker(Services const& services)
{
    if (services.wake_label_worker) services.wake_label_worker();
}

} // namespace nguon::server
