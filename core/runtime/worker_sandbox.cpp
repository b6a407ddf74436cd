#include "core/runtime/worker_process.hpp"
#include "core/runtime/worker_socket.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace nguon {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

void set_limit(__rlimit_resource resource, rlim_t value)
{
    rlimit const limit{value, value};
    ::setrlimit(resource, &limit);
}

// Reading and writing what is open, memory, time, threads' locks, and ending. Everything else ends the process; opening
// is merely refused, because libraries look for locales and processors and do without.
bool lock_in()
{
    auto const otherwise = sanitized ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS;
    auto* const filter = seccomp_init(otherwise);
    if (!filter) return false;
    constexpr int allowed[] = {
        SCMP_SYS(read),         SCMP_SYS(write),           SCMP_SYS(readv),        SCMP_SYS(writev),
        SCMP_SYS(brk),          SCMP_SYS(munmap),          SCMP_SYS(mremap),       SCMP_SYS(madvise),
        SCMP_SYS(futex),        SCMP_SYS(clock_gettime),   SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep),
        SCMP_SYS(getrandom),    SCMP_SYS(setitimer),       SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),     SCMP_SYS(getpid),       SCMP_SYS(gettid),
        SCMP_SYS(tgkill),       SCMP_SYS(sched_yield),     SCMP_SYS(close),        SCMP_SYS(exit),
        SCMP_SYS(exit_group),   SCMP_SYS(restart_syscall),
    };
    constexpr int refused[] = {
        SCMP_SYS(open),       SCMP_SYS(openat),   SCMP_SYS(stat),
        SCMP_SYS(newfstatat), SCMP_SYS(fstat),    SCMP_SYS(access),
        SCMP_SYS(ioctl),      SCMP_SYS(sysinfo),  SCMP_SYS(sched_getaffinity),
        SCMP_SYS(prlimit64),  SCMP_SYS(readlink), SCMP_SYS(lseek),
        SCMP_SYS(readlinkat), SCMP_SYS(uname),
    };
    bool good = true;
    for (int const call : allowed) good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    for (int const call : refused) good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0) == 0;
    // Memory, but never memory that can be executed.
    for (int const call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
        good =
            good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    }
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

void set_cpu_timer(std::chrono::milliseconds time)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    itimerval timer{};
    timer.it_value.tv_sec = seconds.count();
    timer.it_value.tv_usec = std::chrono::microseconds{time - seconds}.count();
    ::setitimer(ITIMER_PROF, &timer, nullptr);
}

std::string answer_one(std::vector<WorkerTask> const& tasks, std::string_view request)
{
    for (auto const& task : tasks)
        if (request.starts_with(task.kind)) return task.answer(request);
    return {};
}

} // namespace

int worker_main(std::vector<WorkerTask> const& tasks, WorkerLimits const& limits)
{
    // Without the pool's socket somebody started this by hand.
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(worker_socket::descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return 2;

    ::close_range(worker_socket::descriptor + 1, ~0U, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // no core file with somebody's data
    std::signal(SIGPROF, SIG_DFL);
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, worker_socket::descriptor + 1);
    if (!sanitized) set_limit(RLIMIT_AS, limits.memory_bytes);
    if (!lock_in()) return 1;

    std::string request;
    while (worker_socket::read_message(worker_socket::descriptor, request, limits.request_bytes_max) ==
           worker_socket::Outcome::done) {
        // A timer for each request: RLIMIT_CPU would add up over all of them.
        set_cpu_timer(limits.cpu_time);
        auto const answer = answer_one(tasks, request);
        set_cpu_timer({});
        if (worker_socket::write_message(worker_socket::descriptor, answer) != worker_socket::Outcome::done) break;
    }
    return 0;
}

} // namespace nguon
