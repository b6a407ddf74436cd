#include "server/app/zip_archive.hpp"

#include "core/limits.hpp"

#include <array>

#include <zip.h>

namespace nguon::server::app {
namespace {

constexpr std::size_t ratio_counts_from = 64 * 1024; // small parts of much repetition are innocent

struct FileClose {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

Error not_an_archive() { return invalid("sheet.format"); }
Error too_large() { return invalid("sheet.too_large"); }

} // namespace

void ZipArchive::Close::operator()(zip* archive) const { zip_discard(archive); }

Result<ZipArchive> ZipArchive::open(std::string const& bytes)
{
    if (!bytes.starts_with("PK")) return not_an_archive();
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    auto* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    zip_error_fini(&error);
    if (opened == nullptr) {
        if (source != nullptr) zip_source_free(source);
        return not_an_archive();
    }
    ZipArchive archive{opened};
    if (zip_get_num_entries(opened, 0) > static_cast<zip_int64_t>(limits::zip_entries_max)) return too_large();
    return archive;
}

bool ZipArchive::has(std::string const& name) const
{
    return zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_ENC_RAW) >= 0;
}

Result<std::string> ZipArchive::read(std::string const& name)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat(archive_.get(), name.c_str(), ZIP_FL_ENC_RAW, &stat) != 0) return not_an_archive();
    if ((stat.valid & ZIP_STAT_COMP_SIZE) == 0) return not_an_archive();
    std::unique_ptr<zip_file_t, FileClose> const file{zip_fopen_index(archive_.get(), stat.index, 0)};
    if (!file) return not_an_archive();

    // The size that the archive states may be a lie: what comes out is counted.
    std::string out;
    std::array<char, 64 * 1024> piece{};
    while (true) {
        auto const got = zip_fread(file.get(), piece.data(), piece.size());
        if (got < 0) return not_an_archive();
        if (got == 0) return out;
        out.append(piece.data(), static_cast<std::size_t>(got));
        bytes_read_ += static_cast<std::size_t>(got);
        if (bytes_read_ > limits::zip_bytes_max) return too_large();
        if (out.size() > ratio_counts_from && out.size() / limits::zip_ratio_max > stat.comp_size) return too_large();
    }
}

} // namespace nguon::server::app
