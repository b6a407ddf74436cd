#pragma once

#include "core/runtime/worker_process.hpp"

namespace nguon::server {

/// The program's argument that makes it a worker process.
inline constexpr std::string_view file_worker_argument = "file-worker";

/// All that the service has read in worker processes: pictures, drawn symbols and spreadsheets.
std::vector<WorkerTask> file_worker_tasks();

} // namespace nguon::server
