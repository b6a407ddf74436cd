#include "core/files.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nguon {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t step = 64U * 1024;

/// Closes what it holds.
class Descriptor {
public:
    Descriptor(fs::path const& path, int flags, mode_t mode = 0) : value_{::open(path.c_str(), flags | O_CLOEXEC, mode)}
    {
    }
    ~Descriptor()
    {
        if (value_ >= 0) ::close(value_);
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    bool is_open() const { return value_ >= 0; }
    int get() const { return value_; }

private:
    int value_;
};

Error fault_of(ErrorCode code, std::string key, fs::path const& file)
{
    return {code, std::move(key), {file.string()}, std::generic_category().message(errno), {}};
}

bool write_all(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool write_synced(fs::path const& file, std::string_view bytes, mode_t mode)
{
    Descriptor const opened{file, O_WRONLY | O_CREAT | O_TRUNC, mode};
    return opened.is_open() && ::fchmod(opened.get(), mode) == 0 && write_all(opened.get(), bytes) &&
           ::fsync(opened.get()) == 0;
}

bool sync_directory(fs::path const& directory)
{
    Descriptor const opened{directory.empty() ? fs::path{"."} : directory, O_RDONLY | O_DIRECTORY};
    return opened.is_open() && ::fsync(opened.get()) == 0;
}

} // namespace

Result<std::string> read_file(fs::path const& file)
{
    Descriptor const opened{file, O_RDONLY};
    std::string text;
    for (std::size_t size = 0; opened.is_open();) {
        text.resize(size + step);
        auto const count = ::read(opened.get(), text.data() + size, step);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) break;
        size += static_cast<std::size_t>(count);
        text.resize(size);
        if (count == 0) return text;
    }
    return fault_of(ErrorCode::invalid, "file.cannot_read", file);
}

namespace {

fs::path unfinished(fs::path const& file)
{
    auto const name = "." + file.filename().string() + "." + std::to_string(::getpid()) + ".tmp";
    return fs::path{file}.replace_filename(name);
}

/// `place` gives the finished file its name.
template <typename Place>
Status write_and_place(fs::path const& file, std::string_view bytes, mode_t mode, Place place)
{
    auto const temporary = unfinished(file);
    bool const done =
        write_synced(temporary, bytes, mode) && place(temporary.c_str()) && sync_directory(file.parent_path());
    if (done) return Done{};
    auto fault = fault_of(ErrorCode::unavailable, "file.cannot_write", file);
    ::unlink(temporary.c_str());
    return fault;
}

} // namespace

Result<std::string> read_secret(fs::path const& file)
{
    if (file.empty()) return std::string{};
    auto const text = read_file(file);
    if (!text) return text.error();
    for (std::size_t from = 0; from < text->size();) {
        auto const end = std::min(text->find_first_of("\r\n", from), text->size());
        auto line = text->substr(from, end - from);
        if (line.find_first_not_of(" \t") != std::string::npos) return line;
        from = end + 1;
    }
    return invalid("file.no_secret", {file.string()});
}

Status write_file(fs::path const& file, std::string_view bytes, mode_t mode)
{
    return write_and_place(file, bytes, mode, [&file](char const* from) { return ::rename(from, file.c_str()) == 0; });
}

Status write_file_once(fs::path const& file, std::string_view bytes, mode_t mode)
{
    return write_and_place(file, bytes, mode, [&file](char const* from) {
        bool const placed = ::link(from, file.c_str()) == 0 || errno == EEXIST;
        return ::unlink(from) == 0 && placed;
    });
}

} // namespace nguon
