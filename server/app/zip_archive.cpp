#include "server/app/zip_archive.hpp"

#include "core/limits.hpp"
#include "server/app/spreadsheet.hpp"

#include <zip.h>

namespace nguon::server::app {
namespace {

constexpr std::size_t ratio_counts_from = 64 * 1024; // small parts of much repetition are innocent

} // namespace

void ZipArchive::Close::operator()(zip* archive) const { zip_discard(archive); }

Result<ZipArchive> ZipArchive::open(std::string const& bytes)
{
    if (!bytes.starts_with("PK")) return not_a_sheet();
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    auto* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    zip_error_fini(&error);
    if (opened == nullptr) {
        if (source != nullptr) zip_source_free(source);
        return not_a_sheet();
    }
    ZipArchive archive{opened};
    if (zip_get_num_entries(opened, 0) > static_cast<zip_int64_t>(limits::zip_entries_max)) return sheet_too_large();
    return archive;
}

bool ZipArchive::has(std::string const& name) const
{
    return zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_ENC_RAW) >= 0;
}

Result<std::unique_ptr<ZipPart>> ZipArchive::part(std::string const& name)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat(archive_.get(), name.c_str(), ZIP_FL_ENC_RAW, &stat) != 0) return not_a_sheet();
    if ((stat.valid & ZIP_STAT_COMP_SIZE) == 0) return not_a_sheet();
    auto* const file = zip_fopen_index(archive_.get(), stat.index, 0);
    if (file == nullptr) return not_a_sheet();
    return std::unique_ptr<ZipPart>{new ZipPart{file, stat.comp_size, *bytes_read_}};
}

void ZipPart::Close::operator()(zip_file* file) const { zip_fclose(file); }

int ZipPart::read(char* out, int size)
{
    if (!good_) return -1;
    auto const got = zip_fread(file_.get(), out, static_cast<zip_uint64_t>(size));
    if (got < 0) return refuse(not_a_sheet());
    // The size that the archive states may be a lie: what comes out is counted.
    bytes_ += static_cast<std::uint64_t>(got);
    all_bytes_ += static_cast<std::size_t>(got);
    if (all_bytes_ > limits::zip_bytes_max) return refuse(sheet_too_large());
    if (bytes_ > ratio_counts_from && bytes_ / limits::zip_ratio_max > packed_bytes_) return refuse(sheet_too_large());
    return static_cast<int>(got);
}

int ZipPart::refuse(Error error)
{
    fault_ = std::move(error);
    good_ = false;
    return -1;
}

} // namespace nguon::server::app
