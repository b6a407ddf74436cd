#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace nguon::testing {

/// An SQLite VFS over the system's whose disk is slow, fails, is full or loses its process on demand.
class TestVfs {
public:
    /// Registers itself under a name of its own for the life of the value, which must be longer than any connection's.
    TestVfs();
    ~TestVfs();
    TestVfs(TestVfs const&) = delete;
    TestVfs& operator=(TestVfs const&) = delete;

    std::string const& name() const;

    std::chrono::milliseconds sync_time{0};
    std::atomic<bool> sync_fails = false;
    std::atomic<bool> is_full = false;
    std::atomic<int> exit_at_operation = 0; // _exit(9) at the Nth write, sync or truncation from now; 0: never
    std::atomic<int> syncs = 0;

    // What the files call.
    bool is_out_of_space() const { return is_full; }
    void count_operation();
    bool sync_succeeds();

private:
    struct Registered;
    std::unique_ptr<Registered> registered_;
};

} // namespace nguon::testing
