#include "cli/decode_worker.hpp"

#include "scanner/picture_workers.hpp"

namespace nguon::cli {

int run_decode_worker() { return scanner::picture_worker_main(); }

} // namespace nguon::cli
