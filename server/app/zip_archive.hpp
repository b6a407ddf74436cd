#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct zip;
struct zip_file;

namespace nguon::server::app {

class ZipPart;

/// A zip archive in memory, read with the limits of core/limits.hpp: entries, bytes of all that is unpacked, and how
/// much an entry grows. Nothing is unpacked as a whole.
class ZipArchive {
public:
    /// `bytes` must outlive the archive. Errors: "sheet.format", "sheet.too_large".
    static Result<ZipArchive> open(std::string const& bytes);

    bool has(std::string const& name) const;
    /// One entry, which must not outlive the archive. Errors: "sheet.format" when there is no such entry.
    Result<std::unique_ptr<ZipPart>> part(std::string const& name);

private:
    struct Close {
        void operator()(zip* archive) const;
    };
    explicit ZipArchive(zip* archive) : archive_{archive} {}

    std::unique_ptr<zip, Close> archive_;
    // Shared with the parts: moving the archive must not move it.
    std::unique_ptr<std::size_t> bytes_read_ = std::make_unique<std::size_t>(0);
};

/// An entry that is being unpacked, from its beginning to its end.
class ZipPart {
public:
    /// Up to `size` further bytes; how many came, 0 at the end, -1 at a fault.
    int read(char* out, int size);

    /// What went wrong; nothing while `good`. "sheet.format" when the entry is damaged, "sheet.too_large".
    Error const& fault() const { return fault_; }
    bool good() const { return good_; }

private:
    friend class ZipArchive;
    struct Close {
        void operator()(zip_file* file) const;
    };
    ZipPart(zip_file* file, std::uint64_t packed_bytes, std::size_t& all_bytes)
        : file_{file}, packed_bytes_{packed_bytes}, all_bytes_{all_bytes}
    {
    }
    int refuse(Error error);

    std::unique_ptr<zip_file, Close> file_;
    std::uint64_t packed_bytes_;
    std::uint64_t bytes_ = 0;
    std::size_t& all_bytes_;
    Error fault_;
    bool good_ = true;
};

} // namespace nguon::server::app
