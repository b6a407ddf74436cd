#include "core/http/spool.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace nguon::http {

Spool::~Spool()
{
    if (descriptor_ >= 0) ::close(descriptor_);
    std::error_code gone;
    if (!file_.empty()) std::filesystem::remove(file_, gone);
}

// The writes go to the page cache and are never synced, so they do not hold up an I/O thread.
void Spool::append(std::string_view bytes)
{
    size_ += bytes.size();
    if (descriptor_ < 0 && size_ <= memory_bytes_) {
        memory_ += bytes;
        return;
    }
    if (descriptor_ < 0) open_file();
    write_file(bytes);
}

void Spool::open_file()
{
    auto const dir = dir_.empty() ? std::filesystem::temp_directory_path() : dir_;
    auto name = (dir / "body-XXXXXX").string();
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC); // mode 0600
    if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), "spooling a body"};
    file_ = name;
    write_file(memory_);
    memory_ = {};
}

void Spool::write_file(std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error{errno, std::generic_category(), "spooling a body"};
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

Body Spool::finish()
{
    if (descriptor_ < 0) return Body{std::move(memory_)};
    ::close(std::exchange(descriptor_, -1));
    return Body::spooled(std::exchange(file_, {}), size_);
}

} // namespace nguon::http
