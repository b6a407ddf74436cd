#pragma once

#include <span>
#include <string_view>

namespace nguon {

/// A file that became part of the program at build time (cmake/EmbedFiles.cmake).
struct EmbeddedFile {
    std::string_view path; // relative to the embedded folder
    std::string_view bytes;
};

} // namespace nguon
