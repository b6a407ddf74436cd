#pragma once

#include "core/signed_note.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Somebody outside who remembers how far a delivery log has grown, and signs for it only as long as it never changes
/// what it once showed (C2SP tlog-witness). Knows nothing of Nguồn but its log's public key.
namespace nguon::witness {

struct Reply {
    unsigned status = 200;
    std::string media_type = "text/plain; charset=utf-8";
    std::string body = {};
};

/// Not safe for several threads.
class WitnessBook {
public:
    /// `directory` keeps the key (witness.key) and the newest checkpoint of each log; `name` is the witness's in its
    /// signatures. Errors: "witness.directory" {directory}, "note.key_file" {file}.
    static Result<WitnessBook> open(std::filesystem::path directory, std::string name, std::vector<NoteVerifier> logs);

    /// POST /add-checkpoint: "old SIZE", proof lines, an empty line, the signed checkpoint. 200 with our cosignature
    /// once the checkpoint is stored; 404 for an unknown log, 403 without its signature, 409 with the size we know when
    /// `old` is another (or the root at that size), 422 when the log was changed, 400 for anything else, 500 when the
    /// checkpoint cannot be stored.
    Reply add(std::string_view request, Instant now);

    NoteVerifier const& verifier() const { return signer_.verifier(); }

private:
    struct Seen {
        std::uint64_t size = 0;
        std::string root = {};
    };

    WitnessBook(std::filesystem::path directory, NoteSigner signer, std::vector<NoteVerifier> logs)
        : directory_{std::move(directory)}, signer_{std::move(signer)}, logs_{std::move(logs)}
    {
    }
    std::filesystem::path file_of(std::string const& origin) const;
    Status load(NoteVerifier const& log);

    std::filesystem::path directory_;
    NoteSigner signer_;
    std::vector<NoteVerifier> logs_;
    std::map<std::string, Seen> seen_; // by origin
};

} // namespace nguon::witness
