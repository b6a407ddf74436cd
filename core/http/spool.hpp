#pragma once

#include "core/http/message.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace nguon::http {

/// Collects a body: in memory up to a size, then in a file without a name that anybody could guess.
class Spool {
public:
    Spool(std::filesystem::path dir, std::uint64_t memory_bytes) : dir_{std::move(dir)}, memory_bytes_{memory_bytes} {}
    /// Removes the file unless `finish` has handed it over.
    ~Spool();
    Spool(Spool const&) = delete;
    Spool& operator=(Spool const&) = delete;

    std::uint64_t size() const { return size_; }
    /// Throws std::system_error when the file cannot be written (disk full).
    void append(std::string_view bytes);
    Body finish();

private:
    void open_file();
    void write_file(std::string_view bytes);

    std::filesystem::path dir_;
    std::uint64_t memory_bytes_;
    std::uint64_t size_ = 0;
    std::string memory_;
    std::filesystem::path file_;
    int descriptor_ = -1;
};

} // namespace nguon::http
