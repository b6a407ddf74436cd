#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace nguon::cli {

/// What a backup says of itself: the first line of the file, as JSON. The rest is the zstd-compressed copy.
struct BackupManifest {
    std::string engine = {}; // sqlite, postgres
    std::string installation = {};
    std::string created_at = {};
    std::string version = {}; // of the program
    std::string sha256 = {};  // of the copy before compression
    std::uint64_t bytes = 0;
    std::int64_t events = 0;
    std::int64_t records = 0;
};

/// Compresses `copy` into `backup` (0600), synced and then renamed into place: an earlier backup of that name survives
/// a failure. Fills sha256 and bytes. Errors: "file.cannot_write" {file}.
Result<BackupManifest> write_backup(std::filesystem::path const& copy, std::filesystem::path const& backup,
                                    BackupManifest manifest);

/// Errors: "backup.foreign" {file}.
Result<BackupManifest> read_backup_manifest(std::filesystem::path const& backup);

/// Decompresses into `copy` and compares digest and size. Errors: "backup.foreign" {file}, "backup.damaged" {file},
/// "file.cannot_write" {file}.
Result<BackupManifest> unpack_backup(std::filesystem::path const& backup, std::filesystem::path const& copy);

} // namespace nguon::cli
