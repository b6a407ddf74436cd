#pragma once

#include "core/runtime/worker_process.hpp"
#include "server/app/spreadsheet.hpp"

namespace nguon {
class CpuPool;
}

namespace nguon::server::app {

/// Spreadsheets from strangers, read in sandboxed processes.
class SheetWorkers {
public:
    /// The processes of `pool` answer `sheet_task`; both must outlive this.
    SheetWorkers(WorkerPool& pool, CpuPool& cpu_pool) : pool_{pool}, cpu_pool_{cpu_pool} {}

    /// What `read_sheet` says of the file. Further errors: "file.too_complex", "file.unreadable" (the process died of
    /// it), "worker.unavailable", "busy".
    net::awaitable<Result<SheetRows>> read(std::string xlsx);

private:
    WorkerPool& pool_;
    CpuPool& cpu_pool_;
};

/// What a worker process must be able to do for `SheetWorkers`.
WorkerTask sheet_task();

/// The bytes to send to a worker.
std::string sheet_request(std::string_view xlsx);

/// The parent's side. Errors: those that the child reports; "sheet.format" when the answer is not well-formed.
Result<SheetRows> read_sheet_answer(std::string_view answer);

} // namespace nguon::server::app
