#pragma once

namespace nguon::testing {

/// A worker that does what the request says: echo, abort, loop, hang, open, socket, grow.
int test_worker_main();

} // namespace nguon::testing
