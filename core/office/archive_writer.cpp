#include "core/office/archive_writer.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>

#include <zip.h>

namespace nguon::office {
namespace {

constexpr std::uint16_t first_dos_day = (1U << 5U) | 1U; // 01/01/1980, the oldest that an archive can say

[[noreturn]] void fail() { throw std::runtime_error{"an office document could not be packed"}; }

struct SourceFree {
    void operator()(zip_source_t* source) const { zip_source_free(source); }
};

void add_part(zip_t* archive, std::string const& name, std::string const& bytes)
{
    auto* const part = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    if (part == nullptr) fail();
    auto const index = zip_file_add(archive, name.c_str(), part, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(part);
        fail();
    }
    if (zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, first_dos_day, 0) != 0) fail();
}

std::string bytes_of(zip_source_t* source)
{
    zip_stat_t size;
    zip_stat_init(&size);
    if (zip_source_stat(source, &size) != 0 || zip_source_open(source) != 0) fail();
    std::string out(size.size, '\0');
    auto const got = zip_source_read(source, out.data(), out.size());
    zip_source_close(source);
    if (got < 0 || static_cast<std::size_t>(got) != out.size()) fail();
    return out;
}

} // namespace

std::string write_archive(std::vector<std::pair<std::string, std::string>> const& parts)
{
    zip_error_t error;
    zip_error_init(&error);
    std::unique_ptr<zip_source_t, SourceFree> const target{zip_source_buffer_create(nullptr, 0, 0, &error)};
    if (!target) fail();
    auto* const archive = zip_open_from_source(target.get(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (archive == nullptr) fail();
    zip_source_keep(target.get()); // the archive lets go of it when it is closed
    try {
        for (auto const& [name, bytes] : parts) add_part(archive, name, bytes);
    } catch (...) {
        zip_discard(archive);
        throw;
    }
    if (zip_close(archive) != 0) {
        zip_discard(archive);
        fail();
    }
    return bytes_of(target.get());
}

} // namespace nguon::office
