#include "core/office/pdf.hpp"

#include "core/files.hpp"
#include "core/runtime/log.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h> // of glibc 2.36, which does not say itself that it is C
}

namespace nguon::office {
namespace {

namespace fs = std::filesystem;

/// A folder that nobody else may look into; removed with all that the program left in it.
class PrivateFolder {
public:
    PrivateFolder()
    {
        std::error_code failed;
        auto pattern = (fs::temp_directory_path(failed) / "nguon-pdf-XXXXXX").string();
        if (!failed && ::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
    }
    ~PrivateFolder()
    {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    PrivateFolder(PrivateFolder const&) = delete;
    PrivateFolder& operator=(PrivateFolder const&) = delete;

    fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

enum class Ending { done, failed, too_slow };

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

/// Starts the program as the leader of a process group of its own; 0 when it could not be started.
pid_t start(fs::path const& program, fs::path const& folder)
{
    std::vector<std::string> arguments{program.string(),
                                       "-env:UserInstallation=file://" + (folder / "profile").string(),
                                       "--headless",
                                       "--norestore",
                                       "--nolockcheck",
                                       "--nodefault",
                                       "--convert-to",
                                       "pdf:writer_pdf_Export",
                                       "--outdir",
                                       folder.string(),
                                       (folder / "document.docx").string()};
    // Nothing of our environment: no proxy, no display, no settings of the account that serves.
    std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + folder.string(), "LANG=C.UTF-8",
                                         "TMPDIR=" + folder.string(), "SAL_USE_VCLPLUGIN=svp"};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    pid_t pid = 0;
    auto const failed = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, pointers(arguments).data(),
                                      pointers(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? pid : 0;
}

/// Waits for the leader, then ends whatever of its group is left. The leader is reaped last, so that its number still
/// names this very group.
Ending wait_and_end(pid_t pid, std::chrono::milliseconds time_max)
{
    bool ended = false;
    if (int const watched = ::pidfd_open(pid, 0); watched >= 0) {
        auto const until = std::chrono::steady_clock::now() + time_max;
        pollfd ready{watched, POLLIN, 0};
        while (!ended) {
            auto const left =
                std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
            if (left <= 0) break;
            auto const seen = ::poll(&ready, 1, static_cast<int>(left));
            ended = seen > 0;
            if (seen < 0 && errno != EINTR) break;
        }
        ::close(watched);
    }
    ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!ended) return Ending::too_slow;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Ending::done : Ending::failed;
}

Result<std::string> read_pdf(fs::path const& file)
{
    std::error_code failed;
    auto const size = fs::file_size(file, failed);
    if (failed || size > limits::pdf_bytes_max) return unavailable("pdf.failed", "no PDF, or one that is too large");
    auto bytes = read_file(file);
    if (!bytes || !bytes->starts_with("%PDF-")) return unavailable("pdf.failed", "what was made is no PDF");
    return bytes;
}

} // namespace

fs::path find_office_program()
{
    for (auto const* const place : {"/usr/bin/soffice", "/usr/local/bin/soffice"})
        if (::access(place, X_OK) == 0) return place;
    return {};
}

PdfMaker::PdfMaker(PdfOptions options) : options_{std::move(options)}, lane_{1, options_.queue_max} {}

PdfMaker::~PdfMaker() { lane_.join(); }

net::awaitable<Result<std::string>> PdfMaker::make(std::string docx)
{
    auto work = [this, docx = std::move(docx)] { return make_now(docx); };
    auto made = co_await lane_.run(std::move(work));
    if (!made && made.error().key == "busy") ++refused_;
    co_return made;
}

Result<std::string> PdfMaker::make_now(std::string const& docx)
{
    std::lock_guard const lock{one_};
    auto made = convert(docx);
    ++(made ? made_ : made.error().key == "pdf.slow" ? timed_out_ : failed_);
    if (!made) log::warning("a PDF could not be made", {{"error", made.error().key}, {"why", made.error().log_text}});
    return made;
}

Result<std::string> PdfMaker::convert(std::string const& docx)
{
    if (options_.program.empty()) return unavailable("pdf.program_missing");
    PrivateFolder const folder;
    if (folder.path().empty()) return unavailable("pdf.failed", "no temporary folder");
    if (auto const written = write_file(folder.path() / "document.docx", docx, owner_only); !written)
        return unavailable("pdf.failed", written.error().log_text);
    auto const pid = start(options_.program, folder.path());
    if (pid == 0) return unavailable("pdf.program_missing");
    auto const ending = wait_and_end(pid, options_.time_max);
    if (ending == Ending::too_slow) {
        auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(options_.time_max).count();
        return Error{ErrorCode::unavailable, "pdf.slow", {std::to_string(seconds)}, {}, {}};
    }
    if (ending == Ending::failed) return unavailable("pdf.failed", "the program ended with a fault");
    return read_pdf(folder.path() / "document.pdf");
}

PdfMaker::Counters PdfMaker::counters() const { return {made_, failed_, timed_out_, refused_}; }

} // namespace nguon::office
