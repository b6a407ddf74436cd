#pragma once

namespace nguon::testing {

/// A worker that does what the request says: echo, abort, loop, hang, open, socket, grow; "?" is a kind of its own,
/// and one that begins with a capital letter is none.
int test_worker_main();

} // namespace nguon::testing
