#pragma once

#include "core/http/message.hpp"
#include "db/label_jobs.hpp"
#include "server/services.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

/// What pages and API share of the files that label jobs draw.
namespace nguon::server {

namespace net = boost::asio;

/// The job as soon as it is neither waiting nor being drawn, or when the time is over: a few labels are drawn before a
/// person notices. Errors: "label_job.unknown".
net::awaitable<Result<db::label_jobs::Job>> wait_for_label_job(Services& services, OrganizationId org, std::string id,
                                                               std::chrono::milliseconds time);

/// The file of a job, piece by piece from the database, so that every server has it and none holds it in memory.
/// Errors: those of `wait_for_label_job`, conflict "label_job.not_ready" while it is not drawn, "label_job.no_file"
/// when it ended without one or its file is not kept any longer.
net::awaitable<Result<http::Response>> label_file(Services& services, OrganizationId org, std::string id);

/// The job whose file is called so in addresses, "ID.pdf" or "ID.zpl"; nothing for the job itself.
std::optional<std::string> job_of_file(std::string_view name);

/// A job was put into the queue.
void wake_label_worker(Services const& services);

} // namespace nguon::server
