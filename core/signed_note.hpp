#pragma once

#include "core/ed25519.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <filesystem>
#include <string>
#include <string_view>

/// Notes of text with signatures beneath, as transparency logs exchange them (C2SP signed-note, Ed25519):
///
///     text, ending in a line feed
///
///     — NAME base64(4 bytes of the key's id, signature)
///
namespace nguon {

/// What a signature says: that its owner wrote the text, or (C2SP tlog-cosignature) that at a time it had seen the log
/// of the text grow up to there and never otherwise.
enum class NoteKind : char { signature = 1, cosignature = 4 };

/// Whose signature is believed, in the form that is handed on: NAME+ID+base64(kind, 32 bytes of public key).
class NoteVerifier {
public:
    /// Errors: "note.key" when the text is no such key, or its id does not belong to it.
    static Result<NoteVerifier> read(std::string_view text);

    std::string const& name() const { return name_; }
    NoteKind kind() const { return kind_; }
    std::string text() const;

    /// The note's text when the note bears a valid signature of this key, whoever else signed it. Errors:
    /// "note.format", "note.unsigned" when no line is of this key, "note.signature".
    Result<std::string> open(std::string_view note) const;
    /// The line of that signature. Errors as of `open`.
    Result<std::string> own_line(std::string_view note) const;

private:
    friend class NoteSigner;
    NoteVerifier(std::string name, std::string public_key, NoteKind kind);
    bool verify(std::string_view text, std::string_view signature) const;

    std::string name_;
    std::string public_key_; // 32 bytes
    NoteKind kind_;
    std::string id_; // 4 bytes
};

class NoteSigner {
public:
    /// Reads the Ed25519 key (PEM), or makes it (0600) where it is missing. `name` has no space and no plus sign.
    /// Errors: "note.key_file" {file}.
    static Result<NoteSigner> open(std::filesystem::path const& key_file, std::string name,
                                   NoteKind kind = NoteKind::signature);

    /// `text` with the signature beneath. `text` ends in a line feed.
    std::string sign(std::string_view text) const;
    /// The signature's line alone, to be put under a note.
    std::string signature_line(std::string_view text) const;
    /// A cosigner's line.
    std::string cosignature_line(std::string_view text, Instant now) const;

    NoteVerifier const& verifier() const { return verifier_; }

private:
    NoteSigner(ed25519::PrivateKey key, NoteVerifier verifier) : key_{std::move(key)}, verifier_{std::move(verifier)} {}

    ed25519::PrivateKey key_;
    NoteVerifier verifier_;
};

} // namespace nguon
