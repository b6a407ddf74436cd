#include "server/file_worker.hpp"

#include "scanner/picture_workers.hpp"
#include "scanner/symbol_proof.hpp"
#include "server/app/sheet_workers.hpp"

namespace nguon::server {

std::vector<WorkerTask> file_worker_tasks()
{
    auto tasks = scanner::picture_tasks();
    tasks.push_back(scanner::symbol_task());
    tasks.push_back(app::sheet_task());
    return tasks;
}

} // namespace nguon::server
