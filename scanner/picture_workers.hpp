#pragma once

#include "core/runtime/worker_process.hpp"
#include "scanner/decode.hpp"

#include <atomic>

namespace nguon::scanner {

/// Pictures from strangers, read in sandboxed processes. Errors of all: "picture.too_large", "picture.format",
/// "picture.broken", "picture.no_code" (decode only), "picture.timeout", "busy", "worker.unavailable".
class PictureWorkers {
public:
    /// The processes of `pool` answer `picture_tasks`; it must outlive this.
    explicit PictureWorkers(WorkerPool& pool) : pool_{pool} {}

    /// A picture that a process dies of is searched once more, without DataBar, on which ZXing 1.4 may abort.
    net::awaitable<Result<std::vector<DecodedCode>>> decode(std::string picture);
    net::awaitable<Result<Photos>> make_photos(std::string picture);

    /// The same for commands and tests; blocks the calling thread.
    Result<std::vector<DecodedCode>> decode_now(std::string_view picture);
    Result<Photos> make_photos_now(std::string_view picture);

    struct Counters {
        std::uint64_t cut_short = 0;      // searches that limits::picture_search_time ended
        std::uint64_t searched_again = 0; // pictures that a process died of
    };
    Counters counters() const { return {cut_short_.load(), searched_again_.load()}; }

private:
    Result<std::vector<DecodedCode>> to_codes(Result<std::string> const& answer);
    bool needs_another_search(Result<std::string> const& answer);

    WorkerPool& pool_;
    std::atomic<std::uint64_t> cut_short_ = 0;
    std::atomic<std::uint64_t> searched_again_ = 0;
};

/// What a worker process must be able to do for `PictureWorkers`.
std::vector<WorkerTask> picture_tasks();

} // namespace nguon::scanner
