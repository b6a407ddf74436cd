#include "cli/backup_file.hpp"

#include "core/bytes.hpp"
#include "core/openssl.hpp"

#include <cstdio>
#include <fstream>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>
#include <zstd.h>

namespace nguon::cli {
namespace {

constexpr std::string_view magic = "nguon-backup-1 ";
constexpr std::size_t chunk_bytes = 1024 * 1024;
constexpr std::size_t manifest_bytes_max = 4096;
constexpr int compression_level = 6;

/// SHA-256 over what passes through.
class Digest {
public:
    Digest() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
    void add(char const* bytes, std::size_t size) { EVP_DigestUpdate(context_.get(), bytes, size); }
    std::string hex()
    {
        std::string out(32, '\0');
        EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr);
        return to_hex(out);
    }

private:
    openssl::Ptr<EVP_MD_CTX, &EVP_MD_CTX_free> context_{EVP_MD_CTX_new()};
};

Error cannot_write(std::filesystem::path const& file)
{
    return Error{ErrorCode::unavailable, "file.cannot_write", {file.string()}, {}, {}};
}

Error foreign(std::filesystem::path const& file) { return invalid("backup.foreign", {file.string()}); }

bool sync_file(std::filesystem::path const& file)
{
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    bool const synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return synced;
}

Result<BackupManifest> digest_of(std::filesystem::path const& copy, BackupManifest manifest)
{
    std::ifstream in{copy, std::ios::binary};
    Digest digest;
    std::vector<char> chunk(chunk_bytes);
    while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
        digest.add(chunk.data(), static_cast<std::size_t>(in.gcount()));
        manifest.bytes += static_cast<std::uint64_t>(in.gcount());
    }
    if (!in.eof()) return Error{ErrorCode::internal, "file.cannot_read", {copy.string()}, {}, {}};
    manifest.sha256 = digest.hex();
    return manifest;
}

std::string to_line(BackupManifest const& manifest)
{
    nlohmann::ordered_json const json{{"engine", manifest.engine},         {"installation", manifest.installation},
                                      {"created_at", manifest.created_at}, {"version", manifest.version},
                                      {"sha256", manifest.sha256},         {"bytes", manifest.bytes},
                                      {"events", manifest.events},         {"records", manifest.records}};
    return std::string{magic} + json.dump() + "\n";
}

Result<BackupManifest> read_line(std::ifstream& in, std::filesystem::path const& backup)
{
    std::string line(manifest_bytes_max, '\0');
    in.getline(line.data(), static_cast<std::streamsize>(line.size()));
    if (!in) return foreign(backup);
    line.resize(line.find('\0'));
    if (!line.starts_with(magic)) return foreign(backup);
    auto const json = nlohmann::json::parse(line.substr(magic.size()), nullptr, false);
    if (!json.is_object()) return foreign(backup);
    BackupManifest manifest;
    manifest.engine = json.value("engine", "");
    manifest.installation = json.value("installation", "");
    manifest.created_at = json.value("created_at", "");
    manifest.version = json.value("version", "");
    manifest.sha256 = json.value("sha256", "");
    manifest.bytes = json.value("bytes", std::uint64_t{0});
    manifest.events = json.value("events", std::int64_t{0});
    manifest.records = json.value("records", std::int64_t{0});
    return manifest;
}

bool compress(std::ifstream& in, std::ofstream& out)
{
    std::unique_ptr<ZSTD_CStream, decltype(&ZSTD_freeCStream)> const stream{ZSTD_createCStream(), &ZSTD_freeCStream};
    ZSTD_CCtx_setParameter(stream.get(), ZSTD_c_compressionLevel, compression_level);
    ZSTD_CCtx_setParameter(stream.get(), ZSTD_c_checksumFlag, 1);
    std::vector<char> input(chunk_bytes);
    std::vector<char> output(ZSTD_CStreamOutSize());
    for (bool last = false; !last;) {
        in.read(input.data(), static_cast<std::streamsize>(input.size()));
        last = in.gcount() < static_cast<std::streamsize>(input.size());
        ZSTD_inBuffer from{input.data(), static_cast<std::size_t>(in.gcount()), 0};
        for (bool done = false; !done;) {
            ZSTD_outBuffer to{output.data(), output.size(), 0};
            auto const left = ZSTD_compressStream2(stream.get(), &to, &from, last ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left) != 0) return false;
            out.write(output.data(), static_cast<std::streamsize>(to.pos));
            done = last ? left == 0 : from.pos == from.size;
        }
    }
    return static_cast<bool>(out.flush());
}

/// Stops at more bytes than the manifest says: a bomb fills no disk.
bool decompress(std::ifstream& in, std::ofstream& out, Digest& digest, std::uint64_t bytes_max, std::uint64_t& bytes)
{
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> const stream{ZSTD_createDStream(), &ZSTD_freeDStream};
    std::vector<char> input(ZSTD_DStreamInSize());
    std::vector<char> output(ZSTD_DStreamOutSize());
    std::size_t left = 1;
    while (in.read(input.data(), static_cast<std::streamsize>(input.size())) || in.gcount() > 0) {
        ZSTD_inBuffer from{input.data(), static_cast<std::size_t>(in.gcount()), 0};
        while (from.pos < from.size) {
            ZSTD_outBuffer to{output.data(), output.size(), 0};
            left = ZSTD_decompressStream(stream.get(), &to, &from);
            bytes += to.pos;
            if (ZSTD_isError(left) != 0 || bytes > bytes_max) return false;
            digest.add(output.data(), to.pos);
            out.write(output.data(), static_cast<std::streamsize>(to.pos));
        }
    }
    return left == 0 && static_cast<bool>(out.flush());
}

} // namespace

Result<BackupManifest> write_backup(std::filesystem::path const& copy, std::filesystem::path const& backup,
                                    BackupManifest manifest)
{
    auto complete = digest_of(copy, std::move(manifest));
    if (!complete) return complete;
    auto const part = std::filesystem::path{backup.string() + ".part"};
    std::ifstream in{copy, std::ios::binary};
    std::ofstream out{part, std::ios::binary | std::ios::trunc};
    std::error_code failed;
    std::filesystem::permissions(part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 failed);
    out << to_line(*complete);
    bool const written = compress(in, out);
    out.close();
    if (!written || !out || !sync_file(part)) {
        std::filesystem::remove(part, failed);
        return cannot_write(backup);
    }
    std::filesystem::rename(part, backup, failed);
    if (failed) return cannot_write(backup);
    return complete;
}

Result<BackupManifest> read_backup_manifest(std::filesystem::path const& backup)
{
    std::ifstream in{backup, std::ios::binary};
    return read_line(in, backup);
}

Result<BackupManifest> unpack_backup(std::filesystem::path const& backup, std::filesystem::path const& copy)
{
    std::ifstream in{backup, std::ios::binary};
    auto manifest = read_line(in, backup);
    if (!manifest) return manifest;
    std::ofstream out{copy, std::ios::binary | std::ios::trunc};
    if (!out) return cannot_write(copy);
    std::error_code ignored;
    std::filesystem::permissions(copy, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 ignored);
    Digest digest;
    std::uint64_t bytes = 0;
    bool const unpacked = decompress(in, out, digest, manifest->bytes, bytes);
    out.close();
    if (!out) return cannot_write(copy);
    if (!unpacked || bytes != manifest->bytes || digest.hex() != manifest->sha256 || !sync_file(copy)) {
        std::filesystem::remove(copy, ignored);
        return invalid("backup.damaged", {backup.string()});
    }
    return manifest;
}

} // namespace nguon::cli
