#pragma once

#include "core/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

/// Whole files at once.
namespace nguon {

inline constexpr mode_t owner_only = 0600;
inline constexpr mode_t readable_by_group = 0640;

/// Errors: "file.cannot_read" {file}; the system's reason is in the log text.
Result<std::string> read_file(std::filesystem::path const& file);

/// A password or key as people keep it: the first line of the file that is not blank, without its end. No file gives an
/// empty text. Errors: "file.cannot_read" {file}, "file.no_secret" {file} when every line is blank.
Result<std::string> read_secret(std::filesystem::path const& file);

/// All or nothing, also when the power goes: nobody ever sees half a file under its name, and what this returned for is
/// there. A file of that name is replaced. Errors: "file.cannot_write" {file}.
Status write_file(std::filesystem::path const& file, std::string_view bytes, mode_t mode);

/// The same for a file that must not be replaced, a key: of several processes that write it at once the first wins, and
/// all of them find its file. Errors: "file.cannot_write" {file}.
Status write_file_once(std::filesystem::path const& file, std::string_view bytes, mode_t mode);

} // namespace nguon
