#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <memory>
#include <string>

struct zip;

namespace nguon::server::app {

/// A zip archive in memory, read with the limits of core/limits.hpp: entries, bytes of all that is read, and how much
/// an entry grows.
class ZipArchive {
public:
    /// `bytes` must outlive the archive. Errors: "sheet.format", "sheet.too_large".
    static Result<ZipArchive> open(std::string const& bytes);

    bool has(std::string const& name) const;
    /// Errors: "sheet.format" when there is no such entry or it is damaged, "sheet.too_large".
    Result<std::string> read(std::string const& name);

private:
    struct Close {
        void operator()(zip* archive) const;
    };
    explicit ZipArchive(zip* archive) : archive_{archive} {}

    std::unique_ptr<zip, Close> archive_;
    std::size_t bytes_read_ = 0;
};

} // namespace nguon::server::app
