#pragma once

#include "core/runtime/worker_process.hpp"
#include "scanner/decode.hpp"

namespace nguon::scanner {

/// Pictures from strangers, read in sandboxed processes. Errors of all: "picture.too_large", "picture.format",
/// "picture.broken", "picture.no_code" (decode only), "picture.timeout", "busy", "worker.unavailable".
class PictureWorkers {
public:
    /// The processes of `pool` answer `picture_tasks`; it must outlive this.
    explicit PictureWorkers(WorkerPool& pool) : pool_{pool} {}

    net::awaitable<Result<std::vector<DecodedCode>>> decode(std::string picture);
    net::awaitable<Result<Photos>> make_photos(std::string picture);

    /// The same for commands and tests; blocks the calling thread.
    Result<std::vector<DecodedCode>> decode_now(std::string_view picture);
    Result<Photos> make_photos_now(std::string_view picture);

private:
    WorkerPool& pool_;
};

/// What a worker process must be able to do for `PictureWorkers`.
std::vector<WorkerTask> picture_tasks();

} // namespace nguon::scanner
